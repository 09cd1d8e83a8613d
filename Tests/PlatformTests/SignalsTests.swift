import Glibc
import Platform
import Testing

/// Signals belong to the whole process, so each test is a process of its own.
@Suite struct SignalsTests {
  @Test func signalsAreReadInOrder() async {
    await #expect(processExitsWith: .success) {
      let signals = try SignalDescriptor([.windowChange, .terminate, .continue])
      guard try signals.read().isEmpty else { exit(1) }
      // To this thread: a test's process has others, which do not block them.
      raise(SIGWINCH)
      raise(SIGWINCH)
      raise(SIGTERM)
      let ready = try Poll.wait(
        [Poll.Interest(signals.descriptor.rawValue, .readable)], microseconds: 10_000_000)
      guard ready == [.readable] else { exit(2) }
      let read = Set(try signals.read())
      guard read == [.windowChange, .terminate], try signals.read().isEmpty else { exit(3) }
      exit(0)
    }
  }

  @Test func anIgnoredSignalIsReadAllTheSame() async {
    await #expect(processExitsWith: .success) {
      Signal.interrupt.ignore()
      let signals = try SignalDescriptor([.interrupt])
      raise(SIGINT)
      _ = try Poll.wait([Poll.Interest(signals.descriptor.rawValue, .readable)], microseconds: 10_000_000)
      exit(try signals.read() == [.interrupt] ? 0 : 1)
    }
  }

  @Test func aSignalEndsTheProcessAsItWouldHave() async {
    await #expect(processExitsWith: .signal(SIGTERM)) {
      let signals = try SignalDescriptor([.terminate])
      raise(SIGTERM)
      guard try signals.read() == [.terminate] else { exit(1) }
      Signal.terminate.raiseWithDefaultAction()
      exit(0)
    }
  }

  @Test func threadsTakeNoSignals() async {
    await #expect(processExitsWith: .success) {
      var before = sigset_t()
      pthread_sigmask(SIG_BLOCK, nil, &before)
      let thread = try Thread.start {
        var mask = sigset_t()
        pthread_sigmask(SIG_BLOCK, nil, &mask)
        if sigismember(&mask, SIGTERM) != 1 || sigismember(&mask, SIGINT) != 1 { exit(1) }
      }
      thread.join()
      var mask = sigset_t()
      pthread_sigmask(SIG_BLOCK, nil, &mask)
      exit(sigismember(&mask, SIGTERM) == sigismember(&before, SIGTERM) ? 0 : 2)
    }
  }

  @Test func signalsHaveTheirNames() {
    #expect("\(Signal.hangup) \(Signal.stop) \(Signal(rawValue: 64))" == "SIGHUP SIGSTOP signal 64")
    #expect(throws: Errno.self) { try Signal(rawValue: 9999).send(to: Host.processID) }
  }
}
