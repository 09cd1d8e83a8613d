import Format
import Platform

extension SigV4 {
  /// How far a request's date may be from the service's clock.
  static let clockToleranceSeconds: Int64 = 15 * 60

  /// Checks a signed request: all pieces there, date within 15 minutes, signature right.
  /// - Parameter credentials: those that belong to an access key id; nil where it is unknown.
  /// - Returns: the access key id that signed.
  /// - Throws: AWS's own errors for what is wrong.
  @discardableResult
  static func verify(
    _ request: HTTPRequest, service: String, at date: Timestamp, credentials: (String) -> Credentials?
  ) throws(ServiceError) -> String {
    guard let text = request.fields["Authorization"] else {
      throw ServiceError(
        type: "MissingAuthenticationTokenException", message: "Missing Authentication Token", status: 403)
    }
    let authorization = try Authorization(text)
    guard let known = credentials(authorization.accessKeyID) else {
      throw ServiceError(
        type: "UnrecognizedClientException",
        message: "The security token included in the request is invalid.")
    }
    if let token = known.sessionToken {
      let shown = request.fields["X-Amz-Security-Token"] ?? ""
      guard equalInConstantTime(Array(shown.utf8), Array(token.utf8)) else {
        throw ServiceError(
          type: "UnrecognizedClientException",
          message: "The security token included in the request is invalid.")
      }
    }
    let time = try checkedTime(request, authorization, service: service, at: date)
    let given = Array(authorization.signature.utf8)
    // Clients disagree about a raw "+" in a query; both readings prove knowledge of the secret.
    let matches = QueryReading.allCases.map { reading in
      let canonical = canonicalRequest(request, signing: authorization.signedNames, query: reading)
      let expected = signature(
        canonical, time: time, scope: authorization.scope, secret: known.secretAccessKey)
      return equalInConstantTime(given, Array(expected.utf8))
    }
    guard matches.contains(true) else {
      throw refusal(
        "The request signature we calculated does not match the signature you provided. Check your AWS "
          + "Secret Access Key and signing method. Consult the service documentation for details.")
    }
    return known.accessKeyID
  }

  private static func checkedTime(
    _ request: HTTPRequest, _ authorization: Authorization, service: String, at date: Timestamp
  ) throws(ServiceError) -> String {
    let text = request.fields["X-Amz-Date"] ?? ""
    guard let signed = timestamp(text) else {
      throw ServiceError(
        type: "IncompleteSignatureException",
        message: "Authorization header requires existence of 'X-Amz-Date' in the form YYYYMMDDTHHMMSSZ.")
    }
    for name in ["host", "x-amz-date"] where !authorization.signedNames.contains(name) {
      throw refusal("'\(name)' must be a 'SignedHeader' in the AWS Authorization.")
    }
    for name in authorization.signedNames where request.fields[name] == nil {
      throw refusal("The signed header '\(name)' is missing from the request.")
    }
    guard authorization.scope.date == text.prefix(8) else {
      throw refusal(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.")
    }
    guard authorization.scope.service == service else {
      throw refusal("Credential should be scoped to correct service: '\(service)'.")
    }
    let difference = signed.seconds - date.seconds
    let now = CalendarDate(date).compact
    if difference < -clockToleranceSeconds {
      throw refusal("Signature expired: \(text) is now earlier than \(now)")
    }
    if difference > clockToleranceSeconds {
      throw refusal("Signature not yet current: \(text) is later than \(now)")
    }
    return text
  }

  private static func refusal(_ message: String) -> ServiceError {
    ServiceError(type: "InvalidSignatureException", message: message)
  }

  /// Reads `20261121T063102Z`.
  private static func timestamp(_ text: String) -> Timestamp? {
    let bytes = Array(text.utf8)
    guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
    let digits = bytes[..<8] + bytes[9..<15]
    guard digits.allSatisfy(ASCII.isDigit) else { return nil }
    func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
    let date = CalendarDate(
      year: number(0..<4), month: number(4..<6), day: number(6..<8), hour: number(9..<11),
      minute: number(11..<13), second: number(13..<15))
    guard CalendarDate(date.timestamp) == date else { return nil }  // no 31 February
    return date.timestamp
  }
}

/// The Authorization field taken apart.
private struct Authorization {
  let accessKeyID: String
  let scope: SigV4.Scope
  let signedNames: [String]
  let signature: String

  init(_ text: String) throws(ServiceError) {
    guard text.hasPrefix(SigV4.algorithm + " ") else {
      throw Self.incomplete("Authorization header must be of the form '\(SigV4.algorithm) …'.")
    }
    var parts: [String: String] = [:]
    for part in text.dropFirst(SigV4.algorithm.count + 1).split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(decoding: ASCII.trimmed(Array(pair[0].utf8)), as: UTF8.self)
      if pair.count == 2 { parts[name] = String(decoding: ASCII.trimmed(Array(pair[1].utf8)), as: UTF8.self) }
    }
    func required(_ name: String) throws(ServiceError) -> String {
      guard let value = parts[name], !value.isEmpty else {
        throw Self.incomplete("Authorization header requires '\(name)' parameter.")
      }
      return value
    }
    let credential = try required("Credential").split(separator: "/", omittingEmptySubsequences: false)
    signedNames = try required("SignedHeaders").split(separator: ";").map { $0.lowercased() }
    signature = try required("Signature")
    guard credential.count >= 5, credential.last == "aws4_request" else {
      throw Self.incomplete("Credential must have at least 5 slash-delimited elements.")
    }
    // The key id comes first and may hold slashes itself; the other four cannot.
    let last = credential.suffix(4).map(String.init)
    accessKeyID = credential.dropLast(4).joined(separator: "/")
    scope = SigV4.Scope(date: last[0], region: last[1], service: last[2])
  }

  private static func incomplete(_ message: String) -> ServiceError {
    ServiceError(type: "IncompleteSignatureException", message: message)
  }
}
