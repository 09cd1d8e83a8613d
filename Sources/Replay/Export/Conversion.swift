import Format
import Platform

/// Writes a recording, or a part of it, in another format. A pure machine: events in, bytes out.
struct Conversion {
  typealias Losses = Exporter.Losses

  /// The part that is taken, in microseconds from the recording's start.
  struct Part: Equatable, Sendable {
    var start: Int64 = 0
    /// nil: to the end.
    var end: Int64?
  }

  private let part: Part
  private var exporter: Exporter
  /// Text is made by the same rules as the text that is searched; the exporter does the other formats.
  private var text: LineAssembler?

  /// - Parameters:
  ///   - started: wall clock at the recording's start, where it is known.
  ///   - name: the output file's name without folders, for formats that tell it.
  init(
    _ format: Exporter.Format, _ part: Part, _ header: Header, started: Timestamp?, name: String?,
    into bytes: inout [UInt8]
  ) {
    self.part = part
    exporter = Exporter(format, name: name)
    if format == .txt { text = LineAssembler(.screen, columns: header.size.columns) }
    var header = header
    // A part begins later; the session's own facts stay as they are.
    if let timestamp = header.timestamp {
      header.timestamp = Timestamp(microseconds: timestamp.microseconds + part.start)
    }
    exporter.begin(
      header, started: started.map { Timestamp(microseconds: $0.microseconds + part.start) }, into: &bytes)
  }

  /// Takes the next event.
  /// - Returns: false once nothing more is wanted.
  mutating func append(_ event: Event, into bytes: inout [UInt8]) -> Bool {
    if let end = part.end, event.microseconds > end { return false }
    guard text != nil else {
      if let event = shifted(event) { exporter.append(event, into: &bytes) }
      return true
    }
    switch event.code {
    case .output, .standardError: text?.append(event.bytes, at: event.microseconds)
    case .resize: if let size = WindowSize(resize: event.bytes) { text?.columns = size.columns }
    default: break
    }
    if event.microseconds < part.start { text?.lines = [] }
    writeLines(into: &bytes)
    return true
  }

  /// The bytes of the files beside the main one since the last call.
  mutating func takeCompanions() -> Exporter.Companions {
    defer { exporter.companions = Exporter.Companions() }
    return exporter.companions
  }

  /// Appends what still waited, and tells what the format could not hold.
  mutating func finish(into bytes: inout [UInt8]) -> Losses {
    if text == nil {
      exporter.finish(into: &bytes)
    } else {
      text?.finish()
      writeLines(into: &bytes)
    }
    return exporter.losses
  }

  /// Earlier output and sizes come at once, so that the part begins with the right picture; the rest of what is
  /// earlier is left out.
  private func shifted(_ event: Event) -> Event? {
    var event = event
    if event.microseconds >= part.start {
      event.microseconds -= part.start
      return event
    }
    guard event.code == .output || event.code == .standardError || event.code == .resize else { return nil }
    event.microseconds = 0
    return event
  }

  private mutating func writeLines(into bytes: inout [UInt8]) {
    for line in text?.lines ?? [] {
      bytes += line.last.bytes
      bytes.append(0x0A)
    }
    text?.lines = []
  }
}

extension WindowSize {
  /// The size in a resize event's bytes, `COLSxROWS`; nil where they are something else or over 65,535.
  init?(resize bytes: [UInt8]) {
    let parts = bytes.split(separator: UInt8(ascii: "x"), omittingEmptySubsequences: false)
    let sides = parts.compactMap { digits in
      digits.count <= 5 && digits.allSatisfy(\.isDigit) ? Int(String(decoding: digits, as: UTF8.self)) : nil
    }
    guard parts.count == 2, sides.count == 2, sides.allSatisfy({ 1...65_535 ~= $0 }) else { return nil }
    self.init(columns: sides[0], rows: sides[1])
  }
}

extension Exporter.Losses {
  /// What could not be kept, in words; nil where all was.
  func words(_ format: Exporter.Format) -> String? {
    var parts: [String] = []
    let names: [(Event.Code, String)] = [
      (.input, "input"), (.resize, "resize"), (.marker, "marker"), (.exit, "exit"), (.state, "state"),
      (.port, "port"),
    ]
    for (code, name) in names {
      if let count = omittedEvents[code] { parts.append("\(count) \(name) event\(count == 1 ? "" : "s")") }
    }
    let known = Set(names.map(\.0))
    let others = omittedEvents.filter { !known.contains($0.key) }.values.reduce(0, +)
    if others > 0 { parts.append("\(others) other event\(others == 1 ? "" : "s")") }
    if replacedEvents > 0 {
      parts.append(
        "the exact bytes of \(replacedEvents) event\(replacedEvents == 1 ? "" : "s") that are no UTF-8")
    }
    if mergedEvents > 0 {
      parts.append("standard error apart from output (\(mergedEvents) event\(mergedEvents == 1 ? "" : "s"))")
    }
    if !omittedFacts.isEmpty { parts.append("of the header: " + omittedFacts.joined(separator: ", ")) }
    return parts.isEmpty ? nil : "\(format.rawValue) cannot hold " + parts.joined(separator: ", ")
  }
}
