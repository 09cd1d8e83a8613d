import Format
import Platform

/// `ssmplay follow`
enum FollowCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "follow", summary: "Watch a recording while it is being made",
      discussion: """
        Shows what there is so far at once, and then what comes, up to a second after it happened; ends when the \
        recording is closed. On a terminal that is the screen as it stands, and q or Ctrl-C ends; into a pipe the \
        exact output goes.
        """,
      positionals: [Positional("FILE", help: "A recording, a session id or its beginning", value: .file)],
      examples: [
        Example("ssmplay follow ada-08cb", "Look over the shoulder of a session."),
        Example("ssmplay follow ada-08cb | grep --line-buffered -i error", "In a pipe."),
      ],
      sections: [
        Command.Section(
          "Exit status",
          "0 the recording was closed, or q was pressed, 1 failed, 2 wrong arguments, 130 ended by Ctrl-C, 141 "
            + "standard output was closed.")
      ],
      run: { arguments in
        arguments.perform { () throws(ReplayError) in try follow(arguments, environment) }
      })
  }

  private static func follow(_ arguments: Arguments, _ environment: Environment) throws(ReplayError) -> Int32
  {
    let path = try Workplace(environment).path(of: arguments.positionals[0])
    let follower: RecordingFollower
    do throws(FormatError) { follower = try RecordingFollower(path: path) } catch { throw .recording(error) }
    var loop = try FollowLoop(follower)
    let outcome = try loop.run()
    FindingMessages.tell(follower.findings.filter(\.isDamage), uncounted: 0, of: path)
    switch outcome {
    case .ended(let summary):
      if loop.isTerminal {
        let how = summary.map { ": \($0.reason) after \(TimeText.clock($0.microseconds))" } ?? ""
        StandardError.say("the recording has ended\(how)")
      }
      return loop.finish(0)
    case .quit: return loop.finish(0)
    case .interrupted: return loop.finish(130)
    case .closed: return StandardOutput.closedPipeExitCode
    case .signaled(let signal):
      signal.raiseWithDefaultAction()
      return 128 + signal.rawValue
    }
  }
}
