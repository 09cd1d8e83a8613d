import Format
import Platform

/// What is known of a session when its recording begins; it becomes the header's `ssm` key (docs/format.md).
///
/// Never holds a token, the query of a StreamUrl or credentials.
struct SessionFacts: Equatable, Sendable {
  var sessionID: String
  var target: String
  var region: String?
  var documentName: String?
  var reason: String?
  var parameters: [SessionRequest.Parameter] = []
  var title: String?
  /// Which program recorded: `ssmrec start`, `ssmrec attach` or `session-manager-plugin`.
  var program: String

  /// The recording's first line.
  func header(size: WindowSize, started: Timestamp, environment: Environment) -> Header {
    var header = Header(size: size, timestamp: started, title: title)
    header.terminalType = environment.nonEmpty("TERM")
    header.session = json(started: started)
    return header
  }

  /// The `ssm` object; members that are not known are left out.
  func json(started: Timestamp) -> JSON {
    var members = [
      JSON.Member("session_id", .string(sessionID)), JSON.Member("target", .string(target)),
    ]
    func add(_ name: String, _ value: String?) {
      if let value { members.append(JSON.Member(name, .string(value))) }
    }
    add("region", region)
    add("document", documentName)
    add("reason", reason.map(Self.masked))
    if !parameters.isEmpty {
      let masked = parameters.map { parameter in
        JSON.Member(
          parameter.name,
          .array(
            parameter.values.map { .string(SecretName.matches(parameter.name) ? "***" : Self.masked($0)) }))
      }
      members.append(JSON.Member("parameters", .object(masked)))
    }
    // Role session names, and with them user names, come before the last dash of a session id.
    if let dash = sessionID.lastIndex(of: "-"), dash != sessionID.startIndex {
      add("owner", String(sessionID[..<dash]))
    }
    add("started", CalendarDate(started).rfc3339)
    members.append(
      JSON.Member(
        "recorder",
        .object([
          JSON.Member("program", .string(program)), JSON.Member("version", .string(ProductVersion.text)),
          JSON.Member("host", .string(Host.name)), JSON.Member("user", .string(Host.user)),
        ])))
    return .object(members)
  }
}

extension SessionFacts {
  /// A text with what looks like a secret masked: the shipped patterns, and values that a command line or an
  /// assignment names as secrets (`--password x`, `TOKEN=x`).
  static func masked(_ text: String) -> String {
    let word = "[A-Za-z0-9_.-]*(password|passwd|secret|token|credential|api_?key)[A-Za-z0-9_.-]*"
    let names = "(?i)(-\(word) +|\(word)[\"']? *[=:] *)"
    var patterns = SecretPattern.setNames.flatMap { SecretPattern.set($0) ?? [] }
    patterns.append(SecretPattern.named("named", names))
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var finder = SecretFinder(patterns)
      let bytes = Array(line.utf8)
      let spans = finder.append(bytes, event: 0) + finder.flush()
      return String(decoding: bytes.masking(spans), as: UTF8.self)
    }.joined(separator: "\n")
  }
}

/// Names of parameters and variables whose values are masked.
enum SecretName {
  private static let marks = ["password", "passwd", "secret", "token", "credential", "apikey", "privatekey"]

  /// Whether a name says that its value is a secret; dashes, dots and underscores do not matter.
  static func matches(_ name: String) -> Bool {
    let plain = name.lowercased().filter { $0.isLetter }
    return marks.contains { plain.contains($0) }
  }
}

extension SessionFacts {
  /// Parameters as a caller's JSON has them; values of another shape than lists of strings are left out.
  static func parameters(_ json: JSON?) -> [SessionRequest.Parameter] {
    (json?.members ?? []).map { member in
      SessionRequest.Parameter(name: member.name, values: (member.value.array ?? []).compactMap(\.string))
    }
  }
}
