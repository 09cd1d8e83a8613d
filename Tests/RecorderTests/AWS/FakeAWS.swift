import Platform
import Synchronization

@testable import Recorder

/// Every service that gives out credentials, on one port of this machine, for one test.
///
/// What it gives names what it was asked with, so that a test sees which way was taken.
final class FakeAWS: Sendable {
  let server: LoopbackServer
  private let log: Log

  /// Requests that were answered, in order.
  var requests: [HTTPRequest] { log.requests }

  /// When what it gives out expires.
  let expiration: Timestamp

  private final class Log: Sendable {
    private let list = Mutex<[HTTPRequest]>([])
    var requests: [HTTPRequest] { list.withLock { $0 } }
    func append(_ request: HTTPRequest) { list.withLock { $0.append(request) } }
  }

  /// - Parameter knowsVersion2: of the instance's metadata service.
  init(expiresIn seconds: Int64 = 3600, knowsVersion2: Bool = true) throws {
    let expiration = Timestamp(microseconds: (SystemTime().timestamp.seconds + seconds) * 1_000_000)
    let log = Log()
    self.expiration = expiration
    self.log = log
    server = try LoopbackServer(connectionCount: 10_000) { peer in
      let request = try peer.receiveRequest()
      log.append(request)
      let answer = Self.answer(request, expiration: expiration, knowsVersion2: knowsVersion2)
      try peer.send(answer.encoded())
    }
  }

  var url: String { "http://127.0.0.1:\(server.port)" }

  /// Variables that lead all services here.
  var variables: [String: String] {
    [
      "AWS_ENDPOINT_URL_STS": url, "AWS_ENDPOINT_URL_SSO": url, "AWS_ENDPOINT_URL_SSO_OIDC": url,
      "AWS_EC2_METADATA_SERVICE_ENDPOINT": url + "/",
    ]
  }

  private static func answer(
    _ request: HTTPRequest, expiration: Timestamp, knowsVersion2: Bool
  ) -> HTTPResponse {
    let date = CalendarDate(expiration).rfc3339
    switch (request.method, request.path) {
    case ("POST", "/"): return token(request, date)
    case ("POST", "/token"):
      return json([
        "accessToken": "renewed", "expiresIn": 28800, "refreshToken": "refresh-2", "tokenType": "Bearer",
      ])
    case ("GET", "/federation/credentials"):
      let bearer = request.fields["x-amz-sso_bearer_token"] ?? ""
      guard ["good", "renewed"].contains(bearer) else {
        return HTTPResponse(
          status: 401, fields: ["x-amzn-ErrorType": "UnauthorizedException"], body: Array("{}".utf8))
      }
      return json([
        "roleCredentials": [
          "accessKeyId": .string("SSO-\(bearer)-\(parameter("role_name", in: request.query ?? ""))"),
          "secretAccessKey": "s", "sessionToken": "t", "expiration": JSON(expiration.microseconds / 1000),
        ]
      ])
    case ("PUT", "/latest/api/token"):
      return knowsVersion2 ? text("metadata-token") : HTTPResponse(status: 404)
    case ("GET", let path) where path.hasPrefix("/latest/meta-data/"):
      let isKnown = request.fields["x-aws-ec2-metadata-token"] == (knowsVersion2 ? "metadata-token" : nil)
      if !isKnown { return HTTPResponse(status: 401) }
      if path.hasSuffix("availability-zone/") { return text("ap-southeast-3b") }
      if path.hasSuffix("security-credentials/") { return text("the-role") }
      return given("IMDS", date)
    case ("GET", "/container"):
      let word = request.fields["Authorization"] ?? "nobody"
      return word == "wrong"
        ? HTTPResponse(status: 403) : given("CONTAINER-\(word.hasPrefix("hush") ? "quiet" : word)", date)
    default: return HTTPResponse(status: 404)
    }
  }

  /// AssumeRole and AssumeRoleWithWebIdentity.
  private static func token(_ request: HTTPRequest, _ date: String) -> HTTPResponse {
    let body = String(decoding: request.body, as: UTF8.self)
    let role = parameter("RoleArn", in: body).split(separator: "/").last.map(String.init) ?? ""
    let by = request.fields["Authorization"].map(signer)
    let key: String
    switch parameter("Action", in: body) {
    case "AssumeRole" where by != nil: key = "ROLE-\(role)-by-\(by ?? "")"
    case "AssumeRoleWithWebIdentity" where by == nil:
      key = "WEB-\(role)-\(parameter("WebIdentityToken", in: body))"
    default:
      return HTTPResponse(
        status: 403,
        body: Array(
          "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no &amp; no</Message></Error></ErrorResponse>"
            .utf8))
    }
    if role == "denied" {
      return HTTPResponse(
        status: 403,
        body: Array(
          "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not this &lt;role&gt;</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
            .utf8))
    }
    let name = parameter("Action", in: body)
    return HTTPResponse(
      status: 200, fields: ["Content-Type": "text/xml"],
      body: Array(
        """
        <?xml version="1.0"?>
        <\(name)Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><\(name)Result><AssumedRoleUser>\
        <Arn>arn:aws:sts::1:assumed-role/\(role)/x</Arn><AssumedRoleId>AROA:x</AssumedRoleId></AssumedRoleUser>\
        <Credentials><AccessKeyId>\(key)</AccessKeyId><SecretAccessKey>s&amp;s</SecretAccessKey>\
        <SessionToken>t</SessionToken><Expiration>\(date)</Expiration></Credentials></\(name)Result>\
        <ResponseMetadata><RequestId>r-2</RequestId></ResponseMetadata></\(name)Response>
        """.utf8))
  }

  /// The access key that a signature names.
  private static func signer(_ authorization: String) -> String {
    let start = authorization.firstRange(of: "Credential=")?.upperBound ?? authorization.startIndex
    return String(authorization[start...].prefix { $0 != "/" })
  }

  private static func given(_ key: String, _ date: String) -> HTTPResponse {
    json([
      "Code": "Success", "AccessKeyId": .string(key), "SecretAccessKey": "s", "Token": "t",
      "Expiration": .string(date),
    ])
  }

  private static func json(_ value: JSON) -> HTTPResponse {
    HTTPResponse(status: 200, fields: ["Content-Type": "application/json"], body: value.encoded())
  }

  private static func text(_ value: String) -> HTTPResponse {
    HTTPResponse(status: 200, body: Array(value.utf8))
  }

  /// One parameter of a form, decoded.
  static func parameter(_ name: String, in form: String) -> String {
    for pair in form.split(separator: "&") where pair.hasPrefix(name + "=") {
      return String(
        decoding: ASCII.percentDecoded(Array(pair.utf8.dropFirst(name.utf8.count + 1)), plusIsSpace: true),
        as: UTF8.self)
    }
    return ""
  }
}
