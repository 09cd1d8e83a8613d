import Platform

/// The credentials of a container, from the endpoint that ECS, EKS or a tool of the user's offers on this
/// machine (`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`, `…_FULL_URI`).
struct ContainerCredentials {
  let environment: Environment
  let network: CredentialNetwork

  private static let relativeVariable = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
  private static let fullVariable = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
  private static let tokenVariable = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
  private static let tokenFileVariable = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
  /// Hosts that may be asked over plain HTTP, besides this machine: the agents of ECS and EKS.
  private static let allowedHosts: Set<String> = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"]
  private static let tryCount = 3
  private static let secondsPerTry: Int64 = 2

  func look() throws(CredentialError) -> CredentialFinding {
    let setting: (variable: String, address: String)
    if let path = environment.nonEmpty(Self.relativeVariable) {
      setting = (Self.relativeVariable, "http://169.254.170.2\(path.hasPrefix("/") ? "" : "/")\(path)")
    } else if let address = environment.nonEmpty(Self.fullVariable) {
      setting = (Self.fullVariable, address)
    } else {
      return .passedOver(reason: "neither \(Self.relativeVariable) nor \(Self.fullVariable) is set")
    }
    let url = try allowed(setting.address, from: setting.variable)
    return .found(try ask(url), detail: "\(setting.variable), \(url.authority)")
  }

  /// - Throws: `.notGiven` for a host the token must not be sent to.
  private func allowed(_ address: String, from variable: String) throws(CredentialError) -> URLParts {
    let url: URLParts
    do throws(URLPartsError) {
      url = try URLParts(parsing: address)
    } catch {
      throw .notGiven(source: .container, reason: "the address in \(variable) cannot be used: \(error)")
    }
    guard url.scheme == .https || url.scheme == .http else {
      throw .notGiven(source: .container, reason: "the address in \(variable) is not of http or https")
    }
    guard url.isSecure || url.isLoopback || Self.allowedHosts.contains(url.host) else {
      throw .notGiven(
        source: .container,
        reason: "\(variable) names \(url.host), which must be this machine, "
          + "\(Self.allowedHosts.sorted().joined(separator: " or ")), or be reached by https")
    }
    return url
  }

  private func authorization() throws(CredentialError) -> String? {
    var token = environment.nonEmpty(Self.tokenVariable)
    if let path = environment.nonEmpty(Self.tokenFileVariable) {
      do throws(Errno) {
        token = String(decoding: try File.read(path, limit: 64 << 10), as: UTF8.self)
      } catch {
        throw .unreadable(path: path, reason: "\(error)")
      }
    }
    if let token, !token.utf8.allSatisfy({ 0x20 <= $0 && $0 != 0x7F }) {
      throw .notGiven(
        source: .container, reason: "the authorization token holds a line end or another control character")
    }
    return token
  }

  private func ask(_ url: URLParts) throws(CredentialError) -> Credentials {
    var fields: HTTPFields = [
      "Host": url.hostField, "User-Agent": "ssmcast", "Accept": "application/json",
    ]
    if let token = try authorization() { fields.append("Authorization", token) }
    let request = HTTPRequest(method: "GET", target: url.requestTarget, fields: fields)
    let transport = network.local(seconds: Self.secondsPerTry)
    var reason = ""
    for _ in 0..<Self.tryCount {
      do throws(ConnectionError) {
        let answer = try transport.send(request, url)
        if answer.status == 200, let found = Self.credentials(parsing: answer.body) { return found }
        reason =
          answer.status == 200
          ? "what \(url.authority) answered holds no credentials"
          : "\(url.authority) answered \(answer.status)"
      } catch {
        if error == .interrupted { throw .interrupted }
        reason = "\(error)"
      }
    }
    throw .notGiven(source: .container, reason: reason)
  }

  private static func credentials(parsing body: [UInt8]) -> Credentials? {
    guard let json = try? JSON(parsing: body) else { return nil }  // told as an answer without credentials
    return Credentials(
      json, key: "AccessKeyId", secret: "SecretAccessKey", token: "Token", expiration: "Expiration")
  }
}
