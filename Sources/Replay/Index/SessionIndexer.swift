import Format
import Platform

/// Reads recordings and makes the blocks of them that an index keeps. Owned by one thread.
final class SessionIndexer {
  private static let level = 6

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
      var renderer = SessionRenderer(reader.header, self)
      while let event = try reader.nextEvent() {
        renderer.append(event)
        reader.reuse(event)
      }
      renderer.finish()
      return .indexed(IndexedSession(file, reader, blocks: renderer.blocks))
    } catch {
      return .failed(error.description)
    }
  }

  /// A recording without an end that did not grow for so long was abandoned by its writer.
  private static let liveMicroseconds: Int64 = 3_600_000_000

  /// A block of lines as a segment's writer takes it.
  func block(_ block: LineBlock, _ kind: IndexedBlock.Kind) -> IndexedBlock {
    let plain = block.encodedFacts()
    var facts: [UInt8] = []
    deflater.reset()
    deflater.deflate(plain, flush: .finish, into: &facts)
    let span = block.span ?? 0...0
    return IndexedBlock(
      kind: kind, lineCount: block.count, low: span.lowerBound, high: span.upperBound, text: block.text,
      flags: block.encodedFlags(), facts: facts, factByteCount: plain.count,
      trigrams: collector.collect(block.text))
  }
}
