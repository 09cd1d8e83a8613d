import CLinux
import Glibc

/// Rows and columns of a terminal, in character cells.
public struct WindowSize: Hashable, Sendable, CustomStringConvertible {
  /// Columns of characters.
  public var columns: Int
  /// Rows of characters.
  public var rows: Int

  /// A size, not checked.
  public init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  /// `120x40`, as asciicast writes it.
  public var description: String { "\(columns)x\(rows)" }
}

/// Questions to a terminal descriptor.
public enum Terminal {
  /// Whether a descriptor is a terminal (isatty(3)).
  public static func isTerminal(_ descriptor: borrowing Descriptor) -> Bool {
    isatty(descriptor.rawValue) == 1
  }

  /// The window size; nil where the descriptor is no terminal or reports zero (TIOCGWINSZ).
  public static func size(of descriptor: borrowing Descriptor) -> WindowSize? {
    var size = winsize()
    guard ioctl(descriptor.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return nil
    }
    return WindowSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }

  /// Tells a pty its new size; its foreground program gets SIGWINCH (TIOCSWINSZ). Sizes are cut to 1…65,535.
  public static func setSize(_ size: WindowSize, of descriptor: borrowing Descriptor) throws(Errno) {
    var raw = winsize(size)
    let number = descriptor.rawValue
    _ = try retryingInterrupts { ioctl(number, UInt(TIOCSWINSZ), &raw) }
  }

  /// Whether a descriptor is the master end of a pty: its reads end with EIO when the last slave closes.
  static func isTerminalMaster(_ descriptor: Int32) -> Bool {
    var number: Int32 = 0
    return ioctl(descriptor, ssm_tiocgptn(), &number) == 0
  }
}

/// Both ends of a new pty (pty(7)), closed in programs this one starts.
struct PseudoTerminal: ~Copyable {
  /// The master: reads what programs write, writes what a person types. Non-blocking.
  let upper: Descriptor
  /// The terminal that programs have.
  let lower: Descriptor
  /// The lower end's path, for example `/dev/pts/3`.
  let name: String

  init(_ size: WindowSize) throws(Errno) {
    // Not openpty(3): its descriptors would for a moment be inherited by what another thread starts.
    let master = Descriptor(owning: try retryingInterrupts { posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC) })
    let number = master.rawValue
    _ = try retryingInterrupts { grantpt(number) }
    _ = try retryingInterrupts { unlockpt(number) }
    var characters = [CChar](repeating: 0, count: 128)
    let failure = ptsname_r(number, &characters, characters.count)
    if failure != 0 { throw Errno(rawValue: failure) }
    let path = String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let terminal = try File.open(path, for: .readingAndWriting)
    try Terminal.setSize(size, of: master)
    try master.setNonBlocking(true)
    name = path
    upper = master
    lower = terminal
  }

  /// Closes the lower end and keeps the upper one.
  consuming func takingUpper() -> Descriptor { upper }
}

extension winsize {
  init(_ size: WindowSize) {
    self.init(
      ws_row: UInt16(clamping: max(1, size.rows)), ws_col: UInt16(clamping: max(1, size.columns)),
      ws_xpixel: 0, ws_ypixel: 0)
  }
}

/// A terminal in raw mode: every key comes as it is, nothing is echoed. Gives the old settings back.
///
/// `restore()` may be called any number of times, also when the terminal is gone.
public final class RawMode {
  private let descriptor: Int32
  private let saved: termios
  private var isActive = true

  /// Puts the terminal in raw mode (cfmakeraw(3)); nil where the descriptor is no terminal.
  public init?(_ descriptor: borrowing Descriptor) {
    var settings = termios()
    guard tcgetattr(descriptor.rawValue, &settings) == 0 else { return nil }
    self.descriptor = descriptor.rawValue
    saved = settings
    cfmakeraw(&settings)
    withUnsafeMutableBytes(of: &settings.c_cc) { characters in
      characters[Int(VMIN)] = 1
      characters[Int(VTIME)] = 0
    }
    Self.set(settings, of: descriptor.rawValue)
  }

  /// Gives the terminal the settings it had. Output already written is drawn first.
  public func restore() {
    guard isActive else { return }
    isActive = false
    // A background process would be stopped by SIGTTOU for this: it must not hang on its way out.
    let before = signal(SIGTTOU, SIG_IGN)
    Self.set(saved, of: descriptor)
    _ = signal(SIGTTOU, before)
  }

  /// After what was written is drawn; also where a signal interrupts the waiting.
  private static func set(_ settings: termios, of descriptor: Int32) {
    var settings = settings
    // The only failure left is that the terminal is gone, and with it its settings.
    _ = try? retryingInterrupts { tcsetattr(descriptor, TCSADRAIN, &settings) }
  }

  deinit { restore() }
}

extension Terminal {
  /// One line that is typed without being shown, as passwords are; the terminal gets its settings back.
  /// - Parameters:
  ///   - descriptor: the terminal.
  ///   - limit: more bytes than these are dropped.
  /// - Returns: the line without its end; what was typed so far where the input ends.
  public static func readHiddenLine(
    _ descriptor: borrowing Descriptor, limit: Int
  ) throws(Errno) -> [UInt8] {
    var saved = termios()
    let number = descriptor.rawValue
    guard tcgetattr(number, &saved) == 0 else { throw Errno.current }
    var hidden = saved
    hidden.c_lflag &= ~tcflag_t(ECHO)
    _ = try retryingInterrupts { tcsetattr(number, TCSAFLUSH, &hidden) }
    defer { tcsetattr(number, TCSAFLUSH, &saved) }
    var line: [UInt8] = []
    while true {
      switch try descriptor.read(upTo: 1) {
      case .bytes(let bytes):
        if bytes == [0x0A] || bytes == [0x0D] { return line }
        if line.count < limit { line += bytes }
      case .endOfFile: return line
      case .wouldBlock: _ = try Poll.wait([.init(number, .readable)], microseconds: nil)
      }
    }
  }
}
