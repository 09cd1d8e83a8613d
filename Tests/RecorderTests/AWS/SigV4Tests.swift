import Platform
import Testing

@testable import Recorder

/// A request and its signature as the official client's library made them (vectors.json).
struct SigningVector {
  let name: String
  let request: HTTPRequest
  let credentials: Credentials
  let region: String
  let service: String
  let date: Timestamp
  let canonicalRequest: String
  let authorization: String

  static func all() throws -> [SigningVector] {
    let path = String(#filePath.dropLast("AWS/SigV4Tests.swift".count)) + "vectors.json"
    let list = try JSON(parsing: File.read(path)).array ?? []
    return try list.filter { $0["name"]?.string?.hasPrefix("sigv4_") ?? false }.map(SigningVector.init)
  }

  init(_ json: JSON) throws {
    func text(_ member: String) -> String { json[member]?.string ?? "" }
    let url = try URLParts(parsing: text("url"))
    name = text("name")
    var request = HTTPRequest(
      method: text("method"), target: url.requestTarget, fields: ["Host": url.hostField],
      body: Array(text("body").utf8))
    for member in json["headers"]?.members ?? []
    where !["Authorization", "X-Amz-Date", "X-Amz-Security-Token"].contains(member.name) {
      request.fields.append(member.name, member.value.string ?? "")
    }
    self.request = request
    credentials = Credentials(
      accessKeyID: text("accessKeyId"), secretAccessKey: text("secretAccessKey"),
      sessionToken: text("sessionToken").isEmpty ? nil : text("sessionToken"))
    region = text("region")
    service = text("service")
    date = CalendarDate(year: 2026, month: 11, day: 21, hour: 4).timestamp
    canonicalRequest = text("canonicalRequest")
    authorization = json["headers"]?["Authorization"]?.string ?? ""
  }

  func signed() -> HTTPRequest {
    var request = request
    // What the upgrade adds is not signed.
    request.fields.append("Upgrade", "websocket")
    SigV4.sign(&request, with: credentials, region: region, service: service, at: date)
    return request
  }
}

@Suite struct SigV4Tests {
  @Test func theOfficialClientsSignaturesComeOut() throws {
    let vectors = try SigningVector.all()
    #expect(vectors.count == 4)
    for vector in vectors {
      let signed = vector.signed()
      let names = vector.canonicalRequest.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        .last
      let canonical = SigV4.canonicalRequest(
        signed, signing: (names ?? "").split(separator: ";").map(String.init), query: .formDecoded)
      #expect(canonical == vector.canonicalRequest, "\(vector.name)")
      #expect(signed.fields["Authorization"] == vector.authorization, "\(vector.name)")
    }
  }

  @Test func whatWasSignedIsFoundGood() throws {
    for vector in try SigningVector.all() {
      var signed = vector.signed()
      #expect(
        try SigV4.verify(signed, service: vector.service, at: vector.date) {
          $0 == "AKIDEXAMPLE" ? vector.credentials : nil
        } == "AKIDEXAMPLE")
      // Signing twice replaces, it does not add.
      SigV4.sign(
        &signed, with: vector.credentials, region: vector.region, service: vector.service, at: vector.date)
      #expect(signed.fields.values("Authorization") == [vector.authorization])
    }
  }

