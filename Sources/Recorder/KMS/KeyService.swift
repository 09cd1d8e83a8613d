import Format
import Platform

/// The embedded service's own key management: one key, made for this run, that wraps data keys.
///
/// A wrapped key is a layout version, then the data key sealed with AES-256-GCM; the encryption context is
/// authenticated with it, so that only whoever names the same context gets the key back. It is forgotten with
/// the process.
struct KeyService: Sendable {
  /// The key's ARN; the account number is nobody's.
  let keyARN: String
  private let master: [UInt8]

  private static let layoutVersion: UInt8 = 1

  /// - Parameter master: 32 secret bytes.
  init(region: String, keyID: String, master: [UInt8]) {
    keyARN = "arn:aws:kms:\(region):000000000000:key/\(keyID)"
    self.master = master
  }

  /// A key of its own for one run of the service.
  static func random(region: String) -> KeyService {
    var random = SystemRandomNumberGenerator()
    return KeyService(
      region: region, keyID: RandomText.uuid(using: &random), master: RandomBytes.make(AESGCM.keyByteCount))
  }

  /// Whether a caller means this key: by its ARN or the id at its end.
  func isMeant(by name: String) -> Bool { name == keyARN || keyARN.hasSuffix(":key/" + name) }

  /// Wraps a key so that it can be given away.
  func wrap(
    _ key: [UInt8], context: [(name: String, value: String)],
    nonce: [UInt8] = RandomBytes.make(AESGCM.nonceByteCount)
  ) -> [UInt8] {
    [Self.layoutVersion]
      + AESGCM(key: master).seal(key, nonce: nonce, authenticating: additional(context))
  }

  /// The key in clear; nil where `blob` was not made by this service, was changed, or belongs to another context.
  func unwrap(_ blob: [UInt8], context: [(name: String, value: String)]) -> [UInt8]? {
    guard blob.first == Self.layoutVersion else { return nil }
    return AESGCM(key: master).open(Array(blob.dropFirst()), authenticating: additional(context))
  }

  /// The context in one form, whatever the order of its pairs.
  private func additional(_ context: [(name: String, value: String)]) -> [UInt8] {
    let pairs = context.sorted { $0.name < $1.name }.map { JSON.Member($0.name, .string($0.value)) }
    return JSON.object(pairs).encoded()
  }
}

extension EncryptionContext {
  /// As pairs, the form in which KMS thinks of contexts.
  var pairs: [(name: String, value: String)] {
    (json.members ?? []).map { ($0.name, $0.value.string ?? "") }
  }
}
