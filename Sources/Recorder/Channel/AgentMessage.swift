import Format

/// One binary message of the data channel (protocol.md §4): a header of 120 bytes, integers big-endian, then
/// the payload.
///
/// ```
///    0  HeaderLength      4  always 116, where PayloadLength stands
///    4  MessageType      32  padded with spaces
///   36  SchemaVersion     4  1
///   40  CreatedDate       8  milliseconds since 1970
///   48  SequenceNumber    8
///   56  Flags             8
///   64  MessageId        16  a UUID, its halves swapped
///   80  PayloadDigest    32  SHA-256 of the payload
///  112  PayloadType       4
///  116  PayloadLength     4  not trusted: the payload ends with the message
/// ```
struct AgentMessage: Equatable, Sendable {
  struct Flags: OptionSet, Sendable {
    let rawValue: UInt64
    /// The first message of the agent's stream.
    static let first = Flags(rawValue: 1)
    static let last = Flags(rawValue: 2)
  }

  var type: MessageType
  var schemaVersion: UInt32 = 1
  /// Milliseconds since 1970 on the sender's clock.
  var createdMilliseconds: UInt64
  var sequenceNumber: Int64 = 0
  var flags: Flags = []
  var id: MessageID
  var payloadType = PayloadType.none
  var payload: [UInt8]

  /// Bytes before the payload.
  static let headerByteCount = 120
  /// Most payload bytes in a stream message; both official ends read in pieces of this size.
  static let maximumPayloadByteCount = 1024

  /// The message as one binary WebSocket message.
  /// - Parameter hash: kept by the caller, because making one costs as much as hashing.
  func encoded(using hash: SHA256) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.headerByteCount + payload.count)
    bytes.appendBigEndian(UInt32(Self.headerByteCount - 4))
    bytes += type.padded
    bytes.appendBigEndian(schemaVersion)
    bytes.appendBigEndian(createdMilliseconds)
    bytes.appendBigEndian(UInt64(bitPattern: sequenceNumber))
    bytes.appendBigEndian(flags.rawValue)
    bytes.appendBigEndian(id.low)
    bytes.appendBigEndian(id.high)
    hash.update(payload)
    bytes += hash.finish()
    bytes.appendBigEndian(payloadType.rawValue)
    bytes.appendBigEndian(UInt32(payload.count))
    bytes += payload
    return bytes
  }
}

/// Where the fields stand.
extension AgentMessage {
  enum Offset {
    static let type = 4
    static let schemaVersion = 36
    static let created = 40
    static let sequenceNumber = 48
    static let flags = 56
    static let id = 64
    static let digest = 80
    static let payloadType = 112
    static let payloadLength = 116
  }
}

extension [UInt8] {
  mutating func appendBigEndian(_ value: UInt32) {
    for shift in stride(from: UInt32(24), through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  mutating func appendBigEndian(_ value: UInt64) {
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// The big-endian number in the four bytes from `offset` on.
  func bigEndian32(at offset: Int) -> UInt32 {
    UInt32(self[offset]) << 24 | UInt32(self[offset + 1]) << 16 | UInt32(self[offset + 2]) << 8
      | UInt32(self[offset + 3])
  }

  /// The big-endian number in the eight bytes from `offset` on.
  func bigEndian64(at offset: Int) -> UInt64 {
    UInt64(bigEndian32(at: offset)) << 32 | UInt64(bigEndian32(at: offset + 4))
  }
}
