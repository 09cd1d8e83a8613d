import Platform

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

  /// The line says something else, if anything, from `now` on. What `new` holds then is of no use.
  mutating func change(to new: inout [UInt8], at now: Int64, _ output: inout Output) {
    let grows = ByteSearch.begins(new, with: text)
    if grows, new.count == text.count { return }
    if !text.isEmpty {
      if now - since >= Self.settleMicroseconds {
        if let held, !ByteSearch.begins(text, with: held.text) { output.lines.append(held) }
        held = settled(until: now)
      } else if isGrowing, !grows, output.keepsTransients {
        settle(until: now, .transient, &output)
      }
    }
    if var held, !ByteSearch.begins(new, with: held.text) {
      // Two bytes are the shortest prompt.
      if new.count > 1, held.text.prefix(2).elementsEqual(new.prefix(2)) { held.flags.insert(.edited) }
      output.lines.append(held)
      self.held = nil
    }
    replaceText(with: &new, at: now, grows: grows)
    isGrowing = grows
    since = now
  }

  /// The line is gone. `isRead`: it scrolled off, or stood to the end, and counts however short its time was.
  mutating func leave(at now: Int64, isRead: Bool, _ output: inout Output) {
    if !text.isEmpty, isRead || now - since >= Self.settleMicroseconds {
      if let held, !ByteSearch.begins(text, with: held.text) { output.lines.append(held) }
      settle(until: now, isRead ? .scrolled : [], &output)
    } else {
      if let held { output.lines.append(held) }
      if !text.isEmpty, isGrowing, output.keepsTransients { settle(until: now, .transient, &output) }
    }
    clear()
  }

  /// The line that is being written in `output` was never looked at, and scrolled off. Only of a blank line.
  mutating func tell(from written: Int64, until now: Int64, _ output: inout Output) {
    if !output.lines.isLineEmpty {
      output.lines.endLine(
        at: SettledLine.milliseconds(written), until: SettledLine.milliseconds(now), flags.union(.scrolled))
    }
    clear()
  }

  /// Makes it a blank line that nothing is known of; memory is kept for the next.
  mutating func clear() {
    stamp = 0
    text.removeAll(keepingCapacity: true)
    runs.removeAll(keepingCapacity: true)
    since = 0
    if held != nil { held = nil }
    isGrowing = false
    mark = .none
    isAlternate = false
  }

  /// It was out of sight, and its time to be read begins again.
  mutating func reappear(at now: Int64) {
    if now - since < Self.settleMicroseconds || held == nil { since = max(since, now) }
  }

  /// It was out of sight from `now` on: what was readable before counts.
  mutating func hide(at now: Int64) {
    guard !text.isEmpty, now - since >= Self.settleMicroseconds else { return }
    held = settled(until: now)
  }

  /// What is known of the line, as flags of a settled one.
  var flags: SettledLine.Flags {
    var flags: SettledLine.Flags = isAlternate ? .alternate : []
    if mark == .prompt { flags.insert(.prompt) }
    if mark == .command { flags.insert(.command) }
    return flags
  }

  /// Tells the line as it stands.
  private func settle(until now: Int64, _ more: SettledLine.Flags, _ output: inout Output) {
    output.lines.text += text
    let last = SettledLine.milliseconds(now)
    if runs.count == 1 {
      let first = SettledLine.milliseconds(runs[0].microseconds)
      return output.lines.endLine(at: first, until: last, flags.union(more))
    }
    var first = Int64.max
    for run in runs {
      let milliseconds = SettledLine.milliseconds(run.microseconds)
      first = min(first, milliseconds)
      output.lines.addRun(run.end, at: milliseconds)
    }
    output.lines.endLine(first: first, last: last, flags.union(more))
  }

  private func settled(until now: Int64) -> SettledLine {
    let runs = runs.map {
      SettledLine.Run(end: $0.end, milliseconds: SettledLine.milliseconds($0.microseconds))
    }
    return SettledLine(
      text: text, runs: runs, first: runs.lazy.map(\.milliseconds).min() ?? 0,
      last: SettledLine.milliseconds(now), flags: flags)
  }

  /// What stays at the beginning and at the end keeps its time.
  private mutating func replaceText(with new: inout [UInt8], at now: Int64, grows: Bool) {
    defer { swap(&text, &new) }
    // Typed lines have a run for each key.
    if runs.count == runs.capacity { runs.reserveCapacity(max(16, runs.count * 2)) }
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

  /// Where lines go when they are done with.
  struct Output {
    var lines = LineBlock()
    /// Whether what was typed and removed is told, too.
    var keepsTransients = false
  }
}
