import Platform

/// Waiting for what another process does, without a fixed pause.
enum TestWait {
  /// Asks every 50 ms until `condition` holds.
  static func until(_ what: String, within seconds: Int = 30, _ condition: () throws -> Bool) throws {
    let time = SystemTime()
    let deadline = time.instant.advanced(byMicroseconds: Int64(seconds) * 1_000_000)
    while try !condition() {
      if time.instant > deadline {
        throw RunFailure.tookTooLong(waitingFor: what, program: "the test", output: "")
      }
      _ = try Poll.wait([], microseconds: 50_000)
    }
  }
}
