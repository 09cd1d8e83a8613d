import Format
import Platform

/// AWS Signature Version 4 (protocol.md §1.4): signs requests, and checks signed ones.
enum SigV4 {
  static let algorithm = "AWS4-HMAC-SHA256"

  /// Adds `X-Amz-Date`, for temporary credentials `X-Amz-Security-Token`, and `Authorization`.
  ///
  /// Signed are `Host`, which must be there already, `Content-Type`, all `X-Amz-` fields and the body.
  static func sign(
    _ request: inout HTTPRequest, with credentials: Credentials, region: String, service: String,
    at date: Timestamp
  ) {
    let time = CalendarDate(date).compact
    request.fields["X-Amz-Date"] = time
    request.fields["X-Amz-Security-Token"] = credentials.sessionToken
    request.fields["Authorization"] = nil
    let scope = Scope(date: String(time.prefix(8)), region: region, service: service)
    let names = signedNames(request.fields)
    let canonical = canonicalRequest(request, signing: names, query: .formDecoded)
    let signature = signature(canonical, time: time, scope: scope, secret: credentials.secretAccessKey)
    request.fields["Authorization"] =
      "\(algorithm) Credential=\(credentials.accessKeyID)/\(scope.text), "
      + "SignedHeaders=\(names.joined(separator: ";")), Signature=\(signature)"
  }

  /// What a signature is good for.
  struct Scope: Equatable {
    /// `20261121`.
    let date: String
    let region: String
    let service: String

    var text: String { "\(date)/\(region)/\(service)/aws4_request" }
  }

  /// Names of the fields that are signed, in lower case, sorted.
  private static func signedNames(_ fields: HTTPFields) -> [String] {
    let names = fields.list.map { $0.name.lowercased() }
    let chosen = names.filter { $0 == "host" || $0 == "content-type" || $0.hasPrefix("x-amz-") }
    return Set(chosen).sorted()
  }

  /// The signature, in hexadecimal digits, of a canonical request.
  static func signature(_ canonicalRequest: String, time: String, scope: Scope, secret: String) -> String {
    let hash = SHA256.hash(Array(canonicalRequest.utf8)).hexadecimal
    let message = "\(algorithm)\n\(time)\n\(scope.text)\n\(hash)"
    var key = Array("AWS4\(secret)".utf8)
    for part in [scope.date, scope.region, scope.service, "aws4_request"] {
      key = HMACSHA256.authenticate(Array(part.utf8), key: key)
    }
    return HMACSHA256.authenticate(Array(message.utf8), key: key).hexadecimal
  }
}
