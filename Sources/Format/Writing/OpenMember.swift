/// The member at the end of a recording that is being written: its text, and what of it is on the disk.
struct OpenMember {
  let seal: Seal
  /// Time its first interval is counted from.
  let microseconds: Int64
  var text: [UInt8] = []
  var eventCount = 0
  var outputByteCount: Int64 = 0
  /// Time of the first event that is not on the disk.
  var waitsSince: Int64?
  /// Text that is on the disk.
  private(set) var flushedTextCount = 0
  /// Header and flushed stream, as they stand in the file.
  private(set) var streamBytes: [UInt8] = []
  private var deflater: Deflater?

  init(seal: Seal, microseconds: Int64) {
    self.seal = seal
    self.microseconds = microseconds
  }

  var isFlushed: Bool { deflater != nil }
  /// Bytes it takes in the file now.
  var fileByteCount: Int { streamBytes.count }

  /// Deflates the text that waits, up to a byte boundary.
  /// - Returns: the bytes to append to the file.
  mutating func flush(level: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    let deflater: Deflater
    if let running = self.deflater {
      deflater = running
      deflater.setLevel(level, into: &bytes)
    } else {
      deflater = Deflater(level: level)
      self.deflater = deflater
      bytes = GzipHeader.encode(seal: seal.encoded)
    }
    deflater.deflate(text, from: flushedTextCount, flush: .sync, into: &bytes)
    flushedTextCount = text.count
    waitsSince = nil
    streamBytes += bytes
    return bytes
  }

  /// Ends the flushed stream as it is.
  /// - Returns: the bytes to append to the file.
  mutating func finishStream() -> [UInt8] {
    var bytes: [UInt8] = []
    deflater?.deflate(text, from: flushedTextCount, flush: .finish, into: &bytes)
    bytes += GzipTrailer.encode(text)
    flushedTextCount = text.count
    streamBytes += bytes
    return bytes
  }

  /// The whole member around a deflated text.
  func encoded(_ deflated: [UInt8]) -> [UInt8] {
    GzipHeader.encode(seal: seal.encoded) + deflated + GzipTrailer.encode(text)
  }

  /// About how many bytes it will take in compact form, by what was flushed: a flush a second costs up to half.
  var estimatedByteCount: Int {
    Int(Double(streamBytes.count) * 2 / 3 * Double(text.count) / Double(max(1, flushedTextCount)))
  }
}

/// The last eight bytes of a gzip member (RFC 1952 §2.3.1).
enum GzipTrailer {
  static let byteCount = 8
  /// A deflate stream of nothing and its trailer.
  static let emptyBody: [UInt8] = [3, 0, 0, 0, 0, 0, 0, 0, 0, 0]

  /// Checksum and length of a text.
  static func encode(_ text: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(uint32: CRC32.update(0, text))
    bytes.append(uint32: UInt32(truncatingIfNeeded: text.count))
    return bytes
  }
}
