import Platform

/// AWS's two shared files, read once: all profiles, `sso-session` and `services` sections.
struct SharedConfiguration: Sendable {
  private let config: ConfigurationFile
  private let credentials: ConfigurationFile
  /// Where they are, for messages.
  let paths: [String]

  /// Reads the files that `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name, else those in `~/.aws`.
  /// Files that are not there count as empty.
  init(environment: Environment) throws(CredentialError) {
    paths = [
      Self.path("AWS_CONFIG_FILE", "config", environment),
      Self.path("AWS_SHARED_CREDENTIALS_FILE", "credentials", environment),
    ]
    config = try Self.read(paths[0])
    credentials = try Self.read(paths[1])
  }

  /// The profile's name that a flag, `AWS_PROFILE` or `AWS_DEFAULT_PROFILE` ask for; nil: nobody asks for one.
  static func wantedProfile(flag: String?, environment: Environment) -> String? {
    let given = flag.flatMap { $0.isEmpty ? nil : $0 }
    return given ?? environment.nonEmpty("AWS_PROFILE") ?? environment.nonEmpty("AWS_DEFAULT_PROFILE")
  }

  /// A profile, both files together; nil where neither has it.
  func profile(_ name: String) -> Profile? {
    var settings = config.section("profile", name)
    if name == "default", let plain = config.sections["default"] {
      settings = settings ?? ConfigurationFile.Section()
      settings?.merge(plain)
    }
    let keys = credentials.sections[name]
    if settings == nil && keys == nil { return nil }
    var merged = settings ?? ConfigurationFile.Section()
    merged.merge(keys ?? ConfigurationFile.Section())
    let services = merged.values["services"].flatMap { config.section("services", $0) }
    return Profile(
      name: name, settings: merged, credentials: keys ?? ConfigurationFile.Section(),
      services: services ?? ConfigurationFile.Section())
  }

  /// The profile that is asked for, or `default`, which may be empty.
  /// - Throws: `.unknownProfile` where a named profile is in neither file.
  func profile(wanted: String?) throws(CredentialError) -> Profile {
    if let profile = profile(wanted ?? "default") { return profile }
    guard wanted == nil || wanted == "default" else {
      throw .unknownProfile(wanted ?? "", known: names, files: paths)
    }
    return Profile(
      name: "default", settings: ConfigurationFile.Section(), credentials: ConfigurationFile.Section(),
      services: ConfigurationFile.Section())
  }

  /// The settings of an `[sso-session NAME]` section; nil where there is none.
  func singleSignOnSession(_ name: String) -> [String: String]? {
    config.section("sso-session", name)?.values
  }

  /// The names of all profiles, sorted.
  var names: [String] { Set(config.names(of: "profile") + credentials.sections.keys).sorted() }

  private static func path(_ variable: String, _ file: String, _ environment: Environment) -> String {
    guard let path = environment.nonEmpty(variable) else { return "\(Host.home(environment))/.aws/\(file)" }
    return Host.expanded(path, environment)
  }

  private static func read(_ path: String) throws(CredentialError) -> ConfigurationFile {
    let bytes: [UInt8]
    do throws(Errno) {
      bytes = try File.read(path, limit: 4 << 20)
    } catch {
      if error == .noSuchFile || error == .notDirectory { return ConfigurationFile() }
      throw .unreadable(path: path, reason: error.description)
    }
    do throws(ConfigurationFile.ParsingError) {
      return try ConfigurationFile(parsing: bytes)
    } catch {
      throw .unreadable(path: path, reason: error.description)
    }
  }
}

extension Host {
  /// A path with the home folder for a leading `~/`.
  static func expanded(_ path: String, _ environment: Environment) -> String {
    path.hasPrefix("~/") ? home(environment) + path.dropFirst() : path
  }
}
