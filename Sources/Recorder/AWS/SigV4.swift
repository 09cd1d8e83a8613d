import Platform

/// AWS Signature Version 4 (protocol.md §1.4): signs requests, and checks signed ones.
enum SigV4 {
  /// Adds `X-Amz-Date`, for temporary credentials `X-Amz-Security-Token`, and `Authorization`.
  ///
  /// Signed are `Host`, which must be there already, `Content-Type`, all `X-Amz-` fields and the body.
  static func sign(
    _ request: inout HTTPRequest, with credentials: Credentials, region: String, service: String,
    at date: Timestamp
  ) { fatalError() }

  /// Checks a signed request: all pieces there, date within 15 minutes, signature right.
  /// - Parameter credentials: those that belong to an access key id; nil where it is unknown.
  /// - Returns: the access key id that signed.
  @discardableResult
  static func verify(
    _ request: HTTPRequest, service: String, at date: Timestamp, credentials: (String) -> Credentials?
  ) throws(ServiceError) -> String { fatalError() }
}
