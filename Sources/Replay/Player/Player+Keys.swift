import Format
import Platform

/// A line that is being typed at the bottom of the player.
struct Prompt: Equatable, Sendable {
  enum Purpose: Equatable, Sendable {
    case search(isForward: Bool)
    case goTo
    case marker(at: Int64)
  }

  var purpose: Purpose
  var text = ""
  /// Digits and a colon that were typed before it was opened: with the text a TIME for the key of `start`.
  var before = ""

  /// The TIME that the digits before it and those in it are; nil: they are none.
  var time: String? {
    guard !before.isEmpty, text.last?.isNumber ?? false else { return nil }
    return text.unicodeScalars.allSatisfy { "0123456789:.".unicodeScalars.contains($0) } ? before + text : nil
  }

  /// What stands before the text.
  var label: String {
    switch purpose {
    case .search(let isForward): isForward ? "/" : "?"
    case .goTo: "go to: "
    case .marker(let time): "marker at \(TimeText.clock(time)): "
    }
  }

  /// Where there is hardly room for the text.
  var shortLabel: String {
    switch purpose {
    case .search: label
    case .goTo: ":"
    case .marker: "m "
    }
  }
}

extension Player {
  /// A key of the viewer.
  mutating func press(_ key: Key, at now: Instant) throws(FormatError) -> Request? {
    try advance(to: now)
    if key == .control("z") { return .suspend }
    if key == .control("c") || !options.hasControls {
      if key == .control("c") { (isFinished, wasInterrupted) = (true, true) }
      return nil
    }
    if gap != nil { gap = nil }
    if prompt != nil { return try edit(key) }
    if search != nil {
      search = nil
      say("search stopped")
      return nil
    }
    if helpPage != nil {
      if options.bindings[key] != .quit {
        if key == .escape { helpPage = nil } else { turnHelp() }
        return nil
      }
      helpPage = nil
    }
    if try typeTime(key) { return nil }
    guard let action = options.bindings[key] else { return nil }
    return try perform(action)
  }

  /// Digits, and what may follow them, are a TIME for the key of `start`. No key waits for that: each digit goes to its
  /// tenth of the recording at once, and a key that also stands in a TIME does what it does elsewhere.
  /// - Returns: whether the key has no other meaning.
  private mutating func typeTime(_ key: Key) throws(FormatError) -> Bool {
    let text = typed?.text ?? ""
    typed = nil
    guard case .character(let scalar) = key else { return false }
    let action = options.bindings[key]
    let isDigit = ("0"..."9").contains(scalar)
    let continues = scalar == "." ? !text.contains(".") : ":%s".unicodeScalars.contains(scalar)
    if isDigit || continues && !text.isEmpty, text.count < Self.typedLimit {
      typed = (text + String(scalar), clock.advanced(byMicroseconds: 1_500_000))
    }
    if isDigit {
      if let length = end { try seek(to: length / 10 * Int64(scalar.value - 0x30)) }
      return true
    }
    if text.isEmpty { return false }
    if action == .start {
      try goTo(text)
      return true
    }
    if action == .goTo, scalar == ":" {
      (prompt, typed) = (Prompt(purpose: .goTo, before: text + ":"), nil)
      return true
    }
    return action == nil && typed != nil
  }

  private mutating func perform(_ action: PlayerAction) throws(FormatError) -> Request? {
    switch action {
    case .pause:
      if isAtEnd { try seek(to: options.start) } else { isPaused.toggle() }
    case .step: try step()
    case .stepBack: try stepBack()
    case .forward: try seek(to: current + Self.leap)
    case .back: try seek(to: current - Self.leap)
    case .forwardTenth: try seek(to: current + (end ?? 60_000_000) / 10)
    case .backTenth: try seek(to: current - (end ?? 60_000_000) / 10)
    case .faster: speed = min(max(speed * 2, Self.slowest), max(speed, Self.fastest))
    case .slower: speed = max(min(speed / 2, Self.fastest), min(speed, Self.slowest))
    case .normalSpeed: speed = 1
    case .previousMarker: try leap(facts.markers, isForward: false, "marker")
    case .nextMarker: try leap(facts.markers, isForward: true, "marker")
    case .previousCommand: try leap(facts.commands, isForward: false, "command")
    case .nextCommand: try leap(facts.commands, isForward: true, "command")
    case .start: try seek(to: 0)
    case .end: try seekToEnd()
    case .goTo: prompt = Prompt(purpose: .goTo)
    case .search: prompt = Prompt(purpose: .search(isForward: true))
    case .searchBack: prompt = Prompt(purpose: .search(isForward: false))
    case .nextHit: try repeatSearch(isForward: isSearchForward)
    case .previousHit: try repeatSearch(isForward: !isSearchForward)
    case .addMarker: prompt = Prompt(purpose: .marker(at: current))
    default: performOnView(action)
    }
    return nil
  }

