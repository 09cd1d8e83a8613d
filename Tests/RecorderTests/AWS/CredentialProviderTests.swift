import Platform
import Testing

@testable import Recorder

@Suite struct CredentialProviderTests {
  /// A home folder with both shared files.
  private final class Home {
    let path: String
    init(config: String = "", credentials: String = "") throws {
      path = try File.makeTemporaryDirectory(prefix: "aws-")
      try File.makeDirectory(path + "/.aws", permissions: 0o700)
      if !config.isEmpty { try File.write(Array(config.utf8), to: path + "/.aws/config", permissions: 0o600) }
      if !credentials.isEmpty {
        try File.write(Array(credentials.utf8), to: path + "/.aws/credentials", permissions: 0o600)
      }
    }
    deinit { try? File.removeTree(path) }  // left-overs in /tmp do no harm

    func find(_ profile: String? = nil, _ variables: [String: String] = [:]) throws(CredentialError)
      -> Credentials
    {
      let fixed = ["HOME": path, "PATH": Environment.current["PATH"] ?? ""]
      return try CredentialProvider(
        environment: Environment(variables.merging(fixed) { $1 }), profile: profile
      ).credentials()
    }
  }

  private static let keys = [
    "AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t",
  ]

  @Test func keysAreFoundInTheOrderOfTheAWSCLI() throws {
    let home = try Home(
      config: """
        [default]
        aws_access_key_id=C0
        aws_secret_access_key=s
        [profile a]
        aws_access_key_id = CA
        aws_secret_access_key = s
        [profile "b c"]
        AWS_ACCESS_KEY_ID: CB
        aws_secret_access_key: s
        """,
      credentials: """
        [a]
        aws_access_key_id = KA
        aws_secret_access_key = s
        aws_session_token = t
        [only]
        aws_access_key_id=KO
        aws_secret_access_key=s
        """)
    let cases: [(String?, [String: String], String)] = [
      (nil, [:], "C0"), (nil, Self.keys, "E"), ("a", Self.keys, "KA"), (nil, ["AWS_PROFILE": "a"], "KA"),
      (nil, Self.keys.merging(["AWS_PROFILE": "a"]) { $1 }, "E"), ("b c", [:], "CB"),
      (nil, ["AWS_DEFAULT_PROFILE": "only"], "KO"),
      ("only", ["AWS_PROFILE": "a"], "KO"), ("default", Self.keys, "C0"), ("", Self.keys, "E"),
    ]
    for (profile, variables, expected) in cases {
      let found = try home.find(profile, variables).accessKeyID
      if found != expected {
        Issue.record("\(profile ?? "-") with \(variables.keys): \(found), not \(expected)")
      }
    }
    #expect(try home.find("a").sessionToken == "t" && home.find(nil, Self.keys).sessionToken == "t")
  }

  @Test func whatIsWrongIsNamed() throws {
    let home = try Home(
      config: """
        [profile role]
        role_arn = arn:aws:iam::1:role/x
        source_profile = default
        [profile sso]
        sso_session = s
        [profile web]
        role_arn = x
        web_identity_token_file = /t
        [profile half]
        aws_access_key_id = A
        [profile bad]
        credential_process = echo nothing
        """)
    func problem(_ profile: String?, _ variables: [String: String] = [:]) -> CredentialError? {
      do throws(CredentialError) {
        _ = try home.find(profile, variables)
        return nil
      } catch {
        return error
      }
    }
    let files = [home.path + "/.aws/config", home.path + "/.aws/credentials"]
    #expect(problem(nil) == .noneFound(profile: "default"))
    #expect(problem("x") == .unknownProfile("x", known: ["bad", "half", "role", "sso", "web"], files: files))
    #expect(problem("role") == .unsupported(profile: "role", way: "assuming a role (role_arn)"))
    #expect(problem("sso") == .unsupported(profile: "sso", way: "single sign-on (sso_session)"))
    #expect(problem("web") == .unsupported(profile: "web", way: "a web identity token"))
    #expect(problem("half") == .incomplete(source: "profile \"half\"", missing: "aws_secret_access_key"))
    #expect(
      problem(nil, ["AWS_ACCESS_KEY_ID": "A"])
        == .incomplete(source: "the environment", missing: "AWS_SECRET_ACCESS_KEY"))
    #expect(problem("bad") == .processFailed(profile: "bad", reason: "it printed no JSON"))
    #expect(
      problem(nil, ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://x"])?.description.contains(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI") == true)
    #expect(
      problem("sso")?.description.contains("aws configure export-credentials --profile sso --format env")
        == true)
    #expect(
      problem(nil, ["AWS_CONFIG_FILE": home.path]) == .unreadable(path: home.path, reason: "is a directory"))
  }

  @Test func aCredentialProcessIsRun() throws {
    let answer = #"{"Version":1,"AccessKeyId":"P","SecretAccessKey":"s","SessionToken":"t"}"#
    let home = try Home(
      config: """
        [profile p]
        credential_process = sh -c 'echo "$0"' '\(answer)'
        [profile fails]
        credential_process = sh -c "echo hush; exit 3"
        [profile none]
        credential_process = /no/such/program
        [profile quote]
        credential_process = echo 'x
        [profile much]
        credential_process = yes
        """)
    let found = try home.find("p")
    #expect(found == Credentials(accessKeyID: "P", secretAccessKey: "s", sessionToken: "t"))
    #expect(throws: CredentialError.processFailed(profile: "fails", reason: "sh ended with 3")) {
      try home.find("fails")
    }
    #expect(
      throws: CredentialError.processFailed(
        profile: "none", reason: "/no/such/program: no such file or directory")
    ) { try home.find("none") }
    #expect(throws: CredentialError.processFailed(profile: "quote", reason: "its quotes do not match")) {
      try home.find("quote")
    }
    #expect(throws: CredentialError.processFailed(profile: "much", reason: "yes printed more than 1 MiB")) {
      try home.find("much")
    }
  }

  @Test func commandsAreSplitAsAShellDoes() {
    let cases: [(String, [String]?)] = [
      ("a b  c", ["a", "b", "c"]), (#"a "b c" 'd "e"'"#, ["a", "b c", #"d "e""#]),
      (#"a\ b "c\"d\e" ''"#, ["a b", #"c"d\e"#, ""]),
      ("", []), ("'", nil), (#"a\"#, nil), ("a'b'\"c\"", ["abc"]),
    ]
    for (text, words) in cases { #expect(CredentialProcess.words(of: text) == words) }
  }
}
