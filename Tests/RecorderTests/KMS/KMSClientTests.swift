import Format
import Platform
import Testing

@testable import Recorder

@Suite struct KMSClientTests {
  private static let date = Timestamp(microseconds: 1_800_000_000_000_000)
  private static let credentials = Credentials(accessKeyID: "AK", secretAccessKey: "s", sessionToken: "t")

  private final class Asked { var requests: [HTTPRequest] = [] }

  private func ask(_ answer: HTTPResponse, _ asked: Asked = Asked()) throws(APIError) -> (DataKey, [UInt8]) {
    let transport = APITransport(
      send: { (request, _) throws(ConnectionError) in
        asked.requests.append(request)
        return answer
      }, pause: { _ throws(ConnectionError) in }, timestamp: { Self.date })
    let client = KMSClient(
      endpoint: URLParts(scheme: .https, host: "kms.example"), region: "eu-central-1", transport: transport,
      credentials: { () throws(CredentialError) in Self.credentials })
    let context = EncryptionContext(sessionID: "user-0abc", targetID: "i-1", randomChallenge: "AAEC")
    let answer = try client.generateDataKey("alias/sessions", context: context)
    return (answer.key, answer.ciphertextBlob)
  }

  private static func ok(_ text: String) -> HTTPResponse { HTTPResponse(status: 200, body: Array(text.utf8)) }

  @Test func theCallIsSignedForKMSAndBoundToTheSession() throws {
    let asked = Asked()
    let plain = Base64.encode(Array(0..<64))
    let (key, blob) = try ask(
      Self.ok(#"{"CiphertextBlob":"AQID","Plaintext":"\#(plain)","KeyId":"k"}"#), asked)
    #expect(try key == ChannelCipherTests.key() && blob == [1, 2, 3])
    let request = try #require(asked.requests.first)
    #expect(request.fields["X-Amz-Target"] == "TrentService.GenerateDataKey")
    #expect(request.fields["Content-Type"] == "application/x-amz-json-1.1")
    let body =
      #"{"KeyId":"alias/sessions","NumberOfBytes":64,"EncryptionContext":{"aws:ssm:SessionId":"user-0abc","#
      + #""aws:ssm:TargetId":"i-1","aws:ssm:RandomChallenge":"AAEC"}}"#
    #expect(String(decoding: request.body, as: UTF8.self) == body)
    #expect(throws: Never.self) {
      try SigV4.verify(request, service: "kms", at: Self.date) { _ in Self.credentials }
    }
  }

  @Test func answersWithoutAWholeKeyAreRefusedAndNotRepeated() throws {
    let (plain, short) = (Base64.encode(Array(0..<64)), Base64.encode(Array(0..<63)))
    let long = Base64.encode([UInt8](repeating: 1, count: 6145))
    let bodies = [
      "{}", "[]", "{", #"{"CiphertextBlob":"AQID"}"#, #"{"Plaintext":"\#(plain)"}"#,
      #"{"CiphertextBlob":"AQID","Plaintext":"\#(short)"}"#,
      #"{"CiphertextBlob":"?","Plaintext":"\#(plain)"}"#,
      #"{"CiphertextBlob":"","Plaintext":"\#(plain)"}"#,
      #"{"CiphertextBlob":"\#(long)","Plaintext":"\#(plain)"}"#,
      #"{"CiphertextBlob":7,"Plaintext":"\#(plain)"}"#,
    ]
    for body in bodies {
      do throws(APIError) {
        _ = try ask(Self.ok(body))
        Issue.record("\(body) was taken")
      } catch {
        guard case .badAnswer("GenerateDataKey", _) = error, !error.description.contains(plain) else {
          Issue.record("\(body): \(error)")
          continue
        }
      }
    }
    let denied = ServiceError(type: "AccessDeniedException", message: "no")
    #expect(throws: APIError.service(operation: "GenerateDataKey", denied)) { try ask(denied.response) }
  }
}
