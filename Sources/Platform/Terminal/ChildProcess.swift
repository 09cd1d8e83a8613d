import CLinux
import Glibc

/// How a program ended.
public enum ExitStatus: Equatable, Sendable {
  /// It ended by itself, with a status.
  case exited(Int32)
  /// A signal ended it.
  case signaled(Signal)

  /// The number a shell would show: the exit code, or 128 and the signal.
  public var shellCode: Int32 {
    switch self {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal.rawValue
    }
  }
}

/// What to start, and with what.
public struct ProgramInvocation: Sendable, Equatable {
  /// A path, or a name to be looked up in this process's `PATH`.
  public var program: String
  /// Without the program's own name.
  public var arguments: [String]
  /// `argv[0]`; nil for the program's path. A login shell's begins with a dash.
  public var name: String?
  /// The environment that it gets.
  public var environment: Environment
  /// nil for this process's own.
  public var workingDirectory: String?

  /// A program with all it is started with.
  public init(
    _ program: String, arguments: [String] = [], name: String? = nil, environment: Environment,
    workingDirectory: String? = nil
  ) {
    self.program = program
    self.arguments = arguments
    self.name = name
    self.environment = environment
    self.workingDirectory = workingDirectory
  }
}

/// A program on a pty of its own, and the pty's master end, which is non-blocking.
public struct TerminalProcess: ~Copyable, Sendable {
  /// The program.
  public let child: ChildProcess
  /// Our end of its terminal.
  public let terminal: Descriptor

  init(child: consuming ChildProcess, terminal: consuming Descriptor) {
    self.child = child
    self.terminal = terminal
  }

  /// Closes the master end, which hangs up on all programs that have this terminal, and keeps the child.
  public consuming func closingTerminal() -> ChildProcess { child }

  /// Tells the terminal its new size (see `Terminal.setSize`).
  public borrowing func setSize(_ size: WindowSize) throws(Errno) { try Terminal.setSize(size, of: terminal) }
}

/// A running program. It is not ended when this value goes away.
public struct ChildProcess: ~Copyable, Sendable {
  /// The number of its process.
  public let processID: Int32
  /// Becomes readable when the program ends (pidfd_open(2)).
  public let exitDescriptor: Descriptor

  /// Standard streams of a child: descriptors of this process, or nil for `/dev/null`.
  public struct Streams: Sendable {
    /// Becomes standard input; nil: `/dev/null`.
    public var input: Int32?
    /// Becomes standard output; nil: ours.
    public var output: Int32?
    /// Becomes standard error; nil: ours.
    public var error: Int32?
    /// Descriptors stay this process's own: the child gets copies.
    public init(input: Int32?, output: Int32?, error: Int32?) {
      (self.input, self.output, self.error) = (input, output, error)
    }
  }

  /// Starts a program with the given standard streams.
  /// - Parameters:
  ///   - invocation: the program, its arguments, folder and environment.
  ///   - streams: what becomes its input, output and error.
  ///   - inNewSession: whether it leads a session, and so a process group, of its own: without a terminal,
  ///     and out of reach of this process's Ctrl-C.
  public static func spawn(
    _ invocation: ProgramInvocation, streams: Streams, inNewSession: Bool = false
  ) throws(Errno) -> ChildProcess {
    // Standard descriptors are moved out of the way first: one may be replaced before another is made from
    // it.
    var moved: [Int32?] = []
    defer { for case .some(let number) in moved { _ = Glibc.close(number) } }
    for source in [streams.input, streams.output, streams.error] {
      let isStandard = source.map { $0 <= STDERR_FILENO } ?? false
      moved.append(isStandard ? try retryingInterrupts { fcntl(source ?? 0, F_DUPFD_CLOEXEC, 3) } : nil)
    }
    let sources = [moved[0] ?? streams.input, moved[1] ?? streams.output, moved[2] ?? streams.error]
    return try spawn(invocation, newSession: inNewSession) { actions in
      for (target, source) in sources.enumerated() {
        if let source {
          posix_spawn_file_actions_adddup2(&actions, source, Int32(target))
        } else {
          posix_spawn_file_actions_addopen(&actions, Int32(target), "/dev/null", O_RDWR, 0)
        }
      }
    }
  }

  /// Starts a program as the leader of a new session on a new pty.
  public static func spawn(
    _ invocation: ProgramInvocation, onTerminalOfSize size: WindowSize
  ) throws(Errno) -> TerminalProcess {
    let pty = try PseudoTerminal(size)  // its lower end is held until the child has opened its own
    let name = pty.name
    var settings = termios()
    if tcgetattr(pty.lower.rawValue, &settings) == 0 {
      settings.c_iflag |= tcflag_t(IUTF8)  // erasing takes whole characters
      tcsetattr(pty.lower.rawValue, TCSANOW, &settings)
    }
    let child = try spawn(invocation, newSession: true) { actions in
      // A session leader's first terminal becomes its controlling terminal.
      posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
      posix_spawn_file_actions_adddup2(&actions, 0, 2)
    }
    return TerminalProcess(child: child, terminal: pty.takingUpper())
  }

  /// How the program ended; nil while it runs. After an answer the kernel forgets the process: ask once.
  public borrowing func status() throws(Errno) -> ExitStatus? { try wait(options: WNOHANG) }

  /// Waits for the end.
  public borrowing func waitForExit() throws(Errno) -> ExitStatus {
    while true { if let status = try wait(options: 0) { return status } }
  }

  private borrowing func wait(options: Int32) throws(Errno) -> ExitStatus? {
    var status: Int32 = 0
    let number = processID
    guard try retryingInterrupts({ waitpid(number, &status, options) }) == number else { return nil }
    return ssm_exited(status) != 0
      ? .exited(ssm_exit_status(status)) : .signaled(Signal(rawValue: ssm_term_signal(status)))
  }

  private static func spawn(
    _ invocation: ProgramInvocation, newSession: Bool,
    _ addActions: (inout posix_spawn_file_actions_t) -> Void
  ) throws(Errno) -> ChildProcess {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    addActions(&actions)
    if let folder = invocation.workingDirectory {
      posix_spawn_file_actions_addchdir_np(&actions, folder)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The child starts with no signal blocked or ignored, whatever this process did to its own.
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let setSession: Int16 = 0x80  // POSIX_SPAWN_SETSID, hidden by _GNU_SOURCE
    posix_spawnattr_setflags(
      &attributes,
      (newSession ? setSession : 0) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

    let arguments = [invocation.name ?? invocation.program] + invocation.arguments
    let variables = invocation.environment.variables.sorted { $0.key < $1.key }.map {
      "\($0.key)=\($0.value)"
    }
    var process: pid_t = 0
    let result = withCStrings(arguments) { argv in
      withCStrings(variables) { envp in
        posix_spawnp(&process, invocation.program, &actions, &attributes, argv, envp)
      }
    }
    guard result == 0 else { throw Errno(rawValue: result) }
    let number = process
    let exit: Int32
    do throws(Errno) {
      exit = try retryingInterrupts { ssm_pidfd_open(number) }
    } catch {
      // A kernel before Linux 5.3: a child nobody can wait for must not be left behind.
      _ = Glibc.kill(number, SIGKILL)
      _ = waitpid(number, nil, 0)
      throw error
    }
    _ = fcntl(exit, F_SETFD, FD_CLOEXEC)
    return ChildProcess(processID: process, exitDescriptor: Descriptor(owning: exit))
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return body(copies)
  }
}
