import Format
import Platform

/// `ssmplay play`, and `ssmplay FILE`
enum PlayCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "play", summary: "Play a recording",
      discussion: """
        On a terminal the recorded output is shown as it came, without what could reach further than the screen: \
        clipboard writes, titles, queries whose answers would be typed into your shell, mouse and keyboard modes. \
        Into a pipe the exact output goes, at its time.

        With --at all earlier output is written at once, so that the screen is as it was then; a long recording takes a moment \
        for it, and so does going back.
        """,
      options: [
        Option(
          "speed", short: "s", .number("N"), help: "Times as fast as recorded (0.01 to 10000; default 1)"),
        Option(
          "idle-limit", short: "i", .number("SECONDS"),
          help: "Cut pauses to this length (default: the recording's own limit, if it has one; 0: no limit)"),
        Option("at", .text("TIME"), help: "Begin at this moment, as FILE@TIME does"),
        Option("until", .text("TIME"), help: "End at this moment"),
        Option("no-controls", help: "Take no keys but Ctrl-C and Ctrl-Z"),
      ],
      positionals: [
        Positional(
          "FILE", help: "A recording or FILE@TIME, a session id or its beginning, or -", value: .file)
      ],
      examples: [
        Example(
          "ssmplay play --idle-limit 2 --speed 2 demo.cast.gz", "Twice as fast, no pause over 2 seconds."),
        Example("ssmplay demo.cast.gz@marker:deploy", "From a marker on."),
        Example("zcat demo.cast.gz | ssmplay play -", "From a pipe; the keys still work."),
      ],
      sections: [
        Command.Section("Keys", PlayerHelp.table),
        Command.Section(
          "Exit status",
          "0 played, 1 failed, 2 wrong arguments, 130 ended by Ctrl-C, 141 standard output was closed."),
      ],
      run: { arguments in play(arguments, environment) })
  }

  private static let speeds = 0.01...10_000.0

  private static func play(_ arguments: Arguments, _ environment: Environment) -> Int32 {
    let speed = arguments.number("speed") ?? 1
    guard speeds.contains(speed) else { return arguments.refuse("--speed must be from 0.01 to 10000") }
    if let limit = arguments.number("idle-limit"), limit < 0 || limit > 1e9 {
      return arguments.refuse("--idle-limit must be from 0 to 1000000000")
    }
    return arguments.perform { () throws(ReplayError) in
      let workplace = try Workplace(environment)
      let place = Place(arguments.positionals[0], exists: File.exists)
      try suggestSubcommand(place.name, arguments)
      let reader = try workplace.open(place.name)
      let at = try arguments.moment("at") ?? place.moment
      let until = try arguments.moment("until")
      let scale = try workplace.scale(for: [at, until], of: reader, name: place.name)
      let start = try scale.place(at) ?? 0
      let end = try scale.place(until)
      if let end, end < start {
        throw .emptyRange(from: TimeText.clock(start), until: TimeText.clock(end))
      }
      let isTerminal = Terminal.isTerminal(.standardOutput)
      if isTerminal { warn(ofSize: reader.header.size) }
      let options = Player.Options(
        speed: speed, idleLimit: idleLimit(arguments.number("idle-limit") ?? reader.header.idleTimeLimit),
        start: start, end: end, isRaw: !isTerminal, canRewind: reader.byteCount != nil)
      var loop = try PlaybackLoop(reader, options: options, takesKeys: !arguments.has("no-controls")) {
        markers(of: place.name, workplace)
      }
      let outcome = try loop.run()
      // After playing, so that it does not disturb the picture.
      if outcome == .finished {
        FindingMessages.tell(reader.findings, uncounted: reader.uncountedFindings, of: place.name)
      }
      return exitCode(outcome)
    }
  }

  /// The word after the program may be a subcommand that was mistyped.
  private static func suggestSubcommand(_ name: String, _ arguments: Arguments) throws(ReplayError) {
    guard let subcommand = arguments.similarSubcommand, name != "-", !File.exists(name) else { return }
    throw .mistypedSubcommand(name, subcommand)
  }

  private static func idleLimit(_ seconds: Double?) -> Int64? {
    guard let seconds, seconds > 0, seconds <= 1e9 else { return nil }
    return Int64(seconds * 1_000_000)
  }

  private static func warn(ofSize recorded: WindowSize) {
    guard let size = Terminal.size(of: .standardOutput), recorded.columns > 0, recorded.rows > 0,
      size.columns < recorded.columns || size.rows < recorded.rows
    else { return }
    StandardError.say(
      "recorded at \(recorded), this terminal is \(size): full-screen programs will look broken; enlarge it")
  }

  private static func markers(of name: String, _ workplace: Workplace) -> [MomentScale.Marker] {
    guard name != "-" else { return [] }
    do throws(ReplayError) {
      return try RecordingContents.read(try workplace.open(name)).markers
    } catch {
      return []  // the file was readable a moment ago; without it the key has nowhere to go
    }
  }

  private static func exitCode(_ outcome: PlaybackLoop.Outcome) -> Int32 {
    switch outcome {
    case .finished: return 0
    case .interrupted: return 130
    case .closed: return StandardOutput.closedPipeExitCode
    case .signaled(let signal):
      signal.raiseWithDefaultAction()
      return 128 + signal.rawValue
    }
  }
}
