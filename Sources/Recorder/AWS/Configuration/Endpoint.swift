import Platform

/// Where AWS's services are (protocol.md §1.5).
enum Endpoint {
  /// Which region is meant: `--region`, `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's, the one this instance
  /// is in; in this order.
  /// - Parameter instance: asks the instance's metadata service, where nothing else is said.
  static func region(
    flag: String?, environment: Environment, profile: Profile?, instance: () -> String? = { nil }
  ) throws(EndpointError) -> String {
    let given = flag.flatMap { $0.isEmpty ? nil : $0 }
    let region =
      given ?? environment.nonEmpty("AWS_REGION") ?? environment.nonEmpty("AWS_DEFAULT_REGION")
      ?? profile?.region ?? instance()
    guard let region else { throw .noRegion(profile: profile?.name) }
    guard isRegion(region) else { throw .badRegion(region) }
    return region
  }

  /// The address of `service` ("ssm", "kms", "sts", "sso", "sso-oidc", …): `--endpoint-url`, `AWS_ENDPOINT_URL_SSM`,
  /// `AWS_ENDPOINT_URL`, the profile's `services` and `endpoint_url`, else AWS's own for the region.
  static func url(
    service: String, region: String, flag: String? = nil, environment: Environment, profile: Profile?
  ) throws(EndpointError) -> URLParts {
    let fips = isOn("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", environment, profile)
    let dualStack = isOn("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", environment, profile)
    guard let (text, source) = configured(service, flag, environment, profile) else {
      return try url(service: service, region: region, fips: fips, dualStack: dualStack)
    }
    if fips || dualStack {
      throw .unsupported("\(source) cannot be combined with FIPS or dual-stack endpoints")
    }
    do throws(URLPartsError) {
      return try URLParts(parsing: text)
    } catch {
      throw .badURL(source: source, reason: error.description)
    }
  }

  /// AWS's own address of a service in a region, by partition, FIPS and dual-stack.
  static func url(
    service: String, region: String, fips: Bool, dualStack: Bool
  ) throws(EndpointError) -> URLParts {
    guard isRegion(region) else { throw .badRegion(region) }
    let partition = Partition.of(region)
    let prefix = hostPrefixes[service] ?? service
    // GovCloud's plain endpoints are FIPS endpoints, but for some services that have others.
    let isPlain =
      partition.name == "aws-us-gov" && !dualStack && ["ssm", "sts", "sso", "sso-oidc"].contains(service)
    let name = fips && !isPlain ? "\(prefix)-fips" : prefix
    let suffix = dualStack ? partition.dualStackSuffix : partition.suffix
    return URLParts(scheme: .https, host: "\(name).\(region).\(suffix)")
  }

  /// Services whose hosts have other names than their configuration.
  private static let hostPrefixes = ["sso": "portal.sso", "sso-oidc": "oidc"]

  /// The address of AWS Security Token Service: the region's, or the global one where no region is known, or
  /// where `AWS_STS_REGIONAL_ENDPOINTS` asks for the way of old (`legacy`).
  static func securityTokenService(
    region: String?, environment: Environment, profile: Profile?
  ) throws(EndpointError) -> URLParts {
    let style = environment.nonEmpty("AWS_STS_REGIONAL_ENDPOINTS") ?? profile?["sts_regional_endpoints"]
    let isGlobal =
      region.map { style?.lowercased() == "legacy" && globalTokenRegions.contains($0) } ?? true
    let url = try url(
      service: "sts", region: region ?? "us-east-1", environment: environment, profile: profile)
    return isGlobal && url.host == "sts.\(region ?? "us-east-1").amazonaws.com"
      ? URLParts(scheme: .https, host: "sts.amazonaws.com") : url
  }

  /// Regions older than regional endpoints of STS.
  private static let globalTokenRegions: Set<String> = [
    "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "aws-global", "ca-central-1",
    "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1",
    "us-east-2", "us-west-1", "us-west-2",
  ]

