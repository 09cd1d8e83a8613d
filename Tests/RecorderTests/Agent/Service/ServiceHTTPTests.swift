import Platform
import Testing

@testable import Recorder

@Suite struct ServiceHTTPTests {
  /// A signed call of the API, then changed.
  private func answer(
    _ test: inout TestService, service: String = "ssm", age: Int64 = 0, _ change: (inout HTTPRequest) -> Void
  ) -> (response: HTTPResponse, consequence: Service.Consequence) {
    var request = HTTPRequest(
      method: "POST", target: "/",
      fields: ["Host": "127.0.0.1:4711", "X-Amz-Target": "AmazonSSM.StartSession"],
      body: Array(#"{"Target":"local"}"#.utf8))
    let signed = Timestamp(microseconds: test.now.microseconds - age * 1_000_000)
    SigV4.sign(&request, with: test.service.accessKey, region: "us-east-1", service: service, at: signed)
    change(&request)
    return test.service.respond(to: request, at: test.now, using: &test.random)
  }

  @Test func aSignedCallIsAnswered() throws {
    var test = TestService()
    let (response, consequence) = answer(&test) { _ in }
    #expect(response.status == 200)
    #expect(response.fields["Content-Type"] == "application/x-amz-json-1.1")
    #expect(response.fields["x-amzn-RequestId"]?.utf8.count == 36)
    let id = try JSON(parsing: response.body)["SessionId"]?.string
    #expect(consequence == .start(sessionID: id ?? ""))
  }

  @Test func whoeverIsNotTheOwnerOfTheKeyIsRefused() {
    let cases: [(String, String, Int64, (inout HTTPRequest) -> Void)] = [
      ("MissingAuthenticationTokenException", "ssm", 0, { $0.fields["Authorization"] = nil }),
      ("IncompleteSignatureException", "ssm", 0, { $0.fields["Authorization"] = "AWS4-HMAC-SHA256 x" }),
      ("InvalidSignatureException", "ssm", 0, { $0.body += [0x20] }),
      ("InvalidSignatureException", "ssm", 0, { $0.fields["X-Amz-Target"] = "AmazonSSM.GetDocument" }),
      ("InvalidSignatureException", "ssm", 3600, { _ in }),
      ("InvalidSignatureException", "ssmmessages", 0, { _ in }),
      ("UnknownOperationException", "ssm", 0, { $0.fields["X-Amz-Target"] = nil }),
      ("UnknownOperationException", "ssm", 0, { $0.fields["X-Amz-Target"] = "AmazonSSM.RunCommand" }),
      ("UnknownOperationException", "ssm", 0, { $0.fields["X-Amz-Target"] = "AmazonEC2.StartSession" }),
      ("UnknownOperationException", "ssm", 0, { $0.target = "/favicon.ico" }),
      ("UnknownOperationException", "ssm", 0, { $0.method = "GET" }),
    ]
    for (type, service, age, change) in cases {
      var test = TestService()
      let (response, consequence) = answer(&test, service: service, age: age, change)
      #expect(ServiceError(response).type == type)
      #expect((400..<500).contains(response.status))
      #expect(response.fields["x-amzn-RequestId"] != nil)
      #expect(consequence == .none && test.service.sessions.order.isEmpty)
    }
  }

  @Test func keyManagementAnswersWhereItIsWanted() throws {
    func answer(kms: Bool, service: String, _ change: (inout HTTPRequest) -> Void = { _ in }) -> HTTPResponse
    {
      var test = TestService(kms: kms)
      var request = HTTPRequest(
        method: "POST", target: "/",
        fields: ["Host": "127.0.0.1:4711", "X-Amz-Target": "TrentService.GenerateDataKey"],
        body: Array(#"{"KeyId":"\#(test.service.keys?.keyARN ?? "k")","NumberOfBytes":64}"#.utf8))
      change(&request)
      SigV4.sign(
        &request, with: test.service.accessKey, region: "us-east-1", service: service, at: test.now)
      return test.service.respond(to: request, at: test.now, using: &test.random).response
    }
    let good = answer(kms: true, service: "kms")
    #expect(good.status == 200)
    #expect(try JSON(parsing: good.body)["CiphertextBlob"]?.string?.isEmpty == false)
    #expect(ServiceError(answer(kms: true, service: "ssm")).type == "InvalidSignatureException")
    #expect(ServiceError(answer(kms: false, service: "kms")).type == "UnknownOperationException")
    let other = answer(kms: true, service: "kms") { $0.fields["X-Amz-Target"] = "TrentService.Encrypt" }
    #expect(ServiceError(other).type == "UnknownOperationException")
    let missing = answer(kms: true, service: "kms") {
      $0.body = Array(#"{"KeyId":"x","NumberOfBytes":1}"#.utf8)
    }
    #expect(ServiceError(missing).type == "NotFoundException" && missing.status == 400)
  }

  @Test func anUpgradeMayBeUnsignedButNotWronglySigned() {
    let test = TestService()
    func request(_ path: String, service: String?) -> HTTPRequest {
      var request = HTTPRequest(method: "GET", target: path, fields: ["Host": "127.0.0.1:4711"])
      if let service {
        SigV4.sign(
          &request, with: test.service.accessKey, region: "us-east-1", service: service, at: test.now)
      }
      return request
    }
    func status(_ request: HTTPRequest) -> Int? {
      guard case .refused(let response) = test.service.upgrade(request, at: test.now) else { return nil }
      return response.status
    }
    let path = "/v1/data-channel/me%40corp.com-0abc?role=publish_subscribe"
    let opened = Service.Upgrade.channel(sessionID: "me@corp.com-0abc")
    #expect(test.service.upgrade(request(path, service: nil), at: test.now) == opened)
    #expect(test.service.upgrade(request(path, service: "ssmmessages"), at: test.now) == opened)
    #expect(status(request(path, service: "ssm")) == 403)
    for wrong in [
      "/v1/data-channel/", "/v1/control-channel/a", "/", "/v1/data-channel/%4", "/v1/data-channel/%zz",
    ] {
      #expect(status(request(wrong, service: nil)) == 404, "\(wrong)")
    }
  }
}
