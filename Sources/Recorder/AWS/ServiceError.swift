/// An error AWS answered with, or the embedded service does (protocol.md §1.3).
struct ServiceError: Error, Equatable, Sendable {
  /// The bare name, such as `TargetNotConnected`.
  var type: String
  /// The service's own words; may be empty.
  var message: String
  /// HTTP status.
  var status: Int
  var requestID: String?

  init(type: String, message: String, status: Int = 400, requestID: String? = nil) {
    self.type = type
    self.message = message
    self.status = status
    self.requestID = requestID
  }

  /// Reads an error answer: the type from `x-amzn-ErrorType` or `__type`, the words from `message` or `Message`.
  init(_ response: HTTPResponse) { fatalError() }

  /// The answer a service gives for this error.
  var response: HTTPResponse { fatalError() }
}
