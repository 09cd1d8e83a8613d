import CLinux
import Glibc

/// A signal by its POSIX name.
public struct Signal: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: Int32
  /// The signal of a number from signal(7).
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// SIGHUP: the terminal is gone.
  public static let hangup = Signal(rawValue: SIGHUP)
  /// SIGINT: Ctrl-C.
  public static let interrupt = Signal(rawValue: SIGINT)
  /// SIGQUIT: Ctrl-\.
  public static let quit = Signal(rawValue: SIGQUIT)
  /// SIGTERM: asked to end.
  public static let terminate = Signal(rawValue: SIGTERM)
  /// SIGTSTP: Ctrl-Z.
  public static let terminalStop = Signal(rawValue: SIGTSTP)
  /// SIGCONT: goes on after a stop.
  public static let `continue` = Signal(rawValue: SIGCONT)
  /// SIGWINCH: the window has another size.
  public static let windowChange = Signal(rawValue: SIGWINCH)
  /// SIGPIPE: nobody reads any more.
  public static let pipe = Signal(rawValue: SIGPIPE)
  /// SIGKILL: ends at once; cannot be caught.
  public static let kill = Signal(rawValue: SIGKILL)
  /// SIGSTOP: stops at once; cannot be caught.
  public static let stop = Signal(rawValue: SIGSTOP)
  /// SIGXFSZ: a file would become larger than is allowed.
  public static let fileSizeLimit = Signal(rawValue: SIGXFSZ)

  public var description: String {
    switch self {
    case .hangup: "SIGHUP"
    case .interrupt: "SIGINT"
    case .quit: "SIGQUIT"
    case .terminate: "SIGTERM"
    case .terminalStop: "SIGTSTP"
    case .continue: "SIGCONT"
    case .windowChange: "SIGWINCH"
    case .pipe: "SIGPIPE"
    case .kill: "SIGKILL"
    case .stop: "SIGSTOP"
    case .fileSizeLimit: "SIGXFSZ"
    default: "signal \(rawValue)"
    }
  }

  /// Sends this signal to a process, or with a negative number to a process group (kill(2)).
  public func send(to process: Int32) throws(Errno) {
    let number = rawValue
    _ = try retryingInterrupts { Glibc.kill(process, number) }
  }

  /// Makes the process live on when it gets this signal and nobody reads it.
  public func ignore() { _ = signal(rawValue, SIG_IGN) }

  /// Whether this process ignores the signal, as programs started by nohup(1) do SIGHUP (sigaction(2)).
  public var isIgnored: Bool {
    var action = sigaction()
    guard sigaction(rawValue, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1  // SIG_IGN
  }

  /// Ends this process as the signal would have: default disposition, unblocked, raised.
  public func raiseWithDefaultAction() {
    _ = signal(rawValue, SIG_DFL)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, rawValue)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(rawValue)
  }
}

/// Signals as bytes to be read, so that one loop waits for everything (signalfd(2)).
///
/// Blocks its signals for the calling thread and those it starts later, so make it before any thread.
/// A disposition of "ignore" inherited from a parent (the AWS CLI ignores INT, QUIT and TSTP) would lose
/// the signals; it is set back to the default. The signals stay blocked when this value goes away.
public struct SignalDescriptor: ~Copyable, Sendable {
  /// Readable when a signal came (signalfd(2)).
  public let descriptor: Descriptor
  private let signals: [Signal]

  /// Blocks the signals and opens a descriptor they are read from.
  public init(_ signals: [Signal]) throws(Errno) {
    var set = sigset_t()
    sigemptyset(&set)
    for entry in signals { sigaddset(&set, entry.rawValue) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    // After blocking: one that comes in between must wait, not act.
    for entry in signals { _ = signal(entry.rawValue, SIG_DFL) }
    descriptor = Descriptor(
      owning: try retryingInterrupts { signalfd(-1, &set, Int32(SFD_NONBLOCK | SFD_CLOEXEC)) })
    self.signals = signals
  }

  /// The signals that came since the last call, in order; empty where none did.
  public borrowing func read() throws(Errno) -> [Signal] {
    let size = MemoryLayout<signalfd_siginfo>.size
    guard case .bytes(let bytes) = try descriptor.read(upTo: size * 16) else { return [] }
    return stride(from: 0, to: bytes.count - size + 1, by: size).map { offset in
      // ssi_signo is the structure's first word (signalfd(2)).
      let number = bytes[offset..<offset + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      return Signal(rawValue: Int32(bitPattern: number))
    }
  }
}
