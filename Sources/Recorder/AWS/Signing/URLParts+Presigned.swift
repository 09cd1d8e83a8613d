extension URLParts {
  private static let signatureKeys: Set<String> = [
    "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-signedheaders",
    "x-amz-signature", "x-amz-security-token",
  ]

  /// Whether the query carries a signature already, so that the request must not be signed again
  /// (protocol §3.2: one key of a presigned address is enough).
  var isPresigned: Bool {
    (query ?? "").split(separator: "&").contains { pair in
      Self.signatureKeys.contains(pair.prefix { $0 != "=" }.lowercased())
    }
  }
}
