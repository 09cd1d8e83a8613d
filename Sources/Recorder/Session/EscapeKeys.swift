/// The keys that speak to this program and not to the session, as in ssh and the official client: a tilde at the
/// beginning of a line, and a key behind it (protocol.md §8.1).
///
/// The tilde is held back until the next key tells what it is; every key that is no escape goes on as typed.
struct EscapeKeys: Equatable, Sendable {
  enum Step: Equatable, Sendable {
    /// Keys for the session.
    case keys([UInt8])
    /// `~?`: the person wants to know the escapes.
    case help
    /// `~-`: there are no escapes from here on.
    case off
    /// `~.`: the person ends the session.
    case end
  }

  private enum State { case lineStart, inLine, tilde, off }

  private static let tilde = UInt8(ascii: "~")

  private var state = State.lineStart

  /// What help says, one line each.
  static let help = """
    Escapes of this session, at the beginning of a line:
      ~.  end the session
      ~-  no escapes from here on
      ~?  this text
      ~~  one tilde

    """

  /// Takes typed keys; those behind an end are dropped.
  mutating func take(_ typed: [UInt8]) -> [Step] {
    var steps: [Step] = []
    var keys: [UInt8] = []
    func step(_ step: Step) {
      if !keys.isEmpty { steps.append(.keys(keys)) }
      keys = []
      steps.append(step)
    }
    for key in typed {
      switch state {
      case .off: keys.append(key)
      case .lineStart where key == Self.tilde: state = .tilde
      case .lineStart, .inLine:
        keys.append(key)
        state = Self.endsLine(key) ? .lineStart : .inLine
      case .tilde:
        state = .lineStart
        switch key {
        case UInt8(ascii: "?"): step(.help)
        case UInt8(ascii: "-"):
          state = .off
          step(.off)
        case UInt8(ascii: "."):
          step(.end)
          return steps
        case Self.tilde:
          keys.append(key)
          state = .inLine
        default:
          keys += [Self.tilde, key]
          state = Self.endsLine(key) ? .lineStart : .inLine
        }
      }
    }
    if !keys.isEmpty { steps.append(.keys(keys)) }
    return steps
  }

  private static func endsLine(_ key: UInt8) -> Bool { key == 0x0D || key == 0x0A }
}
