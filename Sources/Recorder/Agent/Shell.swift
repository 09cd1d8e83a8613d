import Platform

/// One program on a pty, from its start until the kernel has forgotten it. Nothing here waits.
final class Shell {
  /// What one read of the pty brought.
  enum Output: Equatable {
    case bytes([UInt8])
    case nothingNow
    /// No program has the terminal open any more.
    case end
  }

  private var running: TerminalProcess?
  /// The program after its terminal was closed.
  private var hungUp: ChildProcess?
  private let processID: Int32
  /// How the program ended; nil while it runs.
  private(set) var exit: ExitStatus?

  /// Starts `program` in a terminal of 80 x 24, the size until the client tells its own.
  init(_ program: ProgramInvocation) throws(AgentError) {
    do throws(Errno) {
      let process = try ChildProcess.spawn(program, onTerminalOfSize: WindowSize(columns: 80, rows: 24))
      processID = process.child.processID
      running = consume process
    } catch {
      throw error == .noSuchFile
        ? .shellMissing(path: program.program) : .system(doing: "start \(program.program)", error)
    }
  }

  /// To be watched for reading and writing; nil once the terminal is closed.
  var terminalNumber: Int32? { running?.terminal.rawValue }

  /// To be watched for reading: it becomes readable when the program ends. nil once that is known.
  var exitNumber: Int32? {
    exit != nil ? nil : running?.child.exitDescriptor.rawValue ?? hungUp?.exitDescriptor.rawValue
  }

  func read(upTo count: Int) -> Output {
    guard let result = try? running?.terminal.read(upTo: count) else { return .end }  // broken: no more comes
    switch result {
    case .bytes(let bytes): return .bytes(bytes)
    case .wouldBlock: return .nothingNow
    case .endOfFile: return .end
    }
  }

  /// Types as much of `bytes` as the terminal takes now.
  /// - Returns: the count taken; everything where nobody reads any more.
  func write(_ bytes: [UInt8]) -> Int {
    guard let result = try? running?.terminal.write(bytes) else { return bytes.count }  // see above
    switch result {
    case .wrote(let count): return count
    case .wouldBlock: return 0
    }
  }

  func resize(_ size: WindowSize) {
    try? running?.setSize(size)  // a terminal that is gone needs no size
  }

  /// Notes the end of the program if it came.
  func reap() {
    guard exit == nil else { return }
    do throws(Errno) {
      exit = try running?.child.status()
      if exit == nil { exit = try hungUp?.status() }
    } catch {
      exit = .exited(0)  // somebody else waits for this process's children: it is over, how is not known
    }
  }

  /// Closes the terminal and tells the program's group, stopped or not, that its user is gone.
  func hangUp() {
    if let process = running.take() { hungUp = process.closingTerminal() }
    guard exit == nil else { return }
    signalGroup(.hangup)
    signalGroup(.continue)
  }

  /// Ends the program's group for good.
  func kill() {
    if exit == nil { signalGroup(.kill) }
  }

  private func signalGroup(_ signal: Signal) {
    try? signal.send(to: -processID)  // a group that is gone already is what was wanted
  }
}

extension Shell {
  /// What a session of `document` runs: the configured program, one command, or the user's shell.
  static func program(
    for entry: SessionEntry, _ configuration: AgentConfiguration
  ) throws(AgentError) -> ProgramInvocation {
    let shell = try available()
    let environment = environment(from: configuration.environment, shell: shell)
    let wanted = configuration.workingDirectory ?? Host.home(configuration.environment)
    // A home folder that is missing, as containers' users often have, must not keep the shell from starting.
    let folder = (try? File.status(wanted).kind) == .directory ? wanted : "/"
    var program: ProgramInvocation
    let command = entry.value(of: .command)
    if entry.document.kind == .nonInteractiveCommands {
      // As AWS's agent does it: the words are run as they are, without a shell (protocol.md §8.2).
      guard let words = CredentialProcess.words(of: command), let name = words.first else {
        throw .badCommand
      }
      program = ProgramInvocation(name, arguments: Array(words.dropFirst()), environment: environment)
    } else if entry.document.kind == .interactiveCommands {
      program = ProgramInvocation("/bin/sh", arguments: ["-c", command], environment: environment)
    } else if let configured = configuration.program {
      program = configured
    } else {
      program = ProgramInvocation(shell, environment: environment)
    }
    if program.workingDirectory == nil { program.workingDirectory = folder }
    return program
  }

  /// The user's shell, or `/bin/sh` where that cannot be run.
  static func available() throws(AgentError) -> String {
    let shell = Host.shell
    for path in [shell, "/bin/sh"] where File.isExecutable(path) { return path }
    throw .shellMissing(path: shell)
  }

  /// What a shell inherits: everything but secrets and settings of this service, and marks of the terminal
  /// it was started from. TERM and LANG as AWS's agent sets them.
  static func environment(from inherited: Environment, shell: String) -> Environment {
    let dropped = ["AWS_", "SSMCAST_", "TERM_PROGRAM", "TMUX"]
    let ofOtherTerminal: Set<String> = [
      "COLUMNS", "LINES", "TERMCAP", "STY", "WINDOWID", "COLORTERM", "OLDPWD",
    ]
    var variables = inherited.variables.filter { variable in
      !dropped.contains { variable.key.hasPrefix($0) } && !ofOtherTerminal.contains(variable.key)
    }
    variables["TERM"] = "xterm-256color"
    variables["HOME"] = Host.home(inherited)
    variables["SHELL"] = shell
    if inherited.nonEmpty("LANG") == nil { variables["LANG"] = "C.UTF-8" }
    if inherited.nonEmpty("PATH") == nil {
      variables["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    }
    return Environment(variables)
  }
}
