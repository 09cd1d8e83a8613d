public import Platform

/// The settings all programs know, so that one file serves recorder and replay alike (docs: `ssmrec config`).
public enum ProductSettings {
  /// Every setting, in the order in which they are shown.
  public static let declarations: [SettingDeclaration] = [
    SettingDeclaration(
      "dir", .path,
      help:
        "Folder of the recordings (default: $XDG_DATA_HOME/ssmcast or ~/.local/share/ssmcast); %u is the user's name"
    ),
    SettingDeclaration(
      "access", .choice(RecordingFolder.Access.allCases.map(\.rawValue)), default: "owner",
      help: "Who may read new recordings: their owner alone (files 0600), or the folder's group too (0640)"),
    SettingDeclaration(
      "fail_policy", .choice(["strict", "best-effort"]), default: "strict",
      help: "What happens when a recording fails: the session ends, or it goes on with one warning"),
    SettingDeclaration(
      "input", .choice(["masked", "full", "none"]), default: "masked",
      help: "What is kept of typed keys: masked (those the session showed), full (passwords too), none"),
    SettingDeclaration(
      "mask_patterns",
      help:
        "Secrets to mask in what is recorded: all, or some of aws-keys, bearer-tokens, private-keys, url-passwords, "
        + "@FILE (a pattern a line), with commas between"),
    SettingDeclaration(
      "kms_challenge", .choice(["acknowledge", "omit"]), default: "acknowledge",
      help:
        "Whether the keys of encrypted sessions are bound to the agent's challenge; omit is for agents that send "
        + "one and then do without it"),
    SettingDeclaration(
      "player_keys",
      help: "Other keys for the player, such as \"quit=x,ctrl-d pause=p\"; ssmplay play --help has the names"),
    SettingDeclaration(
      "signing_key", .path,
      help: "Private key that signs recordings ('ssmrec keygen' makes one); without it they are chained only"),
    SettingDeclaration(
      "port_payload", .text, default: "none",
      help:
        "What is kept of the bytes that ports carry: none, head:BYTES of each direction of a connection, or full"
    ),
    SettingDeclaration(
      "timeout", .number, default: "15",
      help: "Seconds each step of connecting may take; the agent's first answer may take twice as long"),
  ]

  /// Reads the settings of this user and machine.
  public static func load(
    environment: Environment, flags: [String: String] = [:]
  ) throws(SettingsError) -> Settings {
    try Settings(declarations, name: "ssmcast", environment: environment, flags: flags)
  }

  /// Where this user's recordings go: `%u` in the setting is the name of the user, `%%` a percent sign.
  public static func folder(
    _ settings: Settings, environment: Environment, user: String = Host.user
  ) -> RecordingFolder {
    let access = settings.value("access").flatMap { RecordingFolder.Access(rawValue: $0) } ?? .owner
    guard let path = settings.value("dir") else { return RecordingFolder(environment, access: access) }
    return RecordingFolder(path: expanded(path, user: user), access: access)
  }

  /// Where recordings are looked for: all users' where this user may list the folder that holds them, else the
  /// user's own.
  public static func archive(
    _ settings: Settings, environment: Environment, user: String = Host.user
  ) -> RecordingFolder {
    let own = folder(settings, environment: environment, user: user)
    guard let path = settings.value("dir") else { return own }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard let first = parts.firstIndex(where: { expanded($0, user: "") != expanded($0, user: "x") }),
      first > 1
    else { return own }
    let shared = parts[..<first].map { expanded($0, user: user) }.joined(separator: "/")
    return File.isReadable(shared) ? RecordingFolder(path: shared, access: own.access) : own
  }

  private static func expanded(_ path: some StringProtocol, user: String) -> String {
    var result = ""
    var escaped = false
    for character in path {
      switch (escaped, character) {
      case (true, "u"): result += RecordingFolder.safe(user)
      case (true, "%"): result += "%"
      case (true, _): result += "%\(character)"
      case (false, "%"): break
      case (false, _): result.append(character)
      }
      escaped = !escaped && character == "%"
    }
    return escaped ? result + "%" : result
  }
}
