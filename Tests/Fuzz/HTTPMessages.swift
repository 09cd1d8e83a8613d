import Platform

@testable import Recorder

/// Answers of servers and requests of clients, in pieces of a size that the first byte names: whole, or byte by byte,
/// what is read is the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  var bytes = Array(UnsafeBufferPointer(start: data, count: count))
  guard !bytes.isEmpty else { return 0 }
  let step = Int(bytes.removeFirst()) + 1
  let whole = responses(bytes, step: max(1, bytes.count))
  precondition(whole == responses(bytes, step: step), "the answer depends on how it was cut")
  var requests = HTTPRequestParser()
  requests.append(bytes)
  while let request = try? requests.next() {
    _ = try? WebSocketUpgrade.answer(to: request)
    _ = try? URLParts(parsing: request.target)
  }
  for response in whole {
    _ = "\(ServiceError(response))"
    _ = try? WebSocketUpgrade.Client().check(response)
  }
  return 0
}

/// All answers up to the first mistake.
private func responses(_ bytes: [UInt8], step: Int) -> [HTTPResponse] {
  var parser = HTTPResponseParser(answerTo: "GET")
  var found: [HTTPResponse] = []
  var start = 0
  while start < bytes.count {
    let end = min(bytes.count, start + step)
    parser.append(Array(bytes[start..<end]))
    start = end
    do {
      while let response = try parser.next() { found.append(response) }
    } catch {
      return found
    }
  }
  if let last = try? parser.finish() { found.append(last) }
  return found
}
