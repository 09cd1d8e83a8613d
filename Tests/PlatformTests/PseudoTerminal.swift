import Glibc
import Platform

/// Both ends of a pty, in this process.
final class PseudoTerminal {
  /// What a person holds: reads what programs wrote. Non-blocking.
  let master: Descriptor
  /// What programs hold.
  let terminal: Descriptor

  init(_ size: WindowSize) throws {
    var (first, second): (Int32, Int32) = (-1, -1)
    guard openpty(&first, &second, nil, nil, nil) == 0 else { throw Errno.current }
    master = Descriptor(owning: first)
    terminal = Descriptor(owning: second)
    try Terminal.setSize(size, of: master)
    try master.setNonBlocking(true)
  }

  /// What was written since the last call. (A write to a pty is at its other end when it returns.)
  func output() throws -> String {
    var bytes: [UInt8] = []
    while case .bytes(let more) = try master.read(upTo: 4096) { bytes += more }
    return String(decoding: bytes, as: UTF8.self)
  }
}
