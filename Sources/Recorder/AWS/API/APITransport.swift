import Platform

/// How an API call's request gets to the service and its answer back.
///
/// A value with two functions, so that tests answer without a network and retries wait without a clock.
struct APITransport {
  /// Sends one request and waits for the answer.
  let send: (_ request: HTTPRequest, _ url: URLParts) throws(ConnectionError) -> HTTPResponse
  /// Waits that many microseconds before the next try.
  let pause: (_ microseconds: Int64) throws(ConnectionError) -> Void
  /// The wall clock, which signatures carry.
  let timestamp: () -> Timestamp

  /// Longest wait for a whole answer, in microseconds.
  static let answerLimit: Int64 = 60_000_000

  /// One connection for each request.
  /// - Parameter interruptedBy: a descriptor (of signals) that ends any wait with `.interrupted` when it is
  ///   readable.
  static func network(
    trust: TLSContext, proxy: ProxySettings, interruptedBy: Int32? = nil
  ) -> APITransport {
    let time = SystemTime()
    return APITransport(
      send: { (request, url) throws(ConnectionError) in
        let connection = try Connection(to: url, trust: trust, proxy: proxy, now: time.instant)
        defer { connection.close() }
        return try connection.exchange(
          request, deadline: time.instant.advanced(byMicroseconds: answerLimit), time: time,
          interruptedBy: interruptedBy)
      },
      pause: { (microseconds) throws(ConnectionError) in
        let deadline = time.instant.advanced(byMicroseconds: microseconds)
        while time.instant < deadline {
          let ready: [Poll.Readiness]
          do throws(Errno) {
            ready = try Poll.wait(
              [.init(interruptedBy ?? -1, .readable)],
              microseconds: deadline.microseconds(since: time.instant))
          } catch {
            throw .system(error)
          }
          if !ready[0].isEmpty { throw .interrupted }
        }
      },
      timestamp: { time.timestamp })
  }
}
