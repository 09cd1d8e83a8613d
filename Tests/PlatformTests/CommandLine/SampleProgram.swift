import Platform

/// A program with every kind of option and place, in the manner of ssmplay.
enum SampleProgram {
  static let color = Option("color", .choice(["auto", "always", "never"]), help: "When to use color")

  static let play = Command(
    "play", summary: "Play a recording on this terminal",
    discussion: "FILE is a recording.\n\nKeys:\n\n  space    pause\n  q        quit",
    options: [
      Option("speed", short: "s", .number("N"), help: "Play N times as fast"),
      Option("at", .text("TIME"), help: "Begin at TIME"),
      Option("no-controls", help: "Take no keys"),
    ],
    positionals: [Positional("FILE", help: "The recording; - is standard input", value: .file)]
  ) { _ in 0 }

  static let grep = Command(
    "grep", summary: "Search what was on the screen",
    discussion: "Searches all recordings, or those below the given files and folders.",
    options: [
      Option("ignore-case", short: "i", help: "Take upper and lower case as the same"),
      Option("files-with-matches", short: "l", help: "Only name the recordings\nEach is named once."),
      Option("regexp", short: "e", .text("PATTERN"), help: "A pattern", repeats: true),
      Option("file", short: "f", .file("FILE"), help: "Patterns from FILE, one a line", repeats: true),
      Option("max-count", short: "m", .count("NUM"), help: "Stop a recording after NUM lines"),
      Option("in", .choice(["output", "input", "commands", "title"]), help: "Where to search"),
      Option("index", help: "Use the index"),
      Option("index-folder", .folder("DIR"), help: "The index's folder"),
      Option("skeleton", .optionalChoice(["input", "output"]), help: "Print a skeleton"),
      Option("debug-dump", help: "For developers", hidden: true),
      Option("since", .text("DATE"), help: "Only recordings from DATE on", group: "Filters"),
    ],
    positionals: [
      Positional("PATTERN", help: "What to search", arity: .optional),
      Positional("PATH", help: "Where to search", arity: .any, value: .file),
    ],
    examples: [
      Example("sample grep -i 'access denied'", "All refusals, whatever the letter case"),
      Example("sample grep --in commands 'rm -rf' ~/rec", "Deletions that were typed"),
    ],
    sections: [Command.Section("Exit status", "0 found, 1 not found, 2 error.")]
  ) { arguments in Int32(arguments.positionals.count) }

  static let export = Command(
    "export", summary: "Write a recording in another format",
    options: [
      Option("to", .choice(["v1", "v2", "v3", "raw", "txt", "ttyrec", "script"]), help: "The format"),
      Option("output", short: "o", .file("OUT"), help: "Where to write"),
    ],
    positionals: [
      Positional("FILE", help: "The recording", value: .file),
      Positional("KIND", help: "What of it", arity: .optional, value: .choice(["all", "part"])),
    ]
  ) { _ in 0 }

  static let program = Program(
    Command(
      "sample", summary: "Play and search recordings of terminal sessions",
      discussion: "A recording is an asciicast file.", options: [color],
      examples: [Example("sample demo.cast", "Plays a recording")],
      subcommands: [
        play, grep, export,
        Command(
          "remote", summary: "Recordings elsewhere",
          subcommands: [
            Command(
              "list", summary: "List them", options: [Option("all", short: "a", help: "Also hidden ones")],
              positionals: [Positional("STORE", help: "Where", arity: .atLeastOne, value: .folder)]
            ) { _ in 0 }
          ]),
        Command("secret", summary: "For developers", hidden: true) { _ in 7 },
      ],
      sections: [Command.Section("Files", "~/.local/share/sample")]),
    version: "1.2.3", defaultSubcommand: "play")
}
