import Format

/// Where the parts of a segment are.
///
///     magic  text blocks  postings  dictionary pages  block table  session table  shared dictionary  page index
///     identities  footer
///
/// Text blocks: each of one session, an LZ4 block behind the shared dictionary, the lines' flags and raw deflate of
/// their facts.
/// Postings: of each trigram the numbers of the blocks that hold it.
/// Dictionary pages: 256 trigrams each, in order. All numbers little-endian or varints; each part has a CRC-32, and the
/// footer the SHA-256 of all that is before it. The footer has a fixed size, so the file's last bytes lead to all else.
struct SegmentLayout: Equatable, Sendable {
  static let magic = Array("SSMCIDX\u{1}".utf8)
  /// 2: lines that scrolled off full-screen programs, which 1 lacked. 3: texts are LZ4 behind a dictionary, no longer
  /// deflate. An index of another layout is made anew: what lines a recording has is part of it.
  static let version: UInt32 = 3
  static let footerByteCount = 192
  static let trigramsPerPage = 256
  /// Segments of more text are not merged, nor made larger: what a writer holds in memory.
  static let textLimit = 32 << 20

  struct Part: Equatable, Sendable {
    var offset: Int = 0
    var count: Int = 0
    var checksum: UInt32 = 0
  }

  var blocks = Part()
  var postings = Part()
  var pages = Part()
  var blockTable = Part()
  var sessionTable = Part()
  var sharedDictionary = Part()
  var pageIndex = Part()
  var identities = Part()
  var sessionCount = 0
  var blockCount = 0
  var trigramCount = 0
  var textByteCount = 0
  var digest: [UInt8] = []

  private static var paths: [WritableKeyPath<SegmentLayout, Part>] {
    [
      \.blocks, \.postings, \.pages, \.blockTable, \.sessionTable, \.sharedDictionary, \.pageIndex,
      \.identities,
    ]
  }

  /// The footer, checksum and magic included. Parts follow each other, so that their lengths say where they are.
  func footer() -> [UInt8] {
    var writer = IndexWriter()
    writer.fixed(Self.version)
    for path in Self.paths {
      writer.fixed(UInt64(self[keyPath: path].count))
      writer.fixed(self[keyPath: path].checksum)
    }
    writer.fixed(UInt32(sessionCount))
    writer.fixed(UInt32(blockCount))
    writer.fixed(UInt32(trigramCount))
    writer.fixed(UInt64(textByteCount))
    writer.bytes += digest
    writer.bytes += [UInt8](repeating: 0, count: Self.footerByteCount - 12 - writer.bytes.count)
    writer.fixed(CRC32.update(0, writer.bytes))
    writer.bytes += Self.magic
    return writer.bytes
  }

  init() {}

  /// Reads a footer; `fileByteCount` is the whole file's.
  init(footer bytes: [UInt8], fileByteCount: Int) throws(IndexDamage) {
    guard bytes.count == Self.footerByteCount, bytes.suffix(8).elementsEqual(Self.magic) else {
      throw .notASegment
    }
    var reader = IndexReader(bytes, part: "footer")
    let version = try reader.fixed(UInt32.self)
    if version != Self.version { throw .otherVersion(version) }
    var check = IndexReader(bytes, bytes.count - 12..<bytes.count, part: "footer")
    guard try check.fixed(UInt32.self) == CRC32.update(0, Array(bytes.dropLast(12))) else {
      throw .badChecksum(part: "footer")
    }
    var offset = Self.magic.count
    for path in Self.paths {
      let count = Int(truncatingIfNeeded: try reader.fixed(UInt64.self))
      guard count >= 0, count <= fileByteCount - offset else { throw .badNumber(part: "footer") }
      self[keyPath: path] = Part(offset: offset, count: count, checksum: try reader.fixed(UInt32.self))
      offset += count
    }
    guard offset + Self.footerByteCount == fileByteCount else { throw .badNumber(part: "footer") }
    sessionCount = Int(try reader.fixed(UInt32.self))
    blockCount = Int(try reader.fixed(UInt32.self))
    trigramCount = Int(try reader.fixed(UInt32.self))
    textByteCount = Int(truncatingIfNeeded: try reader.fixed(UInt64.self))
    digest = Array(bytes[reader.position..<reader.position + 32])
    guard identities.count == sessionCount * 8, blockCount <= blocks.count,
      sessionCount <= sessionTable.count,
      trigramCount <= pages.count
    else { throw .badNumber(part: "footer") }
  }
}
