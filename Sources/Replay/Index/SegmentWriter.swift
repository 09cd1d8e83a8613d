import Format
import Platform

/// Makes a segment of some sessions: their blocks, and the postings over all of them.
struct SegmentWriter {
  private(set) var layout = SegmentLayout()
  private(set) var bytes = SegmentLayout.magic

  private struct Packed {
    var textByteCount = 0
    var byteCount = 0
    var checksum: UInt32 = 0
  }

  private var dictionary = SharedDictionary([])
  private var packed: [Packed] = []

  /// The file's bytes. Memory: about twice its size, and 4 bytes for each trigram of each block.
  static func write(_ sessions: [IndexedSession], threads: Int = 1) -> SegmentWriter {
    var writer = SegmentWriter()
    writer.layout.sessionCount = sessions.count
    writer.addBlocks(sessions.flatMap(\.blocks), threads: threads)
    writer.addPostings(sessions)
    writer.addTables(sessions)
    writer.layout.digest = SHA256.hash(writer.bytes)
    writer.bytes += writer.layout.footer()
    return writer
  }

  private mutating func close(_ path: WritableKeyPath<SegmentLayout, SegmentLayout.Part>, from start: Int) {
    layout[keyPath: path] = .init(
      offset: start, count: bytes.count - start, checksum: CRC32.update(0, bytes, from: start))
  }

  private mutating func addBlocks(_ blocks: [IndexedBlock], threads: Int) {
    let start = bytes.count
    let dictionary = SharedDictionary(for: blocks.map(\.text))
    self.dictionary = dictionary
    Parallel.run(
      count: blocks.count, threads: threads, state: { LZ4Encoder(dictionary) },
      work: { (encoder: inout LZ4Encoder, index: Int) -> (bytes: [UInt8], textByteCount: Int) in
        var bytes: [UInt8] = []
        encoder.encode(blocks[index].text, into: &bytes)
        return (bytes + blocks[index].flags + blocks[index].facts, bytes.count)
      },
      consume: { index, block in
        bytes += block.bytes
        packed.append(
          Packed(
            textByteCount: block.textByteCount, byteCount: block.bytes.count,
            checksum: CRC32.update(0, block.bytes)))
        layout.textByteCount += blocks[index].text.count
        return true
      })
    layout.blockCount = blocks.count
    close(\.blocks, from: start)
  }

  /// Turns the blocks' trigrams round: by trigram, the numbers of its blocks.
  private mutating func addPostings(_ sessions: [IndexedSession]) {
    var counts = TrigramTable()
    var total = 0
    for session in sessions {
      for block in session.blocks {
        for trigram in block.trigrams { counts.add(1, to: trigram) }
        total += block.trigrams.count
      }
    }
    var trigrams: [UInt32] = []
    var ends: [Int] = []
    var end = 0
    counts.replaceAll { trigram, count in
      trigrams.append(trigram)
      defer { end += Int(count) }
      ends.append(end + Int(count))
      return UInt32(end)
    }
    var numbers = [UInt32](repeating: 0, count: total)
    var number: UInt32 = 0
    for session in sessions {
      for block in session.blocks {
        for trigram in block.trigrams {
          numbers[Int(counts.add(1, to: trigram))] = number
        }
        number += 1
      }
    }
    layout.trigramCount = trigrams.count
    writeLists(trigrams, ends, numbers)
  }