  private mutating func performOnView(_ action: PlayerAction) {
    switch action {
    case .idle:
      idle = idle == .all ? .limit(options.idleLimit) : idle == .logarithmic ? .all : .logarithmic
      waited = 0
      say(idle.text)
    case .keys:
      showsKeys.toggle()
      say(showsKeys ? "typed keys are shown, where they were recorded" : "typed keys are not shown")
    case .status: showsStatus.toggle()
    case .position: notePosition()
    case .panUp: movePan(-1, 0)
    case .panDown: movePan(1, 0)
    case .panLeft: movePan(0, -1)
    case .panRight: movePan(0, 1)
    case .help: helpPage = 0
    case .quit: isFinished = true
    default: break
    }
  }

  // MARK: Moving

  private mutating func step() throws(FormatError) {
    isPaused = true
    while let event = try tape.peek(), event.microseconds <= options.end ?? .max {
      try tape.advance()
      base = max(base, event.microseconds)
      guard event.changesScreen else { continue }
      while let next = try tape.peek(), next.microseconds <= event.microseconds { try tape.advance() }
      waited = 0
      return
    }
    isAtEnd = true
  }

  private mutating func stepBack() throws(FormatError) {
    isPaused = true
    let shown = try tape.changeTime(before: current + 1) ?? 0
    try seek(to: try tape.changeTime(before: shown) ?? 0)
  }

  private mutating func seekToEnd() throws(FormatError) {
    if let end {
      try seek(to: end)
      return
    }
    while let event = try tape.peek() {
      try tape.advance()
      base = max(base, event.microseconds)
    }
    _ = tape.takeGaps()
    facts.length = base
    isAtEnd = true
  }

  private mutating func leap(
    _ places: [MomentScale.Marker], isForward: Bool, _ what: String
  ) throws(FormatError) {
    let now = current
    // A little before: so that going back twice from a place that plays does not stay there.
    let edge = isPaused ? now : now - 1_000_000
    let found =
      isForward ? places.first { $0.microseconds > now } : places.last { $0.microseconds < edge }
    guard let found else {
      say(
        places.isEmpty
          ? "there are no \(what)s\(reading == nil ? "" : " yet: the recording is still being read")"
          : isForward ? "no later \(what)" : "no earlier \(what)")
      return
    }
    try seek(to: found.microseconds)
    say(found.label.isEmpty ? what : found.label.printable)
  }

  private mutating func goTo(_ text: String) throws(FormatError) {
    do throws(MomentError) {
      let scale = MomentScale(length: facts.length, started: facts.started, markers: facts.markers)
      let time = try scale.microseconds(of: try Moment(parsing: text))
      do throws(FormatError) { try seek(to: time) } catch { say(error.description) }
    } catch {
      say(error.description.printable)
    }
  }

  // MARK: Typing

  private mutating func edit(_ key: Key) throws(FormatError) -> Request? {
    switch key {
    case .escape: prompt = nil
    case .backspace:
      if prompt?.text.isEmpty == true { prompt = nil } else { prompt?.text.removeLast() }
    case .control("u"): prompt?.text = ""
    case _ where prompt?.time != nil && options.bindings[key] == .start:
      let time = prompt?.time
      prompt = nil
      if let time { try goTo(time) }
    case .character(let scalar):
      if (prompt?.text.utf8.count ?? 0) < 500 { prompt?.text.unicodeScalars.append(scalar) }
    case .enter:
      guard let done = prompt else { return nil }
      prompt = nil
      switch done.purpose {
      case .goTo: if !done.text.isEmpty { try goTo(done.text) }
      case .search(let isForward): try beginSearch(done.text, isForward: isForward)
      case .marker(let time): return .addMarker(.init(microseconds: time, label: done.text))
      }
    default: break
    }
    return nil
  }
}
