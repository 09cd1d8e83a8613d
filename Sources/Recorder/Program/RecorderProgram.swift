import Format
import Platform

/// The program `ssmrec`: captures sessions.
public enum RecorderProgram {
  /// Runs the program.
  /// - Parameter arguments: the words after the program's name.
  /// - Returns: the exit code: 0, 1 (the session failed), 2 (usage), 70 (recording failed), or with `--return`
  ///   the session's own.
  public static func run(_ arguments: [String]) -> Int32 {
    Memory.keepPrivate()
    return Program(command, version: ProductVersion.text).run(arguments)
  }

  static let command = Command(
    "ssmrec", summary: "record AWS Session Manager sessions",
    discussion: """
      Opens sessions on machines through AWS Systems Manager and records them: what was shown and when, sealed \
      against later change. Recordings are ordinary gzip files of asciicast text; ssmplay lists, plays and \
      searches them.

      AWS's own tools are recorded too when the program session-manager-plugin of this package stands before \
      theirs on PATH.
      """,
    subcommands: [
      StartCommand.command, AttachCommand.command, AgentCommand.command, ConfigCommand.command,
      DoctorCommand.command, KeygenCommand.command,
    ],
    sections: [
      Command.Section(
        "Exit status",
        """
          0    the session ended in order
          1    the session could not be started, or was lost
          2    the command line is wrong
          70   the recording failed (fail_policy strict: no session without a recording)
        """)
    ])
}
