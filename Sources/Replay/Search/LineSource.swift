import Format
import Platform

/// The lines of one recording that a search reads: a pure machine, events in, lines out.
struct LineSource {
  private let source: SearchQuery.Source
  private var assembler: LineAssembler
  private var titles = TitleReader()

  init(_ source: SearchQuery.Source, _ header: Header) {
    self.source = source
    let rule: LineAssembler.Source =
      switch source {
      case .screen, .title: .screen
      case .output: .output
      case .input: .input
      }
    assembler = LineAssembler(rule, columns: header.size.columns)
    if source == .title, let title = header.title { titles.add(Array(title.utf8), at: 0) }
  }

  mutating func append(_ event: Event) {
    switch (event.code, source) {
    case (.output, .screen), (.output, .output), (.standardError, .screen), (.standardError, .output),
      (.input, .input):
      assembler.append(event.bytes, at: event.microseconds)
    case (.output, .title): titles.append(event.bytes, at: event.microseconds)
    case (.resize, _):
      if let size = WindowSize(resize: event.bytes) { assembler.columns = size.columns }
    default: break
    }
  }

  mutating func finish() { assembler.finish() }

  /// The lines that became complete since the last call.
  mutating func takeLines() -> [TextLine] {
    var lines: [TextLine] = []
    if source == .title {
      swap(&lines, &titles.lines)
    } else {
      swap(&lines, &assembler.lines)
    }
    return lines
  }
}

/// The titles that programs give their window (OSC 0 and 2), one line each.
struct TitleReader {
  var lines: [TextLine] = []
  private var scanner = EscapeScanner()
  private var row = 0

  mutating func append(_ bytes: [UInt8], at microseconds: Int64) {
    for byte in bytes {
      guard case .sequence(let sequence) = scanner.scan(byte), sequence.kind == .operatingSystem else {
        continue
      }
      let contents = sequence.contents
      guard contents.starts(with: "0;".utf8) || contents.starts(with: "2;".utf8) else { continue }
      add(Array(contents.dropFirst(2)), at: microseconds)
    }
  }

  mutating func add(_ title: [UInt8], at microseconds: Int64) {
    row += 1
    let text = Array(String(decoding: title, as: UTF8.self).utf8)
    let run = TextLine.Version.Run(end: text.count, microseconds: microseconds)
    lines.append(TextLine(row: row, versions: [.init(bytes: text, runs: [run])]))
  }
}
