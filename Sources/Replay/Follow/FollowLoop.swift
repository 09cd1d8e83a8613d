import Format
import Platform

/// Shows a growing recording: looks at the file ten times a second, and gives the terminal back on every way out.
struct FollowLoop: ~Copyable {
  /// How following ended.
  enum Outcome: Equatable {
    case ended(RecordingSummary?)
    /// A key asked for it.
    case quit
    case interrupted
    /// The reader of standard output went away.
    case closed
    case signaled(Signal)
  }

  /// Microseconds between two looks: the writer flushes once a second.
  private static let interval: Int64 = 100_000

  let isTerminal = Terminal.isTerminal(.standardOutput)
  private let follower: RecordingFollower
  private let output = StandardOutput()
  private let signals: SignalDescriptor
  private var rawMode: RawMode?
  private let hasKeys: Bool
  private var keys = PlayerKeyDecoder()
  private var filter = SafeOutput()

  init(_ follower: RecordingFollower) throws(ReplayError) {
    self.follower = follower
    do throws(Errno) {
      signals = try SignalDescriptor([.interrupt, .terminate, .hangup, .quit])
    } catch {
      throw .system("signals cannot be watched", error)
    }
    // Raw mode is for the picture too: the terminal would put a carriage return before each line feed.
    rawMode = isTerminal && Terminal.isTerminal(.standardInput) ? RawMode(.standardInput) : nil
    hasKeys = rawMode != nil
  }

  mutating func run() throws(ReplayError) -> Outcome {
    defer {
      if isTerminal { output.write(filter.reset) }
      output.flush()
      rawMode?.restore()
    }
    while true {
      let step: RecordingFollower.Step
      do throws(FormatError) { step = try follower.next() } catch { throw .recording(error) }
      var isWaiting = false
      switch step {
      case .events(let events): show(events)
      case .waiting:
        output.flush()
        isWaiting = true
      case .ended(let summary): return .ended(summary)
      }
      if output.state != .open { return .closed }
      if let outcome = try wait(isWaiting ? Self.interval : 0) { return outcome }
    }
  }

  private mutating func show(_ events: [Event]) {
    var bytes: [UInt8] = []
    for event in events where event.code == .output || event.code == .standardError {
      if isTerminal { filter.append(event.bytes, to: &bytes) } else { bytes += event.bytes }
    }
    output.write(bytes)
  }

  /// Waits for keys and signals, or until it is time to look again.
  private mutating func wait(_ microseconds: Int64) throws(ReplayError) -> Outcome? {
    var interests = [
      Poll.Interest(signals.descriptor.rawValue, [.readable]),
      // A pipe whose reader has gone reports it without being asked.
      Poll.Interest(Descriptor.standardOutput.rawValue, []),
    ]
    if hasKeys { interests.append(Poll.Interest(Descriptor.standardInput.rawValue, [.readable])) }
    do throws(Errno) {
      let ready = try Poll.wait(interests, microseconds: microseconds)
      if ready[0].contains(.readable), let signal = try signals.read().first {
        return signal == .interrupt ? .interrupted : .signaled(signal)
      }
      if ready[1].contains(.hangup) { return .closed }
      guard ready.count > 2, !ready[2].isEmpty else { return nil }
      guard case .bytes(let bytes) = try Descriptor.standardInput.read(upTo: 256) else { return .closed }
      for key in keys.keys(in: bytes) {
        if key == .quit { return .quit }
        if key == .interrupt { return .interrupted }
      }
      return nil
    } catch {
      throw .system("the terminal cannot be watched", error)
    }
  }

  /// The exit code, also where standard output failed.
  func finish(_ code: Int32) -> Int32 { output.finish(code) }
}
