import Format
import Platform

@testable import Recorder

/// One way to have credentials, or not to: files and variables, and what must come of them, for ours and for
/// botocore alike. `{URL}` is a fake AWS, `{HOME}` the home, `{PAST}`, `{SOON}` and `{LATER}` are dates.
struct CredentialCase: Sendable {
  var name: String
  var config = ""
  var credentials = ""
  var files: [String: String] = [:]
  var profile: String?
  var variables: [String: String] = [:]
  /// The access key; nil: an error.
  var key: String?

  /// With its placeholders filled in.
  func filled(_ aws: FakeAWS, home: String) -> CredentialCase {
    let now = SystemTime().timestamp.seconds
    func date(_ seconds: Int64) -> String {
      CalendarDate(Timestamp(microseconds: (now + seconds) * 1_000_000)).rfc3339
    }
    func fill(_ text: String) -> String {
      text.replacing("{URL}", with: aws.url).replacing("{HOME}", with: home)
        .replacing("{PAST}", with: date(-60)).replacing("{SOON}", with: date(300))
        .replacing("{LATER}", with: date(7200))
    }
    var filled = self
    filled.config = fill(config)
    filled.credentials = fill(credentials)
    filled.files = files.mapValues(fill)
    filled.variables = variables.mapValues(fill).merging(aws.variables) { own, _ in own }
    return filled
  }

  private static func keys(_ name: String) -> String {
    "aws_access_key_id = \(name)\naws_secret_access_key = s\n"
  }

  private static let environmentKeys = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s"]
  private static let instance = ["AWS_EC2_METADATA_DISABLED": "false"]
  private static let role = "role_arn = arn:aws:iam::1:role/"
  private static let sso = """
    [profile sso]
    sso_session = corp
    sso_account_id = 111122223333
    sso_role_name = Admin
    [sso-session corp]
    sso_start_url = https://corp.example/start
    sso_region = eu-west-1
    """
  private static let legacy = """
    [profile sso]
    sso_start_url = https://corp.example/start
    sso_region = eu-west-1
    sso_account_id = 111122223333
    sso_role_name = Read Only
    """
  /// SHA-1 of "corp" and of the start address, as Python makes them.
  private static let sessionFile = ".aws/sso/cache/\(SHA1.hash(Array("corp".utf8)).hexadecimal).json"
  private static let legacyFile =
    ".aws/sso/cache/\(SHA1.hash(Array("https://corp.example/start".utf8)).hexadecimal).json"
  private static let renewable = """
    {"accessToken":"old","expiresAt":"{SOON}","clientId":"c","clientSecret":"x","refreshToken":"r",\
    "registrationExpiresAt":"{LATER}"}
    """

  private static func token(_ word: String, until date: String) -> String {
    #"{"accessToken":"\#(word)","expiresAt":"\#(date)","startUrl":"https://corp.example/start"}"#
  }

  private static func process(_ key: String) -> String {
    #"credential_process = sh -c 'echo "$0"' '{"Version":1,"AccessKeyId":"\#(key)","SecretAccessKey":"s"}'"#
      + "\n"
  }

