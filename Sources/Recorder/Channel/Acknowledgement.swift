import Platform

/// The payload of an `acknowledge` message (protocol.md §5.1): one for every stream message.
struct Acknowledgement: Equatable, Sendable {
  var type: MessageType
  var messageID: MessageID
  var sequenceNumber: Int64

  private static let beforeType = Array(#"{"AcknowledgedMessageType":""#.utf8)
  private static let beforeID = Array(#"","AcknowledgedMessageId":""#.utf8)
  private static let beforeNumber = Array(#"","AcknowledgedMessageSequenceNumber":"#.utf8)
  private static let afterNumber = Array(#","IsSequentialMessage":true}"#.utf8)
  private static let afterNumberFalse = Array(#","IsSequentialMessage":false}"#.utf8)

  init(type: MessageType, messageID: MessageID, sequenceNumber: Int64) {
    self.type = type
    self.messageID = messageID
    self.sequenceNumber = sequenceNumber
  }

  /// The JSON, members in the official order, written by hand: there is one for every KiB of output.
  func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(192)
    bytes += Self.beforeType
    bytes += type.name
    bytes += Self.beforeID
    messageID.appendText(to: &bytes)
    bytes += Self.beforeNumber
    bytes += String(sequenceNumber).utf8
    bytes += Self.afterNumber
    return bytes
  }

  /// The sequence number acknowledged, the one member that counts (§5.1); nil where there is none.
  static func sequenceNumber(in payload: [UInt8]) -> Int64? {
    if let number = officialNumber(in: payload) { return number }
    // Another writer's form; what is no JSON acknowledges nothing.
    return (try? JSON(parsing: payload))?["AcknowledgedMessageSequenceNumber"]?.integer
  }

  /// The number in the form that all official writers use; nil for any other.
  private static func officialNumber(in payload: [UInt8]) -> Int64? {
    guard payload.starts(with: beforeType) else { return nil }
    var index = beforeType.count
    // The type's name ends with the next quotation mark; names have no escapes.
    while index < payload.count, payload[index] != UInt8(ascii: "\"") {
      if payload[index] == UInt8(ascii: "\\") { return nil }
      index += 1
    }
    guard payload[index...].starts(with: beforeID) else { return nil }
    index += beforeID.count + MessageID.textByteCount
    guard index < payload.count, payload[index...].starts(with: beforeNumber) else { return nil }
    index += beforeNumber.count
    var number: Int64 = 0
    let start = index
    // Eighteen digits cannot overflow; longer numbers take the slow way.
    while index < payload.count, index - start < 18, payload[index] &- 0x30 < 10 {
      number = number * 10 + Int64(payload[index] - 0x30)
      index += 1
    }
    let ending = payload[index...]
    guard index > start, ending.elementsEqual(afterNumber) || ending.elementsEqual(afterNumberFalse) else {
      return nil
    }
    return number
  }
}
