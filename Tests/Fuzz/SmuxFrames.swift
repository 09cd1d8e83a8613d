import Platform

@testable import Recorder

/// Frames of a peer, at either end, in pieces of a size that the first byte names: whole or cut, the same happens.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  var bytes = Array(UnsafeBufferPointer(start: data, count: count))
  guard !bytes.isEmpty else { return 0 }
  let first = bytes.removeFirst()
  let role: SmuxSession.Role = first & 1 == 0 ? .client : .server
  precondition(
    summary(bytes, role, step: max(1, bytes.count)) == summary(bytes, role, step: Int(first) / 2 + 1),
    "what happens depends on how the bytes were cut")
  return 0
}

/// What happened, data of a stream put together.
private func summary(_ bytes: [UInt8], _ role: SmuxSession.Role, step: Int) -> [String] {
  let now = Instant(microseconds: 1)
  var session = SmuxSession(role, keepsAlive: false, now: now)
  if role == .client { for _ in 0..<3 { _ = session.open() } }
  var data: [UInt32: [UInt8]] = [:]
  var events: [String] = []
  var start = 0
  while start < bytes.count {
    let end = min(bytes.count, start + step)
    guard let happenings = try? session.receive(Array(bytes[start..<end]), now: now) else {
      return ["refused"]
    }
    for happening in happenings {
      if case .data(let id, let piece) = happening {
        data[id, default: []] += piece
      } else {
        events.append("\(happening)")
      }
    }
    start = end
  }
  return events + data.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
}
