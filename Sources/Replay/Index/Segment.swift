import Format
import Platform

/// An open segment: what it holds is read piece by piece, as a query needs it. Threads share it; it never changes.
final class Segment: Sendable {
  /// Read at once from the file's end: footer, identities and page index of all but large segments.
  private static let tailByteCount = 48 << 10

  let name: String
  let layout: SegmentLayout
  /// Of its sessions, in order.
  let identities: [UInt64]
  private let file: Descriptor
  /// First trigrams of the dictionary's pages, and where the pages begin.
  private let pageKeys: [UInt32]
  private let pageStarts: [Int]

  init(_ folder: String, _ name: String) throws(IndexDamage) {
    self.name = name
    let file = try Self.open(folder + "/" + name)
    let size: Int
    let tail: [UInt8]
    do throws(Errno) {
      size = Int(try File.status(file).size)
      let count = min(size, Self.tailByteCount)
      tail = try file.read(upTo: count, at: Int64(size - count))
    } catch {
      throw .unreadable("\(error)")
    }
    guard tail.count >= SegmentLayout.footerByteCount else { throw .notASegment }
    layout = try SegmentLayout(footer: Array(tail.suffix(SegmentLayout.footerByteCount)), fileByteCount: size)
    let (index, identityBytes) = try Self.ends(file, layout, tail, size)
    var reader = IndexReader(identityBytes, part: "identities")
    var identities: [UInt64] = []
    identities.reserveCapacity(layout.sessionCount)
    for _ in 0..<layout.sessionCount { identities.append(try reader.fixed(UInt64.self)) }
    self.identities = identities
    var pages = IndexReader(index, part: "dictionary")
    var keys: [UInt32] = []
    var starts: [Int] = []
    while !pages.isAtEnd {
      keys.append(try pages.fixed(UInt32.self))
      starts.append(Int(try pages.fixed(UInt32.self)))
    }
    guard zip(keys, keys.dropFirst()).allSatisfy({ $0 < $1 }),
      zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 }),
      starts.last ?? 0 <= layout.pages.count
    else { throw .badNumber(part: "dictionary") }
    pageKeys = keys
    pageStarts = starts
    self.file = file
  }

  private static func open(_ path: String) throws(IndexDamage) -> Descriptor {
    do throws(Errno) { return try File.open(path, for: .reading) } catch { throw .unreadable("\(error)") }
  }

  private static func ends(
    _ file: borrowing Descriptor, _ layout: SegmentLayout, _ tail: [UInt8], _ size: Int
  ) throws(IndexDamage) -> ([UInt8], [UInt8]) {
    let start = layout.pageIndex.offset - (size - tail.count)
    if start >= 0 {
      let middle = start + layout.pageIndex.count
      let index = Array(tail[start..<middle])
      let identities = Array(tail[middle..<middle + layout.identities.count])
      try check(index, layout.pageIndex, "dictionary")
      try check(identities, layout.identities, "identities")
      return (index, identities)
    }
    return (
      try read(file, layout.pageIndex, "dictionary"), try read(file, layout.identities, "identities")
    )
  }

  private static func check(_ bytes: [UInt8], _ part: SegmentLayout.Part, _ name: String) throws(IndexDamage)
  {
    if bytes.count != part.count { throw .cutOff(part: name) }
    if CRC32.update(0, bytes) != part.checksum { throw .badChecksum(part: name) }
  }

  private static func read(
    _ file: borrowing Descriptor, _ part: SegmentLayout.Part, _ name: String
  ) throws(IndexDamage) -> [UInt8] {
    let bytes = try read(file, part.offset, part.count)
    try check(bytes, part, name)
    return bytes
  }

  private static func read(
    _ file: borrowing Descriptor, _ offset: Int, _ count: Int
  ) throws(IndexDamage) -> [UInt8] {
    if count == 0 { return [] }
    do throws(Errno) {
      return try file.read(upTo: count, at: Int64(offset))
    } catch {
      throw .unreadable("\(error)")
    }
  }

  // MARK: Tables

  struct Session: Sendable {
    var path: [UInt8]
    /// The facts as JSON: read for the few sessions that a search looks into.
    fileprivate var factText: [UInt8]
    var blocks: Range<Int>

    /// False: nothing of it was lost or doubtful when it was read.
    var mayBeDamaged: Bool { ByteSearch.first(Array("\"damage\"".utf8), in: factText) != nil }

    func facts() throws(IndexDamage) -> IndexedSession.Facts {
      guard let json = try? JSON(parsing: factText) else { throw .badNumber(part: "sessions") }
      return .init(json)
    }
  }

  func sessions() throws(IndexDamage) -> [Session] {
    var reader = IndexReader(
      try inflated(layout.sessionTable, upTo: 1 << 30, "sessions"), part: "sessions")
    var sessions: [Session] = []
    var block = 0
    for _ in 0..<layout.sessionCount {
      let path = try reader.text()
      let facts = try reader.text()
      let count = try reader.number(upTo: layout.blockCount - block)
      sessions.append(Session(path: path, factText: facts, blocks: block..<block + count))
      block += count
    }
    return sessions
  }

  struct Block: Sendable {
    var offset: Int
    var byteCount: Int
    var checksum: UInt32
    var kind: IndexedBlock.Kind
    var shape: PackedBlock.Shape
    var low: Int64
    var high: Int64
  }

  func blocks() throws(IndexDamage) -> [Block] {
    var reader = IndexReader(try Self.read(file, layout.blockTable, "block table"), part: "block table")
    var blocks: [Block] = []
    blocks.reserveCapacity(layout.blockCount)
    var offset = layout.blocks.offset
    let end = layout.blocks.offset + layout.blocks.count
    for _ in 0..<layout.blockCount {
      let count = try reader.number(upTo: end - offset)
      var shape = PackedBlock.Shape()
      shape.packedTextByteCount = try reader.number(upTo: count)
      shape.textByteCount = try reader.number(upTo: LineBlock.textLimit)
      shape.flagByteCount = try reader.number(upTo: count - shape.packedTextByteCount)
      shape.factByteCount = try reader.number(upTo: LineBlock.factLimit)
      let checksum = try reader.fixed(UInt32.self)
      guard let kind = IndexedBlock.Kind(rawValue: try reader.fixed(UInt8.self)) else {
        throw .badNumber(part: "block table")
      }
      shape.lineCount = try reader.number(upTo: shape.textByteCount)
      let low = Int64(try reader.number(upTo: Int(Int64.max / 4)))
      let high = low + Int64(try reader.number(upTo: Int(Int64.max / 4)))
      blocks.append(
        Block(
          offset: offset, byteCount: count, checksum: checksum, kind: kind, shape: shape, low: low, high: high
        ))
      offset += count
    }
    return blocks
  }

  /// What its texts are packed behind.
  func dictionary() throws(IndexDamage) -> SharedDictionary {
    let name = "shared dictionary"
    let bytes = try inflated(layout.sharedDictionary, upTo: SharedDictionary.byteLimit, name)
    guard bytes.last ?? 0x0A == 0x0A else { throw .badNumber(part: name) }
    return SharedDictionary(bytes)
  }

  /// Makes `packed` the block.
  func read(
    _ block: Block, into packed: inout PackedBlock, behind dictionary: SharedDictionary
  ) throws(IndexDamage) {
    let bytes = try Self.read(file, block.offset, block.byteCount)
    guard CRC32.update(0, bytes) == block.checksum else { throw .badChecksum(part: LineBlock.part) }
    try packed.unpack(bytes, block.shape, behind: dictionary)
  }

  /// A part that is its length and raw deflate.
  private func inflated(
    _ part: SegmentLayout.Part, upTo limit: Int, _ name: String
  ) throws(IndexDamage) -> [UInt8] {
    let bytes = try Self.read(file, part, name)
    var head = IndexReader(bytes, part: name)
    let count = try head.number(upTo: limit)
    var plain: [UInt8] = []
    plain.reserveCapacity(min(count, 1 << 20) + 1)
    let (outcome, _) = Inflater().inflate(bytes, head.position..<bytes.count, limit: count + 1, into: &plain)
    guard outcome == .ended, plain.count == count else { throw .badNumber(part: name) }
    return plain
  }

  /// Compares the whole file with its digest.
  func verify() throws(IndexDamage) {
    let hash = SHA256()
    var offset = 0
    let end = layout.identities.offset + layout.identities.count
    while offset < end {
      let bytes = try Self.read(file, offset, min(1 << 20, end - offset))
      if bytes.isEmpty { throw .cutOff(part: "bytes") }
      hash.update(bytes)
      offset += bytes.count
    }
    if hash.finish() != layout.digest { throw .badChecksum(part: "bytes") }
  }

  // MARK: Queries

  /// The blocks that may hold a match; nil: all of them, by the query or because it rules out too little to be asked.
  func candidates(_ query: TrigramQuery) throws(IndexDamage) -> BlockSet? {
    var pages: [Int: [UInt8]] = [:]
    return try evaluate(query, &pages)
  }

  private struct Listed {
    var offset: Int
    var byteCount: Int
    var count: Int
    /// The blocks themselves, where they are few.
    var blocks: [Int] = []
  }

  private func evaluate(
    _ query: TrigramQuery, _ pages: inout [Int: [UInt8]]
  ) throws(IndexDamage) -> BlockSet? {
    switch query {
    case .all: return nil
    case .none: return BlockSet(count: layout.blockCount)
    case .trigram(let trigram):
      guard let listed = try listed(trigram, &pages) else { return BlockSet(count: layout.blockCount) }
      return try list(listed)
    case .or(let parts):
      var union = BlockSet(count: layout.blockCount)
      for part in parts {
        guard let set = try evaluate(part, &pages) else { return nil }
        union.formUnion(set)
      }
      return union
    case .and(let parts): return try intersection(of: parts, &pages)
    }
  }

  /// Lists of trigrams are read rarest first, and no further where few blocks are left.
  private func intersection(
    of parts: [TrigramQuery], _ pages: inout [Int: [UInt8]]
  ) throws(IndexDamage) -> BlockSet? {
    var lists: [Listed] = []
    var others: [TrigramQuery] = []
    for part in parts {
      guard case .trigram(let trigram) = part else {
        others.append(part)
        continue
      }
      guard let listed = try listed(trigram, &pages) else { return BlockSet(count: layout.blockCount) }
      lists.append(listed)
    }
    lists.sort { $0.count < $1.count }
    var result: BlockSet?
    for listed in lists {
      if let known = result {
        let left = known.members
        if left <= 2 || left * 200 < layout.blockCount || listed.count * 10 > layout.blockCount * 9 { break }
      }
      let set = try list(listed)
      if result == nil { result = set } else { result?.formIntersection(set) }
      if result?.isEmpty == true { return result }
    }
    for part in others {
      guard let set = try evaluate(part, &pages) else { continue }
      if result == nil { result = set } else { result?.formIntersection(set) }
    }
    return result
  }

  private func list(_ listed: Listed) throws(IndexDamage) -> BlockSet {
    if listed.count <= PostingList.inlineCount {
      var set = BlockSet(count: layout.blockCount)
      for block in listed.blocks { set.insert(block) }
      return set
    }
    guard listed.offset + listed.byteCount <= layout.postings.count else {
      throw .badNumber(part: "dictionary")
    }
    let bytes = try Self.read(file, layout.postings.offset + listed.offset, listed.byteCount)
    return try PostingList.decode(bytes, blockCount: layout.blockCount)
  }

  /// Where a trigram's list is; nil where no block holds it.
  private func listed(
    _ trigram: UInt32, _ pages: inout [Int: [UInt8]]
  ) throws(IndexDamage) -> Listed? {
    var low = 0
    var high = pageKeys.count
    while low < high {
      let middle = (low + high) / 2
      if pageKeys[middle] <= trigram { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let page = low - 1
    let bytes: [UInt8]
    if let known = pages[page] { bytes = known } else { bytes = try self.bytes(ofPage: page) }
    pages[page] = bytes
    return try entry(of: Int(trigram), inPage: bytes)
  }

  /// A page of the dictionary, checked, without its checksum.
  private func bytes(ofPage page: Int) throws(IndexDamage) -> [UInt8] {
    let end = page + 1 < pageStarts.count ? pageStarts[page + 1] : layout.pages.count
    var bytes = try Self.read(file, layout.pages.offset + pageStarts[page], end - pageStarts[page])
    guard bytes.count > 4 else { throw .cutOff(part: "dictionary") }
    var check = IndexReader(bytes, bytes.count - 4..<bytes.count, part: "dictionary")
    let checksum = try check.fixed(UInt32.self)
    bytes.removeLast(4)
    guard checksum == CRC32.update(0, bytes) else { throw .badChecksum(part: "dictionary") }
    return bytes
  }

  /// Goes through a page up to a trigram. A table of all 256, kept for the next, took ten times as long.
  private func entry(of wanted: Int, inPage bytes: [UInt8]) throws(IndexDamage) -> Listed? {
    var reader = IndexReader(bytes, part: "dictionary")
    var offset = try reader.number(upTo: layout.postings.count)
    var trigram = 0
    while !reader.isAtEnd {
      trigram += try reader.number(upTo: 0xFF_FFFF)
      if trigram > wanted { return nil }
      let count = try reader.number(upTo: layout.blockCount)
      if count <= PostingList.inlineCount {
        var listed = Listed(offset: offset, byteCount: 0, count: count)
        var next = 0
        for _ in 0..<count {
          let block = next + (try reader.number(upTo: layout.blockCount - 1 - next))
          if trigram == wanted { listed.blocks.append(block) }
          next = block + 1
        }
        if trigram == wanted { return listed }
        continue
      }
      let length = try reader.number(upTo: layout.postings.count)
      if trigram == wanted { return Listed(offset: offset, byteCount: length, count: count) }
      offset += length
    }
    return nil
  }
}