  private static func configured(
    _ service: String, _ flag: String?, _ environment: Environment, _ profile: Profile?
  ) -> (url: String, source: String)? {
    if let flag, !flag.isEmpty { return (flag, "--endpoint-url") }
    if isOn("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls", environment, profile) {
      return nil
    }
    // SSO OIDC's variable and section have an underscore.
    let setting = service.replacing("-", with: "_")
    for variable in ["AWS_ENDPOINT_URL_\(setting.uppercased())", "AWS_ENDPOINT_URL"] {
      if let url = environment.nonEmpty(variable) { return (url, variable) }
    }
    if let url = profile?.services.nested[setting]?["endpoint_url"] { return (url, "the profile's services") }
    return profile?["endpoint_url"].map { ($0, "the profile's endpoint_url") }
  }

  private static func isOn(
    _ variable: String, _ setting: String, _ environment: Environment, _ profile: Profile?
  ) -> Bool {
    (environment.nonEmpty(variable) ?? profile?[setting])?.lowercased() == "true"
  }

  /// A region becomes part of a host name: lower-case letters, digits and dashes.
  private static func isRegion(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 63 && !text.hasPrefix("-")
      && text.utf8.allSatisfy { ASCII.isDigit($0) || $0 == UInt8(ascii: "-") || $0 &- 0x61 < 26 }
  }
}

/// A part of AWS with domain names of its own.
private struct Partition {
  let name: String
  let prefixes: [String]
  let suffix: String
  let dualStackSuffix: String

  static func of(_ region: String) -> Partition {
    all.first { $0.prefixes.contains { region.hasPrefix($0) } } ?? commercial
  }

  /// Also for regions that do not exist yet.
  private static let commercial = Partition(
    name: "aws", prefixes: [], suffix: "amazonaws.com", dualStackSuffix: "api.aws")
  private static let all = [
    Partition(
      name: "aws-cn", prefixes: ["cn-"], suffix: "amazonaws.com.cn",
      dualStackSuffix: "api.amazonwebservices.com.cn"),
    Partition(name: "aws-us-gov", prefixes: ["us-gov-"], suffix: "amazonaws.com", dualStackSuffix: "api.aws"),
    Partition(
      name: "aws-iso", prefixes: ["us-iso-"], suffix: "c2s.ic.gov", dualStackSuffix: "api.aws.ic.gov"),
    Partition(
      name: "aws-iso-b", prefixes: ["us-isob-"], suffix: "sc2s.sgov.gov", dualStackSuffix: "api.aws.scloud"),
    Partition(
      name: "aws-iso-e", prefixes: ["eu-isoe-"], suffix: "cloud.adc-e.uk",
      dualStackSuffix: "api.cloud-aws.adc-e.uk"),
    Partition(
      name: "aws-iso-f", prefixes: ["us-isof-"], suffix: "csp.hci.ic.gov",
      dualStackSuffix: "api.aws.hci.ic.gov"),
    Partition(
      name: "aws-eusc", prefixes: ["eusc-de-"], suffix: "amazonaws.eu",
      dualStackSuffix: "api.amazonwebservices.eu"),
  ]
}

/// Why there is no address for a service.
enum EndpointError: Error, Equatable, Sendable {
  case noRegion(profile: String?)
  case badRegion(String)
  /// The address itself is left out: it may hold a password.
  case badURL(source: String, reason: String)
  case unsupported(String)
}

extension EndpointError: CustomStringConvertible {
  var description: String {
    switch self {
    case .noRegion(let profile):
      "no AWS region is given; use --region, AWS_REGION, or \"region\" in profile \"\(profile ?? "default")\""
    case .badRegion(let region):
      "\"\(ASCII.excerpt(Array(region.utf8)))\" is no AWS region; expected one like eu-central-1"
    case .badURL(let source, let reason): "the address in \(source) cannot be used: \(reason)"
    case .unsupported(let what): what
    }
  }
}
