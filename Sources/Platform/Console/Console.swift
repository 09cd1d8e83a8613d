/// When text is colored (`--color auto|always|never`).
public enum ColorPolicy: String, Sendable, CaseIterable {
  /// On terminals that can show them; everywhere; nowhere.
  case auto, always, never

  /// Whether to color what goes to a descriptor.
  ///
  /// `always` and `never` win. Then `NO_COLOR` with any text says no (no-color.org), `CLICOLOR_FORCE` with
  /// any text but "0" says yes, and else it needs a terminal whose `TERM` is set and not "dumb".
  public func isOn(isTerminal: Bool, environment: Environment) -> Bool {
    switch self {
    case .always: return true
    case .never: return false
    case .auto:
      if environment.nonEmpty("NO_COLOR") != nil { return false }
      if let force = environment.nonEmpty("CLICOLOR_FORCE"), force != "0" { return true }
      return isTerminal && Console.canDraw(environment)
    }
  }
}

/// Text attributes as escape codes (ECMA-48 SGR), or nothing where color is off.
public struct Style: Sendable, Equatable {
  /// Whether colors are written.
  public let isOn: Bool

  /// A style that is on or off, whatever the terminal.
  public init(isOn: Bool) { self.isOn = isOn }

  /// The style for what is written to a descriptor, by policy, environment, and whether it is a terminal.
  public init(
    _ policy: ColorPolicy, for descriptor: borrowing Descriptor, environment: Environment = .current
  ) {
    isOn = policy.isOn(isTerminal: Terminal.isTerminal(descriptor), environment: environment)
  }

  /// `text` bold.
  public func bold(_ text: String) -> String { wrap("1", text) }
  /// `text` dim.
  public func dim(_ text: String) -> String { wrap("2", text) }
  /// `text` underlined.
  public func underlined(_ text: String) -> String { wrap("4", text) }
  /// `text` in red.
  public func red(_ text: String) -> String { wrap("31", text) }
  /// `text` in green.
  public func green(_ text: String) -> String { wrap("32", text) }
  /// `text` in yellow.
  public func yellow(_ text: String) -> String { wrap("33", text) }
  /// `text` in magenta.
  public func magenta(_ text: String) -> String { wrap("35", text) }
  /// `text` in cyan.
  public func cyan(_ text: String) -> String { wrap("36", text) }
  /// As grep marks what it found.
  public func match(_ text: String) -> String { wrap("1;31", text) }

  private func wrap(_ codes: String, _ text: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(codes)m\(text)\u{1B}[0m" : text
  }
}

/// Facts of the terminal this program talks to.
public enum Console {
  /// Columns to write for: the terminal's width, else `COLUMNS`, else 80.
  public static func columns(of descriptor: borrowing Descriptor, environment: Environment = .current) -> Int
  {
    if let size = Terminal.size(of: descriptor) { return size.columns }
    if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
    return 80
  }

  /// Whether `TERM` names a terminal that understands escape codes.
  static func canDraw(_ environment: Environment) -> Bool {
    environment.nonEmpty("TERM").map { $0 != "dumb" } ?? false
  }
}
