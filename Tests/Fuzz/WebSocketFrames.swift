import Platform

@testable import Recorder

/// Frames of a peer, at either end, in pieces of a size that the first byte names: whole, or byte by byte, the same
/// happens, and what is sent back is what another end understands.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  var bytes = Array(UnsafeBufferPointer(start: data, count: count))
  guard !bytes.isEmpty else { return 0 }
  let first = bytes.removeFirst()
  let role: WebSocket.Role = first & 1 == 0 ? .client : .server
  let (whole, answer) = happenings(bytes, role: role, step: max(1, bytes.count))
  let (cut, _) = happenings(bytes, role: role, step: Int(first) / 2 + 1)
  precondition(whole == cut, "what happens depends on how the bytes were cut")
  var other = WebSocket(role: role == .client ? .server : .client)
  for happening in other.receive(answer) {
    if case .failed(let error) = happening { preconditionFailure("our own frames are refused: \(error)") }
  }
  return 0
}

private func happenings(
  _ bytes: [UInt8], role: WebSocket.Role, step: Int
) -> ([WebSocket.Happening], outgoing: [UInt8]) {
  var webSocket = WebSocket(role: role, limits: .init(messageByteCount: 1 << 16))
  var found: [WebSocket.Happening] = []
  var start = 0
  while start < bytes.count {
    let end = min(bytes.count, start + step)
    found += webSocket.receive(Array(bytes[start..<end]))
    start = end
  }
  return (found, webSocket.takeOutgoing())
}
