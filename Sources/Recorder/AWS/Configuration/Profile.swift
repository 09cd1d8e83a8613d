import Platform

/// What the shared files say for one profile, both files together.
struct Profile: Sendable {
  let name: String
  /// Settings of `~/.aws/config`, overridden by those of `~/.aws/credentials`.
  let settings: ConfigurationFile.Section
  /// What `~/.aws/credentials` alone says: its keys come before the other file's credential process.
  let credentials: ConfigurationFile.Section
  /// The `[services …]` section the profile names.
  let services: ConfigurationFile.Section

  /// A setting that is there and not empty.
  subscript(setting: String) -> String? {
    settings.values[setting].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// `region`.
  var region: String? { self["region"] }
  /// `ca_bundle`: a file of trusted certificates.
  var caBundle: String? { self["ca_bundle"] }

  /// Reads the files that `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name, else those in `~/.aws`.
  /// Files that are not there count as empty.
  /// - Parameter name: `--profile`; nil for `AWS_PROFILE`, `AWS_DEFAULT_PROFILE` or `default`.
  /// - Throws: `.unknownProfile` where a named profile is in neither file.
  static func load(environment: Environment, name: String? = nil) throws(CredentialError) -> Profile {
    let wanted = name ?? environment.nonEmpty("AWS_PROFILE") ?? environment.nonEmpty("AWS_DEFAULT_PROFILE")
    let configPath = path("AWS_CONFIG_FILE", "config", environment)
    let credentialsPath = path("AWS_SHARED_CREDENTIALS_FILE", "credentials", environment)
    let config = try read(configPath)
    let credentials = try read(credentialsPath)
    let profileName = wanted ?? "default"

    var settings = config.section("profile", profileName)
    if profileName == "default", let plain = config.sections["default"] {
      settings = settings ?? ConfigurationFile.Section()
      settings?.merge(plain)
    }
    let keys = credentials.sections[profileName]
    if wanted != nil, settings == nil, keys == nil, profileName != "default" {
      let known = Set(config.names(of: "profile") + credentials.sections.keys).sorted()
      throw .unknownProfile(profileName, known: known, files: [configPath, credentialsPath])
    }
    var merged = settings ?? ConfigurationFile.Section()
    merged.merge(keys ?? ConfigurationFile.Section())
    let services = merged.values["services"].flatMap { config.section("services", $0) }
    return Profile(
      name: profileName, settings: merged, credentials: keys ?? ConfigurationFile.Section(),
      services: services ?? ConfigurationFile.Section())
  }

  private static func path(_ variable: String, _ file: String, _ environment: Environment) -> String {
    let home = Host.home(environment)
    guard let path = environment.nonEmpty(variable) else { return "\(home)/.aws/\(file)" }
    return path.hasPrefix("~/") ? home + path.dropFirst() : path
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

extension Profile: CustomStringConvertible, CustomReflectable {
  /// The name alone: the settings hold keys.
  var description: String { "profile \(name)" }
  var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
