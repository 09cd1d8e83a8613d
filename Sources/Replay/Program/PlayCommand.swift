import Format
import Platform

/// `ssmplay play`, and `ssmplay FILE`
enum PlayCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "play", summary: "Play a recording",
      discussion: """
        On a terminal the screen is shown as it stood, drawn by this program: nothing of the recorded bytes reaches \
        your terminal. Keys move in any direction, search, and go to any TIME; h shows them. A screen larger than \
        your terminal is shown in part: the view follows the cursor, Ctrl and the arrows move it.

        Into a pipe the exact output goes, at its time. Where TERM is dumb, lines of text are written.

        So that going anywhere takes no time, the recording is read once in the background; of a long one the result is \
        kept in $XDG_CACHE_HOME/ssmcast (else ~/.cache/ssmcast), readable by you alone. Markers you add stand in \
        FILE.markers; the recording is never changed.

        The setting "player_keys" gives keys other meanings: words such as "quit=x,ctrl-d pause=p".
        """,
      options: [
        Option(
          "speed", short: "s", .number("N"), help: "Times as fast as recorded (0.01 to 10000; default 1)"),
        Option(
          "idle-limit", short: "i", .number("SECONDS"),
          help: "Cut pauses to this length (default: the recording's own limit, if it has one; 0: no limit)"),
        Option("log-time", help: "Show pauses by the logarithm of their length: an hour takes 8 seconds"),
        Option("at", .text("TIME"), help: "Begin at this moment, as FILE@TIME does"),
        Option("until", .text("TIME"), help: "End at this moment"),
        Option(
          "no-controls", help: "Take no keys but Ctrl-C and Ctrl-Z, show no status line, and end at the end"),
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
        Command.Section("Keys", keys),
        Command.Section(
          "Exit status",
          "0 played, 1 failed, 2 wrong arguments, 130 ended by Ctrl-C, 141 standard output was closed."),
      ],
      run: { arguments in play(arguments, environment) })
  }

  private static let speeds = 0.01...10_000.0

  private static var keys: String {
    let table = KeyBindings.standard.table
    let width = min(KeyBindings.keyColumns, table.map(\.keys.columnCount).max() ?? 0)
    return table.map { "  " + $0.keys.padded(to: width) + "  " + $0.help }.joined(separator: "\n")
      + "\n\nNames for \"player_keys\": " + PlayerAction.allCases.map(\.rawValue).joined(separator: ", ")
      + "."
  }

  private static func play(_ arguments: Arguments, _ environment: Environment) -> Int32 {
    let speed = arguments.number("speed") ?? 1
    guard speeds.contains(speed) else { return arguments.refuse("--speed must be from 0.01 to 10000") }
    if let limit = arguments.number("idle-limit"), limit < 0 || limit > 1e9 {
      return arguments.refuse("--idle-limit must be from 0 to 1000000000")
    }
    if arguments.has("log-time"), arguments.number("idle-limit") != nil {
      return arguments.refuse("--log-time and --idle-limit exclude each other")
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
      let idle = idleMode(arguments, reader.header)
      let outcome: PlaybackOutcome
      if Terminal.isTerminal(.standardOutput), environment.nonEmpty("TERM") ?? "dumb" != "dumb" {
        var options = Player.Options(
          speed: speed, idle: idle, start: start, end: end, hasControls: !arguments.has("no-controls"))
        if case .limit(let limit) = idle { options.idleLimit = limit }
        options.bindings = try workplace.keyBindings()
        outcome = try Theater(workplace, place.name).play(reader, options)
      } else {
        var loop = try StreamLoop(
          reader,
          StreamPlayer.Options(
            speed: speed, idle: idle, start: start, end: end, isText: Terminal.isTerminal(.standardOutput)))
        outcome = try loop.run()
      }
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

  private static func idleMode(_ arguments: Arguments, _ header: Header) -> IdleMode {
    if arguments.has("log-time") { return .logarithmic }
    guard let seconds = arguments.number("idle-limit") ?? header.idleTimeLimit, seconds > 0, seconds <= 1e9
    else { return .all }
    return .limit(Int64(seconds * 1_000_000))
  }

  private static func exitCode(_ outcome: PlaybackOutcome) -> Int32 {
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
