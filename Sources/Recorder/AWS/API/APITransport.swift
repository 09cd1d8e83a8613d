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

  /// One connection for each request.
  /// - Parameters:
  ///   - limits: for opening it.
  ///   - answer: longest wait for a whole answer, in microseconds.
  ///   - interruptedBy: a descriptor (of signals) that ends any wait with `.interrupted` when readable.
  static func network(
    trust: TLSContext, proxy: ProxySettings, limits: Connection.Limits, answer: Int64,
    interruptedBy: Int32? = nil
  ) -> APITransport {
    let time = SystemTime()
    return APITransport(
      send: { (request, url) throws(ConnectionError) in
        let connection = try Connection(
          to: url, trust: trust, proxy: proxy, limits: limits, now: time.instant)
        defer { connection.close() }
        return try connection.exchange(
          request, deadline: time.instant.advanced(byMicroseconds: answer), time: time,
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

extension APITransport {
  /// Tries after the first (protocol.md §1.3).
  static let maximumRetryCount = 3

  /// The answer to one operation, tried again while the service is throttling or failing.
  /// - Parameters:
  ///   - jitter: 0…499 ms, in milliseconds, that a retry waits longer.
  ///   - request: made, and signed, anew for each try.
  /// - Throws: `.service` for every answer that is not 2xx.
  func answer(
    to operation: String, at url: URLParts, jitter: () -> Int64 = { Int64.random(in: 0..<500) },
    request: () throws(APIError) -> HTTPRequest
  ) throws(APIError) -> HTTPResponse {
    var retryCount = 0
    while true {
      let request = try request()
      let failure: ServiceError
      do throws(ConnectionError) {
        let answer = try send(request, url)
        if 200..<300 ~= answer.status { return answer }
        failure = ServiceError(answer)
        if failure.isRetryable, retryCount < Self.maximumRetryCount {
          try pause((1000 + jitter()) * 1000 << Int64(retryCount))
          retryCount += 1
          continue
        }
      } catch {
        throw .connection(error)
      }
      throw .service(operation: operation, failure)
    }
  }
}
