/// A command made into a program: it answers `-h`, `--help`, `--version` and the subcommands `help` and
/// `completions` itself, and wrong arguments with exit 2.
public struct Program: Sendable {
  let command: Command
  let version: String
  let defaultSubcommand: String?

  /// - Parameters:
  ///   - command: what it does; its name is the program's.
  ///   - version: what `--version` prints behind the name.
  ///   - defaultSubcommand: takes the words where the first is no subcommand (`ssmplay FILE`).
  public init(_ command: Command, version: String, defaultSubcommand: String? = nil) {
    (self.command, self.version, self.defaultSubcommand) = (command, version, defaultSubcommand)
  }

  /// Parses the words after the program's name, runs the command they choose, and returns the exit code: the
  /// command's, 0 for help that was asked for, 2 for arguments that cannot be used.
  ///
  /// SIGPIPE is ignored from here on: writing to a closed pipe fails instead of ending the process.
  public func run(_ arguments: [String]) -> Int32 {
    Signal.pipe.ignore()
    do throws(UsageError) {
      switch try ArgumentParser.parse(self, arguments) {
      case .run(let command, let arguments): return command.run?(arguments) ?? 0
      case .version: return show("\(command.name) \(version)\n")
      case .generate(let kind): return show(generated(kind))
      case .help(let scope, let isLong):
        let style = Style(.auto, for: .standardOutput)
        return show(
          HelpText(scope, isLong: isLong, columns: Console.columns(of: .standardOutput), style).text)
      }
    } catch {
      if error.problem == .missingSubcommand, arguments.isEmpty {
        let columns = Console.columns(of: .standardError)
        let style = Style(.auto, for: .standardError)
        StandardError.writeStyled(HelpText(Scope(self), isLong: false, columns: columns, style).text)
        return 2
      }
      return refuse(error.description, commandPath: error.commandPath)
    }
  }

  /// What `run` would hand to the command, for tests of a declaration; nil where it would answer by itself.
  public func arguments(parsing words: [String]) throws(UsageError) -> Arguments? {
    guard case .run(_, let arguments) = try ArgumentParser.parse(self, words) else { return nil }
    return arguments
  }

  func generated(_ kind: BuiltIn.Generated) -> String {
    switch kind {
    case .man: ManualPage(self).text
    case .bash: BashCompletion(self).text
    case .zsh: ZshCompletion(self).text
    case .fish: FishCompletion(self).text
    }
  }

  private func show(_ text: String) -> Int32 {
    let output = StandardOutput()
    output.write(text)
    return output.finish(0)
  }
}

extension Arguments {
  /// Says on standard error what is wrong with the arguments (one line, no full stop) and where help is.
  /// - Returns: 2, the exit code for it.
  public func refuse(_ reason: String) -> Int32 { Platform.refuse(reason, commandPath: commandPath) }
}

private func refuse(_ reason: String, commandPath: [String]) -> Int32 {
  let command = commandPath.joined(separator: " ")
  StandardError.write("\(command): \(reason)\nTry '\(command) --help'.\n")
  return 2
}
