/// A logical line that is on the screen now: what it says, since when, and what it said before that counts.
struct StandingLine {
  /// How long a text must stand to count as read, unless it scrolls off or stands to the end.
  static let settleMicroseconds: Int64 = 250_000

  /// Tells whether its rows changed: a mix of their versions; 0: a blank line.
  var stamp: UInt64 = 0
  private(set) var text: [UInt8] = []
  /// Ends of stretches of `text` and when they were written, in microseconds.
  private var runs: [(end: Int, microseconds: Int64)] = []
  /// Since when it says this, in microseconds.
  private var since: Int64 = 0
  /// What it said for long enough; dropped when the line turns out to have grown from it.
  private var held: SettledLine?
  private var isGrowing = false
  /// What the shell said of it.
  var mark = LineInfo.Mark.none
  var isAlternate = false

  var isBlank: Bool { text.isEmpty && held == nil }

  /// The line says something else, if anything, from `now` on.
  mutating func change(to new: [UInt8], at now: Int64, _ output: inout Output) {
    if new == text { return }
    let grows = Self.begins(new, with: text)
    if !text.isEmpty {
      if now - since >= Self.settleMicroseconds {
        if let held, !Self.begins(text, with: held.text) { output.append(held) }
        held = settled(until: now, [])
      } else if isGrowing, !grows, output.keepsTransients {
        output.append(settled(until: now, .transient))
      }
    }
    if let held, !Self.begins(new, with: held.text) {
      output.append(held)
      self.held = nil
    }
    replaceText(with: new, at: now, grows: grows)
    isGrowing = grows
    since = now
  }

  /// The line is gone. `isRead`: it scrolled off, or stood to the end, and counts however short its time was.
  mutating func leave(at now: Int64, isRead: Bool, _ output: inout Output) {
    if !text.isEmpty, isRead || now - since >= Self.settleMicroseconds {
      if let held, !Self.begins(text, with: held.text) { output.append(held) }
      output.append(settled(until: now, isRead ? .scrolled : []))
    } else {
      if let held { output.append(held) }
      if !text.isEmpty, isGrowing, output.keepsTransients { output.append(settled(until: now, .transient)) }
    }
    self = StandingLine()
  }

  /// It was out of sight, and its time to be read begins again.
  mutating func reappear(at now: Int64) {
    if now - since < Self.settleMicroseconds || held == nil { since = max(since, now) }
  }

  /// It was out of sight from `now` on: what was readable before counts.
  mutating func hide(at now: Int64) {
    guard !text.isEmpty, now - since >= Self.settleMicroseconds else { return }
    held = settled(until: now, [])
  }

  private func settled(until now: Int64, _ flags: SettledLine.Flags) -> SettledLine {
    var flags = flags
    if isAlternate { flags.insert(.alternate) }
    if mark == .prompt { flags.insert(.prompt) }
    if mark == .command { flags.insert(.command) }
    var first = Int64.max
    let runs = runs.map { run in
      let milliseconds = SettledLine.milliseconds(run.microseconds)
      first = min(first, milliseconds)
      return SettledLine.Run(end: run.end, milliseconds: milliseconds)
    }
    return SettledLine(
      text: text, runs: runs, first: first, last: SettledLine.milliseconds(now), flags: flags)
  }

  /// What stays at the beginning and at the end keeps its time.
  private mutating func replaceText(with new: [UInt8], at now: Int64, grows: Bool) {
    defer { text = new }
    if text.isEmpty || new.isEmpty {
      runs.removeAll(keepingCapacity: true)
      if !new.isEmpty { runs.append((new.count, now)) }
      return
    }
    if grows {
      if runs[runs.count - 1].microseconds == now {
        runs[runs.count - 1].end = new.count
      } else {
        runs.append((new.count, now))
      }
      return
    }
    let shorter = min(text.count, new.count)
    var prefix = 0
    while prefix < shorter, text[prefix] == new[prefix] { prefix += 1 }
    var suffix = 0
    while suffix < shorter - prefix, text[text.count - 1 - suffix] == new[new.count - 1 - suffix] {
      suffix += 1
    }
    var changed: [(end: Int, microseconds: Int64)] = []
    func add(_ end: Int, _ microseconds: Int64) {
      if end <= changed.last?.end ?? 0 { return }
      if let last = changed.last, last.microseconds == microseconds {
        changed[changed.count - 1].end = end
      } else {
        changed.append((end, microseconds))
      }
    }
    for run in runs {
      add(min(run.end, prefix), run.microseconds)
      if run.end >= prefix { break }
    }
    add(new.count - suffix, now)
    let shift = new.count - text.count
    for run in runs where run.end > text.count - suffix { add(run.end + shift, run.microseconds) }
    runs = changed
  }

  static func begins(_ text: [UInt8], with beginning: [UInt8]) -> Bool {
    guard text.count >= beginning.count else { return false }
    for index in 0..<beginning.count where text[index] != beginning[index] { return false }
    return true
  }

  /// Where lines go when they are done with.
  struct Output {
    var lines: [SettledLine] = []
    /// Whether what was typed and removed is told, too.
    var keepsTransients = false

    mutating func append(_ line: SettledLine) { lines.append(line) }
  }
}
