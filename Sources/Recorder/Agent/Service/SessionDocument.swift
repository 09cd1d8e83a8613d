import Platform

/// A session document the service knows: which kind of session it asks for, and its contents.
///
/// Contents follow AWS's schema 1.0 for session documents; names as in the AWS documentation.
struct SessionDocument: Equatable, Sendable {
  let name: String
  let kind: SessionType
  let description: String
  /// Names of parameters that must be given.
  let parameters: [String]

  static let shell = SessionDocument(
    name: "SSM-SessionManagerRunShell", kind: .standardStream,
    description: "Document to hold regional settings for Session Manager", parameters: [])
  static let interactiveCommand = SessionDocument(
    name: "AWS-StartInteractiveCommand", kind: .interactiveCommands,
    description: "Document to run single interactive command on an instance", parameters: ["command"])
  static let all = [shell, interactiveCommand]

  /// The document of a name or of an ARN that ends in `document/NAME`; nil where there is none.
  init?(named text: String) {
    let name = text.hasPrefix("arn:") ? text.split(separator: "/").last.map(String.init) ?? text : text
    guard let known = Self.all.first(where: { $0.name == name }) else { return nil }
    self = known
  }

  init(name: String, kind: SessionType, description: String, parameters: [String]) {
    (self.name, self.kind, self.description, self.parameters) = (name, kind, description, parameters)
  }

  /// The document as GetDocument gives it out: JSON text.
  var content: String {
    let inputs: JSON = [
      "s3BucketName": "", "s3KeyPrefix": "", "s3EncryptionEnabled": false,
      "cloudWatchLogGroupName": "", "cloudWatchEncryptionEnabled": false,
      "cloudWatchStreamingEnabled": false, "kmsKeyId": "", "runAsEnabled": false, "runAsDefaultUser": "",
      "idleSessionTimeout": "20", "maxSessionDuration": "", "shellProfile": ["windows": "", "linux": ""],
    ]
    var members: [JSON.Member] = [
      .init("schemaVersion", "1.0"), .init("description", .string(description)),
      .init("sessionType", .string(kind.name)),
    ]
    if kind == .standardStream {
      members.append(.init("inputs", inputs))
    } else {
      let command: JSON = ["type": "String", "description": "The command to run on the instance"]
      let run: JSON = ["commands": "{{ command }}", "runAsElevated": false]
      members.append(.init("parameters", ["command": command]))
      members.append(.init("properties", ["linux": run, "macos": run]))
    }
    return JSON.object(members).text
  }
}
