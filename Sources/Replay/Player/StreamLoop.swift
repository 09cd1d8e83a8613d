import Format
import Platform

/// Drives the stream player: standard output, signals and time.
struct StreamLoop: ~Copyable {
  private let reader: RecordingReader
  private var player: StreamPlayer
  private let time = SystemTime()
  private let signals: SignalDescriptor
  private let output = Descriptor.standardOutput
  private var outgoing: [UInt8] = []
  private var written = 0

  init(_ reader: RecordingReader, _ options: StreamPlayer.Options) throws(ReplayError) {
    self.reader = reader
    do throws(Errno) {
      signals = try SignalDescriptor([.interrupt, .terminate, .hangup, .quit])
    } catch {
      throw .system("signals cannot be watched", error)
    }
    player = StreamPlayer(options, now: time.instant)
    Signal.pipe.ignore()  // the write then fails instead of ending the process
  }

  /// Plays to the end or until told to stop.
  mutating func run() throws(ReplayError) -> PlaybackOutcome {
    while true {
      if written == outgoing.count {
        if player.isFinished { return .finished }
        let reader = reader
        do throws(FormatError) {
          outgoing = try player.play(until: time.instant) { () throws(FormatError) in
            try reader.nextEvent()
          }
        } catch {
          throw .recording(error)
        }
        written = 0
      }
      if let outcome = try wait() { return outcome }
    }
  }

  private mutating func wait() throws(ReplayError) -> PlaybackOutcome? {
    let wantsToWrite = written < outgoing.count
    if !wantsToWrite, player.isFinished { return .finished }
    let interests = [
      Poll.Interest(signals.descriptor.rawValue, [.readable]),
      Poll.Interest(output.rawValue, wantsToWrite ? [.writable] : []),
    ]
    do throws(Errno) {
      let limit = wantsToWrite ? nil : max(0, player.deadline.microseconds(since: time.instant))
      let ready = try Poll.wait(interests, microseconds: limit)
      if ready[0].contains(.readable), let signal = try signals.read().first {
        return signal == .interrupt ? .interrupted : .signaled(signal)
      }
      if ready[1].contains(.hangup), !wantsToWrite { return .closed }
      if ready[1].contains(.writable) || ready[1].contains(.hangup) {
        // A pipe that poll(2) calls writable takes 4,096 bytes without blocking (pipe(7), PIPE_BUF).
        let piece = Array(outgoing[written..<min(outgoing.count, written + 4096)])
        if case .wrote(let count) = try output.write(piece) { written += count }
      }
      return nil
    } catch {
      if error == .brokenPipe || error == .connectionReset || error == .inputOutput { return .closed }
      throw .system("the output cannot be written", error)
    }
  }
}
