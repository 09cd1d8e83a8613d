import Platform

extension Connection {
  /// Sends a request and waits for the whole answer: for API calls, where there is no loop yet.
  ///
  /// `Host` is added. Connects first if that is still under way.
  /// - Parameter interruptedBy: a descriptor (of signals) that ends the wait with `.interrupted` when it is
  ///   readable.
  func exchange(
    _ request: HTTPRequest, deadline: Instant, time: some TimeSource, interruptedBy: Int32? = nil
  ) throws(ConnectionError) -> HTTPResponse {
    let start = time.instant
    send(addressed(request).encoded())
    var parser = HTTPResponseParser(answerTo: request.method)
    while true {
      let now = time.instant
      if now >= deadline { throw noAnswer(now.microseconds(since: start)) }
      let limit = min(deadline, self.deadline ?? deadline)
      var interests = [interest]
      if let interruptedBy { interests.append(Poll.Interest(interruptedBy, .readable)) }
      let ready: [Poll.Readiness]
      do throws(Errno) {
        ready = try Poll.wait(interests, microseconds: limit.microseconds(since: now))
      } catch {
        throw .system(error)
      }
      if ready.count > 1, !ready[1].isEmpty { throw .interrupted }
      parser.append(try process(ready[0], now: time.instant))
      do throws(HTTPError) {
        if let response = try parser.next() { return response }
        if endedInOrder, let response = try parser.finish() { return response }
      } catch {
        if error == .closedMidMessage { throw closedTooEarly }
        throw .http(peer: url.authority, error)
      }
      if state == .closed { throw closedTooEarly }
    }
  }

  /// The request as this connection must carry it: with Host, and for a forwarding proxy in absolute form.
  private func addressed(_ request: HTTPRequest) -> HTTPRequest {
    var request = request
    if request.fields["Host"] == nil { request.fields.prepend("Host", url.hostField) }
    if isForwarded {
      request.target = "http://\(url.hostField)\(request.target)"
      request.fields["Proxy-Authorization"] = proxy?.authorization
    }
    return request
  }
}
