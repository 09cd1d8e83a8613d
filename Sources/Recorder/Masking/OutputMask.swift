import Format
import Platform

/// Masks secrets that patterns describe in what is recorded (`mask_patterns`). A machine without I/O.
///
/// Events wait until their lines are whole, at most a second, so that a match over the border of two events is found.
/// Only the recording waits: the terminal has had them already.
struct OutputMask {
  /// Longest wait, in microseconds.
  static let hold: Int64 = 1_000_000
  /// Most bytes that wait.
  static let byteLimit = 1 << 20

  private let names: [String]
  private var output: SecretFinder
  private var standardError: SecretFinder
  private var input: SecretFinder
  private var held: [Event] = []
  private var heldByteCount = 0
  /// Number of the first event that waits.
  private var first = 0
  private var spans: [Int: [SecretSpan]] = [:]

  init(_ patterns: [SecretPattern]) {
    names = patterns.map(\.name)
    output = SecretFinder(patterns)
    standardError = SecretFinder(patterns)
    input = SecretFinder(patterns, endsAtReturn: true)
  }

  /// When `advance(to:)` has something to do.
  var deadline: Int64? { held.first.map { $0.microseconds + Self.hold } }

  /// Takes an event and gives those that wait no longer, masked, and what is said of the marks.
  mutating func append(_ event: Event) -> [Event] {
    let number = first + held.count
    held.append(event)
    heldByteCount += event.bytes.count
    switch event.code {
    case .output: add(output.append(event.bytes, event: number))
    case .standardError: add(standardError.append(event.bytes, event: number))
    case .input: add(input.append(event.bytes, event: number))
    default: break
    }
    if heldByteCount > Self.byteLimit || event.microseconds >= (deadline ?? .max) { return finish() }
    let open = [output.openEvent, standardError.openEvent, input.openEvent].compactMap { $0 }.min()
    return release(open.map { max(0, $0 - first) } ?? held.count)
  }

  /// Gives what has waited long enough.
  mutating func advance(to now: Int64) -> [Event] {
    guard let deadline, deadline <= now else { return [] }
    return finish()
  }

  /// Gives all that waits.
  mutating func finish() -> [Event] {
    add(output.flush())
    add(standardError.flush())
    add(input.flush())
    return release(held.count)
  }

  private mutating func add(_ new: [SecretSpan]) {
    // Parts of a match that were released before it was one stay as they are.
    for span in new where span.event >= first { spans[span.event, default: []].append(span) }
  }

  private mutating func release(_ count: Int) -> [Event] {
    if count == 0 { return [] }
    var events = Array(held[..<count])
    var counts: [String: Int] = [:]
    for index in events.indices {
      guard let spans = spans.removeValue(forKey: first + index) else { continue }
      events[index].bytes = events[index].bytes.masking(spans)
      for span in spans { counts[names[span.pattern], default: 0] += 1 }
    }
    held.removeFirst(count)
    first += count
    heldByteCount = held.reduce(0) { $0 + $1.bytes.count }
    if !counts.isEmpty, let last = events.last {
      let members = counts.sorted { $0.key < $1.key }.map { JSON.Member($0.key, JSON($0.value)) }
      let state = JSON.object([JSON.Member("state", "masked"), JSON.Member("spans", .object(members))])
      events.append(Event(microseconds: last.microseconds, code: .state, bytes: state.encoded()))
    }
    return events
  }
}

/// The setting `mask_patterns`: names of shipped sets, `all`, and `@FILE` with a pattern a line, with commas between.
enum MaskPatterns {
  /// Most patterns of a file, and most bytes.
  private static let limits = (patterns: 100, bytes: 1 << 16)

  /// - Throws: a text that says what is wrong with which word.
  static func parse(_ text: String) throws(MaskPatternsError) -> [SecretPattern] {
    var patterns: [SecretPattern] = []
    for word in text.split(separator: ",") {
      let name = word.drop { $0 == " " }
      if name == "all" {
        patterns += SecretPattern.setNames.flatMap { SecretPattern.set($0) ?? [] }
      } else if name.hasPrefix("@") {
        patterns += try read(String(name.dropFirst()))
      } else if let set = SecretPattern.set(String(name)) {
        patterns += set
      } else {
        throw MaskPatternsError(
          "there is no set of patterns \"\(String(name).printable)\"; there are all, "
            + SecretPattern.setNames.joined(separator: ", ") + ", and @FILE")
      }
    }
    return patterns
  }

  private static func read(_ path: String) throws(MaskPatternsError) -> [SecretPattern] {
    let bytes: [UInt8]
    do throws(Errno) { bytes = try File.read(path, limit: limits.bytes) } catch {
      throw MaskPatternsError("\(path.printable): \(error)")
    }
    var patterns: [SecretPattern] = []
    for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let text = String(decoding: line, as: UTF8.self)
      if text.isEmpty || text.hasPrefix("#") { continue }
      if patterns.count == limits.patterns {
        throw MaskPatternsError("\(path.printable): more than \(limits.patterns) patterns")
      }
      do throws(PatternError) {
        patterns.append(try SecretPattern(name: "line \(index + 1)", parsing: text))
      } catch {
        throw MaskPatternsError("\(path.printable), line \(index + 1): \(error)")
      }
    }
    return patterns
  }
}

/// Why `mask_patterns` cannot be used.
struct MaskPatternsError: Error, Equatable, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
