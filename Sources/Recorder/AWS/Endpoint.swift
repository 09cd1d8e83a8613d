import Platform

/// Where AWS's services are (protocol.md §1.5).
enum Endpoint {
  /// The address of `service` ("ssm", "ssmmessages", "kms") in `region`, by partition, FIPS and dual-stack.
  static func url(
    service: String, region: String, fips: Bool, dualStack: Bool
  ) throws(EndpointError) -> URLParts { fatalError() }
}

enum EndpointError: Error, Equatable, Sendable {
  case badRegion(String)
  case noRegion
  case badURL(String, reason: String)
  case unsupported(String)
}
