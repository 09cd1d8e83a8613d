import Format
import Platform

/// What `verify` says of one recording.
struct VerificationReport {
  let path: String
  let verification: Verification

  /// One line for the file, and below it what its members are: those without problems together.
  func lines(style: Style) -> [String] {
    let verdict = verification.verdict
    let isBad = verdict == .altered || verification.signature.isBad
    let mark = isBad ? style.red : verdict == .intact ? style.green : style.yellow
    var lines = ["\(path.printable): \(mark(summary))"]
    var index = 0
    let members = verification.members
    while index < members.count {
      var end = index + 1
      if members[index].verdict == .intact {
        while end < members.count, isAlike(members[index], members[end]) { end += 1 }
      }
      lines.append("  " + words(Array(members[index..<end]), style))
      index = end
    }
    return lines
  }

  private func isAlike(_ first: Verification.Member, _ other: Verification.Member) -> Bool {
    other.verdict == .intact && other.kind == first.kind && other.isSigned == first.isSigned
  }

  private func words(_ members: [Verification.Member], _ style: Style) -> String {
    guard let first = members.first, let last = members.last else { return "" }
    let name =
      switch first.kind {
      case .events:
        members.count > 1
          ? "members \(first.number ?? 0) to \(last.number ?? 0)" : "member \(first.number ?? 0)"
      case .table: members.count > 1 ? "\(members.count) tables" : "table"
      case .end: "end"
      case .other: "other bytes"
      }
    let count = last.offset + last.byteCount - first.offset
    let place = "byte \(first.offset)" + (count > 0 ? ", \(ByteCount.text(count))" : "")
    let time = first.microseconds.map { ", \(TimeText.clock($0))" } ?? ""
    let text = "\(name) (\(place)\(time)): "
    switch first.verdict {
    case .intact: return text + "intact" + (first.isSigned ? ", signed" : "")
    case .unsealed: return text + style.yellow("unsealed: \(first.cause ?? "")")
    case .altered, .missing, .foreign:
      return text + style.red("\(first.verdict.rawValue): \(first.cause ?? "")")
    }
  }

  /// The verdict in a sentence.
  var summary: String {
    let problem = verification.firstProblem
    let place = problem.map { problem in
      (problem.number.map { "member \($0), " } ?? "") + "byte \(problem.offset)"
    }
    var text: String
    switch verification.verdict {
    case .intact: text = "intact"
    case .unfinished:
      text = "unfinished: no end"
      if verification.provedByteCount > 0 {
        text += "; intact up to byte \(verification.provedByteCount)"
      }
    case .altered:
      let word =
        problem?.verdict == .missing ? "missing" : problem?.verdict == .foreign ? "foreign" : "altered"
      text = "\(word == "altered" ? "altered" : "altered, \(word)") at \(place ?? "its end")"
    }
    switch verification.signature {
    case .none: text += ", not signed"
    case .valid(let key): text += ", signed by \(key) (no --key says whether that is the right one)"
    case .trusted(let key): text += ", signed by \(key)"
    case .untrusted(let key): text += ", but signed by another key, \(key)"
    case .missing: text += ", but not signed"
    case .wrong(let key): text += ", and the signature by \(key) is wrong"
    }
    return text
  }

  private var signature: JSON {
    let (state, key): (String, VerificationKey?) =
      switch verification.signature {
      case .none: ("none", nil)
      case .valid(let key): ("valid", key)
      case .trusted(let key): ("trusted", key)
      case .untrusted(let key): ("untrusted", key)
      case .missing: ("missing", nil)
      case .wrong(let key): ("wrong", key)
      }
    return .object([
      JSON.Member("state", .string(state)), JSON.Member("key", key.map { .string("\($0)") } ?? .null),
    ])
  }

  func json(isGood: Bool) -> JSON {
    var members: [JSON.Member] = [
      .init("type", "verification"), .init("file", .string(path)), .init("good", .bool(isGood)),
      .init("verdict", .string(verification.verdict.rawValue)), .init("signature", signature),
      .init("summary", .string(summary)),
      .init("recording", .string(verification.recording.bytes.hexadecimal)),
    ]
    if let started = verification.started {
      members.append(.init("started", .string(CalendarDate(started).rfc3339)))
    }
    if let summary = verification.summary {
      members += [
        .init("duration", TimeText.json(summary.microseconds)), .init("events", JSON(summary.eventCount)),
        .init("reason", .string("\(summary.reason)")),
      ]
    }
    members += [
      .init("bytes", .number("\(verification.byteCount)")),
      .init("proved_bytes", .number("\(verification.provedByteCount)")),
      .init("chain", .string(verification.chainValue.hexadecimal)),
      .init("members", .array(verification.members.map(json))),
    ]
    return .object(members)
  }

  private func json(_ member: Verification.Member) -> JSON {
    var members: [JSON.Member] = [.init("kind", .string(member.kind.rawValue))]
    if let number = member.number { members.append(.init("number", JSON(number))) }
    members += [
      .init("offset", .number("\(member.offset)")), .init("bytes", .number("\(member.byteCount)")),
    ]
    if let time = member.microseconds { members.append(.init("time", TimeText.json(time))) }
    members += [.init("signed", .bool(member.isSigned)), .init("verdict", .string(member.verdict.rawValue))]
    if let cause = member.cause { members.append(.init("cause", .string(cause))) }
    return .object(members)
  }
}
