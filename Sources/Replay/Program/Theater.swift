import Format
import Platform

/// Puts a player together for a terminal: the recording, its map, its markers.
struct Theater {
  private let workplace: Workplace
  private let name: String
  /// nil: standard input.
  private let path: String?

  init(_ workplace: Workplace, _ name: String) throws(ReplayError) {
    self.workplace = workplace
    self.name = name
    path = name == "-" ? nil : try workplace.path(of: name)
  }

  /// Plays, and prints what the viewer noted.
  func play(_ reader: RecordingReader, _ options: Player.Options) throws(ReplayError) -> PlaybackOutcome {
    var facts = Player.Facts(name: name, started: reader.started, length: reader.summary?.microseconds)
    facts.zone = reader.started.map { LocalTime.offsetMinutes(at: $0) } ?? 0
    var surroundings = PlaybackLoop.Surroundings()
    surroundings.markers = path.map { MarkerFile(recording: $0) }
    facts.add(surroundings.markers?.read() ?? [])
    let map = try readyMap(reader, &surroundings)
    if let map { facts.add(map.map) }
    findCommands(reader, &facts, &surroundings)
    let tape = Tape(reader, for: .playing, keyframes: map)
    let size = Terminal.size(of: .standardOutput) ?? WindowSize(columns: 80, rows: 24)
    let player = Player(tape, facts, options: options, size: size, now: workplace.time.instant) {
      () throws(FormatError) in
      // Of a pipe, what has come so far is searched.
      if path == nil, let copy = Tape(searching: tape) { return copy }
      return Tape(try RecordingReader(path: path ?? name), for: .searching, keyframes: tape.keyframes)
    }
    var loop = try PlaybackLoop(player, surroundings)
    let outcome = try loop.run()
    let output = StandardOutput()
    if !options.hasControls, outcome == .finished {
      // What was shown is gone with the other screen: its end stays.
      for line in Thumbnail.screen(tape.screen) { output.writeLine(line) }
    }
    for note in loop.notes { output.writeLine(note) }
    _ = output.finish(0)
    return outcome
  }

  /// The map of a recording that is short, or whose map is in the cache; of another one it is begun.
  private func readyMap(
    _ reader: RecordingReader, _ surroundings: inout PlaybackLoop.Surroundings
  ) throws(ReplayError) -> (any MapSource)? {
    guard let path else { return nil }
    if MapCache.isShort(reader) {
      do throws(FormatError) {
        return try MapInMemory(reading: try RecordingReader(path: path))
      } catch {
        throw .recording(error)
      }
    }
    let cache = MapCache(workplace.environment)
    guard let sidecar = cache.path(ofRecording: path) else { return nil }
    if let file = MapFile(sidecar) { return file }
    surroundings.map = (BackgroundMap(recording: path, cache: cache, sidecar: sidecar), sidecar)
    return nil
  }

  /// The commands of a long recording: from the cache, else they are being looked for.
  private func findCommands(
    _ reader: RecordingReader, _ facts: inout Player.Facts, _ surroundings: inout PlaybackLoop.Surroundings
  ) {
    guard let path, !MapCache.isShort(reader) else { return }
    let file = MapCache(workplace.environment).path(ofRecording: path).map { CommandsFile(beside: $0) }
    if let known = file?.read() {
      facts.commands = known
    } else {
      surroundings.commands = BackgroundCommands(recording: path, keeping: file)
    }
  }
}
