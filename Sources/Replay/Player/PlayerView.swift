import Format
import Platform

/// What the player shows: the recorded screen, or a part of it, and its own lines over it.
extension Player {
  /// Rows of the viewer's terminal that the recorded screen gets.
  var contentRows: Int { max(1, size.rows - (showsStatus && size.rows > 1 ? 1 : 0)) }

  func frame() -> Canvas {
    let columns = max(1, size.columns)
    let rows = max(1, size.rows)
    var frame = Canvas(columns: columns, rows: rows)
    var screen = Canvas(tape.screen)
    markHits(on: &screen)
    screen = screen.spaced
    let origin = viewOrigin(of: screen)
    let width = min(columns, screen.columns - origin.column)
    let height = min(contentRows, screen.rows - origin.row)
    frame.draw(screen, from: origin, rows: height, columns: width, at: .init(row: 0, column: 0))
    frame.isReversed = screen.isReversed
    frame.cursorShape = screen.cursorShape
    if let cursor = screen.cursor {
      let place = Canvas.Position(row: cursor.row - origin.row, column: cursor.column - origin.column)
      if (0..<height).contains(place.row), (0..<width).contains(place.column) { frame.cursor = place }
    }
    if let gap { draw(box: Self.lines(of: gap, columns), on: &frame) }
    if let helpPage { draw(box: helpPages[min(helpPage, helpPages.count - 1)], on: &frame) }
    if showsKeys, helpPage == nil { drawKeys(on: &frame) }
    drawBottom(on: &frame, isCropped: screen.rows > contentRows || screen.columns > columns)
    frame.mendHalves()
    return frame
  }

  // MARK: The view

  /// The upper left corner of what is shown of a screen that may be larger than the viewer's.
  private func viewOrigin(of screen: Canvas) -> Canvas.Position {
    let most = Canvas.Position(
      row: max(0, screen.rows - contentRows), column: max(0, screen.columns - max(1, size.columns)))
    let wanted = pan ?? followed(most)
    return Canvas.Position(
      row: min(max(0, wanted.row), most.row), column: min(max(0, wanted.column), most.column))
  }

  /// Near the bottom left, where prompts are, unless the cursor is elsewhere.
  private func followed(_ most: Canvas.Position) -> Canvas.Position {
    let cursor = tape.screen.cursor
    let row = cursor.row >= contentRows ? cursor.row - contentRows + 1 : 0
    let column = cursor.column >= size.columns ? cursor.column - size.columns + 1 : 0
    return Canvas.Position(row: min(row, most.row), column: min(column, most.column))
  }

  mutating func movePan(_ rows: Int, _ columns: Int) {
    let screen = Canvas(columns: tape.screen.columns, rows: tape.screen.rows)
    let now = viewOrigin(of: screen)
    let step = Canvas.Position(
      row: rows * max(1, contentRows / 3), column: columns * max(1, size.columns / 3))
    pan = Canvas.Position(row: now.row + step.row, column: now.column + step.column)
    pan = viewOrigin(of: screen)
  }

  /// Gives what the last search matches its own look, wherever it stands.
  private func markHits(on screen: inout Canvas) {
    guard let pattern, search == nil else { return }
    for row in 0..<screen.rows {
      var bytes: [UInt8] = []
      var columns: [Int] = []
      for column in 0..<screen.columns {
        let start = bytes.count
        screen[row, column].append(to: &bytes)
        columns += Array(repeating: column, count: bytes.count - start)
      }
      while bytes.last == 0x20 { bytes.removeLast() }
      for match in pattern.matches(in: bytes) where !match.isEmpty {
        for column in columns[match.lowerBound]...columns[match.upperBound - 1] {
          screen[row, column].style.background = .indexed(11)
          screen[row, column].style.foreground = .indexed(0)
          screen[row, column].style.flags.remove([.reverse, .hidden, .faint])
        }
      }
    }
  }

  // MARK: Lines of the player's own

  static let barStyle: CellStyle = {
    var style = CellStyle()
    style.flags = .reverse
    return style
  }()

  private func drawBottom(on frame: inout Canvas, isCropped: Bool) {
    let row = frame.rows - 1
    if let prompt {
      frame.clear(row: row, style: Self.barStyle)
      // The end of a long text is the part being typed.
      let label = frame.columns < prompt.label.count + 8 ? prompt.shortLabel : prompt.label
      let room = max(0, frame.columns - label.count - 1)
      let text = label + String(prompt.text.suffix(room))
      let end = frame.write(text, row: row, column: 0, style: Self.barStyle)
      if let time = prompt.time, end + time.count + 9 <= frame.columns, let key = startKey {
        frame.write("   (\(key): \(time))", row: row, column: end, style: Self.barStyle)
      }
      frame.cursor = Canvas.Position(row: row, column: min(end, frame.columns - 1))
      return
    }
    if search != nil || message != nil || typed != nil {
      frame.clear(row: row, style: Self.barStyle)
      let text =
        search.map { "searching \(searchText)  \(TimeText.clock(max(0, $0.position)))  any key stops" }
        ?? typed.map { "go to \($0.text)" + (startKey.map { " (\($0) goes there)" } ?? "") } ?? message?.text
        ?? ""
      frame.write(text, row: row, column: 0, style: Self.barStyle)
      if frame.cursor?.row == row { frame.cursor = nil }
      return
    }
    guard showsStatus else { return }
    frame.clear(row: row, style: Self.barStyle)
    frame.write(
      StatusLine.text(self, columns: frame.columns, isCropped: isCropped), row: row, column: 0,
      style: Self.barStyle)
    if frame.cursor?.row == row { frame.cursor = nil }
  }

