import Format
import Platform
import Testing

@testable import Replay

/// A player over events in memory, and a clock that the test moves.
final class Stage {
  var player: Player
  let time = ManualTime(timestamp: Timestamp(microseconds: 0))

  /// - Parameter events: seconds and output; `#label` is a marker, `<keys` is input, `=COLSxROWS` a new size.
  init(
    _ events: [(Double, String)], columns: Int = 40, rows: Int = 6, size: WindowSize? = nil,
    _ change: (inout Player.Options) -> Void = { _ in }
  ) throws {
    let bytes = try Self.recording(events, columns: columns, rows: rows)
    let open = { () throws(FormatError) -> RecordingReader in
      try RecordingReader(bytes, name: "demo.cast")
    }
    let map = try MapInMemory(reading: try open())
    var options = Player.Options()
    change(&options)
    var facts = Player.Facts(name: "demo.cast", started: Timestamp(microseconds: 1_700_000_000_000_000))
    facts.add(map.map)
    let tape = Tape(try open(), for: .playing, keyframes: map)
    player = Player(
      tape, facts, options: options,
      size: size ?? WindowSize(columns: columns, rows: rows + 1), now: time.instant
    ) { () throws(FormatError) in Tape(try open(), for: .searching, keyframes: map) }
    try player.open()
    try player.advance(to: time.instant)
  }

  static func recording(_ events: [(Double, String)], columns: Int, rows: Int) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let list = events.map { seconds, text -> Event in
      let codes: [Character: Event.Code] = ["#": .marker, "<": .input, "=": .resize]
      let code = text.first.flatMap { codes[$0] }
      return Event(
        microseconds: Int64(seconds * 1e6), code: code ?? .output,
        text: code == nil ? text : String(text.dropFirst()))
    }
    let path = try folder.record(
      "demo.cast", list, header: Header(size: WindowSize(columns: columns, rows: rows)))
    return try File.read(path)
  }

  func wait(_ seconds: Double) throws {
    time.advance(byMicroseconds: Int64((seconds * 1e6).rounded()))
    try player.advance(to: time.instant)
  }

  func press(_ keys: Key...) throws {
    for key in keys { _ = try player.press(key, at: time.instant) }
    while player.search != nil { try player.advance(to: time.instant) }
  }

  func request(_ key: Key) throws -> Player.Request? { try player.press(key, at: time.instant) }

  func type(_ text: String) throws {
    for scalar in text.unicodeScalars { try press(scalar == "\r" ? .enter : .character(scalar)) }
  }

  /// What the viewer sees, row by row.
  var rows: [String] {
    let frame = player.frame()
    return (0..<frame.rows).map { frame.text(row: $0) }
  }

  /// The first row: enough for recordings of one line.
  var text: String { rows.first ?? "" }
  var bottom: String { rows.last ?? "" }
}
