import Format
import Platform

/// The lines of one recording that a search reads, in blocks: a pure machine, events in, blocks out.
struct LineSource {
  private let source: SearchQuery.Source
  private var screen: SessionLines?
  private var assembler: LineAssembler
  private var titles = TitleReader()
  private var collector = LineCollector()

  init(_ source: SearchQuery.Source, _ header: Header, keepsTransients: Bool = false) {
    self.source = source
    assembler = LineAssembler(source == .input ? .input : .output, columns: header.size.columns)
    if source == .screen || source == .commands {
      screen = SessionLines(header, keepsTransients: keepsTransients)
    }
    if source == .title, let title = header.title { titles.add(Array(title.utf8), at: 0) }
  }

  mutating func append(_ event: Event) {
    if screen != nil {
      screen?.append(event)
      return
    }
    switch (event.code, source) {
    case (.output, .output), (.standardError, .output), (.input, .input):
      assembler.append(event.bytes, at: event.microseconds)
    case (.output, .title): titles.append(event.bytes, at: event.microseconds)
    case (.resize, _):
      if let size = WindowSize(resize: event.bytes) { assembler.columns = size.columns }
    default: break
    }
  }

  mutating func finish() {
    screen?.finish()
    assembler.finish()
    collect()
    collector.finish()
  }

  /// The blocks that became complete since the last call.
  mutating func takeBlocks() -> [LineBlock] {
    collect()
    defer { collector.blocks.removeAll() }
    return collector.blocks
  }

  private mutating func collect() {
    switch source {
    case .screen: if let lines = screen?.takeLines(), !lines.isEmpty { collector.append(lines) }
    case .commands:
      if let commands = screen?.takeCommands() { collector.append(commands.map(\.line)) }
      _ = screen?.takeLines()
    case .title:
      collector.append(titles.lines)
      titles.lines.removeAll()
    case .output, .input:
      for line in assembler.lines where !line.last.bytes.isEmpty {
        collector.append([SettledLine(line.last)])
      }
      assembler.lines.removeAll()
    }
  }
}

extension SettledLine {
  fileprivate init(_ version: TextLine.Version) {
    let runs = version.runs.map { Run(end: $0.end, milliseconds: Self.milliseconds($0.microseconds)) }
    let first = runs.map(\.milliseconds).min() ?? 0
    self.init(
      text: version.bytes, runs: runs, first: first, last: runs.map(\.milliseconds).max() ?? first,
      flags: .scrolled)
  }
}

/// The titles that programs give their window (OSC 0 and 2), one line each.
struct TitleReader {
  var lines: [SettledLine] = []
  private var scanner = EscapeScanner()

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
    // A line feed cannot be in it, whatever a file says: titles are lines.
    let text = Array(String(decoding: title, as: UTF8.self).utf8).filter { $0 != 0x0A }
    if !text.isEmpty { lines.append(SettledLine(text, at: SettledLine.milliseconds(microseconds))) }
  }
}
