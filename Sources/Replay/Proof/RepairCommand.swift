import Format
import Platform

/// `ssmplay repair`
enum RepairCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "repair", summary: "Make a whole recording of a damaged or unfinished one",
      discussion: """
        Writes a new recording with every event that can be read, a table and an end. FILE stays as it is: keep it, \
        for it is the evidence. The new one has an id of its own and is not signed; its header tells FILE's name and \
        SHA-256, and events in it tell what is lost and where.
        """,
      options: [
        Option("output", short: "o", .file("OUT"), help: "The new recording"),
        Option("overwrite", help: "Replace OUT if it exists"),
      ],
      positionals: [Positional("FILE", help: "A recording, a session id or its beginning", value: .file)],
      examples: [
        Example("ssmplay repair killed.cast.gz -o whole.cast.gz", "After the recorder was killed.")
      ],
      sections: [Command.Section("Exit status", "0 written, 1 it could not be, 2 wrong arguments.")],
      run: { arguments in
        guard let output = arguments.text("output"), output != "-" else {
          return arguments.refuse("-o OUT is missing: a recording is never repaired in place")
        }
        return arguments.perform { () throws(ReplayError) in try repair(arguments, to: output, environment) }
      })
  }

  private static func repair(
    _ arguments: Arguments, to output: String, _ environment: Environment
  ) throws(ReplayError) -> Int32 {
    let path = try Workplace(environment).path(of: arguments.positionals[0])
    let file = try OutputFile(output, overwrites: arguments.has("overwrite"))
    let descriptor = try file.descriptorForWriter()
    let outcome: Repair.Outcome
    do throws(FormatError) {
      var repair = try Repair(path: path)
      outcome = try repair.write(to: descriptor, recording: .random())
    } catch {
      throw .recording(error)
    }
    try file.keep()
    FindingMessages.tell(outcome.findings, uncounted: outcome.uncountedFindings, of: path)
    let gaps =
      outcome.gapCount == 0 ? "" : ", with \(outcome.gapCount) gap\(outcome.gapCount == 1 ? "" : "s")"
    StandardError.say(
      "\(path.printable): \(outcome.summary.eventCount) events in \(output.printable)\(gaps)")
    return 0
  }
}
