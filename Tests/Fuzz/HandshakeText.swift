import Platform

@testable import Recorder

/// The JSON of a handshake from either end: read, answered, and what was read is read again as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  if let request = try? HandshakeRequest(parsing: bytes) {
    let again = try? HandshakeRequest(parsing: request.encoded())
    precondition(again == request, "a request changes when it is written and read")
    let answer = HandshakeResponse(
      answering: request, key: request.keyRequest == nil ? nil : .failed(reason: "none"),
      clientVersion: "1.2.3.4")
    precondition(answer.actions.count == request.actions.count, "an action without an answer")
    if let properties = try? PortProperties(parsing: request.properties) {
      _ = PortMode(properties, agentVersion: request.agentVersion)
    }
  }
  if let response = try? HandshakeResponse(parsing: bytes) {
    let again = try? HandshakeResponse(parsing: response.encoded())
    precondition(again == response, "a response changes when it is written and read")
  }
  _ = try? HandshakeComplete(parsing: bytes)
  _ = EncryptionChallenge(parsing: bytes)
  _ = ChannelClosed(parsing: bytes)
  _ = Acknowledgement.sequenceNumber(in: bytes)
  _ = WindowSize(parsing: bytes)
  _ = OpenDataChannelInput(parsing: bytes)
  return 0
}
