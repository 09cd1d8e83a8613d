import Format
import Platform

/// The files in `~/.aws/cli/cache` in which the AWS CLI keeps the credentials of roles it assumed: they spare a
/// second question for a second factor. They are only read; writing them is the CLI's business.
struct RoleCache {
  let path: String

  /// The file's name is the SHA-1 of the call's parameters, as Python writes them in JSON.
  /// - Parameter sessionName: the profile's own; a name made up for one call is left out.
  init(role: STSClient.Role, sessionName: String?, environment: Environment) {
    var members: [(name: String, value: String)] = [("RoleArn", Self.quoted(role.arn))]
    if let seconds = role.durationSeconds { members.append(("DurationSeconds", String(seconds))) }
    if let id = role.externalID { members.append(("ExternalId", Self.quoted(id))) }
    if let sessionName { members.append(("RoleSessionName", Self.quoted(sessionName))) }
    if let serial = role.serialNumber { members.append(("SerialNumber", Self.quoted(serial))) }
    let text = members.sorted { $0.name < $1.name }.map { "\"\($0.name)\": \($0.value)" }
      .joined(separator: ", ")
    let name = SHA1.hash(Array("{\(text)}".utf8)).hexadecimal
    path = "\(Host.home(environment))/.aws/cli/cache/\(name).json"
  }

  /// The cached credentials, if they are good until `moment` at least.
  func credentials(validUntil moment: Timestamp) -> Credentials? {
    // A file that is missing, or not as expected, is a cache that does not help.
    guard let bytes = try? File.read(path, limit: 1 << 20), let json = try? JSON(parsing: bytes),
      let found = json["Credentials"].flatMap({
        Credentials(
          $0, key: "AccessKeyId", secret: "SecretAccessKey", token: "SessionToken", expiration: "Expiration")
      }),
      let expiration = found.expiration, expiration > moment
    else { return nil }
    return found
  }

  /// A JSON string with everything beyond ASCII escaped, as Python's `json.dumps` writes it.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for unit in text.utf16 {
      switch unit {
      case 0x22: quoted += "\\\""
      case 0x5C: quoted += "\\\\"
      case 0x0A: quoted += "\\n"
      case 0x0D: quoted += "\\r"
      case 0x09: quoted += "\\t"
      case 0x20..<0x7F: quoted.unicodeScalars.append(UnicodeScalar(UInt8(unit)))
      default: quoted += "\\u" + [UInt8(unit >> 8), UInt8(unit & 0xFF)].hexadecimal
      }
    }
    return quoted + "\""
  }
}
