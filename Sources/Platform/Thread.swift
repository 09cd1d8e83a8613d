import CLinux
import Glibc

/// A thread that owns what its body makes; values that cross are Sendable.
public struct Thread: Sendable {
  private let handle: UInt

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Starts a thread that runs `body` once (pthread_create(3)). It takes no signals: those are the main
  /// loop's.
  public static func start(_ body: @escaping @Sendable () -> Void) throws(Errno) -> Thread {
    var handle = pthread_t()
    let context = Unmanaged.passRetained(Body(body))
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)  // the new thread inherits the mask
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let result = pthread_create(
      &handle, nil,
      { raw in
        Unmanaged<Body>.fromOpaque(raw!).takeRetainedValue().run()  // the creator always passes one
        return nil
      }, context.toOpaque())
    guard result == 0 else {
      context.release()
      throw Errno(rawValue: result)
    }
    return Thread(handle: UInt(handle))
  }

  /// Waits for the body to return. Call once (pthread_join(3)).
  public func join() { pthread_join(pthread_t(handle), nil) }
}
