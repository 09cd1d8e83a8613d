/// What a program asked of the keyboard: nothing that can be seen, but a terminal that takes over must know it.
struct KeyboardState: Equatable, Sendable {
  /// Pushing onto a full stack drops its oldest entry, as in kitty.
  static let stackLimit = 16

  /// XTMODKEYS 4: 0 off, 1 to 3.
  var modifyOtherKeys: UInt8 = 0
  /// Of kitty's protocol the flags in use, last, above those to go back to; empty: none. Each screen has its own.
  var flags: [UInt8] = []
  var inactiveFlags: [UInt8] = []

  mutating func push(_ new: UInt8) {
    if flags.isEmpty { flags = [0] }
    flags.append(new)
    if flags.count > Self.stackLimit { flags.removeFirst() }
  }

  mutating func pop(_ count: Int) { flags.removeLast(min(count, flags.count)) }

  /// Mode 1 sets the flags, 2 adds them, 3 takes them away.
  mutating func set(_ new: UInt8, _ mode: UInt8) {
    let current = flags.popLast() ?? 0
    switch mode {
    case 1: flags.append(new)
    case 2: flags.append(current | new)
    case 3: flags.append(current & ~new)
    default: flags.append(current)
    }
  }

  mutating func switchScreen() { swap(&flags, &inactiveFlags) }
}
