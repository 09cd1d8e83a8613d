/// A terminal for replay: bytes in, a screen out. Answers no query and touches nothing outside of itself.
///
/// The same bytes give the same screen however they are divided. A value: a copy is a snapshot.
///
///     var terminal = TerminalScreen(columns: 80, rows: 24)
///     terminal.feed(bytes)
///     let text = terminal.lines
struct TerminalScreen: Sendable {
  /// Rows that scrolled off and are kept, unless asked otherwise.
  static let scrollbackLimit = 10_000

  private(set) var parser = Parser()
  var screen: Screen

  /// A blank screen; a size out of bounds is clamped (`ScreenSize`).
  init(columns: Int, rows: Int, scrollbackLimit: Int = TerminalScreen.scrollbackLimit) {
    screen = Screen(size: ScreenSize(columns: columns, rows: rows), scrollbackLimit: scrollbackLimit)
  }

  init(parser: Parser, screen: Screen) {
    self.parser = parser
    self.screen = screen
  }

  /// Whether `DCS tmux; …` is obeyed, as by the terminal that tmux runs in; otherwise it is swallowed.
  var unwrapsTmux: Bool {
    get { parser.unwrapsTmux }
    set { parser.unwrapsTmux = newValue }
  }

  var columns: Int { screen.columns }
  var rows: Int { screen.rows }

  /// Takes the next bytes of output, written at `microseconds` since the recording's start.
  mutating func feed(_ bytes: [UInt8], at microseconds: Int64 = 0) { feed(bytes.span, at: microseconds) }

  mutating func feed(_ bytes: Span<UInt8>, at microseconds: Int64 = 0) {
    screen.now = microseconds
    parser.parse(bytes, into: &screen)
    screen.settle()
  }

  mutating func resize(columns: Int, rows: Int) {
    screen.resize(to: ScreenSize(columns: columns, rows: rows))
  }

  /// The text of each visible row, trailing blanks trimmed.
  var lines: [String] { (0..<rows).map { screen.text(row: $0) } }

  func text(row: Int) -> String { screen.text(row: row) }
}
