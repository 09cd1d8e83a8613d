import Format
import Platform

/// The lines of one recording that a search reads, in blocks: a pure machine, events in, blocks out.
struct LineSource {
  private let source: SearchQuery.Source
  private var screen: SessionLines?
  /// Renders what is indexed as it is searched.
  private var renderer: SessionRenderer?
  private var assembler: LineAssembler
  private var titles = TitleReader()
  private var collector = LineCollector()
  private var isFinished = false

  /// - Parameter indexer: makes what is read ready for the index, too; for sources that it has.
  init(
    _ source: SearchQuery.Source, _ header: Header, keepsTransients: Bool = false,
    indexer: SessionIndexer? = nil
  ) {
    self.source = source
    if let indexer, let kind = source.indexedKind, !keepsTransients {
      assembler = LineAssembler(.output, columns: header.screenSize.columns)
      renderer = SessionRenderer(header, indexer, showing: kind)
      return
    }
    assembler = LineAssembler(source == .input ? .input : .output, columns: header.screenSize.columns)
    if source == .screen || source == .commands {
      screen = SessionLines(header, keepsTransients: keepsTransients)
    }
    if source == .title, let title = header.title { titles.add(Array(title.utf8), at: 0) }
  }

  /// Takes an event; whether blocks are complete.
  mutating func append(_ event: Event) -> Bool {
    // In place: bound to a name, all of the terminal would be copied.
    if renderer?.append(event) != nil { return renderer?.hasShown ?? false }
    if screen?.append(event) == nil { appendText(event) }
    collect()
    return !collector.blocks.isEmpty
  }

  private mutating func appendText(_ event: Event) {
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
    isFinished = true
    if renderer?.finish() != nil { return }
    screen?.finish()
    assembler.finish()
    collect()
    collector.finish()
  }

  /// The blocks that became complete since the last call.
  mutating func takeBlocks() -> [LineBlock] {
    if let blocks = renderer?.takeShown() { return blocks }
    collect()
    if collector.blocks.isEmpty { return [] }
    defer { collector.blocks.removeAll() }
    return collector.blocks
  }

  /// What the index keeps of a recording that was read to its end, where that was asked for.
  var indexedBlocks: [IndexedBlock]? { isFinished ? renderer?.blocks : nil }

  private mutating func collect() {
    switch source {
    case .screen:
      screen?.moveLines(to: &collector, ofAtLeast: isFinished ? 0 : LineCollector.windowByteCount)
    case .commands:
      for command in screen?.takeCommands() ?? [] { collector.append(command.line) }
      screen?.dropLines()
    case .title:
      for line in titles.lines { collector.append(line) }
      titles.lines.removeAll()
    case .output, .input:
      for line in assembler.lines where !line.last.bytes.isEmpty { collector.append(SettledLine(line.last)) }
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
    var position = 0
    // Where the next of each byte is that may begin a title; found again when it is behind `position`.
    var escape = -1
    var lead = -1
    while position < bytes.count {
      if scanner.isAtRest {
        let rest = position..<bytes.count
        if escape < position { escape = ByteSearch.first(0x1B, in: bytes, rest) ?? bytes.count }
        if lead < position { lead = ByteSearch.first(0xC2, in: bytes, rest) ?? bytes.count }
        position = min(escape, lead)
        if position == bytes.count { return }
        if position == escape, position + 1 < bytes.count, Self.beginsNoString(bytes[position + 1]) {
          position += 2
          continue
        }
      }
      take(scanner.scan(bytes[position]), at: microseconds)
      position += 1
    }
  }

  /// Whether a sequence whose second byte this is cannot become an operating system command or another string: then
  /// the rest of it need not be read, since what breaks it off is found as what begins the next.
  private static func beginsNoString(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"),
      UInt8(ascii: "k"):
      false
    default: (0x20..<0x7F).contains(byte)
    }
  }

  private mutating func take(_ token: EscapeScanner.Token, at microseconds: Int64) {
    guard case .sequence(let sequence) = token, sequence.kind == .operatingSystem else { return }
    let contents = sequence.contents
    guard contents.starts(with: "0;".utf8) || contents.starts(with: "2;".utf8) else { return }
    add(Array(contents.dropFirst(2)), at: microseconds)
  }

  mutating func add(_ title: [UInt8], at microseconds: Int64) {
    // A line feed cannot be in it, whatever a file says: titles are lines.
    let text = Array(String(decoding: title, as: UTF8.self).utf8).filter { $0 != 0x0A }
    if !text.isEmpty { lines.append(SettledLine(text, at: SettledLine.milliseconds(microseconds))) }
  }
}
