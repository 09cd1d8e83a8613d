import Platform
import Testing

@testable import Recorder

@Suite struct CredentialProviderTests {
  @Test func whatIsWrongIsNamed() throws {
    let home = try AWSHome(
      config: """
        [profile half]
        aws_access_key_id = A
        [profile bad]
        credential_process = echo nothing
        [profile late]
        credential_process = echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"soon"}'
        [profile console]
        login_session = arn:aws:iam::1:user/me
        [profile factor]
        role_arn = r
        mfa_serial = m
        source_profile = keys
        [profile keys]
        aws_access_key_id = A
        aws_secret_access_key = s
        """)
    let files = [home.path + "/.aws/config", home.path + "/.aws/credentials"]
    let known = ["bad", "console", "factor", "half", "keys", "late"]
    let cases: [(String?, [String: String], CredentialError)] = [
      (nil, [:], .noneFound(profile: "default")),
      ("x", [:], .unknownProfile("x", known: known, files: files)),
      (nil, ["AWS_PROFILE": "x"], .unknownProfile("x", known: known, files: files)),
      ("half", [:], .incomplete(source: "profile \"half\"", missing: "aws_secret_access_key")),
      (
        nil, ["AWS_ACCESS_KEY_ID": "A"],
        .incomplete(source: "the environment", missing: "AWS_SECRET_ACCESS_KEY")
      ),
      ("bad", [:], .processFailed(profile: "bad", reason: "it printed no JSON")),
      ("late", [:], .processFailed(profile: "late", reason: "its Expiration soon is no date")),
      ("console", [:], .unsupported(profile: "console", way: "console login (login_session)")),
      ("factor", [:], .secondFactorNeeded(profile: "factor", serial: "m")),
      (nil, ["AWS_CONFIG_FILE": home.path], .unreadable(path: home.path, reason: "is a directory")),
    ]
    for (profile, variables, error) in cases {
      let found = home.problem(profile, variables)
      if found != error { Issue.record("\(profile ?? "-") \(variables): \(found.map { "\($0)" } ?? "none")") }
    }
    #expect(
      home.problem("console")?.description.contains(
        "aws configure export-credentials --profile console --format env") == true)
  }

  @Test func aCredentialProcessIsRun() throws {
    let answer =
      #"{"Version":1,"AccessKeyId":"P","SecretAccessKey":"s","SessionToken":"t","Expiration":"2100-01-01T00:00:00Z"}"#
    let home = try AWSHome(
      config: """
        [profile p]
        credential_process = sh -c 'echo "$0"; echo once >> "$HOME/log"' '\(answer)'
        [profile fails]
        credential_process = sh -c "echo hush; exit 3"
        [profile none]
        credential_process = /no/such/program
        [profile quote]
        credential_process = echo 'x
        [profile much]
        credential_process = yes
        [profile shell]
        credential_process = echo $(touch injected) ; touch injected | `touch injected`
        """)
    let provider = try home.provider("p")
    let found = try provider.credentials()
    #expect(found.accessKeyID == "P" && found.sessionToken == "t")
    #expect(found.expiration == Timestamp(microseconds: 4_102_444_800_000_000))
    // It is kept until it expires, unless it must be young.
    #expect(try provider.credentials() == found)
    #expect(try String(decoding: File.read(home.path + "/log"), as: UTF8.self) == "once\n")
    #expect(try provider.credentials(maximumAge: 0) == found)
    #expect(try String(decoding: File.read(home.path + "/log"), as: UTF8.self) == "once\nonce\n")
    let problems: [(String, String)] = [
      ("fails", "sh ended with 3"), ("none", "/no/such/program: no such file or directory"),
      ("quote", "its quotes do not match"), ("much", "yes printed more than 1 MiB"),
      ("shell", "it printed no JSON"),
    ]
    for (profile, reason) in problems {
      #expect(home.problem(profile) == .processFailed(profile: profile, reason: reason))
    }
    #expect(!File.exists("injected") && !File.exists(home.path + "/injected"))
  }

  @Test func commandsAreSplitAsAShellDoes() {
    let cases: [(String, [String]?)] = [
      ("a b  c", ["a", "b", "c"]), (#"a "b c" 'd "e"'"#, ["a", "b c", #"d "e""#]),
      (#"a\ b "c\"d\e" ''"#, ["a b", #"c"d\e"#, ""]),
      ("", []), ("'", nil), (#"a\"#, nil), ("a'b'\"c\"", ["abc"]),
    ]
    for (text, words) in cases { #expect(CredentialProcess.words(of: text) == words) }
  }

  /// A role's credentials are asked for once, and again five minutes before their end.
  @Test func whatIsAboutToExpireIsRenewed() throws {
    let aws = try FakeAWS()
    let home = try AWSHome(
      config: "[default]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = s\n",
      credentials: "[s]\naws_access_key_id = S\naws_secret_access_key = s\n")
    let start = SystemTime().timestamp
    let time = ManualTime(timestamp: start)
    let provider = try home.provider(nil, aws.variables, time: time)
    let found = try provider.credentials()
    #expect(found.accessKeyID == "ROLE-x-by-S" && found.secretAccessKey == "s&s" && found.sessionToken == "t")
    #expect(found.expiration == aws.expiration)
    time.advance(byMicroseconds: 3_250_000_000)
    _ = try provider.credentials()
    #expect(aws.requests.count == 1)
    time.advance(byMicroseconds: 100_000_000)
    _ = try provider.credentials()
    #expect(aws.requests.count == 2)
    // What has less than five minutes left but works is better than nothing.
    try home.write(
      "[default]\nrole_arn = arn:aws:iam::1:role/denied\nsource_profile = s\n", to: ".aws/config")
    #expect(try provider.credentials().accessKeyID == "ROLE-x-by-S")
    #expect(aws.requests.count == 3)
    provider.forget()
    #expect(throws: CredentialError.self) { try provider.credentials() }
  }

  @Test func assumingARoleIsSignedAndSaysEverything() throws {
    let aws = try FakeAWS()
    let home = try AWSHome(
      config: """
        [default]
        role_arn = arn:aws:iam::1:role/x
        source_profile = s
        external_id = a=b&c
        role_session_name = me@corp
        duration_seconds = 900
        mfa_serial = arn:aws:iam::1:mfa/me
        """, credentials: "[s]\naws_access_key_id = S\naws_secret_access_key = s\naws_session_token = t+/=\n")
    var asked: [String] = []
    let provider = try home.provider(
      nil, aws.variables,
      askCode: { (serial) throws(CredentialError) in
        asked.append(serial)
        return "123456"
      })
    _ = try provider.credentials()
    #expect(asked == ["arn:aws:iam::1:mfa/me"])
    let request = try #require(aws.requests.first)
    let body = String(decoding: request.body, as: UTF8.self)
    let expected = [
      "Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": "arn:aws:iam::1:role/x",
      "ExternalId": "a=b&c", "RoleSessionName": "me@corp", "DurationSeconds": "900",
      "SerialNumber": "arn:aws:iam::1:mfa/me", "TokenCode": "123456",
    ]
    for (name, value) in expected { #expect(FakeAWS.parameter(name, in: body) == value) }
    #expect(throws: Never.self) {
      try SigV4.verify(request, service: "sts", at: SystemTime().timestamp) { _ in
        Credentials(accessKeyID: "S", secretAccessKey: "s", sessionToken: "t+/=")
      }
    }
    // Once a session has the terminal nobody is asked.
    provider.stopAsking()
    provider.forget()
    #expect(throws: CredentialError.secondFactorNeeded(profile: "default", serial: "arn:aws:iam::1:mfa/me")) {
      try provider.credentials()
    }
  }

  @Test func aRenewedSignOnIsKeptForOthers() throws {
    let aws = try FakeAWS()
    let sample = try #require(CredentialCase.signOns.first { $0.key == "SSO-renewed-Admin" })
    let home = try AWSHome()
    let filled = sample.filled(aws, home: home.path)
    try home.write(filled.config, to: ".aws/config")
    let name = try #require(filled.files.keys.first)
    try home.write(filled.files[name] ?? "", to: name)
    #expect(try home.find("sso", filled.variables).accessKeyID == "SSO-renewed-Admin")
    let json = try JSON(parsing: File.read("\(home.path)/\(name)"))
    #expect(json["accessToken"] == "renewed" && json["refreshToken"] == "refresh-2")
    #expect(json["clientSecret"] == "x" && json["registrationExpiresAt"]?.string?.isEmpty == false)
    let expires = try #require(json["expiresAt"]?.string.flatMap { Timestamp(iso8601: $0) })
    #expect(expires.seconds - SystemTime().timestamp.seconds > 28000)
    #expect(try File.status("\(home.path)/\(name)").permissions == 0o600)
  }

  @Test func theInstanceIsAskedByVersion2AndOnlyElseByVersion1() throws {
    for knowsVersion2 in [true, false] {
      let aws = try FakeAWS(expiresIn: -60, knowsVersion2: knowsVersion2)
      let home = try AWSHome()
      let variables = aws.variables.merging(["AWS_EC2_METADATA_DISABLED": "false"]) { $1 }
      let found = try home.find(nil, variables)
      // What the service gives out although it has expired is good for a while.
      #expect(found.accessKeyID == "IMDS" && (found.expiration ?? aws.expiration) > SystemTime().timestamp)
      let only2 = variables.merging(["AWS_EC2_METADATA_V1_DISABLED": "true"]) { $1 }
      #expect((home.problem(nil, only2) == nil) == knowsVersion2)
      let metadata = InstanceMetadata(
        environment: home.environment(variables), profile: nil,
        network: CredentialNetwork(trust: try TLSContext.client(trust: .system), proxy: .none),
        now: { SystemTime().timestamp })
      #expect(metadata.region() == "ap-southeast-3")
    }
  }

  @Test func everySourceSaysWhyItWasPassedOver() throws {
    let aws = try FakeAWS()
    let home = try AWSHome(
      config: "[profile p]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = s\n",
      credentials: "[s]\naws_access_key_id = S\naws_secret_access_key = s\n")
    let (trace, outcome) = try home.provider("p", aws.variables).explain()
    #expect(try outcome.get().accessKeyID == "ROLE-x-by-S")
    #expect(trace.steps.map(\.source) == CredentialSource.allCases)
    #expect(
      trace.steps.prefix(3).map(\.verdict) == [
        .passedOver(reason: "a profile is named, which comes before it"),
        .used(detail: "role_arn of profile \"p\", with source_profile \"s\""), .notAsked,
      ])
    let none = try home.provider(nil, [:]).explain()
    #expect(none.trace.steps.count == CredentialSource.allCases.count)
    for step in none.trace.steps {
      guard case .passedOver(let reason) = step.verdict, !reason.isEmpty else {
        Issue.record("\(step.source): \(step.verdict)")
        continue
      }
    }
  }

  /// Whatever goes wrong, no secret is in the words.
  @Test func noErrorHoldsASecret() throws {
    let aws = try FakeAWS()
    let secrets = ["hush-1", "hush-2", "hush-3", "hush-4"]
    for sample in CredentialCase.all {
      let home = try AWSHome()
      var sample = sample.filled(aws, home: home.path)
      func hide(_ text: String) -> String {
        text.replacing("secret_access_key = s", with: "secret_access_key = hush-1")
          .replacing("\"SecretAccessKey\":\"s\"", with: "\"SecretAccessKey\":\"hush-1\"")
          .replacing("accessToken\":\"", with: "accessToken\":\"hush-2")
      }
      sample.variables["AWS_ENDPOINT_URL_STS"] = "\(aws.url)/refuses?hush-3"
      sample.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "hush-4"
      try home.write(hide(sample.config), to: ".aws/config")
      try home.write(hide(sample.credentials), to: ".aws/credentials")
      for (name, text) in sample.files { try home.write(hide(text), to: name) }
      let provider = try home.provider(
        sample.profile, sample.variables, askCode: { (_) throws(CredentialError) in "123456" })
      let (trace, outcome) = provider.explain()
      let words = "\(trace) \(outcome)"
      for secret in secrets where words.contains(secret) { Issue.record("\(sample.name): \(words)") }
    }
  }

  @Test func datesOfAWSAreRead() {
    let cases: [(String, Int64?)] = [
      ("2026-11-24T21:00:00Z", 1_795_554_000), ("2026-11-24T21:00:00.123Z", 1_795_554_000),
      ("2026-11-24T21:00:00+00:00", 1_795_554_000), ("2026-11-24T23:00:00+02:00", 1_795_554_000),
      ("2026-11-24T20:30:00-0030", 1_795_554_000), ("2026-11-24T21:00:00UTC", 1_795_554_000),
      ("2026-11-24 21:00:00Z", 1_795_554_000), ("2026-11-24T21:00:00", nil), ("2026-13-24T21:00:00Z", nil),
      ("", nil), ("soon", nil), ("2026-11-24T21:00:00X", nil), ("2026/11/24T21:00:00Z", nil),
    ]
    for (text, seconds) in cases {
      if Timestamp(iso8601: text)?.seconds != seconds { Issue.record("\(text)") }
    }
  }
}
