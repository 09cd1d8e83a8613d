/// The header of one ttyrec frame: three little-endian 32-bit words, seconds, microseconds, length.
///
/// ovh-ttyrec keeps bits 32 to 43 of the seconds in bits 20 to 31 of the microseconds.
struct TtyrecFrame: Equatable {
  static let headerByteCount = 12
  /// Longest frame that is believed, in bytes.
  static let byteLimit = 16 << 20
  /// Latest second that is believed: the end of the year 9999.
  static let secondLimit: Int64 = 253_402_300_799

  /// Since 1970.
  let microseconds: Int64
  let byteCount: Int

  /// Reads the header `bytes` begin with; nil where fewer bytes are there, or no header can look so.
  init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.count >= Self.headerByteCount else { return nil }
    func word(_ index: Int) -> UInt32 {
      (0..<4).reversed().reduce(0) { $0 << 8 | UInt32(bytes[bytes.startIndex + index * 4 + $1]) }
    }
    let seconds = Int64(word(0)) | Int64(word(1) & 0xFFF0_0000) << 12
    let fraction = word(1) & 0x000F_FFFF
    guard seconds <= Self.secondLimit, fraction < 1_000_000, word(2) <= Self.byteLimit else { return nil }
    microseconds = seconds * 1_000_000 + Int64(fraction)
    byteCount = Int(word(2))
  }

  init(microseconds: Int64, byteCount: Int) {
    self.microseconds = microseconds
    self.byteCount = byteCount
  }

  /// Appends the header. Times before 1970 are written as 1970.
  func append(to bytes: inout [UInt8]) {
    let time = UInt64(max(0, microseconds))
    let seconds = time / 1_000_000
    bytes.append(uint32: UInt32(truncatingIfNeeded: seconds))
    bytes.append(uint32: UInt32(seconds >> 32 & 0xFFF) << 20 | UInt32(time % 1_000_000))
    bytes.append(uint32: UInt32(byteCount))
  }

  /// Latest time that is believed of a whole file: the year 2200. Text read as a frame lies far beyond.
  private static let latest: Int64 = 7_258_118_400_000_000

  /// Whether `head` is the beginning of a ttyrec: each frame in it has a header, and the first two are not more
  /// than a year apart. The first frame must be whole unless more of the file follows.
  static func isPlausible(_ head: [UInt8], isWhole: Bool) -> Bool {
    var index = 0
    var previous: Int64?
    while index < head.count {
      guard let frame = TtyrecFrame(head[index...]) else {
        return previous != nil && head.count - index < headerByteCount
      }
      guard frame.microseconds <= latest else { return false }
      if let previous, abs(frame.microseconds - previous) > 366 * 86_400_000_000 { return false }
      index += headerByteCount + frame.byteCount
      if previous == nil, isWhole, index > head.count { return false }
      previous = frame.microseconds
    }
    return previous != nil
  }
}
