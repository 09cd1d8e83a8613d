import Format
import Platform

/// How hits are written: for people, for pipes, or as JSON. Pure: what is told becomes text.
struct SearchReport {
  enum Form: Equatable, Sendable {
    /// A heading a recording, then `TIME  text`.
    case headings
    /// `FILE@TIME:text`, context with a dash.
    case lines
    case json
  }

  let form: Form
  let style: Style
  /// Each match is told by itself (-o).
  let showsOnlyMatches: Bool
  /// Whether context was asked for: then groups of lines are kept apart.
  let hasContext: Bool
  private var isFirst = true

  init(_ form: Form, style: Style, showsOnlyMatches: Bool, hasContext: Bool) {
    self.form = form
    self.style = style
    self.showsOnlyMatches = showsOnlyMatches
    self.hasContext = hasContext
  }

  /// Whether each match of a line is told, and not the line alone.
  var showsAllSpans: Bool { form == .json || showsOnlyMatches || style.isOn }

  /// What comes before a recording's first hit.
  mutating func heading(_ file: String, _ header: Header, started: Timestamp?, zone: (Timestamp) -> Int)
    -> String
  {
    guard form == .headings else { return "" }
    let facts = [
      started.map { TimeText.local($0, zone: zone) }, header.session?["target"]?.string, header.title,
    ].compactMap { $0?.printable }
    let text =
      style.magenta(file.printable) + (facts.isEmpty ? "" : "  " + style.dim(facts.joined(separator: "  ")))
    let gap = isFirst ? "" : "\n"
    isFirst = false
    return gap + text + "\n"
  }

  func lines(_ hit: SearchHit, file: String, started: Timestamp?) -> String {
    if showsOnlyMatches, !hit.spans.isEmpty {
      var part = hit
      return zip(hit.spans, hit.spanMicroseconds).filter { !$0.0.isEmpty }.map { span, time in
        part.text = Array(hit.text[span])
        part.spans = [0..<part.text.count]
        part.microseconds = time
        defer { part.followsGap = false }
        return line(part, file: file, started: started)
      }.joined()
    }
    return showsOnlyMatches && hit.isContext ? "" : line(hit, file: file, started: started)
  }

  private func line(_ hit: SearchHit, file: String, started: Timestamp?) -> String {
    switch form {
    case .json: return json(hit, file: file, started: started).text + "\n"
    case .headings:
      let gap = hit.followsGap && hasContext ? style.dim("--") + "\n" : ""
      let time = TimeText.clock(hit.microseconds)
      let blanks = String(repeating: " ", count: max(0, 8 - time.count))
      let sign = hit.isContext ? "- " : "  "
      return gap + blanks + style.green(time) + style.dim(sign) + marked(hit) + "\n"
    case .lines:
      let gap = hit.followsGap && hasContext ? "--\n" : ""
      let place =
        style.magenta(file.printable) + style.dim("@") + style.green(TimeText.seconds(hit.microseconds))
      return gap + place + style.dim(hit.isContext ? "-" : ":") + marked(hit) + "\n"
    }
  }

  /// The text with its matches in color.
  private func marked(_ hit: SearchHit) -> String {
    guard style.isOn, !hit.spans.isEmpty else { return shown(hit.text[...]) }
    var result = ""
    var position = 0
    for span in hit.spans {
      result += shown(hit.text[position..<span.lowerBound]) + style.match(shown(hit.text[span]))
      position = span.upperBound
    }
    return result + shown(hit.text[position...])
  }

  /// Programs get the text as it is; people get characters that turn the direction of writing spelled out.
  private func shown(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    return form == .headings
      ? text.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).printable }.joined(
        separator: "\t") : text
  }

  private func json(_ hit: SearchHit, file: String, started: Timestamp?) -> JSON {
    var members = [
      JSON.Member("type", .string(hit.isContext ? "context" : "match")), JSON.Member("file", .string(file)),
      JSON.Member("time", TimeText.json(hit.microseconds)), JSON.Member("row", JSON(hit.row)),
      JSON.Member("text", .string(String(decoding: hit.text, as: UTF8.self))),
      JSON.Member("spans", .array(hit.spans.map { .array([JSON($0.lowerBound), JSON($0.upperBound)]) })),
    ]
    if let started {
      let moment = Timestamp(microseconds: started.microseconds + hit.microseconds)
      members.append(JSON.Member("at", .string(CalendarDate(moment).rfc3339)))
    }
    return .object(members)
  }
}
