import Format
import Platform

/// `ssmplay show`
enum ShowCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "show", summary: "Show what a recording holds and how whole it is",
      discussion: """
        Reads the whole recording and checks it: header, length, events, and everything that is wrong with the file, \
        each with its place. Active time leaves out pauses of more than 2 seconds.
        """,
      options: [Option("json", help: "One JSON object")],
      positionals: [
        Positional("FILE", help: "A recording, a session id or its beginning, or -", value: .file)
      ],
      examples: [
        Example("ssmplay show demo.cast.gz", "Facts and findings."),
        Example("ssmplay show --json demo.cast.gz | jq .active", "Seconds of activity."),
      ],
      sections: [
        Command.Section(
          "Exit status", "0 the recording is whole or unfinished, 1 it is damaged or unreadable.")
      ],
      run: { arguments in arguments.perform { () throws(ReplayError) in try show(arguments, environment) } })
  }

  private static func show(_ arguments: Arguments, _ environment: Environment) throws(ReplayError) -> Int32 {
    let workplace = try Workplace(environment)
    let name = Place(arguments.positionals[0], exists: File.exists).name
    let path = name == "-" ? "-" : try workplace.path(of: name)
    let reader = try workplace.open(name)
    let contents = try RecordingContents.read(reader)
    let report = RecordingReport(reader, contents, path: path)
    let output = StandardOutput()
    if arguments.has("json") {
      output.writeLine(report.json.indentedText())
    } else {
      for line in report.lines(style: workplace.style(arguments), zone: LocalTime.offsetMinutes) {
        output.writeLine(line)
      }
    }
    return output.finish(report.state == .damaged ? 1 : 0)
  }
}