  @Test func anythingMissingOrChangedIsRefusedByAWSsName() throws {
    let vector = try #require(try SigningVector.all().first { $0.name == "sigv4_start_session" })
    let good = vector.signed()
    func refusal(
      minutes: Int64 = 0, service: String = "ssm", knows: Credentials? = nil,
      _ change: (inout HTTPRequest) -> Void = { _ in }
    ) -> String {
      var request = good
      change(&request)
      let date = Timestamp(microseconds: vector.date.microseconds + minutes * 60_000_000)
      do {
        try SigV4.verify(request, service: service, at: date) {
          $0 == "AKIDEXAMPLE" ? knows ?? vector.credentials : nil
        }
        return "accepted"
      } catch {
        return error.type
      }
    }
    func replacing(_ old: String, _ new: String) -> (inout HTTPRequest) -> Void {
      { request in
        let parts = (request.fields["Authorization"] ?? "").split(
          separator: old, maxSplits: 1, omittingEmptySubsequences: false)
        request.fields["Authorization"] = parts.joined(separator: new)
      }
    }
    #expect(refusal() == "accepted")
    #expect(refusal(minutes: 15) == "accepted" && refusal(minutes: -15) == "accepted")
    let invalid = "InvalidSignatureException"
    let incomplete = "IncompleteSignatureException"
    let cases: [(String, String)] = [
      (refusal(minutes: 16), invalid), (refusal(minutes: -16), invalid),
      (refusal(service: "ssmmessages"), invalid),
      (refusal { $0.body.append(0x20) }, invalid), (refusal { $0.method = "PUT" }, invalid),
      (refusal { $0.target = "/x" }, invalid),
      (refusal { $0.target = "/?x" }, invalid), (refusal { $0.fields["Host"] = "other" }, invalid),
      (refusal { $0.fields["Host"] = nil }, invalid),
      (refusal { $0.fields["X-Amz-Target"] = "AmazonSSM.Other" }, invalid),
      (refusal { $0.fields["Authorization"] = nil }, "MissingAuthenticationTokenException"),
      (refusal { $0.fields["Authorization"] = "Basic abc" }, incomplete),
      (refusal { $0.fields["Authorization"] = "AWS4-HMAC-SHA256 " }, incomplete),
      (refusal(replacing("Signature=", "Sig=")), incomplete),
      (refusal(replacing("SignedHeaders=", "X=")), incomplete),
      (refusal(replacing("Credential=", "X=")), incomplete),
      (refusal(replacing("/aws4_request", "")), incomplete),
      (refusal(replacing("host;", "")), invalid), (refusal(replacing("us-east-1", "us-east-2")), invalid),
      (refusal(replacing("/20261121/", "/20261120/")), invalid),
      (refusal(replacing("Signature=7", "Signature=8")), invalid),
      (refusal { $0.fields["X-Amz-Date"] = nil }, incomplete),
      (refusal { $0.fields["X-Amz-Date"] = "20261131T040000Z" }, incomplete),
      (refusal(replacing("AKIDEXAMPLE", "AKIDOTHER")), "UnrecognizedClientException"),
      (refusal { $0.fields["X-Amz-Security-Token"] = "other" }, "UnrecognizedClientException"),
      (refusal(knows: Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wrong")), invalid),
    ]
    for (index, (type, expected)) in cases.enumerated() where type != expected {
      Issue.record("case \(index): \(type), not \(expected)")
    }
  }

  @Test func bothReadingsOfAPlusAreAccepted() throws {
    let vector = try #require(
      try SigningVector.all().first { $0.name == "sigv4_websocket_open_cell_number_plus" })
    var request = vector.signed()
    let canonical = SigV4.canonicalRequest(request, signing: ["host", "x-amz-date"], query: .literal)
    #expect(canonical.contains("cell-number=AAEAATf2%2Blv%2FuCV%3D"))
    let signature = SigV4.signature(
      canonical, time: "20261121T040000Z",
      scope: .init(date: "20261121", region: "us-east-1", service: "ssmmessages"),
      secret: vector.credentials.secretAccessKey)
    request.fields["Authorization"] =
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261121/us-east-1/ssmmessages/aws4_request,"
      + "SignedHeaders=host;x-amz-date,Signature=\(signature)"
    #expect(throws: Never.self) {
      try SigV4.verify(request, service: "ssmmessages", at: vector.date) { _ in vector.credentials }
    }
  }

  @Test func randomAuthorizationsOnlyEndInErrors() throws {
    let vector = try #require(try SigningVector.all().first)
    var random = SeededRandom(11)
    let good = Array((vector.signed().fields["Authorization"] ?? "").utf8)
    for _ in 0..<500 {
      var bytes = good
      bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      bytes.removeLast(Int(random.next() % UInt64(bytes.count)))
      var request = vector.signed()
      request.fields["Authorization"] = String(decoding: bytes, as: UTF8.self)
      #expect(throws: ServiceError.self) {
        try SigV4.verify(request, service: "ssm", at: vector.date) {
          $0 == "AKIDEXAMPLE" ? vector.credentials : nil
        }
      }
    }
  }

  @Test func secretsAreNeverPrinted() {
    let credentials = Credentials(accessKeyID: "AKID", secretAccessKey: "hush", sessionToken: "hush")
    var dumped = ""
    dump(credentials, to: &dumped)
    for text in ["\(credentials)", String(reflecting: credentials), dumped] {
      #expect(!text.contains("hush") && text.contains("AKID"))
    }
  }
}
