import Format
import Platform

/// `ssmplay grep`: its declaration.
enum GrepCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "grep", summary: "Search what recordings showed",
      discussion: """
        Searches the lines that could be read on the screen: each recording is followed on a terminal, so that typed, \
        corrected, wrapped and drawn text reads as it stood. A line counts if it stood for a quarter of a second, scrolled \
        off, or stood at the end. The newest recordings come first. What the search index has is not read again; what it \
        lacks is read, and added for the recordings folder and folders that were indexed (see ssmplay index).

        PATTERN is a regular expression in the syntax of ripgrep: literals, . [classes] \\d \\w \\s \\b \\p{Greek} ^ $ groups \
        | * + ? {m,n} (?i). Every search takes time in proportion to the text, whatever the pattern; back-references and \
        look-around are therefore refused.

        On a terminal: a heading for each recording, then TIME and text. Into a pipe: FILE@TIME:text, where FILE@TIME can be \
        given to ssmplay. TIME is the first moment the match was whole.
        """,
      options: matching + printing + RecordingFilter.options,
      positionals: [
        Positional("PATTERN", help: "A regular expression, unless -e or -f gives one", arity: .optional),
        Positional(
          "FILE|DIR", help: "Recordings, folders or session ids (default: the recordings folder)",
          arity: .any, value: .file),
      ],
      examples: [
        Example("ssmplay grep 'sudo .*systemctl'", "In all recordings."),
        Example("ssmplay grep -i -C 5s error demo.cast.gz", "With what was shown within 5 seconds."),
        Example("ssmplay grep -l --since '2d ago' -F 'rm -rf'", "Only the names of recordings."),
        Example("ssmplay grep --json timeout | jq -r 'select(.type == \"match\") | .text'", "For programs."),
      ],
      sections: [
        Command.Section(
          "JSON",
          """
          One object a line. {"type":"match", "file", "time" (seconds from the start), "row" (number of the line in the \
          recording, from 1), "text", "spans" (byte ranges of the matches in the UTF-8 of text), "at" (time of day, where \
          known)}; "context" likewise; with -c {"type":"count", "file", "count"}, with -l and -L {"type":"file", "file"}; \
          last {"type":"summary", "searched", "scanned" (read themselves, not found by the index), "matched", "matches", \
          "filtered", "skipped" and "damaged" (each with file and cause), "gone" (since they were indexed), \
          "damaged_index", "blocks" and "block_bytes" (read from the index), "elapsed"}.
          """),
        Command.Section(
          "Exit status",
          "0 found, 1 not found, 2 error (with -q and something found: 0), also where a file is damaged."),
      ],
      run: { arguments in GrepRun.run(arguments, environment) })
  }

  private static let matching = [
    Option(
      "regexp", short: "e", .text("PATTERN"), help: "A pattern", repeats: true),
    Option("file", short: "f", .file("FILE"), help: "Patterns from a file, one a line", repeats: true),
    Option("fixed-strings", short: "F", help: "PATTERN is text, not a regular expression"),
    Option("ignore-case", short: "i", help: "Upper and lower case are alike"),
    Option("smart-case", short: "S", help: "Like -i, unless the pattern has an upper-case letter"),
    Option("word-regexp", short: "w", help: "Matches are whole words"),
    Option("line-regexp", short: "x", help: "Matches are whole lines"),
    Option("invert-match", short: "v", help: "Find the lines that do not match"),
    Option(
      "in", .choice(SearchQuery.Source.allCases.map(\.rawValue)),
      help: "What to search: screen (default), output as it came, input (typed keys), commands, title"),
    Option("no-index", help: "Read the recordings themselves, and leave the index alone"),
    Option(
      "transient", help: "Also find what was typed and removed, or shown for a moment (reads the recordings)"),
    Option("jobs", .count("N"), help: "Threads (default: one a processor)"),
  ]

  private static let printing = [
    Option(
      "count", short: "c",
      help: "Only the number of lines found in each recording; in folders, of those with any", group: "Output"
    ),
    Option(
      "files-with-matches", short: "l", help: "Only names of recordings with something found", group: "Output"
    ),
    Option(
      "files-without-match", short: "L", help: "Only names of recordings with nothing found", group: "Output"),
    Option("only-matching", short: "o", help: "Only the matches, each on a line", group: "Output"),
    Option("max-count", short: "m", .count("N"), help: "At most N lines of each recording", group: "Output"),
    Option("quiet", short: "q", help: "No output; end at the first line found", group: "Output"),
    Option(
      "after-context", short: "A", .text("N|Ns"), help: "N lines, or seconds, after each", group: "Output"),
    Option(
      "before-context", short: "B", .text("N|Ns"), help: "N lines, or seconds, before each", group: "Output"),
    Option("context", short: "C", .text("N|Ns"), help: "Both", group: "Output"),
    Option("repeats", help: "Tell a line each time a program draws it with other numbers", group: "Output"),
    Option("json", help: "One JSON object a line", group: "Output"),
    Option("stats", help: "Say on standard error what was searched", group: "Output"),
  ]
}
