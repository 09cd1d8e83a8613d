/// One frame of smux version 1, which carries the connections of a port session (protocol.md §8.4).
///
/// ```
///   0  version   1  always 1
///   1  command   1
///   2  length    2  little-endian, bytes of data behind the header
///   4  stream    4  little-endian
/// ```
enum SmuxFrame {
  static let version: UInt8 = 1
  static let headerByteCount = 8
  /// Most data bytes in a frame we send; others may send up to 65535.
  static let maximumDataByteCount = 32_768

  enum Command: UInt8, Sendable {
    /// Opens a stream.
    case synchronize = 0
    /// The sender sends no more on a stream.
    case finish = 1
    /// Data of a stream.
    case push = 2
    /// Says that the sender is there; of no stream.
    case nothing = 3
  }

  struct Header: Equatable, Sendable {
    var command: Command
    var byteCount: Int
    var stream: UInt32

    init(_ command: Command, byteCount: Int = 0, stream: UInt32) {
      (self.command, self.byteCount, self.stream) = (command, byteCount, stream)
    }

    /// Reads the eight bytes at the front of `bytes`.
    init(parsing bytes: [UInt8]) throws(SmuxError) {
      guard bytes[0] == SmuxFrame.version else { throw .version(found: bytes[0]) }
      guard let command = Command(rawValue: bytes[1]) else { throw .command(found: bytes[1]) }
      let byteCount = Int(bytes[2]) | Int(bytes[3]) << 8
      let stream =
        UInt32(bytes[4]) | UInt32(bytes[5]) << 8 | UInt32(bytes[6]) << 16 | UInt32(bytes[7]) << 24
      guard byteCount == 0 || command == .push || command == .nothing else {
        throw .unexpectedData(command: bytes[1], byteCount: byteCount)
      }
      self.init(command, byteCount: byteCount, stream: stream)
    }

    func append(to bytes: inout [UInt8]) {
      bytes.append(SmuxFrame.version)
      bytes.append(command.rawValue)
      bytes.append(UInt8(truncatingIfNeeded: byteCount))
      bytes.append(UInt8(truncatingIfNeeded: byteCount >> 8))
      for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: stream >> UInt32(shift))) }
    }
  }
}

/// Why the connections of a port session cannot go on.
enum SmuxError: Error, Equatable, Sendable {
  case version(found: UInt8)
  case command(found: UInt8)
  /// Data in a frame that has none.
  case unexpectedData(command: UInt8, byteCount: Int)
  /// A peer that was to say that it is there said nothing.
  case silent(seconds: Int)
}

extension SmuxError: CustomStringConvertible {
  var description: String {
    switch self {
    case .version(let found):
      "the other end multiplexes connections by version \(found) of smux, and this one by version "
        + "\(SmuxFrame.version)"
    case .command(let found): "the other end sent the unknown smux command \(found)"
    case .unexpectedData(let command, let count):
      "the other end sent \(count) bytes with the smux command \(command), which has none"
    case .silent(let seconds): "the other end of the forwarded port said nothing for \(seconds) s"
    }
  }
}
