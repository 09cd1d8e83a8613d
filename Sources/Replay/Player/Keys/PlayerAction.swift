import Platform

/// What a key can ask of the player. Raw values are the names in the setting `player_keys`.
enum PlayerAction: String, CaseIterable, Sendable {
  case pause
  case step
  case stepBack = "step-back"
  case forward
  case back
  case forwardTenth = "forward-tenth"
  case backTenth = "back-tenth"
  case faster
  case slower
  case normalSpeed = "normal-speed"
  case previousMarker = "previous-marker"
  case nextMarker = "next-marker"
  case previousCommand = "previous-command"
  case nextCommand = "next-command"
  case start
  case end
  case goTo = "goto"
  case search
  case searchBack = "search-back"
  case nextHit = "next-hit"
  case previousHit = "previous-hit"
  case idle
  case keys
  case status
  case addMarker = "add-marker"
  case position
  case panUp = "pan-up"
  case panDown = "pan-down"
  case panLeft = "pan-left"
  case panRight = "pan-right"
  case help
  case quit

  /// What it does, and its keys unless the settings say otherwise. Without words it is told with another (`table`).
  var declaration: (help: String, keys: [Key]) {
    switch self {
    case .pause: ("pause, go on", [.character(" ")])
    case .step: ("one picture on, back", [.character(".")])
    case .stepBack: ("", [.character(",")])
    case .forward: ("5 seconds on, back", [.right])
    case .back: ("", [.left])
    case .forwardTenth: ("a tenth on, back", [.shiftRight, .pageDown])
    case .backTenth: ("", [.shiftLeft, .pageUp])
    case .faster: ("twice, half as fast: 64× to 0.25×", [.up, .character("+"), .character("=")])
    case .slower: ("", [.down, .character("-")])
    case .normalSpeed: ("normal speed", [.backspace])
    case .previousMarker: ("previous, next marker", [.character("[")])
    case .nextMarker: ("", [.character("]")])
    case .previousCommand: ("previous, next command", [.character("{")])
    case .nextCommand: ("", [.character("}")])
    case .start: ("the start, the end; 1:20g goes to 1:20", [.character("g"), .home])
    case .end: ("", [.character("G"), .end])
    case .goTo: ("go to a TIME: 1:20, 50%, end, marker:LABEL, a date", [.character(":")])
    case .search: ("search what was on the screen, on, back", [.character("/")])
    case .searchBack: ("", [.character("?")])
    case .nextHit: ("next, previous hit", [.character("n")])
    case .previousHit: ("", [.character("N")])
    case .idle: ("pauses: as they were, cut, by logarithm", [.character("i")])
    case .keys: ("show typed keys", [.character("k")])
    case .status: ("status line on, off", [.character("o")])
    case .addMarker: ("add a marker (beside the recording)", [.character("m")])
    case .position: ("print FILE@TIME at the end", [.character("y")])
    case .panUp: ("move the view", [.controlUp])
    case .panDown: ("", [.controlDown])
    case .panLeft: ("", [.controlLeft])
    case .panRight: ("", [.controlRight])
    case .help: ("this help", [.character("h")])
    case .quit: ("quit (Ctrl-C too)", [.character("q")])
    }
  }
}

/// Which key asks for what.
struct KeyBindings: Equatable, Sendable {
  /// Columns for the keys in a table of them; the few that have more move their words aside, not all.
  static let keyColumns = 24

  private var actions: [Key: PlayerAction] = [:]
  private var keys: [PlayerAction: [Key]] = [:]

  /// Why a text is no list of bindings.
  enum Problem: Error, Equatable {
    case notABinding(String)
    case noAction(String, nearest: String?)
    case noKey(String)
  }

  static let standard = KeyBindings()

  private init() {
    for action in PlayerAction.allCases { bind(action, action.declaration.keys) }
  }

  private mutating func bind(_ action: PlayerAction, _ new: [Key]) {
    for key in keys[action] ?? [] { actions[key] = nil }
    for key in new {
      if let before = actions[key] { keys[before]?.removeAll { $0 == key } }
      actions[key] = action
    }
    keys[action] = new
  }

  /// The standard keys, and those of the setting `player_keys`: words such as `quit=x,ctrl-d pause=p`. An action that is
  /// named has only the keys named with it.
  init(parsing text: String) throws(Problem) {
    self.init()
    for word in text.split(separator: " ") {
      guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
        throw .notABinding(String(word))
      }
      let name = String(word[..<equals])
      guard let action = PlayerAction(rawValue: name) else {
        throw .noAction(
          name, nearest: EditDistance.nearest(to: name, among: PlayerAction.allCases.map(\.rawValue)))
      }
      var new: [Key] = []
      for part in word[word.index(after: equals)...].split(separator: ",") {
        guard let key = Key(named: String(part)) else { throw .noKey(String(part)) }
        new.append(key)
      }
      bind(action, new)
    }
  }

  subscript(key: Key) -> PlayerAction? { actions[key] }

  func keys(of action: PlayerAction) -> [Key] { keys[action] ?? [] }

  /// Actions told in one line: those after the first have no words of their own.
  private static let companions: [PlayerAction: [PlayerAction]] = [
    .step: [.stepBack], .forward: [.back], .forwardTenth: [.backTenth], .faster: [.slower],
    .previousMarker: [.nextMarker], .previousCommand: [.nextCommand], .start: [.end], .search: [.searchBack],
    .nextHit: [.previousHit], .panUp: [.panDown, .panLeft, .panRight],
  ]

  /// Lines of help: keys, and what they do.
  var table: [(keys: String, help: String)] {
    var lines: [(String, String)] = []
    for action in PlayerAction.allCases where !action.declaration.help.isEmpty {
      let told = [action] + (Self.companions[action] ?? [])
      let names = told.flatMap { keys(of: $0).map(\.name) }
      if names.isEmpty { continue }
      lines.append((names.joined(separator: " "), action.declaration.help))
    }
    lines.append(("0 … 9", "tenths of the recording"))
    return lines
  }
}

extension KeyBindings.Problem: CustomStringConvertible {
  var description: String {
    switch self {
    case .notABinding(let word): "\"\(word.printable)\" is no binding; write ACTION=KEY[,KEY…]"
    case .noAction(let name, let nearest):
      "\"\(name.printable)\" is no action of the player" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
    case .noKey(let name):
      "\"\(name.printable)\" is no key; write one character, ctrl-x, or one of "
        + Key.names.map(\.0).joined(separator: ", ")
    }
  }
}
