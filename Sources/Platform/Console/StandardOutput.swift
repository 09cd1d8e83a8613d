/// Buffered data on standard output, for programs whose reader may go away.
///
/// A closed pipe (`ssmplay grep … | head`) is a quiet end, not an error: `write` then says false, so that a
/// long search can stop, and `finish` gives the exit code 141 that a shell shows for SIGPIPE. Call `finish`
/// once, last; what is still in the buffer of a writer that is only dropped is lost.
public final class StandardOutput {
  /// The exit code after the reader went away: 128 and SIGPIPE.
  public static let closedPipeExitCode: Int32 = 141

  /// Whether what is written still arrives.
  public enum State: Equatable, Sendable {
    /// Everything was written so far.
    case open
    /// The reader is gone.
    case closed
    /// Writing failed, for example because the disk is full.
    case failed(Errno)
  }

  /// What became of the last write.
  public private(set) var state = State.open
  private let descriptor: Descriptor
  private let capacity: Int
  private let isTerminal: Bool
  private var buffer: [UInt8] = []

  /// - Parameters:
  ///   - descriptor: where to write.
  ///   - capacity: bytes that are gathered before a write. On a terminal each call is written at once.
  public init(_ descriptor: consuming Descriptor = .standardOutput, capacity: Int = 1 << 16) {
    isTerminal = Terminal.isTerminal(descriptor)
    self.descriptor = descriptor
    self.capacity = capacity
    Signal.pipe.ignore()  // the write then fails instead of ending the process
  }

  /// - Returns: whether anybody still reads.
  @discardableResult
  public func write(_ bytes: [UInt8]) -> Bool {
    guard state == .open else { return false }
    buffer += bytes
    return isTerminal || buffer.count >= capacity ? flush() : true
  }

  /// - Returns: whether anybody still reads.
  @discardableResult
  public func write(_ text: String) -> Bool {
    guard state == .open else { return false }
    buffer += text.utf8
    return isTerminal || buffer.count >= capacity ? flush() : true
  }

  /// Writes `text` and a line feed.
  @discardableResult
  public func writeLine(_ text: String) -> Bool { write(text + "\n") }

  /// Puts out what was gathered. A command that follows something live calls it after each piece.
  @discardableResult
  public func flush() -> Bool {
    guard state == .open else { return false }
    do throws(Errno) {
      try descriptor.writeAll(buffer)
    } catch {
      state = error == .brokenPipe || error == .connectionReset ? .closed : .failed(error)
    }
    buffer.removeAll(keepingCapacity: true)
    return state == .open
  }

  /// Puts out the rest and gives the exit code: `code`; 141 where the reader is gone; `failureCode`, with a
  /// message on standard error, where the data could not be written.
  public func finish(_ code: Int32, failureCode: Int32 = 1) -> Int32 {
    flush()
    switch state {
    case .open: return code
    case .closed: return Self.closedPipeExitCode
    case .failed(let error):
      StandardError.say("cannot write to standard output: \(error)")
      return failureCode
    }
  }
}
