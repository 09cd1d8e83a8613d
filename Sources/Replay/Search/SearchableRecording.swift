import Format
import Platform

/// A recording of any format that can be searched: one of ours or an asciicast, or what `import` reads.
final class SearchableRecording {
  private enum Source {
    case recording(RecordingReader)
    case imported(SourceReader)
  }

  private let source: Source

  /// Opens a file by its name's end, `-` for standard input.
  init(_ path: String) throws(ReplayError) {
    let bytes = Array(path.utf8)
    let isOurs = path == "-" || path.hasSuffix(".cast") || path.hasSuffix(".cast.gz")
    if isOurs || !RecordingFolder.isRecording(name: bytes) {
      do throws(FormatError) {
        source = .recording(
          path == "-"
            ? try RecordingReader(.standardInput, name: "standard input") : try RecordingReader(path: path))
        return
      } catch .notARecording where !isOurs {
        // Perhaps one of the other formats.
      } catch {
        throw .recording(error)
      }
    }
    do throws(ImportError) {
      source = .imported(try SourceReader(path: path, options: ImportOptions(environment: .current)))
    } catch {
      throw .importing(error)
    }
  }

  var header: Header {
    switch source {
    case .recording(let reader): reader.header
    case .imported(let reader): reader.header
    }
  }

  var started: Timestamp? {
    switch source {
    case .recording(let reader): reader.started
    case .imported(let reader): reader.started
    }
  }

  /// Whether it is one of ours whose end was not written: it may still grow.
  var isUnfinished: Bool {
    if case .recording(let reader) = source {
      reader.container == .sealed && reader.summary == nil
    } else {
      false
    }
  }

  func nextEvent() throws(ReplayError) -> Event? {
    switch source {
    case .recording(let reader):
      do throws(FormatError) { return try reader.nextEvent() } catch { throw .recording(error) }
    case .imported(let reader):
      do throws(ImportError) { return try reader.nextEvent() } catch { throw .importing(error) }
    }
  }

  /// Takes back an event that was read and is no longer needed.
  func reuse(_ event: consuming Event) {
    if case .recording(let reader) = source { reader.reuse(event) }
  }

  /// What was lost or doubtful, in words; complete when `nextEvent` has returned nil.
  var damage: String? {
    let (findings, uncounted) =
      switch source {
      case .recording(let reader): (reader.findings, reader.uncountedFindings)
      case .imported(let reader): (reader.findings, reader.uncountedFindings)
      }
    let damage = findings.filter(\.isDamage)
    guard let first = damage.first else { return nil }
    let more = damage.count + uncounted - 1
    return first.description + (more > 0 ? " (and \(more) more)" : "")
  }
}
