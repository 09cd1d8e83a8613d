import Platform

/// Connects to the first of several addresses that answers. Nothing here waits.
final class PortDialer {
  enum Step: ~Copyable {
    case connecting
    case connected(Descriptor)
    /// No address answered; why the last one did not.
    case failed(Errno)
  }

  /// How long an address may take to answer, in microseconds.
  private static let patience: Int64 = 10_000_000

  private var addresses: ArraySlice<SocketAddress>
  private var dialing: Descriptor?
  private var dueAt: Instant
  private var failure = Errno.connectionRefused

  /// Begins with the first address.
  init(_ addresses: [SocketAddress], now: Instant) {
    self.addresses = addresses[...]
    dueAt = now
    dialNext(now: now)
  }

  var interest: Poll.Interest {
    // Without a socket there is a step to be done at once: any descriptor is writable then, none is asked.
    Poll.Interest(dialing?.rawValue ?? -1, [.writable])
  }

  /// When `advance` must be called even if nothing is ready.
  var deadline: Instant { dueAt }

  /// Looks how far it is.
  func advance(isReady: Bool, now: Instant) -> Step {
    if isReady, let descriptor = dialing.take() {
      guard let error = Socket.connectionError(descriptor) else { return .connected(descriptor) }
      failure = error
      dialNext(now: now)
    } else if dueAt <= now {
      if dialing != nil { failure = .timedOut }
      dialNext(now: now)
    }
    return dialing == nil && addresses.isEmpty ? .failed(failure) : .connecting
  }

  private func dialNext(now: Instant) {
    dialing = nil
    dueAt = now
    while let address = addresses.popFirst() {
      do throws(Errno) {
        dialing = try Socket.connect(to: address)
        dueAt = now.advanced(byMicroseconds: Self.patience)
        return
      } catch {
        failure = error
      }
    }
  }
}
