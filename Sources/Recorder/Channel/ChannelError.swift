/// Why a data channel cannot go on.
enum ChannelError: Error, Equatable, Sendable {
  /// The peer did not acknowledge a message in all that time.
  case unacknowledged(sequenceNumber: Int64, seconds: Int64)
  /// A message of an encrypted session that was not encrypted with the session's key, or changed on its way.
  case undecipherable(sequenceNumber: Int64)
}

extension ChannelError: CustomStringConvertible {
  var description: String {
    switch self {
    case .unacknowledged(let number, let seconds):
      "the other end of the session does not answer: message \(number) was sent again and again for "
        + "\(seconds) seconds; check the network and the target, then start a new session"
    case .undecipherable(let number):
      "message \(number) of this encrypted session does not fit its key: it was changed on its way, or the other "
        + "end has another key; check who is between you and the target, then start a new session"
    }
  }
}

/// A message that changed nothing, and why; for logs.
enum IgnoredMessage: Equatable, Sendable {
  case malformed(AgentMessageError)
  /// Acknowledged again.
  case duplicate(sequenceNumber: Int64)
  /// Not acknowledged: too far ahead of the message that is expected.
  case tooEarly(sequenceNumber: Int64, expected: Int64)
  case unknownType(MessageType)
  case badAcknowledgement
  /// A payload of a type that has no meaning in this direction.
  case unknownPayload(PayloadType, sequenceNumber: Int64)
  /// A payload that does not have the form of its type.
  case badPayload(PayloadType, sequenceNumber: Int64)
  case afterEnd
}

extension IgnoredMessage: CustomStringConvertible {
  var description: String {
    switch self {
    case .malformed(let error): "ignored \(error)"
    case .duplicate(let number): "ignored message \(number), which came before"
    case .tooEarly(let number, let expected):
      "ignored message \(number), too far ahead of message \(expected), which is missing"
    case .unknownType(let type): "ignored a message of the unknown type \(type)"
    case .badAcknowledgement: "ignored an acknowledgement without a sequence number"
    case .unknownPayload(let type, let number):
      "ignored message \(number) with the unexpected payload type \(type.rawValue)"
    case .badPayload(let type, let number):
      "ignored message \(number), whose payload does not have the form of type \(type.rawValue)"
    case .afterEnd: "ignored a message after the end of the session"
    }
  }
}

/// Where a happening comes from: the peer's own count and clock.
struct MessageOrigin: Equatable, Sendable {
  var sequenceNumber: Int64
  /// Milliseconds since 1970 on the sender's clock, which may be wrong; at most the end of the year 9999, so
  /// that nobody's arithmetic overflows.
  var createdMilliseconds: Int64

  private static let lastMillisecond: UInt64 = 253_402_300_799_999

  init(sequenceNumber: Int64, createdMilliseconds: Int64) {
    self.sequenceNumber = sequenceNumber
    self.createdMilliseconds = createdMilliseconds
  }

  init(_ message: AgentMessage) {
    self.init(
      sequenceNumber: message.sequenceNumber,
      createdMilliseconds: Int64(min(message.createdMilliseconds, Self.lastMillisecond)))
  }
}
