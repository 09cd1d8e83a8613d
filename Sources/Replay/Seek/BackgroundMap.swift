import Format
import Platform
import Synchronization

/// Makes a recording's sidecar on a thread of its own while the recording plays.
final class BackgroundMap: Sendable {
  enum State: Equatable, Sendable {
    /// Bytes read, and those of the file where they are known.
    case building(done: Int64, total: Int64?)
    /// The sidecar is there.
    case ready
    /// It could not be made; the recording plays without.
    case failed
  }

  private struct Shared {
    var state = State.building(done: 0, total: nil)
    var isWanted = true
  }

  /// Guards what the thread tells and is told; nothing else is shared.
  private let shared = Mutex(Shared())

  /// Starts the thread.
  init(recording path: String, cache: MapCache, sidecar: String) {
    do throws(Errno) {
      _ = try Thread.start { self.run(path, cache, sidecar) }
    } catch {
      shared.withLock { $0.state = .failed }
    }
  }

  var state: State { shared.withLock { $0.state } }

  /// Tells the thread to end; what it has made of the sidecar goes.
  func stop() { shared.withLock { $0.isWanted = false } }

  private func run(_ path: String, _ cache: MapCache, _ sidecar: String) {
    do {
      let reader = try RecordingReader(path: path)
      let isMade = try cache.build(sidecar, for: reader) { done, total in
        shared.withLock { shared in
          shared.state = .building(done: done, total: total)
          return shared.isWanted
        }
      }
      shared.withLock { $0.state = isMade ? .ready : .failed }
    } catch {
      shared.withLock { $0.state = .failed }
    }
  }
}
