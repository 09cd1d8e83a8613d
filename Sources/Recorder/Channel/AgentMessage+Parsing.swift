import Format

/// Why bytes are no message of the data channel.
enum AgentMessageError: Error, Equatable, Sendable {
  case tooShort(byteCount: Int)
  /// HeaderLength points before the fixed fields or behind the end.
  case headerLength(found: UInt32, messageByteCount: Int)
  case noType
  case noCreatedDate(type: MessageType)
  case digestMismatch(type: MessageType, sequenceNumber: Int64)
}

extension AgentMessage {
  /// Reads a whole WebSocket message.
  ///
  /// The payload is everything behind the header, whatever PayloadLength says (§4.2). The digest is not
  /// looked at here: the official agent ignores it too; see `init(checking:using:)`.
  init(parsing bytes: [UInt8]) throws(AgentMessageError) {
    guard bytes.count >= Self.headerByteCount else { throw .tooShort(byteCount: bytes.count) }
    let headerLength = bytes.bigEndian32(at: 0)
    // 32 bits fit an Int, and four more still do.
    let payloadStart = Int(headerLength) + 4
    guard payloadStart >= Self.headerByteCount && payloadStart <= bytes.count else {
      throw .headerLength(found: headerLength, messageByteCount: bytes.count)
    }
    let type = MessageType(reading: bytes, at: Offset.type)
    let created = bytes.bigEndian64(at: Offset.created)
    if type == .other([]) { throw .noType }
    // The service's publication messages come without a date and without a digest.
    if created == 0 && !type.isPublication { throw .noCreatedDate(type: type) }
    self.type = type
    schemaVersion = bytes.bigEndian32(at: Offset.schemaVersion)
    createdMilliseconds = created
    sequenceNumber = Int64(bitPattern: bytes.bigEndian64(at: Offset.sequenceNumber))
    flags = Flags(rawValue: bytes.bigEndian64(at: Offset.flags))
    id = MessageID(high: bytes.bigEndian64(at: Offset.id + 8), low: bytes.bigEndian64(at: Offset.id))
    payloadType = PayloadType(rawValue: bytes.bigEndian32(at: Offset.payloadType))
    payload = Array(bytes[payloadStart...])
  }

  /// Reads a whole WebSocket message and checks its digest, as the official client does.
  init(checking bytes: [UInt8], using hash: SHA256) throws(AgentMessageError) {
    try self.init(parsing: bytes)
    // A payload length of zero switches the check off in the official client; an empty payload needs none.
    if type.isPublication || bytes.bigEndian32(at: Offset.payloadLength) == 0 { return }
    hash.update(payload)
    guard hash.finish().elementsEqual(bytes[Offset.digest..<Offset.payloadType]) else {
      throw .digestMismatch(type: type, sequenceNumber: sequenceNumber)
    }
  }
}

extension MessageType {
  fileprivate var isPublication: Bool { self == .startPublication || self == .pausePublication }
}

extension AgentMessageError: CustomStringConvertible {
  var description: String {
    switch self {
    case .tooShort(let count):
      "a message of \(count) bytes; its header alone takes \(AgentMessage.headerByteCount)"
    case .headerLength(let found, let count):
      "a header length of \(found) in a message of \(count) bytes; \(AgentMessage.headerByteCount - 4) is usual"
    case .noType: "a message without a type"
    case .noCreatedDate(let type): "a message of type \(type) without a date"
    case .digestMismatch(let type, let number):
      "a message of type \(type), number \(number), whose payload does not match its SHA-256 digest"
    }
  }
}
