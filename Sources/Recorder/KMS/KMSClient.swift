import Format
import Platform

/// The one call of AWS Key Management Service that a client of an encrypted session needs (protocol.md §7.4).
struct KMSClient {
  private let service: AWSJSONClient

  /// The longest wrapped key that KMS makes, in bytes (its API's limit).
  static let maximumBlobByteCount = 6144

  /// - Parameter endpoint: where the service is, for example `https://kms.eu-central-1.amazonaws.com/`.
  init(
    endpoint: URLParts, region: String, transport: APITransport,
    credentials: @escaping () throws(CredentialError) -> Credentials,
    jitter: @escaping () -> Int64 = { Int64.random(in: 0..<500) }
  ) {
    service = AWSJSONClient(
      .keyManagement, endpoint: endpoint, region: region, transport: transport, credentials: credentials,
      jitter: jitter)
  }

  /// A new data key, in clear and wrapped, bound to `context`.
  func generateDataKey(
    _ keyID: String, context: EncryptionContext
  ) throws(APIError) -> (key: DataKey, ciphertextBlob: [UInt8]) {
    let operation = "GenerateDataKey"
    let answer = try service.call(
      operation,
      [
        "KeyId": .string(keyID), "NumberOfBytes": JSON(DataKey.byteCount), "EncryptionContext": context.json,
      ])
    guard let blob = answer["CiphertextBlob"]?.string.flatMap({ Base64.decode($0) }), !blob.isEmpty,
      blob.count <= Self.maximumBlobByteCount
    else { throw .badAnswer(operation: operation, reason: "it has no CiphertextBlob") }
    guard var plaintext = answer["Plaintext"]?.string.flatMap({ Base64.decode($0) }),
      let key = DataKey(taking: &plaintext)
    else {
      throw .badAnswer(
        operation: operation, reason: "its Plaintext is no key of \(DataKey.byteCount) bytes")
    }
    return (key, blob)
  }
}
