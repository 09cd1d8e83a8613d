import Format
import Platform

/// `ssmplay commands` and `ssmplay top`: what was typed at prompts.
enum CommandsCommand {
  private static let places = Positional(
    "FILE|DIR", help: "Recordings, folders or session ids (default: the recordings folder)", arity: .any,
    value: .file)
  private static let jobs = Option("jobs", .count("N"), help: "Threads (default: one a processor)")

  static func commands(_ environment: Environment) -> Command {
    Command(
      "commands", summary: "List the commands that were typed",
      discussion: """
        Commands are known by the marks of the shell (OSC 133, OSC 633), which also tell their exit status; else by the \
        brackets that bash 5.1 and others put round the editing of a line; else by prompts learnt from where the cursor \
        waits. Confidence is 1, 0.9 and 0.6. What no shell echoed, such as a password, is not there.
        """,
      options: [Option("json", help: "One JSON object a line"), jobs] + RecordingFilter.options,
      positionals: [places],
      examples: [Example("ssmplay commands demo.cast.gz", "With the time at which each was entered.")],
      sections: [
        Command.Section(
          "JSON",
          """
          {"type":"command", "file", "start" and "end" (seconds from the start; end: when the next prompt came), "exit" \
          (where known), "text", "confidence"}.
          """),
        Command.Section(
          "Exit status", "0 some found, 1 none, 2 error, also where a recording cannot be read."),
      ],
      run: { arguments in
        arguments.perform(failure: 2) { () throws(ReplayError) in
          try run(arguments, environment, isTop: false)
        }
      })
  }

  static func top(_ environment: Environment) -> Command {
    Command(
      "top", summary: "Count the commands that were typed",
      discussion:
        "The most frequent commands first, by their first word, which sudo and variables do not count as.",
      options: [
        Option("whole", help: "Count whole command lines"),
        Option("lines", short: "n", .count("N"), help: "So many at most (default: 20)"),
        Option("json", help: "One JSON object a line"), jobs,
      ] + RecordingFilter.options,
      positionals: [places],
      examples: [Example("ssmplay top --since '7d ago'", "Of one week.")],
      sections: [
        Command.Section(
          "Exit status", "0 some found, 1 none, 2 error, also where a recording cannot be read.")
      ],
      run: { arguments in
        arguments.perform(failure: 2) { () throws(ReplayError) in
          try run(arguments, environment, isTop: true)
        }
      })
  }

  private struct Found: Sendable {
    var header = Header(size: WindowSize(columns: 80, rows: 24))
    var started: Timestamp?
    var commands: [TypedCommand] = []
    var problem: String?
  }

  private static func run(
    _ arguments: Arguments, _ environment: Environment, isTop: Bool
  ) throws(ReplayError) -> Int32 {
    let workplace = try Workplace(environment)
    let filter = try RecordingFilter(arguments, workplace)
    let (paths, problems) = try recordings(arguments.positionals, workplace)
    for problem in problems { StandardError.say(problem) }
    let output = StandardOutput()
    let isTerminal = Terminal.isTerminal(.standardOutput)
    let isJSON = arguments.has("json")
    var report = SearchReport(
      isTerminal ? .headings : .lines, style: workplace.style(arguments), showsOnlyMatches: false,
      hasContext: false)
    var counts: [String: Int] = [:]
    var hasProblem = !problems.isEmpty
    var isFound = false
    let bar = ProgressBar(
      "Reading", unit: .items("recordings"), time: workplace.time, environment: environment,
      isActive: !isTerminal || isTop)
    Parallel.run(
      count: paths.count, threads: max(1, min(arguments.integer("jobs") ?? Parallel.processorCount, 256)),
      state: { () }, work: { (_: inout Void, index: Int) in read(paths[index], filter) },
      consume: { index, found in
        bar.update(Int64(index), of: Int64(paths.count))
        if let problem = found.problem {
          hasProblem = true
          bar.finish()
          StandardError.say(problem)
        }
        isFound = isFound || !found.commands.isEmpty
        if isTop {
          for command in found.commands {
            counts[key(command, isWhole: arguments.has("whole")), default: 0] += 1
          }
        } else if isJSON {
          for command in found.commands { output.writeLine(json(command, paths[index]).text) }
        } else if !found.commands.isEmpty {
          output.write(
            report.heading(paths[index], found.header, started: found.started, zone: LocalTime.offsetMinutes))
          for (row, command) in found.commands.enumerated() {
            output.write(report.lines(hit(command, row), file: paths[index], started: found.started))
          }
        }
        return output.state == .open
      })
    bar.finish()
    if isTop { write(counts, arguments, to: output) }
    return output.finish(hasProblem ? 2 : isFound ? 0 : 1, failureCode: 2)
  }

