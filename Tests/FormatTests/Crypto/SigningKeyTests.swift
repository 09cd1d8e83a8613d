import Platform
import Testing

@testable import Format

/// Ed25519 keys: the RFC's vectors, and files as OpenSSL writes them.
@Suite struct SigningKeyTests {
  /// RFC 8032 §7.1, tests 1 to 3: seed, public key, message, signature.
  static let vectors = [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
    (
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    ),
  ]

  static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = Array(hexadecimal.utf8)
    return stride(from: 0, to: digits.count, by: 2).map {
      UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)!
    }
  }

  /// A key file as a program made it; nil where OpenSSL's program is not installed.
  static func made(_ command: String) throws -> [UInt8]? {
    try RecordingWriterTests.output(of: "/bin/sh", ["-c", command]).flatMap {
      $0.status == .exited(0) ? $0.output : nil
    }
  }

  @Test func signaturesAreThoseOfTheStandard() throws {
    for (seed, publicKey, message, signature) in Self.vectors {
      let key = try SigningKey(parsing: Self.bytes(seed), name: "vector")
      #expect(key.publicKey.bytes == Self.bytes(publicKey))
      #expect(key.sign(Self.bytes(message)) == Self.bytes(signature))
      #expect(key.publicKey.isSignature(Self.bytes(signature), of: Self.bytes(message)))
      #expect(!key.publicKey.isSignature(Self.bytes(signature), of: [0x73]))
    }
  }

  @Test func aKeyComesBackFromItsFilesAndItsText() throws {
    let key = SigningKey.generate()
    let again = try SigningKey(parsing: key.pem(), name: "pem")
    #expect(again.publicKey == key.publicKey)
    #expect(try VerificationKey(parsing: key.publicKey.pem(), name: "pub") == key.publicKey)
    #expect(VerificationKey(text: "\(key.publicKey)\n") == key.publicKey)
    #expect(try VerificationKey(parsing: key.publicKey.bytes, name: "bare") == key.publicKey)
  }

  @Test func keysOfOpenSSLAreReadInEachOfItsForms() throws {
    guard let pem = try Self.made("openssl genpkey -algorithm ed25519") else { return }
    let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-key-")
    defer { try? File.removeTree(folder) }
    try File.write(pem, to: folder + "/k", permissions: 0o600)
    let key = try SigningKey(path: folder + "/k")
    let der = try #require(try Self.made("openssl pkey -in \(folder)/k -outform DER"))
    #expect(try SigningKey(parsing: der, name: "der").publicKey == key.publicKey)
    #expect(try SigningKey(parsing: Array(der.suffix(32)), name: "raw").publicKey == key.publicKey)
    let publicPEM = try #require(try Self.made("openssl pkey -in \(folder)/k -pubout"))
    #expect(publicPEM == key.publicKey.pem())
    let publicDER = try #require(try Self.made("openssl pkey -in \(folder)/k -pubout -outform DER"))
    #expect(try VerificationKey(parsing: publicDER, name: "der") == key.publicKey)
    #expect(try VerificationKey(parsing: Array(publicDER.suffix(32)), name: "raw") == key.publicKey)
  }

  @Test func otherFilesAreRefusedWithTheirReason() throws {
    let key = SigningKey.generate()
    #expect(throws: KeyError.notPrivate(name: "k")) {
      try SigningKey(parsing: key.publicKey.pem(), name: "k")
    }
    #expect(throws: KeyError.notPublic(name: "k")) { try VerificationKey(parsing: key.pem(), name: "k") }
    for bytes in [[], [0x30], Array("nonsense".utf8), Array("-----BEGIN PRIVATE KEY-----\nAAAA\n".utf8)] {
      #expect(throws: KeyError.notAKey(name: "k")) { try SigningKey(parsing: bytes, name: "k") }
    }
    #expect(throws: KeyError.openSSH(name: "k")) {
      try SigningKey(parsing: Array("-----BEGIN OPENSSH PRIVATE KEY-----\n".utf8), name: "k")
    }
    let made: [(String, KeyError)] = [
      ("openssl genpkey -algorithm ed25519 -aes256 -pass pass:x", .encrypted(name: "k")),
      ("openssl genpkey -algorithm x25519", .wrongAlgorithm(name: "k", algorithm: "X25519")),
      (
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
        .wrongAlgorithm(name: "k", algorithm: "EC")
      ),
    ]
    for (command, error) in made {
      guard let bytes = try Self.made(command + " 2>/dev/null") else { continue }
      #expect(throws: error) { try SigningKey(parsing: bytes, name: "k") }
    }
  }

  @Test func aPrivateKeyThatOthersMayReadIsRefused() throws {
    let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-key-")
    defer { try? File.removeTree(folder) }
    let path = folder + "/k"
    try File.write(SigningKey.generate().pem(), to: path, permissions: 0o640)
    #expect(throws: KeyError.readableByOthers(path: path, permissions: 0o640)) { try SigningKey(path: path) }
    #expect(throws: KeyError.cannotRead(path: folder + "/none", .noSuchFile)) {
      try SigningKey(path: folder + "/none")
    }
  }

  @Test func everyPrefixAndFlippedByteOfAKeyIsSurvived() {
    let pem = SigningKey.generate().pem()
    for length in pem.indices { _ = try? SigningKey(parsing: Array(pem.prefix(length)), name: "k") }
    for index in pem.indices {
      var changed = pem
      changed[index] ^= 0x41
      _ = try? SigningKey(parsing: changed, name: "k")
      _ = try? VerificationKey(parsing: changed, name: "k")
    }
  }
}
