import Format
import Platform

/// The calls of AWS Key Management Service that the two ends of an encrypted session need (API version
/// 2014-11-01).
extension Service {
  enum KeyOperation: String, CaseIterable, Sendable {
    case generateDataKey = "GenerateDataKey"
    case decrypt = "Decrypt"
  }

  /// Carries out one call whose signature is good.
  func perform(
    _ operation: KeyOperation, _ body: [UInt8], with keys: KeyService
  ) throws(ServiceFault) -> JSON {
    var input = try ServiceInput(parsing: body)
    return switch operation {
    case .generateDataKey: try Self.generateDataKey(&input, keys)
    case .decrypt: try Self.decrypt(&input, keys)
    }
  }

  private static func generateDataKey(
    _ input: inout ServiceInput, _ keys: KeyService
  ) throws(ServiceFault) -> JSON {
    let name = try input.string("KeyId", required: true, length: 1...2048)
    let number = try input.integer("NumberOfBytes", in: 1...1024)
    let specification = try input.string("KeySpec")
    let sizes = ["AES_128": 16, "AES_256": 32]
    if let specification, sizes[specification] == nil {
      input.note(
        "'\(specification)'", "KeySpec", "Member must satisfy enum value set: [AES_256, AES_128]")
    }
    let context = try input.strings("EncryptionContext")
    try input.finish()
    guard (number == nil) != (specification == nil),
      let count = number.map(Int.init) ?? specification.flatMap({ sizes[$0] })
    else { throw .validation(["Please specify either number of bytes or key spec."]) }
    guard let name, keys.isMeant(by: name) else { throw noSuchKey(name ?? "", keys) }
    var key = RandomBytes.make(count)
    defer { key.clear() }
    return [
      "CiphertextBlob": .string(Base64.encode(keys.wrap(key, context: context))),
      "KeyId": .string(keys.keyARN), "Plaintext": .string(Base64.encode(key)),
    ]
  }

  private static func decrypt(
    _ input: inout ServiceInput, _ keys: KeyService
  ) throws(ServiceFault) -> JSON {
    let text = try input.string("CiphertextBlob", required: true)
    let blob = text.flatMap { Base64.decode($0) }
    if text != nil, blob == nil { throw .serialization("Blobs must be base64 encoded") }
    if let blob, !(1...KMSClient.maximumBlobByteCount).contains(blob.count) {
      input.note(
        "[\(blob.count) bytes]", "CiphertextBlob",
        "Member must have length between 1 and \(KMSClient.maximumBlobByteCount)")
    }
    let name = try input.string("KeyId", length: 1...2048)
    let context = try input.strings("EncryptionContext")
    try input.finish()
    if let name, !keys.isMeant(by: name) { throw noSuchKey(name, keys) }
    guard let blob, var key = keys.unwrap(blob, context: context) else { throw .invalidCiphertext }
    defer { key.clear() }
    return [
      "EncryptionAlgorithm": "SYMMETRIC_DEFAULT", "KeyId": .string(keys.keyARN),
      "Plaintext": .string(Base64.encode(key)),
    ]
  }

  private static func noSuchKey(_ name: String, _ keys: KeyService) -> ServiceFault {
    .noSuchKey("Key '\(name.prefix(2048))' does not exist; this local service has \(keys.keyARN)")
  }
}