  private static func recordings(
    _ words: [String], _ workplace: Workplace
  ) throws(ReplayError) -> (paths: [String], problems: [String]) {
    var paths: [String] = []
    var problems: [String] = []
    for word in words.isEmpty ? [workplace.folder.path] : words {
      do throws(ReplayError) {
        let path = words.isEmpty || word == "-" ? word : try workplace.path(of: word)
        let survey = FolderSurvey(path)
        if survey.problems.contains(where: { $0.error == .notDirectory }) || word == "-" {
          paths.append(path)
          continue
        }
        for problem in survey.problems {
          problems.append("\(problem.path): cannot be read: \(problem.error)")
        }
        paths += (0..<survey.count).map { survey[$0].path }.sorted()
      } catch {
        problems.append(error.description)
      }
    }
    return (paths, problems)
  }

  private static func read(_ path: String, _ filter: RecordingFilter) -> Found {
    var found = Found()
    do throws(ReplayError) {
      let recording = try SearchableRecording(path)
      found.header = recording.header
      found.started = recording.started
      guard filter.accepts(recording.header, started: recording.started) else { return found }
      var session = SessionLines(recording.header)
      while let event = try recording.nextEvent() {
        session.append(event)
        session.dropLines()
        found.commands += session.takeCommands()
      }
      session.finish()
      found.commands += session.takeCommands()
      found.problem = recording.damage.map { "\(path.printable): \($0)" }
    } catch {
      found.problem = error.description
    }
    return found
  }

  private static func hit(_ command: TypedCommand, _ row: Int) -> SearchHit {
    let exit = command.exitCode.map { $0 == 0 ? "" : "  [\($0)]" } ?? ""
    return SearchHit(
      row: row + 1, microseconds: command.start * 1000, text: command.text + Array(exit.utf8), spans: [],
      spanMicroseconds: [], isContext: false, followsGap: false)
  }

  private static func json(_ command: TypedCommand, _ path: String) -> JSON {
    var members: [JSON.Member] = [
      .init("type", "command"), .init("file", .string(path)),
      .init("start", TimeText.json(command.start * 1000)),
    ]
    if let end = command.end { members.append(.init("end", TimeText.json(end * 1000))) }
    if let code = command.exitCode { members.append(.init("exit", JSON(code))) }
    members.append(.init("text", .string(String(decoding: command.text, as: UTF8.self))))
    members.append(.init("confidence", .number("\(command.evidence.confidence)")))
    return .object(members)
  }

  /// What a command counts as: its first word, past sudo and assignments; or all of it.
  static func key(_ command: TypedCommand, isWhole: Bool) -> String {
    let text = String(decoding: command.text, as: UTF8.self)
    if isWhole { return text }
    for word in text.split(separator: " ") where word != "sudo" && !word.hasPrefix("-") {
      let name = word.prefix { $0 != "=" }
      let isAssignment =
        name.count < word.count && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
      if !isAssignment { return String(word) }
    }
    return text
  }

  private static func write(_ counts: [String: Int], _ arguments: Arguments, to output: StandardOutput) {
    let limit = arguments.integer("lines") ?? 20
    let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    for (name, count) in sorted.prefix(limit) {
      if arguments.has("json") {
        let object: JSON = ["type": "count", "command": .string(name), "count": JSON(count)]
        output.writeLine(object.text)
      } else {
        let number = "\(count)"
        output.writeLine(
          String(repeating: " ", count: max(0, 7 - number.count)) + number + "  " + name.printable)
      }
    }
  }
}
