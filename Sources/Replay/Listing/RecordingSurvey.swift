import Format

/// One reading of a recording for everything that is told of it: contents, output over time, commands, the last screen.
struct RecordingSurvey {
  private(set) var contents = RecordingContents()
  let map: RecordingMap
  /// What was typed at prompts, in order of time.
  private(set) var commands: [TypedCommand] = []
  /// What stood at the end.
  let screen: Screen

  /// Reads to the end. `sidecar` gets keyframes on the way; one that cannot be written is no reason to fail.
  init(
    _ reader: RecordingReader, sidecar: MapWriter? = nil, progress: (Int64, Int64?) -> Void = { _, _ in }
  ) throws(ReplayError) {
    var builder = MapBuilder(offset: 0)
    var lines = SessionLines(reader.header)
    var sidecar = sidecar
    var count = 0
    while true {
      let event: Event?
      do throws(FormatError) { event = try reader.nextEvent() } catch { throw .recording(error) }
      guard let event else { break }
      contents.add(event)
      // One terminal for both: a second one took half as long again.
      let keyframe = builder.take(event, before: lines.terminal, makesKeyframes: sidecar != nil)
      lines.append(event)
      lines.dropLines()
      commands += lines.takeCommands()
      count += 1
      if count % 256 == 0 { progress(reader.byteOffset, reader.byteCount) }
      guard let keyframe else { continue }
      do throws(ReplayError) { try sidecar?.append(keyframe) } catch { sidecar = nil }
    }
    lines.finish()
    commands += lines.takeCommands()
    commands.sort { $0.start < $1.start }
    map = builder.map
    screen = lines.terminal.screen
    do throws(ReplayError) { try sidecar?.finish(map) } catch { sidecar = nil }
    contents.findings = reader.findings
    contents.uncountedFindings = reader.uncountedFindings
  }
}
