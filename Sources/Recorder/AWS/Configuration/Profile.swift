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

  /// Reads the shared files for one profile.
  /// - Parameter name: `--profile`; nil for `AWS_PROFILE`, `AWS_DEFAULT_PROFILE` or `default`.
  /// - Throws: `.unknownProfile` where a named profile is in neither file.
  static func load(environment: Environment, name: String? = nil) throws(CredentialError) -> Profile {
    try SharedConfiguration(environment: environment)
      .profile(wanted: SharedConfiguration.wantedProfile(flag: name, environment: environment))
  }
}

extension Profile: CustomStringConvertible, CustomReflectable {
  /// The name alone: the settings hold keys.
  var description: String { "profile \(name)" }
  var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
