import Platform
import Testing

/// `ssmrec doctor` on credentials: which source was used, and why each other was passed over.
@Suite struct DoctorTests {
  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    workspace.environment.variables["AWS_CONFIG_FILE"] = try workspace.write(
      """
      [profile keys]
      region = eu-central-1
      aws_access_key_id = AKIDOCTOR
      aws_secret_access_key = hush-hush
      [profile tool]
      region = eu-central-1
      credential_process = echo '{"Version":1,"AccessKeyId":"ASIATOOL","SecretAccessKey":"hush-hush",\
      "Expiration":"2100-01-01T00:00:00Z"}'
      [profile old]
      region = eu-central-1
      credential_process = echo '{"Version":1,"AccessKeyId":"ASIAOLD","SecretAccessKey":"hush-hush",\
      "Expiration":"2001-01-01T00:00:00Z"}'
      [profile circle]
      region = eu-central-1
      role_arn = arn:aws:iam::1:role/x
      source_profile = circle
      """, to: "aws-config")
  }

  /// What it says about credentials: the first line of the subject and the lines below it.
  private func lines(_ profile: String, _ variables: [String: String] = [:]) throws -> [String] {
    for (name, value) in variables { workspace.environment.variables[name] = value }
    let run = try workspace.run("ssmrec", ["doctor", "--profile", profile])
    #expect(!run.allText.contains("hush-hush"))
    let lines = run.text.split(separator: "\n").map(String.init)
    return Array(lines.drop { !$0.contains(" credentials ") })
  }

  @Test func theSourceThatIsUsedIsNamedAndSoIsEveryOther() throws {
    let lines = try lines("keys", ["AWS_ACCESS_KEY_ID": "AKIENV", "AWS_SECRET_ACCESS_KEY": "hush-hush"])
    #expect(lines.count == 11)
    #expect(lines[0].hasPrefix("ok ") && lines[0].contains("access key AKIDOCTOR"))
    let expected = [
      "the environment: passed over, a profile is named, which comes before it",
      "an assumed role: passed over, profile \"keys\" has no role_arn", "a web identity token: passed over",
      "single sign-on: passed over, profile \"keys\" has no sso_account_id",
      "the credentials file: passed over, profile \"keys\" has no aws_access_key_id in ",
      "a console login: passed over", "a credential process: passed over",
      "the config file: used (profile \"keys\" in ", "the container's endpoint: not looked at",
      "the instance's metadata service: not looked at",
    ]
    for (line, words) in zip(lines.dropFirst(), expected) { #expect(line.contains(words), "\(line)") }
  }

  @Test func expiryAndFailuresAreTold() throws {
    #expect(try lines("tool")[0].contains("access key ASIATOOL, good until 2100-01-01T00:00:00Z"))
    let old = try lines("old")[0]
    #expect(old.hasPrefix("fix ") && old.contains("ASIAOLD has expired at 2001-01-01T00:00:00Z"))
    let circle = try lines("circle")
    #expect(circle[0].hasPrefix("fix ") && circle[0].contains("leads in a circle: circle, circle"))
    #expect(circle.contains { $0.contains("an assumed role: asked for and failed") })
    let unknown = try lines("nobody")
    #expect(unknown.count == 1 || unknown[0].contains("there is no profile \"nobody\""))
  }

  @Test func aFolderMayBeOpenToThoseWhomTheSettingsLetIn() throws {
    let cases: [(mode: UInt32, access: String, note: String?)] = [
      (0o700, "owner", nil), (0o750, "owner", "chmod 700"), (0o755, "owner", "chmod 700"),
      (0o750, "group", nil), (0o700, "group", nil), (0o755, "group", "chmod 750"),
      (0o770, "group", "chmod 750"),
    ]
    for (mode, access, note) in cases {
      let folder = workspace.path("recordings-\(String(mode, radix: 8))-\(access)")
      try File.makeDirectory(folder, permissions: mode)
      workspace.environment.variables["SSMCAST_DIR"] = folder
      workspace.environment.variables["SSMCAST_ACCESS"] = access
      let run = try workspace.run("ssmrec", ["doctor"])
      let line = run.allText.split(separator: "\n").first { $0.contains("recordings ") } ?? ""
      #expect(line.contains(folder), "\(run.allText)")
      #expect(line.contains("open to other users") == (note != nil), "\(line)")
      if let note { #expect(line.hasSuffix("\(note) \(folder)"), "\(line)") }
    }
  }
}
