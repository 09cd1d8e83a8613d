/// The version of this release, as `--version` prints it and recordings keep it.
public enum ProductVersion {
  /// As `--version` prints it (semver.org).
  public static let text = "0.1.0"
}
