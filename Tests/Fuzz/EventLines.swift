@testable import Format

/// Lines of events: what is read is written and read again, and is the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  var decoder = EventDecoder(version: 3, expectsExactBytes: true)
  var log = FindingLog()
  var lines = LineBuffer()
  lines.append(bytes)
  var events: [Event] = []
  while case .line(let range) = lines.next(isLast: true) {
    if let event = decoder.take(lines.bytes, range, lineNumber: lines.lineNumber, &log) {
      events.append(event)
    }
  }
  if let event = decoder.finish() { events.append(event) }
  var text: [UInt8] = []
  var encoder = LineEncoder(.v3, precision: .microseconds)
  for event in events { encoder.append(event, to: &text) }
  _ = encoder.finish(at: events.last?.microseconds ?? 0, to: &text)
  var again: [UInt8: [UInt8]] = [:]
  lines = LineBuffer()
  lines.append(text)
  decoder = EventDecoder(version: 3, expectsExactBytes: true)
  log = FindingLog()
  func add(_ event: Event?) { if let event { again[event.code.rawValue, default: []] += event.bytes } }
  while case .line(let range) = lines.next(isLast: true) {
    add(decoder.take(lines.bytes, range, lineNumber: lines.lineNumber, &log))
  }
  add(decoder.finish())
  precondition(log.findings.isEmpty, "our own lines are damaged: \(log.findings)")
  var wanted: [UInt8: [UInt8]] = [:]
  for event in events { wanted[event.code.rawValue, default: []] += event.bytes }
  for (code, bytes) in wanted { precondition(again[code, default: []] == bytes, "bytes of \(code) changed") }
  return 0
}
