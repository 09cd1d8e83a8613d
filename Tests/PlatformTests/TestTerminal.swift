@testable import Platform

/// Both ends of a pty, in this process.
final class TestTerminal {
  /// What a person holds: reads what programs wrote. Non-blocking.
  let master: Descriptor
  /// What programs hold.
  let terminal: Descriptor

  init(_ size: WindowSize) throws {
    let pty = try PseudoTerminal(size)
    master = try pty.upper.duplicate()
    terminal = try pty.lower.duplicate()
  }

  /// What was written since the last call. (A write to a pty is at its other end when it returns.)
  func output() throws -> String {
    var bytes: [UInt8] = []
    while case .bytes(let more) = try master.read(upTo: 4096) { bytes += more }
    return String(decoding: bytes, as: UTF8.self)
  }
}
