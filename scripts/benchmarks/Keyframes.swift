// Compiled with Sources/Replay/Screen, for scripts/benchmarks/terminal: what a keyframe costs.
// usage: keyframes OUTPUT KEYFRAME: feeds raw output to a screen of 120x40, writes its keyframe, and prints the
// microseconds of CPU that one takes, encoding and restoring.
import Glibc
import Platform

@main struct Keyframes {
  static let rounds = 500

  static func main() throws {
    let words = CommandLine.arguments
    var terminal = TerminalScreen(columns: 120, rows: 40)
    terminal.feed(try File.read(words[1]))
    let bytes = Keyframe.encode(terminal)
    try File.write(bytes, to: words[2], permissions: 0o600)
    let encoding = best { _ = Keyframe.encode(terminal) }
    let restoring = best {
      // What was encoded here is no error.
      _ = try! Keyframe.restore(bytes)
    }
    print(encoding, restoring)
  }

  /// The best of three runs, in microseconds for each round.
  static func best(_ work: () -> Void) -> Double {
    (0..<3).map { _ in
      let start = clock()
      for _ in 0..<rounds { work() }
      return Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1e6 / Double(rounds)
    }.min() ?? 0
  }
}
