import Format
import Platform

/// `ssmplay ls`
enum ListCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "ls", summary: "List recordings",
      discussion: """
        On a terminal a table, with start in local time. Into a pipe one line a recording with tabs between the fields: \
        start (UTC), seconds, bytes, state, target, user, document, session id, title, path.

        STATE is how the recording ended (closed, interrupted, disconnected, failed, imported), or unfinished (it has \
        no end: still being written, or its recorder was killed), damaged, or unsealed (an asciicast of another tool).
        """,
      options: RecordingFilter.options + [
        Option(
          "sort", .choice(["time", "duration", "size"]),
          help: "Order: time (default), duration or size; largest last"),
        Option("json", help: "One JSON object a line and recording"),
      ],
      positionals: [Positional("DIR", help: "A folder of recordings", arity: .optional, value: .folder)],
      examples: [
        Example("ssmplay ls --since yesterday --target 'i-0abc*'", "Recent sessions to some instances."),
        Example("ssmplay ls --sort size", "The largest recordings last."),
        Example(
          "ssmplay ls --json | jq -r 'select(.duration > 3600).file'", "Sessions of more than an hour."),
      ],
      run: { arguments in arguments.perform { () throws(ReplayError) in try list(arguments, environment) } })
  }

  private static func list(_ arguments: Arguments, _ environment: Environment) throws(ReplayError) -> Int32 {
    let workplace = try Workplace(environment)
    let filter = try RecordingFilter(arguments, workplace)
    let folder = arguments.positionals.first.map { RecordingFolder(path: $0) } ?? workplace.folder
    if let name = arguments.positionals.first, !File.exists(name) {
      throw .cannotRead(path: name, .noSuchFile)
    }
    var failures = 0
    var list: [RecordingFacts] = []
    let paths: [String]
    do throws(FormatError) { paths = try folder.recordings() } catch { throw .recording(error) }
    let progress = ProgressBar(
      "Reading", unit: .items("recordings"), time: workplace.time, environment: environment)
    for (index, path) in paths.enumerated() {
      progress.update(Int64(index), of: Int64(paths.count))
      do throws(ReplayError) {
        let reader = try workplace.open(path)
        guard filter.accepts(reader.header, started: reader.started) else { continue }
        list.append(try RecordingFacts(reader, path: path))
      } catch {
        progress.finish()
        StandardError.say(error.description)
        failures += 1
      }
    }
    progress.finish()
    sort(&list, by: arguments.text("sort") ?? "time")
    return print(list, arguments, workplace, isEmptyFolder: paths.isEmpty ? folder.path : nil)
      .finish(failures == 0 ? 0 : 1)
  }

  private static func sort(_ list: inout [RecordingFacts], by order: String) {
    switch order {
    case "duration": list.sort { $0.microseconds < $1.microseconds }
    case "size": list.sort { ($0.byteCount ?? 0) < ($1.byteCount ?? 0) }
    default:
      list.sort { ($0.started?.microseconds ?? 0, $0.path) < ($1.started?.microseconds ?? 0, $1.path) }
    }
  }

  private static func print(
    _ list: [RecordingFacts], _ arguments: Arguments, _ workplace: Workplace, isEmptyFolder: String?
  ) -> StandardOutput {
    let output = StandardOutput()
    if arguments.has("json") {
      for facts in list { output.writeLine(JSON.object(facts.json).text) }
    } else if !Terminal.isTerminal(.standardOutput) {
      for facts in list { output.writeLine(RecordingTable.fields(facts)) }
    } else if let folder = isEmptyFolder {
      StandardError.say("no recordings in \(folder.printable)")
    } else if !list.isEmpty {
      let style = workplace.style(arguments)
      let lines = RecordingTable.lines(
        list, style: style, zone: LocalTime.offsetMinutes, width: Terminal.size(of: .standardOutput)?.columns)
      for line in lines { output.writeLine(line) }
    }
    return output
  }
}
