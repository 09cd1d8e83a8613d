import Format
import Platform

@testable import Recorder

/// Binary messages of a peer, at both ends of a channel: each input is cut into messages by lengths that stand in it,
/// as whole frames with a good header where its first byte is odd.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  guard let first = bytes.first else { return 0 }
  let now = Instant(microseconds: 1)
  let timestamp = Timestamp(microseconds: 1)
  var client = DataChannel(clientVersion: "1.3.100.0", now: now, timestamp: timestamp)
  var agent = AgentChannel(sessionID: "s-1", target: "local", now: now, timestamp: timestamp)
  let hash = SHA256()
  var position = 1
  var number: Int64 = 0
  while position < bytes.count {
    let length = Int(bytes[position]) * (first & 2 == 0 ? 1 : 8)
    let piece = Array(bytes[min(position + 1, bytes.count)..<min(position + 1 + length, bytes.count)])
    position += 1 + length
    if first & 1 == 0 {
      _ = client.receive(piece, now: now)
      _ = agent.receive(piece, now: now)
    } else if let kind = piece.first {
      let payload = Array(piece.dropFirst())
      for type in [MessageType.outputStreamData, .inputStreamData, .acknowledge, .channelClosed] {
        let message = AgentMessage(
          type: type, createdMilliseconds: 1, sequenceNumber: number, id: MessageID(high: 1, low: 2),
          payloadType: PayloadType(rawValue: UInt32(kind % 14)), payload: payload)
        if type == .channelClosed, kind & 0x80 == 0 { continue }
        _ = client.receive(message.encoded(using: hash), now: now)
        _ = agent.receive(message.encoded(using: hash), now: now)
      }
      number += kind & 0x40 == 0 ? 1 : 3
    }
  }
  _ = client.takeOutgoing()
  _ = agent.takeOutgoing()
  return 0
}
