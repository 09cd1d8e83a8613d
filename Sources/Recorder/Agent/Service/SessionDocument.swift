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
      /// A port: 1 to 65535, or also 0.
      case port(allowsZero: Bool)
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
  static let ssh = SessionDocument(
    name: "AWS-StartSSHSession", kind: .port,
    description: "Document to start an SSH session to an instance", parameters: [.sshPort])
  static let portForwarding = SessionDocument(
    name: "AWS-StartPortForwardingSession", kind: .port,
    description: "Document to start port forwarding session over Session Manager",
    parameters: [.portNumber, .localPortNumber])
  static let remoteHost = SessionDocument(
    name: "AWS-StartPortForwardingSessionToRemoteHost", kind: .port,
    description: "Document to start port forwarding session over Session Manager to remote host",
    parameters: [.host, .portNumber, .localPortNumber])
  static let localSocket = SessionDocument(
    name: "AWS-StartPortForwardingSessionToSocket", kind: .port,
    description: "Document to start port forwarding session over Session Manager from a local Unix socket",
    parameters: [.portNumber, .localUnixSocket])
  static let all = [
    shell, interactiveCommand, nonInteractiveCommand, ssh, portForwarding, remoteHost, localSocket,
  ]

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

  static let sshPort = Self(
    name: "portNumber", description: "The port of the SSH server on the instance", defaultValue: "22",
    rule: .port(allowsZero: false))
  static let portNumber = Self(
    name: "portNumber", description: "The port to connect to", defaultValue: "80",
    rule: .port(allowsZero: false))
  static let localPortNumber = Self(
    name: "localPortNumber", description: "The port of the client's machine; 0 for any free one",
    defaultValue: "0", rule: .port(allowsZero: true))
  static let host = Self(
    name: "host", description: "Name or address of the host to connect to", defaultValue: "localhost")
  static let localUnixSocket = Self(
    name: "localUnixSocket", description: "The path of a Unix socket of the client's machine")

  /// The rule that `value` breaks, in the API's words; nil where it is allowed.
  func rule(brokenBy value: String) -> String? {
    switch rule {
    case .any: return nil
    case .oneOf(let values):
      return values.contains(value)
        ? nil : "Member must satisfy enum value set: [\(values.joined(separator: ", "))]"
    case .port(let allowsZero):
      let number = value.utf8.first == 0x30 && value != "0" ? nil : UInt16(value)
      return number.map { $0 > 0 || allowsZero } == true
        ? nil : "Member must satisfy regular expression pattern: \(Self.portPattern(allowsZero))"
    case .prefix:
      let isPlain = value.utf8.count <= 30 && value.utf8.allSatisfy(Self.isPrefixByte)
      return isPlain ? nil : "Member must satisfy regular expression pattern: \(Self.prefixPattern)"
    }
  }

  private static func portPattern(_ allowsZero: Bool) -> String {
    "^(\(allowsZero ? "[0-9]" : "[1-9]")|[1-9][0-9]{1,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]"
      + "|6553[0-5])$"
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
    case .port(let zero): members.append(.init("allowedPattern", .string(Self.portPattern(zero))))
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
    if kind == .standardStream || !keyID.isEmpty && kind != .port {
      members.append(.init("inputs", Self.inputs(keyID: keyID)))
    }
    if !parameters.isEmpty {
      members.append(
        .init("parameters", .object(parameters.map { JSON.Member($0.name, $0.declaration) })))
      // What a port session forwards depends on no operating system.
      members.append(
        .init("properties", kind == .port ? properties : ["linux": properties, "macos": properties]))
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
    if kind == .port, self != .ssh { members.append(.init("type", "LocalPortForwarding")) }
    if self == .localSocket { members.append(.init("localConnectionType", "unix")) }
    return .object(members)
  }
}

extension SessionEntry {
  /// What a port session forwards; nil for every other.
  var portProperties: PortProperties? {
    guard document.kind == .port else { return nil }
    func text(_ parameter: SessionDocument.Parameter) -> String? {
      let value = value(of: parameter)
      return value.isEmpty ? nil : value
    }
    let localPort = UInt16(value(of: .localPortNumber)) ?? 0
    return PortProperties(
      portNumber: value(of: .portNumber), host: text(.host), isForwarding: document != .ssh,
      localPort: localPort == 0 ? nil : localPort, localSocketPath: text(.localUnixSocket))
  }
}
