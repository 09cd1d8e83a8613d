import Format
import Platform

/// Which recordings a command takes: the filters of `ls` and `grep`. Only the header is needed.
struct RecordingFilter: Sendable {
  var target: Glob?
  var user: Glob?
  var document: Glob?
  var reason: CompiledPattern?
  /// Begun at or after.
  var since: Timestamp?
  /// Begun before.
  var until: Timestamp?

  static let options: [Option] = [
    Option(
      "target", .text("P"), help: "Only sessions to this target; * and ? match any characters",
      group: "Filters"),
    Option(
      "user", .text("P"), help: "Only sessions of this owner, or recorded by this user", group: "Filters"),
    Option("document", .text("P"), help: "Only sessions with this document", group: "Filters"),
    Option("reason", .text("RE"), help: "Only sessions whose reason matches this pattern", group: "Filters"),
    Option(
      "since", .text("DATE"),
      help:
        "Only recordings begun at DATE or later\nDATE is 2026-11-21, '2026-11-21 06:31', today, yesterday, "
        + "'2h ago', '3d ago' (local time), or RFC 3339.", group: "Filters"),
    Option(
      "until", .text("DATE"), help: "Only recordings begun up to DATE; a day or minute counts to its end",
      group: "Filters"),
  ]

  /// Takes every recording.
  init() {}

  init(_ arguments: Arguments, _ workplace: Workplace) throws(ReplayError) {
    target = arguments.text("target").map { Glob($0) }
    user = arguments.text("user").map { Glob($0) }
    document = arguments.text("document").map { Glob($0) }
    if let text = arguments.text("reason") {
      do throws(PatternError) {
        reason = try CompiledPattern(parsing: [text], options: PatternOptions(caseRule: .smart))
      } catch {
        throw .pattern(error)
      }
    }
    if let text = arguments.text("since") { since = try workplace.date(text).start }
    if let text = arguments.text("until") { until = try workplace.date(text).end }
  }

  /// Whether it takes every recording.
  var isOpen: Bool {
    target == nil && user == nil && document == nil && reason == nil && since == nil && until == nil
  }

  /// A recording that does not tell what a filter asks for is left out.
  func accepts(_ header: Header, started: Timestamp?) -> Bool {
    let session = header.session
    if let target, !target.matches(session?["target"]?.string ?? "") { return false }
    if let document, !document.matches(session?["document"]?.string ?? "") { return false }
    if let user {
      let names = [session?["owner"]?.string, session?["recorder"]?["user"]?.string].compactMap { $0 }
      if !names.contains(where: user.matches) { return false }
    }
    if let reason, !Pattern(reason).isMatch(Array((session?["reason"]?.string ?? "").utf8)) { return false }
    if since != nil || until != nil {
      guard let started else { return false }
      if let since, started < since { return false }
      if let until, started >= until { return false }
    }
    return true
  }
}
