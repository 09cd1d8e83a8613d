@testable import Replay

/// Parser and screen with the invariants on: whole or in bytes the same, restored from a keyframe the same, redrawn from
/// a dump the same, where a dump can say it; and no keyframe that the input makes up breaks anything.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  guard count > 3 else { return 0 }
  forge(bytes)
  // The first three bytes are sizes.
  let size = (columns: Int(bytes[0] % 40) + 1, rows: Int(bytes[1] % 12) + 1)
  let stream = Array(bytes[3...])
  var whole = TerminalScreen(columns: size.columns, rows: size.rows, scrollbackLimit: Int(bytes[2] % 64))
  var parts = whole
  whole.feed(stream)
  for byte in stream { parts.feed([byte]) }
  check(whole)
  precondition(parts.screen.difference(from: whole.screen) == nil && parts.parser == whole.parser, "in bytes")

  if whole.screen.isInMargins || !whole.screen.modes.contains(.origin),
    whole.screen.cursor.column < whole.screen.columns(inRow: whole.screen.cursor.row)
  {
    var drawn = TerminalScreen(columns: whole.columns, rows: whole.rows)
    drawn.feed(StateDump.encode(whole.screen))
    if let difference = drawn.screen.stateDifference(from: whole.screen) {
      preconditionFailure("dumped: " + difference)
    }
  }

  guard var again = try? Keyframe.restore(Keyframe.encode(whole)) else { preconditionFailure("no keyframe") }
  precondition(again.screen.difference(from: whole.screen) == nil && again.parser == whole.parser, "restored")
  for part in [stream.prefix(64), stream.suffix(64)] {
    again.feed(Array(part))
    whole.feed(Array(part))
  }
  precondition(again.screen.difference(from: whole.screen) == nil, "restored and fed")

  whole.resize(columns: Int(bytes[2] % 50), rows: Int(bytes[0] % 15))
  check(whole)
  return 0
}

private func check(_ terminal: TerminalScreen) {
  if let problem = terminal.screen.brokenInvariant() { preconditionFailure(problem) }
}

/// Takes the input for a keyframe whose checksum is right.
private func forge(_ bytes: [UInt8]) {
  var body = bytes
  body[0] = Keyframe.layout
  let checksum = Checksum.of(body.span, 0..<body.count)
  body += (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) }
  guard var terminal = try? Keyframe.restore(body) else { return }
  terminal.feed(Array("x\u{1B}8y\r\n\u{1B}[?1049lz\u{1B}[3b".utf8))
  check(terminal)
}