  /// The key that goes to a TIME typed before it.
  private var startKey: String? { options.bindings.keys(of: .start).first?.name }

  private func drawKeys(on frame: inout Canvas) {
    let now = current
    let keys = tape.keys.filter { $0.microseconds > now - 3_000_000 && $0.microseconds <= now }
    guard !keys.isEmpty, frame.rows > 2 else { return }
    let text = " keys: " + keys.map { TypedKeys.text($0.bytes) }.joined() + " "
    frame.write(String(text.suffix(frame.columns)), row: frame.rows - 2, column: 0, style: Self.barStyle)
  }

  /// Draws lines in a frame in the middle; what does not fit is cut.
  private func draw(box lines: [String], on frame: inout Canvas) {
    let width = min(frame.columns, (lines.map(\.columnCount).max() ?? 0) + 4)
    let height = min(contentRows, lines.count + 2)
    let (top, left) = ((contentRows - height) / 2, (frame.columns - width) / 2)
    frame.cursor = nil
    guard width > 4, height > 2 else {
      frame.write(lines.first ?? "", row: 0, column: 0, style: Self.barStyle)
      return
    }
    func line(_ first: String, _ fill: String, _ last: String) -> String {
      first + String(repeating: fill, count: width - 2) + last
    }
    frame.write(line("┌", "─", "┐"), row: top, column: left)
    for index in 0..<height - 2 {
      frame.write(line("│", " ", "│"), row: top + 1 + index, column: left)
      frame.write(Self.cut(lines[index], to: width - 4), row: top + 1 + index, column: left + 2)
    }
    frame.write(line("└", "─", "┘"), row: top + height - 1, column: left)
  }

  private static func cut(_ text: String, to columns: Int) -> String {
    var width = 0
    return String(
      text.prefix { character in
        width += String(character).columnCount
        return width <= columns
      })
  }

  private static func lines(of gap: (words: String, until: Instant), _ columns: Int) -> [String] {
    var lines = ["Part of the recording is damaged here:", ""]
    var line = ""
    for word in gap.words.printable.split(separator: " ") {
      if line.columnCount + word.count + 1 > max(10, columns - 8), !line.isEmpty {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " " + word
    }
    return lines + [line, "", "It goes on in a moment; any key goes on now."]
  }
}

/// The bottom line: time, speed, where one is.
enum StatusLine {
  static func text(_ player: Player, columns: Int, isCropped: Bool) -> String {
    let facts = player.facts
    let now = player.current
    let state = player.isAtEnd ? "■" : player.isPaused ? "‖" : "▶"
    let place = " \(state) \(TimeText.clock(now))"
    let whole = place + (player.end.map { " / \(TimeText.clock($0))" } ?? "")
    var parts = [whole.columnCount <= columns ? whole : place]
    var optional: [String] = []
    if let started = facts.started {
      let date = CalendarDate(
        Timestamp(microseconds: started.microseconds + now), offsetMinutes: facts.zone)
      optional.append("\(date.dateText) \(date.timeText)")
    }
    if player.speed != 1 { parts.append(speed(player.speed)) }
    switch player.idle {
    case .all: break
    case .limit: optional.append("idle cut" + saved(player))
    case .logarithmic: optional.append("idle log" + saved(player))
    }
    if !facts.markers.isEmpty {
      let passed = facts.markers.prefix { $0.microseconds <= now }.count
      let label = passed > 0 ? " " + facts.markers[passed - 1].label.printable : ""
      optional.append("◆\(passed)/\(facts.markers.count)\(label.prefix(24))")
    }
    if let command = facts.commands.last(where: { $0.microseconds <= now }) {
      optional.append("$ " + String(command.label.printable.prefix(40)))
    }
    if isCropped {
      optional.insert("view of \(player.tape.screen.columns)x\(player.tape.screen.rows)", at: 0)
    }
    var text = parts.joined(separator: "  ")
    // It is there for a while only, so before all else; the help keeps its place.
    if let reading = player.reading {
      let progress = reading.text(columns: columns - text.columnCount - 2 - Self.help.count)
      if text.columnCount + progress.columnCount + 2 <= columns { text += "  " + progress }
    }
    for part in optional where text.columnCount + part.columnCount + 2 <= columns { text += "  " + part }
    let room = columns - text.columnCount - help.count
    return room >= 1 ? text + String(repeating: " ", count: room) + help : text
  }

  private static let help = "h help  q quit "

  private static func saved(_ player: Player) -> String {
    player.skipped >= 1_000_000 ? " −\(TimeText.length(Int64(player.skipped)))" : ""
  }

  /// `2×`, `0.25×`
  static func speed(_ speed: Double) -> String {
    let text = String(speed)
    return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + "×"
  }
}

/// Typed bytes as a person names keys.
enum TypedKeys {
  static func text(_ bytes: [UInt8]) -> String {
    var text = ""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x0D, 0x0A: text += "⏎"
      case 0x09: text += "⇥"
      case 0x1B: text += "␛"
      case 0x7F, 0x08: text += "⌫"
      case 0..<0x20: text += "^" + String(Character(UnicodeScalar(UInt8(scalar.value) + 0x40)))
      default: if Glyph.isSafe(scalar.value) { text.unicodeScalars.append(scalar) }
      }
    }
    return text
  }
}
