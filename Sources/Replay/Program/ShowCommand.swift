import Format
import Platform

/// `ssmplay show`
enum ShowCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "show", summary: "Show what a recording holds and how whole it is",
      discussion: """
        Reads the whole recording and checks it: header, length, events, what the seals prove, and everything that is \
        wrong with the file, each with its place. Active time leaves out pauses of more than 2 seconds. The line of bars \
        is output over time; added markers are those of FILE.markers. The first commands follow, with their exit status in brackets where the shell told one that \
        is not 0, and on a terminal the last screen.
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
    let progress = ProgressBar(
      "Reading", unit: .bytes, time: workplace.time, environment: environment)
    let cache = MapCache(environment)
    let survey = try RecordingSurvey(
      reader, sidecar: name == "-" ? nil : cache.missing(for: reader, at: path)
    ) { done, total in progress.update(done, of: total) }
    progress.finish()
    if name != "-", reader.summary != nil, !MapCache.isShort(reader) {
      cache.path(ofRecording: path).map { CommandsFile(beside: $0) }?.write(survey.commands.map(\.marker))
    }
    var report = RecordingReport(reader, survey.contents, path: path)
    report.activity = survey.map
    if name != "-" {
      report.addedMarkers = MarkerFile(recording: path).read()
      report.verification = try verification(path)
    }
    let output = StandardOutput()
    if arguments.has("json") {
      let members = (report.json.members ?? []) + ShownCommands(survey.commands).json
      output.writeLine(JSON.object(members).indentedText())
    } else {
      for line in report.lines(style: workplace.style(arguments), zone: LocalTime.offsetMinutes) {
        output.writeLine(line)
      }
      let style = workplace.style(arguments)
      for line in ShownCommands(survey.commands).lines(name: name, style: style) { output.writeLine(line) }
      if Terminal.isTerminal(.standardOutput) {
        let lines = Thumbnail.lines(
          survey.screen, columns: Console.columns(of: .standardOutput), rows: 12, hasColor: style.isOn)
        if !lines.isEmpty { output.writeLine(style.dim("last screen")) }
        for line in lines { output.writeLine(line) }
      }
    }
    return output.finish(report.state == .damaged ? 1 : 0)
  }

  /// The proof of a sealed recording; nil where there is nothing to be proved.
  private static func verification(_ path: String) throws(ReplayError) -> Verification? {
    do throws(FormatError) {
      return try Verifier.verify(path: path, keys: [])
    } catch {
      throw .recording(error)
    }
  }
}
