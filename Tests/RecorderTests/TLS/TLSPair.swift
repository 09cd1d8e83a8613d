import Platform

@testable import Recorder

/// A client's and a server's engine, joined by what a test does with the bytes between them.
struct TLSPair {
  static let now = SystemTime().timestamp
  /// One for all tests: making keys takes time. Immutable after its creation. Without a working
  /// library all tests here fail, so this may too.
  nonisolated(unsafe) static let authority = try! CertificateAuthority(now: now)
  static let identity = try! authority.issue(now: now)

  let client: TLSEngine
  let server: TLSEngine

  init(host: String = "localhost", trust: TrustStore? = nil, identity: ServerIdentity = identity) throws {
    let trust = trust ?? .certificates(pem: Self.authority.certificatePEM)
    client = try TLSEngine(client: .client(trust: trust), host: host)
    server = try TLSEngine(server: .server(identity))
  }

  /// Carries bytes both ways until nothing moves any more, `portion` at a time.
  func settle(portion: Int = .max) throws {
    while true {
      let up = client.takeCiphertext()
      let down = server.takeCiphertext()
      if up.isEmpty && down.isEmpty { return }
      for part in Self.portions(up, portion) { try server.receive(part) }
      for part in Self.portions(down, portion) { try client.receive(part) }
    }
  }

  /// What the client says of the server's certificate.
  func clientError() -> TLSError? {
    do {
      try settle()
      return nil
    } catch {
      return error as? TLSError
    }
  }

  static func portions(_ bytes: [UInt8], _ size: Int) -> [[UInt8]] {
    if bytes.count <= size { return bytes.isEmpty ? [] : [bytes] }
    return stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
  }
}

/// Repeatable randomness for tests (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}
