import Format

/// A recording on its way into the index: events in, blocks out. A search that reads a recording itself sees
/// the lines of one kind as they come, so that nothing is rendered twice.
struct SessionRenderer {
  private var session: SessionLines
  private var titleReader = TitleReader()
  private var lines: Maker
  private var commands: Maker
  private var titles: Maker

  /// - Parameter kind: which lines are shown to a search.
  init(_ header: Header, _ indexer: SessionIndexer, showing kind: IndexedBlock.Kind? = nil) {
    session = SessionLines(header)
    lines = Maker(.screen, indexer, isShown: kind == .screen)
    commands = Maker(.commands, indexer, isShown: kind == .commands)
    titles = Maker(.title, indexer, isShown: kind == .title)
    if let title = header.title { titleReader.add(Array(title.utf8), at: 0) }
  }

  mutating func append(_ event: Event) {
    session.append(event)
    if event.code == .output { titleReader.append(event.bytes, at: event.microseconds) }
    if session.lineByteCount >= LineCollector.windowByteCount { lines.take(&session) }
    takeRest()
  }

  /// All of the recording was read.
  mutating func finish() {
    session.finish()
    lines.take(&session)
    takeRest()
    lines.finish()
    commands.finish()
    titles.finish()
  }

  private mutating func takeRest() {
    commands.append(session.takeCommands().map(\.line))
    titles.append(titleReader.lines)
    titleReader.lines.removeAll()
  }

  /// Whether there is something to show that was not taken.
  var hasShown: Bool { !lines.shown.isEmpty || !commands.shown.isEmpty || !titles.shown.isEmpty }

  /// The shown blocks that became complete since the last call.
  mutating func takeShown() -> [LineBlock] {
    defer {
      lines.shown = []
      commands.shown = []
      titles.shown = []
    }
    return lines.shown + commands.shown + titles.shown
  }

  /// All blocks, once it is finished.
  var blocks: [IndexedBlock] { lines.blocks + commands.blocks + titles.blocks }

  /// Makes blocks of one kind as they become full.
  private struct Maker {
    private let kind: IndexedBlock.Kind
    private let indexer: SessionIndexer
    private let isShown: Bool
    private var collector = LineCollector()
    private(set) var blocks: [IndexedBlock] = []
    var shown: [LineBlock] = []

    init(_ kind: IndexedBlock.Kind, _ indexer: SessionIndexer, isShown: Bool) {
      self.kind = kind
      self.indexer = indexer
      self.isShown = isShown
    }

    mutating func append(_ lines: [SettledLine]) {
      if lines.isEmpty { return }
      for line in lines { collector.append(line) }
      makeBlocks()
    }

    /// Takes the lines that a session is done with.
    mutating func take(_ session: inout SessionLines) {
      session.moveLines(to: &collector)
      makeBlocks()
    }

    mutating func finish() {
      collector.finish()
      makeBlocks()
    }

    private mutating func makeBlocks() {
      if collector.blocks.isEmpty { return }
      for block in collector.blocks { blocks.append(indexer.block(block, kind)) }
      if isShown { shown += collector.blocks }
      collector.blocks.removeAll()
    }
  }
}

extension IndexedSession {
  /// A recording that was read to its end.
  init(_ file: SurveyedFile, _ recording: SearchableRecording, blocks: [IndexedBlock]) {
    var facts = Facts(recording.header, started: recording.started, byteCount: file.size)
    facts.damage = recording.damage
    self.init(path: file.relativePath, identity: file.identity, facts: facts, blocks: blocks)
  }
}
