import Platform

/// How the embedded service and agent are set up. Every value has a meaning of its own; none comes from AWS.
struct AgentConfiguration: Sendable, Equatable {
  /// A host name or number; loopback only, unless `allowsOtherAddresses`.
  var host = "127.0.0.1"
  /// 0 lets the system choose.
  var port: UInt16 = 0
  var allowsOtherAddresses = false
  /// A key that only this service knows. Callers sign with it; whoever has it gets a shell.
  var accessKey: Credentials
  /// Whether the key was made for this run, so that users must be told it; a key of theirs is not repeated.
  var publishesAccessKey = true
  var region = "us-east-1"
  /// The targets that exist, at least one: all of them are this machine.
  var targets = ["local"]
  /// The one that is told to users.
  var target: String { targets[0] }
  /// The user's name in session ids and owner ARNs.
  var user: String
  /// How long a session whose client is gone waits for it to come back before its shell is hung up.
  var orphanTimeoutMicroseconds: Int64 = 30_000_000
  /// Whether sessions are encrypted with a key of the service's own key management (`--kms`).
  var kms = false
  /// Whether clients must put the agent's challenge into the encryption context. Off by default, as in AWS's
  /// agent: older clients cannot (protocol.md §7.4).
  var requiresKeyChallenge = false
  /// What goes wrong on purpose.
  var faults: [ChannelFault] = []
  /// Run in place of the user's shell.
  var program: ProgramInvocation?
  /// What shells inherit, less what `Shell.environment` drops.
  var environment: Environment
  /// Where shells start; nil for the user's home folder.
  var workingDirectory: String?

  init(accessKey: Credentials, user: String, environment: Environment) {
    self.accessKey = accessKey
    self.user = user
    self.environment = environment
  }
}

extension AgentConfiguration {
  /// Sets where to listen from `HOST:PORT`; an IPv6 address stands in brackets.
  mutating func listen(at text: String) throws(AgentError) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw .badAddress(text)
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
    } else if host.contains(":") {
      throw .badAddress(text)
    }
    guard !host.isEmpty else { throw .badAddress(text) }
    (self.host, self.port) = (host, port)
  }

  /// Reads `ID:SECRET`.
  static func accessKey(parsing text: String) throws(AgentError) -> Credentials {
    guard let colon = text.firstIndex(of: ":") else { throw .badAccessKey }
    let (id, secret) = (text[..<colon], text[text.index(after: colon)...])
    let isPlain = id.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
    guard isPlain, (1...128).contains(id.utf8.count), !secret.isEmpty,
      secret.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw .badAccessKey }
    return Credentials(accessKeyID: String(id), secretAccessKey: String(secret))
  }

  /// A fresh key in the form AWS gives out: 20 and 40 characters.
  ///
  /// Each start makes its own, because every user of a machine can reach its loopback ports.
  static func newAccessKey(using random: inout some RandomNumberGenerator) -> Credentials {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    return Credentials(
      accessKeyID: "AKIALOCAL" + RandomText.make(11, from: letters, using: &random),
      secretAccessKey: RandomText.make(40, from: RandomText.letters, using: &random))
  }
}
