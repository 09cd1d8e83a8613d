import Format
import Platform

/// Plays a recording into a pipe as a pure machine: each output at its time, exactly as it was recorded; or, for a
/// terminal that can draw nothing (TERM=dumb), as lines of text.
struct StreamPlayer {
  struct Options: Equatable, Sendable {
    /// Recorded seconds shown in one second.
    var speed: Double
    var idle: IdleMode
    /// Microseconds: what came up to here is written at once.
    var start: Int64
    /// Microseconds: what comes later is not written.
    var end: Int64?
    var isText: Bool
  }

  /// One call of `play` gives little more than this many bytes.
  static let portion = 1 << 16

  private let options: Options
  private(set) var isFinished = false
  /// The moment up to which time has been counted.
  private var clock: Instant
  /// Microseconds of waiting that were done and are not used up.
  private var waited = 0.0
  /// Recorded time of the last event written, in microseconds.
  private var position: Int64 = 0
  private var pending: Event?
  private var lines = LineAssembler(.output, columns: 80)

  init(_ options: Options, now: Instant) {
    self.options = options
    clock = now
  }

  /// Advances to `now` and gives what is to be written. `next` is asked for events as they are needed; nil is the end.
  mutating func play<Failure: Error>(
    until now: Instant, from next: () throws(Failure) -> Event?
  ) throws(Failure) -> [UInt8] {
    waited += Double(max(0, now.microseconds(since: clock))) * options.speed
    clock = now
    var output: [UInt8] = []
    while output.count < Self.portion, !isFinished {
      if pending == nil { pending = try next() }
      guard let event = pending, event.microseconds <= options.end ?? .max else {
        isFinished = true
        finish(&output)
        break
      }
      let shown = gap(before: event)
      guard shown <= waited else { break }
      waited -= shown
      position = max(position, event.microseconds, options.start)
      pending = nil
      if event.code == .output || event.code == .standardError { write(event, to: &output) }
    }
    return output
  }

  private func gap(before event: Event) -> Double {
    event.microseconds <= options.start
      ? 0 : options.idle.shown(event.microseconds - max(position, options.start))
  }

  private mutating func write(_ event: Event, to output: inout [UInt8]) {
    guard options.isText else {
      output += event.bytes
      return
    }
    lines.append(event.bytes, at: event.microseconds)
    takeLines(&output)
  }

  private mutating func takeLines(_ output: inout [UInt8]) {
    for line in lines.lines { output += line.last.bytes + [0x0D, 0x0A] }
    lines.lines = []
  }

  private mutating func finish(_ output: inout [UInt8]) {
    guard options.isText else { return }
    lines.finish()
    takeLines(&output)
  }

  /// When `play` has something new.
  var deadline: Instant {
    guard !isFinished, let event = pending else { return clock }
    let wait = max(0, gap(before: event) - waited) / options.speed
    return clock.advanced(byMicroseconds: Int64(min(wait, 1e15).rounded(.up)))
  }
}
