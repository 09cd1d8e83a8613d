import Platform

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

  /// Reads an error answer: the type from `x-amzn-ErrorType` or `__type`, the words from `message` or
  /// `Message`; of older services' XML `Code` and `Message`.
  ///
  /// An answer that is neither, as proxies give, becomes type `HTTP 503` with the start of its text.
  init(_ response: HTTPResponse) {
    let xml = XMLText(response.body)
    if response.body.first == UInt8(ascii: "<"), let code = xml.text("Code"), !code.isEmpty {
      type = Self.bareName(code)
      message = xml.text("Message") ?? ""
      status = response.status
      requestID = xml.text("RequestId") ?? response.fields["x-amzn-RequestId"]
      return
    }
    let json = try? JSON(parsing: response.body)  // no JSON: handled below
    let named = response.fields["x-amzn-ErrorType"] ?? json?["__type"]?.string ?? json?["code"]?.string
    type = named.map(Self.bareName) ?? ""
    if type.isEmpty { type = "HTTP \(response.status)" }
    if let json {
      message = json["message"]?.string ?? json["Message"]?.string ?? ""
    } else {
      message = ASCII.excerpt(response.body)
    }
    status = response.status
    requestID = response.fields["x-amzn-RequestId"] ?? response.fields["x-amz-request-id"]
  }

  /// `com.amazon#Name:http://…` becomes `Name`.
  private static func bareName(_ text: String) -> String {
    let afterHash = text.split(separator: "#", omittingEmptySubsequences: false).last ?? ""
    return String(afterHash.prefix { $0 != ":" })
  }

  /// The answer a service gives for this error.
  var response: HTTPResponse {
    var fields: HTTPFields = ["Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": type]
    if let requestID { fields.append("x-amzn-RequestId", requestID) }
    let body: JSON = ["__type": .string(type), "message": .string(message)]
    return HTTPResponse(status: status, fields: fields, body: body.encoded())
  }

  /// Whether the same request may succeed later.
  var isRetryable: Bool {
    status >= 500 || status == 429 || Self.throttling.contains(type) || type == "RequestTimeout"
  }

  /// Whether other credentials could help: expired ones are renewed while a session waits (protocol.md §13.15).
  var isAboutCredentials: Bool {
    status == 403 || type.hasPrefix("ExpiredToken") || type == "UnrecognizedClientException"
      || type == "InvalidClientTokenId" || type == "AccessDeniedException"
  }

  private static let throttling: Set<String> = [
    "Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException",
    "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "SlowDown",
    "BandwidthLimitExceeded", "PriorRequestNotComplete", "EC2ThrottledException", "LimitExceededException",
    "TransactionInProgressException", "ProvisionedThroughputExceededException",
  ]
}

extension ServiceError: CustomStringConvertible {
  /// One plain sentence: what it means, what to check, the service's words and the request id.
  var description: String {
    var text = meaning ?? "AWS answered with \(type)"
    let words = ASCII.trimmed(Array(message.utf8))
    if !words.isEmpty { text += ": \(String(decoding: words, as: UTF8.self))" }
    return requestID.map { "\(text) (request id \($0))" } ?? text
  }

  private var meaning: String? {
    switch type {
    case "TargetNotConnected":
      "the target is not connected to Session Manager; check its id, the region, that the instance runs an "
        + "SSM agent and has an instance profile, and that it reaches the ssm and ssmmessages endpoints"
    case "InvalidDocument", "InvalidDocumentVersion":
      "the session document does not exist here or does not fit; check its name, its version and the region"
    case "DoesNotExistException": "the session does not exist any more"
    case "InternalServerError", "InternalFailure", "ServiceUnavailable":
      "the service failed on its side; try again, and if it stays, give AWS support the request id"
    case "AccessDeniedException", "AccessDenied", "UnauthorizedOperation":
      "these credentials may not do this; check the IAM policies for ssm:StartSession on target and document"
    case "ExpiredTokenException", "ExpiredToken", "RequestExpired":
      "the credentials have expired; get new ones, for example with \"aws sso login\""
    case "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId":
      "AWS does not know this access key; check the credentials, and that a session token belongs to them"
    case "InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature",
      "IncompleteSignatureException":
      "the signature was refused; check the secret access key and this machine's clock"
    case "MissingAuthenticationToken", "MissingAuthenticationTokenException":
      "the request carries no signature"
    case "ValidationException": "the service refused the request's contents"
    case _ where Self.throttling.contains(type): "AWS takes no more requests just now; try again in a minute"
    default: nil
    }
  }
}
