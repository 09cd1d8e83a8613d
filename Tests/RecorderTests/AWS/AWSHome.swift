import Platform

@testable import Recorder

/// A home folder with AWS's shared files, for one test.
final class AWSHome {
  let path: String

  init(config: String = "", credentials: String = "", files: [String: String] = [:]) throws {
    path = try File.makeTemporaryDirectory(prefix: "aws-")
    for folder in [".aws", ".aws/sso", ".aws/sso/cache", ".aws/cli", ".aws/cli/cache"] {
      try File.makeDirectory("\(path)/\(folder)", permissions: 0o700)
    }
    if !config.isEmpty { try write(config, to: ".aws/config") }
    if !credentials.isEmpty { try write(credentials, to: ".aws/credentials") }
    for (name, text) in files { try write(text, to: name) }
  }

  deinit { try? File.removeTree(path) }  // left-overs in /tmp do no harm

  func write(_ text: String, to name: String) throws {
    try File.write(Array(text.utf8), to: "\(path)/\(name)", permissions: 0o600)
  }

  func environment(_ variables: [String: String] = [:]) -> Environment {
    let fixed = [
      "HOME": path, "PATH": Environment.current["PATH"] ?? "",
      "AWS_EC2_METADATA_DISABLED": variables["AWS_EC2_METADATA_DISABLED"] ?? "true",
    ]
    return Environment(variables.merging(fixed) { $1 })
  }

  /// A provider that sees this home and nothing else.
  func provider(
    _ profile: String? = nil, _ variables: [String: String] = [:], time: any TimeSource = SystemTime(),
    askCode: ((String) throws(CredentialError) -> String)? = nil
  ) throws -> CredentialProvider {
    CredentialProvider(
      environment: environment(variables), profile: profile, region: "eu-central-1",
      network: CredentialNetwork(trust: try TLSContext.client(trust: .system), proxy: .none), time: time,
      askCode: askCode)
  }

  func find(_ profile: String? = nil, _ variables: [String: String] = [:]) throws -> Credentials {
    try provider(profile, variables).credentials()
  }

  /// Why nothing was found; nil where something was.
  func problem(_ profile: String? = nil, _ variables: [String: String] = [:]) -> CredentialError? {
    do {
      _ = try find(profile, variables)
      return nil
    } catch {
      return error as? CredentialError
    }
  }
}