  static let standing: [CredentialCase] = [
    .init(name: "keys of default", credentials: "[default]\n\(keys("KEYS"))", key: "KEYS"),
    .init(
      name: "environment first", credentials: "[default]\n\(keys("KEYS"))", variables: environmentKeys,
      key: "ENV"),
    .init(
      name: "a named profile before the environment", credentials: "[a]\n\(keys("A"))", profile: "a",
      variables: environmentKeys, key: "A"),
    .init(
      name: "AWS_PROFILE after the environment", credentials: "[a]\n\(keys("A"))",
      variables: environmentKeys.merging(["AWS_PROFILE": "a"]) { $1 }, key: "ENV"),
    .init(
      name: "AWS_PROFILE", config: "[profile a]\n\(keys("A"))", variables: ["AWS_PROFILE": "a"], key: "A"),
    .init(name: "no secret", credentials: "[default]\naws_access_key_id = K\n"),
    .init(name: "no secret in the environment", variables: ["AWS_ACCESS_KEY_ID": "K"]),
    .init(
      name: "credentials file before process", config: "[default]\n\(process("P"))",
      credentials: "[default]\n\(keys("KEYS"))", key: "KEYS"),
    .init(
      name: "process before config file", config: "[default]\n\(process("P"))\(keys("CONFIG"))", key: "P"),
    .init(name: "a process that fails", config: "[default]\ncredential_process = false\n"),
    .init(
      name: "container", variables: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "{URL}/container"],
      key: "CONTAINER-nobody"),
    .init(
      name: "container with a token",
      variables: [
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{URL}/container", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "tok",
      ], key: "CONTAINER-tok"),
    .init(
      name: "container with a token file", files: ["token": "from-file"],
      variables: [
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{URL}/container", "AWS_CONTAINER_AUTHORIZATION_TOKEN": "tok",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{HOME}/token",
      ], key: "CONTAINER-from-file"),
    .init(
      name: "a container's host that is not allowed",
      variables: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://192.0.2.1/container"]),
    .init(name: "instance", variables: instance, key: "IMDS"),
    .init(
      name: "container before instance",
      variables: instance.merging(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "{URL}/container"]) { $1 },
      key: "CONTAINER-nobody"),
    .init(name: "nothing"),
  ]

  static let roles: [CredentialCase] = [
    .init(
      name: "role", config: "[profile r]\n\(role)x\nsource_profile = s\n",
      credentials: "[s]\n\(keys("S"))", profile: "r", key: "ROLE-x-by-S"),
    .init(
      name: "role with everything",
      config: """
        [profile r]
        \(role)x
        source_profile = s
        external_id = id with = & signs
        role_session_name = me@corp
        duration_seconds = 900
        mfa_serial = arn:aws:iam::1:mfa/me
        """, credentials: "[s]\n\(keys("S"))", profile: "r", key: "ROLE-x-by-S"),
    .init(
      name: "role of its own keys", config: "[profile r]\n\(role)x\nsource_profile = r\n\(keys("R"))",
      profile: "r", key: "ROLE-x-by-R"),
    .init(
      name: "role of a role",
      config: """
        [profile r]
        \(role)x
        source_profile = m
        [profile m]
        \(role)y
        source_profile = s
        """, credentials: "[s]\n\(keys("S"))", profile: "r", key: "ROLE-x-by-ROLE-y-by-S"),
    .init(
      name: "keys of the source before its role",
      config: """
        [profile r]
        \(role)x
        source_profile = m
        [profile m]
        \(role)y
        source_profile = s
        \(keys("M"))
        """, credentials: "[s]\n\(keys("S"))", profile: "r", key: "ROLE-x-by-M"),
    .init(
      name: "role of the environment", config: "[profile r]\n\(role)x\ncredential_source = Environment\n",
      profile: "r", variables: environmentKeys, key: "ROLE-x-by-ENV"),
    .init(
      name: "role of the instance", config: "[default]\n\(role)x\ncredential_source = Ec2InstanceMetadata\n",
      variables: instance, key: "ROLE-x-by-IMDS"),
    .init(
      name: "role of the container", config: "[default]\n\(role)x\ncredential_source = EcsContainer\n",
      variables: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "{URL}/container"], key: "ROLE-x-by-CONTAINER-nobody"),
    .init(
      name: "role of a process",
      config: "[default]\n\(role)x\nsource_profile = p\n[profile p]\n\(process("P"))",
      key: "ROLE-x-by-P"),
    .init(
      name: "both sources",
      config: "[default]\n\(role)x\ncredential_source = Environment\nsource_profile = default\n",
      credentials: "[default]\n\(keys("S"))"),
    .init(
      name: "no source", config: "[profile r]\n\(role)x\n", credentials: "[r]\n\(keys("S"))", profile: "r"),
    .init(name: "an unknown source", config: "[default]\n\(role)x\ncredential_source = Elsewhere\n"),
    .init(name: "a source that does not exist", config: "[default]\n\(role)x\nsource_profile = s\n"),
    .init(
      name: "a source without credentials",
      config: "[default]\n\(role)x\nsource_profile = s\n[profile s]\nregion = eu-west-1\n"),
    .init(
      name: "a circle",
      config: """
        [profile a]
        \(role)x
        source_profile = b
        [profile b]
        \(role)y
        source_profile = a
        """, profile: "a"),
    .init(name: "itself without keys", config: "[profile a]\n\(role)x\nsource_profile = a\n", profile: "a"),
    .init(
      name: "a role that is denied", config: "[default]\n\(role)denied\nsource_profile = s\n",
      credentials: "[s]\n\(keys("S"))"),
    .init(
      name: "a duration that is no number",
      config: "[default]\n\(role)x\nsource_profile = s\nduration_seconds = an hour\n",
      credentials: "[s]\n\(keys("S"))", key: "ROLE-x-by-S"),
    .init(
      name: "web identity", config: "[default]\n\(role)w\nweb_identity_token_file = {HOME}/token\n",
      files: ["token": "jwt-1"], key: "WEB-w-jwt-1"),
    .init(
      name: "web identity of the environment",
      config: "[default]\n\(role)w\nweb_identity_token_file = {HOME}/token\n",
      files: ["token": "jwt-1", "other": "jwt-2"],
      variables: [
        "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/other", "AWS_ROLE_ARN": "arn:aws:iam::1:role/env",
        "AWS_ROLE_SESSION_NAME": "name",
      ], key: "WEB-env-jwt-2"),
    .init(
      name: "a named profile before web identity of the environment",
      config: "[profile a]\n\(role)w\nweb_identity_token_file = {HOME}/token\n", files: ["token": "jwt-1"],
      profile: "a",
      variables: [
        "AWS_WEB_IDENTITY_TOKEN_FILE": "{HOME}/none", "AWS_ROLE_ARN": "arn:aws:iam::1:role/env",
      ], key: "WEB-w-jwt-1"),
    .init(
      name: "web identity without a role", config: "[default]\nweb_identity_token_file = {HOME}/token\n",
      files: ["token": "jwt-1"]),
    .init(
      name: "web identity without its file",
      config: "[default]\n\(role)w\nweb_identity_token_file = {HOME}/none\n"),
    .init(
      name: "role of a web identity",
      config: """
        [default]
        \(role)x
        source_profile = w
        [profile w]
        \(role)w
        web_identity_token_file = {HOME}/token
        """, files: ["token": "jwt-1"], key: "ROLE-x-by-WEB-w-jwt-1"),
  ]

  static let signOns: [CredentialCase] = [
    .init(
      name: "sso session", config: sso, files: [sessionFile: token("good", until: "{LATER}")],
      profile: "sso", key: "SSO-good-Admin"),
    .init(
      name: "sso session that is renewed", config: sso, files: [sessionFile: renewable], profile: "sso",
      key: "SSO-renewed-Admin"),
    .init(
      name: "sso session that cannot be renewed but has not expired", config: sso,
      files: [sessionFile: token("good", until: "{SOON}")], profile: "sso", key: "SSO-good-Admin"),
    .init(
      name: "sso of old", config: legacy, files: [legacyFile: token("good", until: "{LATER}")],
      profile: "sso", key: "SSO-good-Read Only"),
    .init(
      name: "sso of old that has expired", config: legacy,
      files: [legacyFile: token("good", until: "{PAST}")], profile: "sso"),
    .init(name: "nobody signed in", config: sso, profile: "sso"),
    .init(
      name: "a token the service does not know", config: sso,
      files: [sessionFile: token("bad", until: "{LATER}")], profile: "sso"),
    .init(
      name: "an sso-session that is not there",
      config: "[profile sso]\nsso_session = none\nsso_account_id = 1\nsso_role_name = a\n", profile: "sso"),
    .init(
      name: "sso without a region", config: legacy.replacing("sso_region = eu-west-1\n", with: ""),
      files: [legacyFile: token("good", until: "{LATER}")], profile: "sso"),
    .init(
      name: "an sso-session that differs",
      config: sso.replacing("[sso-session", with: "sso_region = eu-west-2\n[sso-session"),
      files: [sessionFile: token("good", until: "{LATER}")], profile: "sso"),
    .init(
      name: "sso before keys", config: sso, credentials: "[sso]\n\(keys("KEYS"))",
      files: [sessionFile: token("good", until: "{LATER}")], profile: "sso", key: "SSO-good-Admin"),
    .init(
      name: "role of sso", config: sso + "\n[profile r]\n\(role)x\nsource_profile = sso\n",
      files: [sessionFile: token("good", until: "{LATER}")], profile: "r", key: "ROLE-x-by-SSO-good-Admin"),
  ]

  /// A role that the AWS CLI has assumed before, with a second factor.
  static let cached: CredentialCase = {
    let arn = "arn:aws:iam::1:role/caf\u{e9}"
    let cache = RoleCache(
      role: STSClient.Role(
        arn: arn, sessionName: "n\"1", externalID: "e", serialNumber: "m", durationSeconds: 900),
      sessionName: "n\"1", environment: Environment(["HOME": "/home"]))
    return CredentialCase(
      name: "a role the AWS CLI has assumed",
      config: """
        [profile r]
        role_arn = \(arn)
        role_session_name = n"1
        source_profile = s
        external_id = e
        mfa_serial = m
        duration_seconds = 900
        """, credentials: "[s]\n\(keys("S"))",
      files: [
        String(cache.path.dropFirst(6)): """
        {"Credentials":{"AccessKeyId":"CACHED","SecretAccessKey":"s","SessionToken":"t","Expiration":"{LATER}"}}
        """
      ], profile: "r", key: "CACHED")
  }()

  static let all = standing + roles + signOns + [cached]
}
