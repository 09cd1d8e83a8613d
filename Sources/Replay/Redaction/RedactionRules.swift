import Format
import Platform

/// What a redaction is to remove.
struct RedactionRules {
  /// Searched for in what was shown, what was typed, and the header's texts.
  var patterns: [SecretPattern] = []
  /// Microseconds from the start, both ends included: all text in them.
  var ranges: [ClosedRange<Int64>] = []
  /// All that was typed.
  var removesInput = false

  /// Finds what is to be removed, event by event. A machine without I/O.
  struct Search {
    private let rules: RedactionRules
    private var finders: [Event.Code: SecretFinder] = [:]
    private var scanner = TextFinder()
    private var number = 0
    /// Events that may still get spans: bytes of the lines that are not whole.
    private var open: [Int: [UInt8]] = [:]
    private var spans: [Int: [SecretSpan]] = [:]
    private(set) var removals: [(removal: Redaction.Removal, bytes: [UInt8])] = []

    init(_ rules: RedactionRules) {
      self.rules = rules
      if rules.patterns.isEmpty { return }
      for code in [Event.Code.output, .standardError, .port] { finders[code] = SecretFinder(rules.patterns) }
      finders[.input] = SecretFinder(rules.patterns, endsAtReturn: true)
    }

    mutating func see(_ event: Event) {
      defer { number += 1 }
      if event.code == .input, rules.removesInput { return removeAll(event, cause: "input") }
      let range = rules.ranges.firstIndex { $0.contains(event.microseconds) }
      let isOutput = event.code == .output || event.code == .standardError
      if let range, !isOutput, [.input, .port, .marker].contains(event.code) {
        return removeAll(event, cause: "range \(range + 1)")
      }
      if isOutput {
        // Seen always, so that it knows where sequences begin.
        let all = scanner.append(event.bytes, event: number)
        if let range { return remove(all, event.bytes, cause: "range \(range + 1)") }
      }
      guard let found = finders[event.code]?.append(event.bytes, event: number) else { return }
      open[number] = event.bytes
      add(found)
      let first = finders.values.compactMap(\.openEvent).min() ?? number + 1
      close(before: first)
    }

    /// Nothing follows.
    mutating func finish() {
      for code in finders.keys { if let found = finders[code]?.flush() { add(found) } }
      close(before: .max)
      removals.sort { left, right in
        guard case .event(let first) = left.removal.place, case .event(let second) = right.removal.place
        else {
          return false
        }
        return (first, left.removal.offset) < (second, right.removal.offset)
      }
    }

    private mutating func add(_ found: [SecretSpan]) {
      for span in found { spans[span.event, default: []].append(span) }
    }

    private mutating func close(before first: Int) {
      for (number, bytes) in open where number < first {
        open[number] = nil
        guard let spans = spans.removeValue(forKey: number) else { continue }
        remove(spans, bytes, cause: nil)
      }
    }

    private mutating func removeAll(_ event: Event, cause: String) {
      if event.bytes.isEmpty { return }
      let removal = Redaction.Removal(
        place: .event(number), offset: 0, byteCount: nil, marks: 0, cause: cause, commitment: [])
      removals.append((removal, event.bytes))
    }

    /// Overlapping spans become one.
    private mutating func remove(_ spans: [SecretSpan], _ bytes: [UInt8], cause: String?) {
      var end = 0
      for span in spans.sorted(by: { ($0.offset, -$0.byteCount) < ($1.offset, -$1.byteCount) }) {
        let start = max(span.offset, end)
        guard span.offset + span.byteCount > start else { continue }
        end = span.offset + span.byteCount
        let marks = start == span.offset ? span.columns : min(end - start, span.columns)
        let removal = Redaction.Removal(
          place: .event(span.event), offset: start, byteCount: end - start, marks: marks,
          cause: cause ?? "pattern \(span.pattern + 1)", commitment: [])
        removals.append((removal, Array(bytes[start..<end])))
      }
    }
  }
}

extension RedactionRules {
  /// Removes what the patterns find in the header's texts.
  func redact(_ header: Header) -> (Header, [(removal: Redaction.Removal, bytes: [UInt8])]) {
    var header = header
    var removals: [(removal: Redaction.Removal, bytes: [UInt8])] = []
    if patterns.isEmpty { return (header, removals) }
    header.mapTexts { path, text in
      let bytes = Array(text.utf8)
      var finder = SecretFinder(patterns)
      let spans = finder.append(bytes, event: 0) + finder.flush()
      if spans.isEmpty { return text }
      var own: [Redaction.Removal] = []
      var end = 0
      for span in spans.sorted(by: { ($0.offset, -$0.byteCount) < ($1.offset, -$1.byteCount) }) {
        guard span.offset >= end else { continue }
        end = span.offset + span.byteCount
        let removal = Redaction.Removal(
          place: .header(path), offset: span.offset, byteCount: span.byteCount, marks: span.columns,
          cause: "pattern \(span.pattern + 1)", commitment: [])
        own.append(removal)
        removals.append((removal, Array(bytes[span.offset..<end])))
      }
      return String(decoding: own.apply(to: bytes) ?? [], as: UTF8.self)
    }
    return (header, removals)
  }
}

extension Header {
  /// Changes every text that a person may have written: title, command, variables, and all of `ssm`.
  mutating func mapTexts(_ change: (_ path: String, _ text: String) -> String) {
    title = title.map { change("title", $0) }
    command = command.map { change("command", $0) }
    for index in environment.indices {
      environment[index].value = change("env.\(environment[index].name)", environment[index].value)
    }
    session = session.map { Self.map($0, "ssm", change) }
    for index in otherKeys.indices {
      otherKeys[index].value = Self.map(otherKeys[index].value, otherKeys[index].name, change)
    }
  }

  private static func map(_ json: JSON, _ path: String, _ change: (String, String) -> String) -> JSON {
    switch json {
    case .string(let text): return .string(change(path, text))
    case .array(let elements):
      return .array(elements.enumerated().map { map($0.element, "\(path).\($0.offset)", change) })
    case .object(let members):
      return .object(members.map { JSON.Member($0.name, map($0.value, "\(path).\($0.name)", change)) })
    default: return json
    }
  }
}
