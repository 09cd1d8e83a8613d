import Platform

/// A session document the service knows: which kind of session it asks for, its parameters and its contents.
///
/// Contents follow AWS's schema 1.0 for session documents; names as in the AWS documentation.
struct SessionDocument: Equatable, Sendable {
  /// One parameter of a document.
  struct Parameter: Equatable, Sendable {
    /// What values are allowed.
    enum Rule: Equatable, Sendable {
      case any
      case oneOf([String])
      /// What may stand before lines of output: `^[0-9a-zA-Z\r\n_:-]{0,30}$`.
      case prefix
    }

    let name: String
    let description: String
    /// What counts where no value is given; nil: one must be given.
    var defaultValue: String?
    var rule = Rule.any
  }

  let name: String
  let kind: SessionType
  let description: String
  let parameters: [Parameter]

  static let shell = SessionDocument(
    name: "SSM-SessionManagerRunShell", kind: .standardStream,
    description: "Document to hold regional settings for Session Manager", parameters: [])
  static let interactiveCommand = SessionDocument(
    name: "AWS-StartInteractiveCommand", kind: .interactiveCommands,
    description: "Document to run single interactive command on an instance", parameters: [.command])
  /// Its streams are apart unless asked otherwise: a recording then tells standard error from output, and
  /// how the command ended.
  static let nonInteractiveCommand = SessionDocument(
    name: "AWS-StartNonInteractiveCommand", kind: .nonInteractiveCommands,
    description: "Document to run single non-interactive command on an instance",
    parameters: [.command, .separateOutputStream, .outputPrefix, .errorPrefix])
  static let all = [shell, interactiveCommand, nonInteractiveCommand]

  /// The document of a name or of an ARN that ends in `document/NAME`; nil where there is none.
  init?(named text: String) {
    let name = text.hasPrefix("arn:") ? text.split(separator: "/").last.map(String.init) ?? text : text
    guard let known = Self.all.first(where: { $0.name == name }) else { return nil }
    self = known
  }

  init(name: String, kind: SessionType, description: String, parameters: [Parameter]) {
    (self.name, self.kind, self.description, self.parameters) = (name, kind, description, parameters)
  }
}

extension SessionDocument.Parameter {
  static let command = Self(name: "command", description: "The command to run on the instance")
  static let separateOutputStream = Self(
    name: "separateOutputStream",
    description: "Whether standard output and standard error come apart, and the exit code after them",
    defaultValue: "True", rule: .oneOf(["True", "False"]))
  static let outputPrefix = Self(
    name: "stdOutSeparatorPrefix", description: "What stands before lines of standard output",
    defaultValue: "", rule: .prefix)
  static let errorPrefix = Self(
    name: "stdErrSeparatorPrefix", description: "What stands before lines of standard error",
    defaultValue: "", rule: .prefix)

  /// The rule that `value` breaks, in the API's words; nil where it is allowed.
  func rule(brokenBy value: String) -> String? {
    switch rule {
    case .any: return nil
    case .oneOf(let values):
      return values.contains(value)
        ? nil : "Member must satisfy enum value set: [\(values.joined(separator: ", "))]"
    case .prefix:
      let isPlain = value.utf8.count <= 30 && value.utf8.allSatisfy(Self.isPrefixByte)
      return isPlain ? nil : "Member must satisfy regular expression pattern: \(Self.prefixPattern)"
    }
  }

  private static let prefixPattern = #"^[0-9a-zA-Z\r\n_:-]{0,30}$"#

  private static func isPrefixByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x0A, 0x0D: true
    default: [UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "-")].contains(byte)
    }
  }

  /// The parameter as a document declares it.
  fileprivate var declaration: JSON {
    var members: [JSON.Member] = [.init("type", "String"), .init("description", .string(description))]
    if let defaultValue { members.append(.init("default", .string(defaultValue))) }
    switch rule {
    case .any: break
    case .oneOf(let values): members.append(.init("allowedValues", .array(values.map { .string($0) })))
    case .prefix: members.append(.init("allowedPattern", .string(Self.prefixPattern)))
    }
    return .object(members)
  }
}

extension SessionDocument {
  /// The document as GetDocument gives it out: JSON text.
  /// - Parameter keyID: the key of KMS that sessions are encrypted with; empty for none.
  func content(keyID: String) -> String {
    var members: [JSON.Member] = [
      .init("schemaVersion", "1.0"), .init("description", .string(description)),
      .init("sessionType", .string(kind.name)),
    ]
    if kind == .standardStream || !keyID.isEmpty {
      members.append(.init("inputs", Self.inputs(keyID: keyID)))
    }
    if !parameters.isEmpty {
      members.append(
        .init("parameters", .object(parameters.map { JSON.Member($0.name, $0.declaration) })))
      members.append(.init("properties", ["linux": properties, "macos": properties]))
    }
    return JSON.object(members).text
  }

  private static func inputs(keyID: String) -> JSON {
    [
      "s3BucketName": "", "s3KeyPrefix": "", "s3EncryptionEnabled": false,
      "cloudWatchLogGroupName": "", "cloudWatchEncryptionEnabled": false,
      "cloudWatchStreamingEnabled": false, "kmsKeyId": .string(keyID), "runAsEnabled": false,
      "runAsDefaultUser": "", "idleSessionTimeout": "20", "maxSessionDuration": "",
      "shellProfile": ["windows": "", "linux": ""],
    ]
  }

  /// What is run: the parameters put in their places.
  private var properties: JSON {
    var members = parameters.map { parameter in
      JSON.Member(
        parameter == .command ? "commands" : parameter.name, .string("{{ \(parameter.name) }}"))
    }
    if kind == .interactiveCommands { members.append(.init("runAsElevated", false)) }
    return .object(members)
  }
}
