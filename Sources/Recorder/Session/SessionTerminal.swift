import Platform

/// The person's side of a session: keys come in, output goes out, the terminal gets its settings back.
///
/// Never makes the shared descriptors non-blocking (they belong to the shell that started this program too):
/// it asks poll(2) first and then moves no more than the kernel promises to take at once.
final class SessionTerminal {
  /// What one look at the keyboard brought.
  enum Input: Equatable {
    case bytes([UInt8])
    case nothing
    case end
  }

  /// Most bytes of output that wait for the terminal; above it, nothing more is taken from the network.
  static let outputLimit = 1 << 20
  /// POSIX's PIPE_BUF: a pipe or terminal that poll(2) calls writable takes this many bytes without waiting.
  private static let promisedWrite = 4096
  /// Largest keyboard read, as the official client's.
  private static let inputChunk = 1024
  /// Largest read of a stream.
  private static let streamChunk = 64 << 10

  private let input: Descriptor
  private let output: Descriptor
  private let isRegularOutput: Bool
  private var rawMode: RawMode?
  private var pendingInput: [UInt8]
  private var queue: [UInt8] = []
  private var written = 0
  private(set) var inputEnded = false
  /// The reader of the output is gone (closed pipe): what comes is recorded and not shown.
  private(set) var outputClosed = false
  /// The bytes are a stream of another program's, such as ssh: nobody types, and its end must not go unseen.
  var isStream = false

  /// - Parameter typedAhead: bytes that were read from `input` already and come before all others.
  init(input: consuming Descriptor, output: consuming Descriptor, typedAhead: [UInt8] = []) {
    self.input = input
    self.output = output
    pendingInput = typedAhead
    let kind = try? File.status(self.output).kind  // an unknown kind is treated as a pipe
    isRegularOutput = kind == .regular
  }

  /// Whether keys come from a person at a terminal.
  var isInteractive: Bool { Terminal.isTerminal(input) }

  /// The window's size: of the output, else of the input; nil where neither is a terminal.
  var size: WindowSize? { Terminal.size(of: output) ?? Terminal.size(of: input) }

  /// Every key comes as it is from now on. Does nothing where the input is no terminal.
  func enterRawMode() {
    if rawMode == nil { rawMode = RawMode(input) }
  }

  /// Gives the terminal its settings back; safe to call more than once.
  func restore() {
    rawMode?.restore()
    rawMode = nil
  }

  /// Runs `body` with the terminal's own settings, so that lines of other programs come out as lines.
  func withCookedMode(_ body: () -> Void) {
    let wasRaw = rawMode != nil
    restore()
    body()
    if wasRaw { enterRawMode() }
  }

  /// What to wait for: keys, while `wantsInput`, and room for output that waits.
  func interests(wantsInput: Bool) -> [Poll.Interest] {
    var interests: [Poll.Interest] = []
    interests.append(
      Poll.Interest(inputEnded || !wantsInput ? -1 : input.rawValue, [.readable]))
    if hasQueuedOutput {
      interests.append(Poll.Interest(output.rawValue, [.writable]))
    } else {
      interests.append(Poll.Interest(isStream && !outputClosed ? output.rawValue : -1, []))
    }
    return interests
  }

  var hasQueuedOutput: Bool { written < queue.count }
  var hasTypedAhead: Bool { !pendingInput.isEmpty }
  /// Whether the output takes so little that the session must wait for it.
  var isFull: Bool { queuedByteCount > Self.outputLimit }
  var queuedByteCount: Int { queue.count - written }

  /// The stream's reader is gone.
  func noteHangup() {
    outputClosed = true
    queue = []
    written = 0
  }

  /// Takes typed-ahead bytes, or reads the keyboard once after poll(2) has called it ready.
  func read() throws(Errno) -> Input {
    if !pendingInput.isEmpty {
      let bytes = Array(pendingInput.prefix(Self.inputChunk))
      pendingInput.removeFirst(bytes.count)
      return .bytes(bytes)
    }
    switch try input.read(upTo: isStream ? Self.streamChunk : Self.inputChunk) {
    case .bytes(let bytes): return .bytes(bytes)
    case .wouldBlock: return .nothing
    case .endOfFile:
      inputEnded = true
      return .end
    }
  }

  /// Takes bytes to show.
  func show(_ bytes: [UInt8]) {
    if outputClosed { return }
    queue += bytes
  }

  /// Writes what the terminal takes now, without waiting.
  func write() throws(Errno) {
    while hasQueuedOutput, !outputClosed {
      if !isRegularOutput {
        let ready = try Poll.wait([Poll.Interest(output.rawValue, [.writable])], microseconds: 0)
        guard ready[0].contains(.writable) || ready[0].contains(.hangup) else { return }
      }
      let count = isRegularOutput ? queue.count - written : min(Self.promisedWrite, queue.count - written)
      let chunk = written == 0 && count == queue.count ? queue : Array(queue[written..<written + count])
      do throws(Errno) {
        guard case .wrote(let taken) = try output.write(chunk) else { return }
        written += taken
      } catch {
        // The reader left (a closed pipe, a terminal that hung up): the session and its recording go on.
        guard error == .brokenPipe || error == .inputOutput else { throw error }
        noteHangup()
      }
    }
    if written == queue.count {
      queue.removeAll(keepingCapacity: queue.capacity <= Self.outputLimit)
      written = 0
    } else if written > Self.outputLimit {
      queue.removeFirst(written)
      written = 0
    }
  }

  /// Writes all output that waits, for at most `microseconds`.
  func drain(microseconds: Int64, time: some TimeSource) throws(Errno) {
    let end = time.instant.advanced(byMicroseconds: microseconds)
    while hasQueuedOutput, !outputClosed {
      let left = end.microseconds(since: time.instant)
      if left <= 0 { return }
      _ = try Poll.wait([Poll.Interest(output.rawValue, [.writable])], microseconds: left)
      try write()
    }
  }
}
