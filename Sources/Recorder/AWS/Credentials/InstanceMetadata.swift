import Platform

/// The metadata service of an EC2 instance, version 2: a token first, then what the token may read. Version 1,
/// without a token, is spoken only where version 2 is not, as the AWS CLI does.
struct InstanceMetadata {
  let environment: Environment
  let profile: Profile?
  let network: CredentialNetwork
  let now: () -> Timestamp

  /// What asking for one value brought.
  private enum Answer {
    case text([UInt8])
    case none(reason: String)
  }

  private static let tokenSeconds = "21600"
  private static let credentialsPath = "latest/meta-data/iam/security-credentials/"
  private static let regionPath = "latest/meta-data/placement/availability-zone/"

  private func setting(_ variable: String, _ name: String) -> String? {
    environment.nonEmpty(variable) ?? profile?[name]
  }

  private func isOn(_ variable: String, _ name: String) -> Bool {
    setting(variable, name)?.lowercased() == "true"
  }

  private var isDisabled: Bool { environment.nonEmpty("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" }

  private var timeoutSeconds: Int64 {
    min(
      60, max(1, setting("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout").flatMap(Int64.init) ?? 1)
    )
  }

  private var tryCount: Int {
    let text = setting("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts")
    return min(10, max(1, text.flatMap(Int.init) ?? 1))
  }

  private func base() throws(CredentialError) -> URLParts {
    let mode = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode")
    let own = mode?.lowercased() == "ipv6" ? "http://[fd00:ec2::254]/" : "http://169.254.169.254/"
    let address = setting("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint") ?? own
    do throws(URLPartsError) {
      return try URLParts(parsing: address)
    } catch {
      throw .notGiven(source: .instance, reason: "the metadata service's address cannot be used: \(error)")
    }
  }

  /// The credentials of the role that the instance has.
  func look() throws(CredentialError) -> CredentialFinding {
    if isDisabled { return .passedOver(reason: "AWS_EC2_METADATA_DISABLED is true") }
    let base = try base()
    let token: String?
    let role: String
    switch try fetchToken(base) {
    case .text(let bytes): token = bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    case .none(let reason): return .passedOver(reason: reason)
    }
    if token == nil, isOn("AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled") {
      return .passedOver(reason: "\(base.authority) gives no token, and version 1 is disabled")
    }
    switch try get(base, Self.credentialsPath, token: token) {
    case .text(let bytes):
      role = String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
    case .none(let reason): return .passedOver(reason: "the instance has no role: \(reason)")
    }
    guard role.utf8.count <= 128, role.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 != 0x3F }) else {
      return .passedOver(reason: "\(base.authority) gave no name of a role")
    }
    switch try get(base, Self.credentialsPath + role, token: token) {
    case .text(let bytes):
      guard let json = try? JSON(parsing: bytes),  // told as an answer without credentials
        var found = Credentials(
          json, key: "AccessKeyId", secret: "SecretAccessKey", token: "Token", expiration: "Expiration")
      else { return .passedOver(reason: "what \(base.authority) gave for role \(role) holds no credentials") }
      extend(&found)
      return .found(found, detail: "role \(role), \(base.authority)")
    case .none(let reason): return .passedOver(reason: reason)
    }
  }

  /// When the service itself is in trouble it hands out what has expired, and AWS goes on taking it.
  private func extend(_ credentials: inout Credentials) {
    guard let expiration = credentials.expiration else { return }
    let soon = Timestamp(microseconds: now().microseconds + 900_000_000)
    if expiration < soon { credentials.expiration = soon }
  }

  /// The region the instance is in; nil where nobody answers.
  func region() -> String? {
    guard !isDisabled, let base = try? base(), case .text(let token)? = try? fetchToken(base) else {
      return nil  // a region is asked for in passing; that there is none is told elsewhere
    }
    let word = token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
    guard case .text(let zone)? = try? get(base, Self.regionPath, token: word) else { return nil }
    // eu-central-1a
    let text = String(decoding: zone.prefix { $0 > 0x20 }, as: UTF8.self)
    return text.utf8.count < 3 ? nil : String(text.dropLast())
  }

  /// - Returns: the token; empty where the service does not know version 2.
  private func fetchToken(_ base: URLParts) throws(CredentialError) -> Answer {
    let request = request(
      "PUT", base, "latest/api/token", fields: ["x-aws-ec2-metadata-token-ttl-seconds": Self.tokenSeconds])
    return try send(request, to: base) { answer in
      switch answer.status {
      case 200 where answer.body.allSatisfy { 0x20 < $0 && $0 < 0x7F }: .text(answer.body)
      case 403, 404, 405: .text([])
      default: .none(reason: "\(base.authority) answered \(answer.status) when asked for a token")
      }
    }
  }

  private func get(_ base: URLParts, _ path: String, token: String?) throws(CredentialError) -> Answer {
    let fields: HTTPFields = token.map { ["x-aws-ec2-metadata-token": $0] } ?? [:]
    return try send(request("GET", base, path, fields: fields), to: base) { answer in
      answer.status == 200 && !answer.body.isEmpty
        ? .text(answer.body) : .none(reason: "\(base.authority) answered \(answer.status)")
    }
  }

  private func request(_ method: String, _ base: URLParts, _ path: String, fields: HTTPFields) -> HTTPRequest
  {
    let folder = base.path.hasSuffix("/") ? base.path : base.path + "/"
    var all: HTTPFields = ["Host": base.hostField, "User-Agent": "ssmcast"]
    for field in fields.list { all.append(field.name, field.value) }
    return HTTPRequest(method: method, target: folder + path, fields: all)
  }

  private func send(
    _ request: HTTPRequest, to base: URLParts, _ reading: (HTTPResponse) -> Answer
  ) throws(CredentialError) -> Answer {
    let transport = network.local(seconds: timeoutSeconds)
    var reason = ""
    for _ in 0..<tryCount {
      do throws(ConnectionError) {
        return reading(try transport.send(request, base))
      } catch {
        if error == .interrupted { throw .interrupted }
        reason = "\(error)"
      }
    }
    return .none(reason: "\(base.authority) is not there: \(reason)")
  }
}