  private mutating func writeLists(_ trigrams: [UInt32], _ ends: [Int], _ numbers: [UInt32]) {
    var pages: [UInt8] = []
    var index = IndexWriter()
    let postingsStart = bytes.count
    var page = IndexWriter()
    var start = 0
    for (position, trigram) in trigrams.enumerated() {
      if position % SegmentLayout.trigramsPerPage == 0 {
        Self.finish(&page, into: &pages)
        index.fixed(trigram)
        index.fixed(UInt32(pages.count))
        page.varint(bytes.count - postingsStart)
      }
      page.varint(
        position % SegmentLayout.trigramsPerPage == 0
          ? UInt64(trigram) : UInt64(trigram - trigrams[position - 1]))
      let list = numbers[start..<ends[position]]
      page.varint(list.count)
      if list.count <= PostingList.inlineCount {
        PostingList.append(list, to: &page)
      } else {
        let encoded = PostingList.encode(list, blockCount: layout.blockCount)
        page.varint(encoded.count)
        bytes += encoded
      }
      start = ends[position]
    }
    Self.finish(&page, into: &pages)
    close(\.postings, from: postingsStart)
    let pagesStart = bytes.count
    bytes += pages
    close(\.pages, from: pagesStart)
    pageIndex = index.bytes
  }

  private var pageIndex: [UInt8] = []

  private static func finish(_ page: inout IndexWriter, into pages: inout [UInt8]) {
    if page.bytes.isEmpty { return }
    page.fixed(CRC32.update(0, page.bytes))
    pages += page.bytes
    page.bytes.removeAll(keepingCapacity: true)
  }

  private mutating func addTables(_ sessions: [IndexedSession]) {
    var blocks = IndexWriter()
    var table = IndexWriter()
    var identities = IndexWriter()
    var number = 0
    for session in sessions {
      for block in session.blocks {
        let packed = packed[number]
        number += 1
        blocks.varint(packed.byteCount)
        blocks.varint(packed.textByteCount)
        blocks.varint(block.text.count)
        blocks.varint(block.flags.count)
        blocks.varint(block.factByteCount)
        blocks.fixed(packed.checksum)
        blocks.bytes.append(block.kind.rawValue)
        blocks.varint(block.lineCount)
        blocks.varint(UInt64(max(0, block.low)))
        blocks.varint(UInt64(max(0, block.high - block.low)))
      }
      table.text(session.path)
      table.text(session.facts.json.encoded())
      table.varint(session.blocks.count)
      identities.fixed(session.identity)
    }
    var start = bytes.count
    bytes += blocks.bytes
    close(\.blockTable, from: start)
    start = bytes.count
    // Paths and facts are much alike: a tenth of their size is left.
    IndexWriter.deflate(table.bytes, into: &bytes)
    close(\.sessionTable, from: start)
    start = bytes.count
    IndexWriter.deflate(dictionary.bytes, into: &bytes)
    close(\.sharedDictionary, from: start)
    start = bytes.count
    bytes += pageIndex
    close(\.pageIndex, from: start)
    start = bytes.count
    bytes += identities.bytes
    close(\.identities, from: start)
  }
}

/// A number for each trigram that occurs, zero at first: 64 of them for each run of 64 trigrams in which one does. A
/// flat table would be 64 MB, most of which is never used.
private struct TrigramTable {
  /// By `trigram >> 6`: where in `values`; -1: nowhere.
  private var pages = [Int32](repeating: -1, count: 1 << 18)
  private var values: [UInt32] = []

  /// Returns what the number was before.
  @discardableResult
  mutating func add(_ more: UInt32, to trigram: UInt32) -> UInt32 {
    let page = Int(trigram >> 6)
    if pages[page] < 0 {
      pages[page] = Int32(values.count)
      values += repeatElement(0, count: 64)
    }
    let place = Int(pages[page]) + Int(trigram & 63)
    let value = values[place]
    values[place] = value + more
    return value
  }

  /// Replaces every number but zero, in the order of the trigrams.
  mutating func replaceAll(_ replacement: (_ trigram: UInt32, _ value: UInt32) -> UInt32) {
    for page in pages.indices where pages[page] >= 0 {
      for offset in 0..<64 {
        let place = Int(pages[page]) + offset
        if values[place] > 0 { values[place] = replacement(UInt32(page << 6 | offset), values[place]) }
      }
    }
  }
}

