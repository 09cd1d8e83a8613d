import Platform
import Testing

@testable import Recorder

@Suite struct TLSContextTests {
  @Test func trustComesFromTheEnvironmentThenTheProfile() {
    #expect(TrustStore(environment: Environment([:])) == .system)
    #expect(TrustStore(environment: Environment([:]), caBundle: "/p.pem") == .file(path: "/p.pem"))
    let set = Environment(["AWS_CA_BUNDLE": "/e.pem"])
    #expect(TrustStore(environment: set, caBundle: "/p.pem") == .file(path: "/e.pem"))
    #expect(TrustStore(environment: Environment(["AWS_CA_BUNDLE": ""])) == .system)
  }

  @Test func aTrustFileIsReadOnlyWhenItIsNeededAndNamedWhenItIsBad() throws {
    let folder = try File.makeTemporaryDirectory(prefix: "tls-")
    defer { try? File.removeTree(folder) }  // left-overs in /tmp do no harm
    let path = folder + "/ca.pem"
    let context = try TLSContext.client(trust: .file(path: path))
    #expect(throws: TLSError.badTrustStore(name: path, reason: "no such file or directory")) {
      try TLSEngine(client: context, host: "localhost")
    }
    try File.write(Array("no certificate here\n".utf8), to: path, permissions: 0o600)
    #expect(throws: TLSError.badTrustStore(name: path, reason: "it holds no PEM certificate")) {
      try TLSEngine(client: context, host: "localhost")
    }
    try File.write(
      Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8), to: path,
      permissions: 0o600)
    #expect(throws: TLSError.badTrustStore(name: path, reason: "a certificate in it is damaged")) {
      try TLSEngine(client: context, host: "localhost")
    }
    let text = Array("# my CA\n".utf8) + TLSPair.authority.certificatePEM
    try File.write(text, to: path, permissions: 0o600)
    let pair = try TLSPair(trust: .file(path: path))
    try pair.settle()
    #expect(pair.client.isEstablished)
  }

  @Test func anIdentityMustFitTogether() throws {
    let other = try TLSPair.authority.issue(now: TLSPair.now)
    let mixed = ServerIdentity(
      certificateChainPEM: TLSPair.identity.certificateChainPEM, privateKeyPEM: other.privateKeyPEM)
    #expect(throws: TLSError.badIdentity(reason: "the private key does not belong to the certificate")) {
      try TLSContext.server(mixed)
    }
    let empty = ServerIdentity(certificateChainPEM: [], privateKeyPEM: other.privateKeyPEM)
    #expect(throws: TLSError.badIdentity(reason: "there is no PEM certificate")) {
      try TLSContext.server(empty)
    }
    let keyless = ServerIdentity(certificateChainPEM: other.certificateChainPEM, privateKeyPEM: [0x41])
    #expect(throws: TLSError.badIdentity(reason: "there is no readable private key")) {
      try TLSContext.server(keyless)
    }
  }

  @Test func aKeyIsNeverPrinted() throws {
    var dumped = ""
    dump(TLSPair.identity, to: &dumped)
    for text in ["\(TLSPair.identity)", String(reflecting: TLSPair.identity), dumped] {
      #expect(!text.contains("PRIVATE") && !text.contains("45, 45"))
    }
  }
}
