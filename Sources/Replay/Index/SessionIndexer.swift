import Format
import Platform

/// Renders a recording and makes the blocks of it that an index keeps. Owned by one thread.
final class SessionIndexer {
  /// Deflate is the largest part of indexing. Level 6 leaves 1.7 % fewer bytes in 1.14 times the time of level 5.
  private static let level = 5

  private let collector = TrigramCollector()
  private let deflater = Deflater(level: SessionIndexer.level)

  enum Outcome: Sendable {
    case indexed(IndexedSession)
    /// It may still grow: a search reads it itself.
    case live
    case failed(String)
  }

  /// Reads a recording through. `now`: microseconds since 1970, to tell a live recording from an abandoned one.
  func index(_ file: SurveyedFile, now: Int64) -> Outcome {
    do throws(ReplayError) {
      let reader = try SearchableRecording(file.path)
      if reader.isUnfinished, now - file.modified < Self.liveMicroseconds { return .live }
      var facts = IndexedSession.Facts(reader.header, started: reader.started, byteCount: file.size)
      var session = SessionLines(reader.header)
      var lines = BlockMaker(.screen, self)
      var commands = BlockMaker(.commands, self)
      var titles = BlockMaker(.title, self)
      var titleReader = TitleReader()
      if let title = reader.header.title { titleReader.add(Array(title.utf8), at: 0) }
      while let event = try reader.nextEvent() {
        session.append(event)
        if event.code == .output { titleReader.append(event.bytes, at: event.microseconds) }
        if session.lineByteCount >= LineCollector.windowByteCount { lines.take(&session) }
        commands.append(session.takeCommands().map(\.line))
        titles.append(titleReader.lines)
        titleReader.lines.removeAll()
      }
      session.finish()
      lines.take(&session)
      commands.append(session.takeCommands().map(\.line))
      titles.append(titleReader.lines)
      facts.damage = reader.damage
      let blocks = lines.finish() + commands.finish() + titles.finish()
      return .indexed(
        IndexedSession(path: file.relativePath, identity: file.identity, facts: facts, blocks: blocks))
    } catch {
      return .failed(error.description)
    }
  }

  /// A recording without an end that did not grow for so long was abandoned by its writer.
  private static let liveMicroseconds: Int64 = 3_600_000_000

  /// Compresses blocks as they become full.
  private struct BlockMaker {
    private let kind: IndexedBlock.Kind
    private let indexer: SessionIndexer
    private var collector = LineCollector()
    private var blocks: [IndexedBlock] = []

    init(_ kind: IndexedBlock.Kind, _ indexer: SessionIndexer) {
      self.kind = kind
      self.indexer = indexer
    }

    mutating func append(_ lines: [SettledLine]) {
      if lines.isEmpty { return }
      for line in lines { collector.append(line) }
      compress()
    }

    /// Takes the lines that a session is done with.
    mutating func take(_ session: inout SessionLines) {
      session.moveLines(to: &collector)
      compress()
    }

    mutating func finish() -> [IndexedBlock] {
      collector.finish()
      compress()
      return blocks
    }

    private mutating func compress() {
      for block in collector.blocks { blocks.append(indexer.compress(block, kind)) }
      collector.blocks.removeAll()
    }
  }

  private func compress(_ block: LineBlock, _ kind: IndexedBlock.Kind) -> IndexedBlock {
    let plain = block.encoded()
    var bytes: [UInt8] = []
    deflater.reset()
    deflater.deflate(plain, flush: .finish, into: &bytes)
    let span = block.span ?? 0...0
    return IndexedBlock(
      kind: kind, lineCount: block.count, low: span.lowerBound, high: span.upperBound, bytes: bytes,
      plainByteCount: plain.count, checksum: CRC32.update(0, bytes), trigrams: collector.collect(block.text))
  }
}