extension IndexWriter {
  /// Length, then raw deflate.
  static func deflate(_ plain: [UInt8], into bytes: inout [UInt8]) {
    var head = IndexWriter()
    head.varint(plain.count)
    bytes += head.bytes
    Deflater(level: 6).deflate(plain, flush: .finish, into: &bytes)
  }
}

/// The numbers of the blocks that hold a trigram: differences as varints, or a bit for each block, the smaller of the
/// two, and two bytes of checksum.
enum PostingList {
  private static let differences: UInt8 = 0
  private static let bits: UInt8 = 1

  /// Lists of so few blocks stand in the dictionary itself: most trigrams of a segment are rare.
  static let inlineCount = 4

  static func append(_ numbers: ArraySlice<UInt32>, to page: inout IndexWriter) {
    var next: UInt32 = 0
    for number in numbers {
      page.varint(UInt64(number - next))
      next = number + 1
    }
  }

  static func encode(_ numbers: ArraySlice<UInt32>, blockCount: Int) -> [UInt8] {
    var writer = IndexWriter()
    let bitmapCount = (blockCount + 7) / 8
    if numbers.count < bitmapCount {
      writer.bytes.append(differences)
      var next: UInt32 = 0
      for number in numbers {
        writer.varint(UInt64(number - next))
        next = number + 1
        if writer.bytes.count > bitmapCount { break }
      }
    }
    if numbers.count >= bitmapCount || writer.bytes.count > bitmapCount {
      writer.bytes = [UInt8](repeating: 0, count: bitmapCount + 1)
      writer.bytes[0] = bits
      for number in numbers { writer.bytes[1 + Int(number >> 3)] |= 1 << UInt8(number & 7) }
    }
    writer.fixed(UInt16(truncatingIfNeeded: CRC32.update(0, writer.bytes)))
    return writer.bytes
  }

  static func decode(_ bytes: [UInt8], blockCount: Int) throws(IndexDamage) -> BlockSet {
    guard bytes.count >= 3 else { throw .cutOff(part: "postings") }
    var check = IndexReader(bytes, bytes.count - 2..<bytes.count, part: "postings")
    guard
      try check.fixed(UInt16.self) == UInt16(truncatingIfNeeded: CRC32.update(0, Array(bytes.dropLast(2))))
    else { throw .badChecksum(part: "postings") }
    var set = BlockSet(count: blockCount)
    if bytes[0] == bits {
      guard bytes.count == (blockCount + 7) / 8 + 3 else { throw .badNumber(part: "postings") }
      for block in 0..<blockCount where bytes[1 + block >> 3] >> UInt8(block & 7) & 1 != 0 {
        set.insert(block)
      }
      return set
    }
    var reader = IndexReader(bytes, 1..<bytes.count - 2, part: "postings")
    var next = 0
    while !reader.isAtEnd {
      let block = next + (try reader.number(upTo: blockCount - 1 - next))
      set.insert(block)
      next = block + 1
    }
    return set
  }
}

/// Some of a segment's blocks.
struct BlockSet: Equatable, Sendable {
  private var words: [UInt64]
  let count: Int

  init(count: Int) {
    self.count = count
    words = [UInt64](repeating: 0, count: (count + 63) / 64)
  }

  static func all(_ count: Int) -> BlockSet {
    var set = BlockSet(count: count)
    for block in 0..<count { set.insert(block) }
    return set
  }

  mutating func insert(_ block: Int) { words[block >> 6] |= 1 << UInt64(block & 63) }

  mutating func formIntersection(_ other: BlockSet) {
    for index in words.indices { words[index] &= other.words[index] }
  }

  mutating func formUnion(_ other: BlockSet) {
    for index in words.indices { words[index] |= other.words[index] }
  }

  var members: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
  var isEmpty: Bool { words.allSatisfy { $0 == 0 } }
  func contains(_ block: Int) -> Bool { words[block >> 6] >> UInt64(block & 63) & 1 != 0 }
}
