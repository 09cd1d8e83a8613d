import Platform

/// One connection of a forwarded port: of a program here to our listener, or of the agent to its server. Reads
/// and writes what the kernel has or takes now.
final class PortConnection {
  /// What one read brought.
  enum Input: Equatable {
    case bytes([UInt8])
    case nothing
    /// The program sends no more.
    case end
  }

  /// Most bytes of one read.
  static let readSize = 64 << 10
  /// The other end's words for the recording, such as `127.0.0.1:53422`.
  let peer: String

  private let descriptor: Descriptor
  private var queue: [UInt8] = []
  private var written = 0
  /// The program sends no more.
  private(set) var hasEnded = false
  /// Nothing can be sent to the program any more.
  private(set) var isBroken = false
  /// What waits is the last it gets.
  private var isFinishing = false
  private var hasFinished = false

  init(_ descriptor: consuming Descriptor, peer: String) {
    self.descriptor = descriptor
    self.peer = peer
  }

  /// Bytes that the program has not taken.
  var queuedByteCount: Int { queue.count - written }

  /// Whether everything it is to get has been handed over, end mark included.
  var isFinished: Bool { isBroken || hasFinished }

  /// Whether neither side has anything more to say.
  var isDone: Bool { isBroken || hasEnded && hasFinished }

  /// What to wait for. Where nothing would be done about a hang-up, poll(2) is not asked: it would never rest.
  func interest(reading: Bool) -> Poll.Interest {
    var readiness: Poll.Readiness = reading && !hasEnded && !isBroken ? [.readable] : []
    if queuedByteCount > 0, !isBroken { readiness.insert(.writable) }
    let isWatched = !readiness.isEmpty || reading && hasEnded
    return Poll.Interest(isWatched && !isDone ? descriptor.rawValue : -1, readiness)
  }

  func read() -> Input {
    guard !hasEnded, !isBroken else { return .nothing }
    do throws(Errno) {
      switch try descriptor.read(upTo: Self.readSize) {
      case .bytes(let bytes): return .bytes(bytes)
      case .wouldBlock: return .nothing
      case .endOfFile: hasEnded = true
      }
    } catch {
      abandon()  // reset
    }
    return .end
  }

  /// Hands bytes over, as far as the kernel takes them now; the rest waits for `flush`.
  func write(_ bytes: [UInt8]) {
    guard !isBroken, !isFinishing else { return }
    if queue.isEmpty {
      queue = bytes
    } else {
      queue += bytes
    }
    flush()
  }

  /// Hands over what waits, as far as the kernel takes it.
  func flush() {
    do throws(Errno) {
      while queuedByteCount > 0 {
        guard case .wrote(let count) = try Socket.send(queue, from: written, to: descriptor) else { break }
        written += count
      }
    } catch {
      return abandon()
    }
    if written == queue.count {
      queue = []
      written = 0
    } else if written > 1 << 20 {
      queue.removeFirst(written)
      written = 0
    }
    if isFinishing, !hasFinished, queue.isEmpty {
      Socket.finishWriting(descriptor)
      hasFinished = true
    }
  }

  /// Tells the program, behind what waits, that nothing more comes.
  func finish() {
    isFinishing = true
    flush()
  }

  /// Looks at what poll(2) said of a connection that is not read: a hang-up means that both directions are over.
  func noteHangup() {
    if hasEnded { abandon() }
  }

  private func abandon() {
    isBroken = true
    hasEnded = true
    queue = []
    written = 0
  }
}
