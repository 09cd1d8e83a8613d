import Format
public import Platform

/// The program `ssmplay`.
public enum ReplayProgram {
  /// Runs the command that the words after the program's name ask for, and gives the exit code: 0 done (grep: found),
  /// 1 failed (grep: not found), 2 wrong arguments (grep: any error), 141 standard output was closed.
  public static func run(_ arguments: [String], environment: Environment = .current) -> Int32 {
    program(environment).run(arguments)
  }

  /// The declaration that parsing, help, man page and completions are made from.
  static func program(_ environment: Environment) -> Program {
    Program(
      Command(
        "ssmplay", summary: "Play, list, search and convert recordings of SSM sessions",
        discussion: """
          FILE is a recording: one made by ssmrec or session-manager-plugin, or an asciicast (v1, v2, v3, plain or gzip). \
          A session id or its beginning works in place of a file, - is standard input, and FILE@TIME is a moment.

          TIME is 12.5 or 90s or 1m20s or 1:20 or 1:02:03 from the start, 50%, end, marker:LABEL, or a time of day \
          such as 2026-11-21T06:31:02Z.

          Recordings are in $SSMCAST_DIR, else $XDG_DATA_HOME/ssmcast, else ~/.local/share/ssmcast.
          """,
        options: [
          Option(
            "color", .choice(ColorPolicy.allCases.map(\.rawValue)),
            help: "When to color: auto (on a terminal), always, never. NO_COLOR and CLICOLOR_FORCE are heeded"
          )
        ],
        examples: [
          Example("ssmplay demo.cast.gz", "Play a recording."),
          Example("ssmplay ls --since yesterday", "List what was recorded since yesterday."),
          Example("ssmplay grep -i 'permission denied'", "Search all recordings."),
          Example(
            "ssmplay bob-0f3c@1:20", "Play the session whose id begins so, from 1 minute 20 seconds on."),
        ],
        subcommands: [
          PlayCommand.command(environment), ListCommand.command(environment),
          ShowCommand.command(environment),
          GrepCommand.command(environment), IndexCommand.command(environment),
          CommandsCommand.commands(environment), CommandsCommand.top(environment),
          ScreenCommand.command(environment),
          ExportCommand.command(environment),
          ImportCommand.command(environment),
          VerifyCommand.command(environment), RepairCommand.command(environment),
          RedactCommand.command(environment),
          FollowCommand.command(environment),
        ]),
      version: ProductVersion.text, defaultSubcommand: "play")
  }
}
