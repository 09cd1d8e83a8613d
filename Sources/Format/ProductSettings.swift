public import Platform

/// The settings all programs know, so that one file serves recorder and replay alike (docs: `ssmrec config`).
public enum ProductSettings {
  public static let declarations: [SettingDeclaration] = [
    SettingDeclaration(
      "dir", .path,
      help: "Folder of the recordings (default: $XDG_DATA_HOME/ssmcast or ~/.local/share/ssmcast)"),
    SettingDeclaration(
      "fail_policy", .choice(["strict", "best-effort"]), default: "strict",
      help: "What happens when a recording fails: the session ends, or it goes on with one warning"),
    SettingDeclaration(
      "input", .choice(["masked", "full", "none"]), default: "masked",
      help: "What is kept of typed keys: masked (those the session showed), full (passwords too), none"),
    SettingDeclaration(
      "kms_challenge", .choice(["acknowledge", "omit"]), default: "acknowledge",
      help:
        "Whether the keys of encrypted sessions are bound to the agent's challenge; omit is for agents that send "
        + "one and then do without it"),
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

  /// The recordings folder these settings name.
  public static func folder(_ settings: Settings, environment: Environment) -> RecordingFolder {
    settings.value("dir").map { RecordingFolder(path: $0) } ?? RecordingFolder(environment)
  }
}
