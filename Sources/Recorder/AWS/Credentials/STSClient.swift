import Format
import Platform

/// The two calls of AWS Security Token Service that give out credentials of a role (its query protocol, API
/// version 2011-06-15).
struct STSClient {
  /// Which role, and under which conditions.
  struct Role: Equatable, Sendable {
    var arn: String
    /// What the role's holder is called in logs, and in the ids of its sessions.
    var sessionName: String
    var externalID: String?
    /// The second factor's device.
    var serialNumber: String?
    var tokenCode: String?
    /// How long the credentials are to be good for.
    var durationSeconds: Int?
  }

  let endpoint: URLParts
  let region: String
  let transport: APITransport

  /// Credentials of a role, for the holder of others.
  func assume(_ role: Role, with source: Credentials) throws(APIError) -> Credentials {
    var parameters = [("RoleArn", role.arn), ("RoleSessionName", role.sessionName)]
    if let id = role.externalID { parameters.append(("ExternalId", id)) }
    if let serial = role.serialNumber { parameters.append(("SerialNumber", serial)) }
    if let code = role.tokenCode { parameters.append(("TokenCode", code)) }
    if let seconds = role.durationSeconds { parameters.append(("DurationSeconds", String(seconds))) }
    return try call("AssumeRole", parameters, signedBy: source)
  }

  /// Credentials of a role, for the holder of an identity provider's token. The call itself is not signed.
  func assume(_ role: Role, webIdentityToken: String) throws(APIError) -> Credentials {
    try call(
      "AssumeRoleWithWebIdentity",
      [
        ("RoleArn", role.arn), ("RoleSessionName", role.sessionName), ("WebIdentityToken", webIdentityToken),
      ], signedBy: nil)
  }

  private func call(
    _ operation: String, _ parameters: [(name: String, value: String)], signedBy source: Credentials?
  ) throws(APIError) -> Credentials {
    let pairs = [("Action", operation), ("Version", "2011-06-15")] + parameters
    let body = pairs.map { "\($0.0)=\(SigV4.encoded($0.1.utf8))" }.joined(separator: "&")
    let answer = try transport.answer(to: operation, at: endpoint) { () throws(APIError) in
      var request = HTTPRequest(
        method: "POST", target: endpoint.requestTarget,
        fields: [
          "Host": endpoint.hostField, "User-Agent": "ssmcast",
          "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        ], body: Array(body.utf8))
      if let source {
        SigV4.sign(&request, with: source, region: region, service: "sts", at: transport.timestamp())
      }
      return request
    }
    let xml = XMLText(answer.body)
    guard let key = xml.text("AccessKeyId"), let secret = xml.text("SecretAccessKey"),
      let token = xml.text("SessionToken"), !key.isEmpty, !secret.isEmpty
    else { throw .badAnswer(operation: operation, reason: "it holds no credentials") }
    return Credentials(
      accessKeyID: key, secretAccessKey: secret, sessionToken: token,
      expiration: xml.text("Expiration").flatMap { Timestamp(iso8601: $0) })
  }
}
