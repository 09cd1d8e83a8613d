import Platform
import Testing

@testable import Recorder

@Suite struct AgentConfigurationTests {
  private func configuration() -> AgentConfiguration {
    let key = Credentials(accessKeyID: "AKIALOCAL", secretAccessKey: "it's hush")
    return AgentConfiguration(accessKey: key, user: "alice", environment: Environment([:]))
  }

  @Test func addressesAreReadAsHostAndPort() throws {
    for (text, host, port) in [
      ("127.0.0.1:0", "127.0.0.1", 0), ("localhost:8022", "localhost", 8022), ("[::1]:1", "::1", 1),
    ] {
      var configuration = configuration()
      try configuration.listen(at: text)
      #expect(configuration.host == host && configuration.port == UInt16(port))
    }
    for text in [
      "", "8022", ":8022", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000", "::1:8022", "[::1]", "a:b",
    ] {
      var configuration = configuration()
      #expect(throws: AgentError.badAddress(text)) { try configuration.listen(at: text) }
    }
  }

  @Test func accessKeysAreReadAndNeverShown() throws {
    let key = try AgentConfiguration.accessKey(parsing: "AKID:a:b/+=")
    #expect(key.accessKeyID == "AKID" && key.secretAccessKey == "a:b/+=")
    for text in ["", "AKID", "AKID:", ":secret", "AK ID:secret", "AKID:with space"] {
      #expect(throws: AgentError.badAccessKey) { try AgentConfiguration.accessKey(parsing: text) }
    }
    var random = SystemRandomNumberGenerator()
    let made = AgentConfiguration.newAccessKey(using: &random)
    #expect(made.accessKeyID.utf8.count == 20 && made.secretAccessKey.utf8.count == 40)
    #expect(made != AgentConfiguration.newAccessKey(using: &random))
  }

  @Test func addressesThatOthersCanReachNeedTheWord() throws {
    var configuration = configuration()
    configuration.host = "0.0.0.0"
    #expect(throws: AgentError.notLoopback(address: "0.0.0.0:0")) {
      try AgentListener(configuration, now: SystemTime().timestamp)
    }
    configuration.allowsOtherAddresses = true
    let listener = try AgentListener(configuration, now: SystemTime().timestamp)
    #expect(listener.address.port != 0)
  }

  @Test func aPortInUseIsNamed() throws {
    var configuration = configuration()
    let first = try AgentListener(configuration, now: SystemTime().timestamp)
    configuration.port = first.address.port
    #expect(throws: AgentError.cannotListen(address: first.authority, .addressInUse)) {
      try AgentListener(configuration, now: SystemTime().timestamp)
    }
    configuration.host = "no such host"
    #expect(throws: AgentError.self) { try AgentListener(configuration, now: SystemTime().timestamp) }
  }

  @Test func theReadyFileNamesEverythingAndGoesAway() throws {
    let folder = try File.makeTemporaryDirectory(prefix: "agent-test-")
    defer { try? File.removeTree(folder) }  // left behind at worst
    var configuration = configuration()
    let listener = try AgentListener(configuration, now: SystemTime().timestamp)
    let path = folder + "/ready.json"
    let files = try ReadyFiles(listener, configuration, readyFile: path)
    let ready = try JSON(parsing: try File.read(path))
    #expect(ready["endpoint"]?.string == "http://127.0.0.1:\(listener.address.port)")
    #expect(ready["endpoint_tls"]?.string == "https://127.0.0.1:\(listener.address.port)")
    #expect(ready["target"] == "local")
    #expect(ready["pid"]?.integer == Int64(Host.processID))
    let authority = try #require(ready["ca"]?.string)
    #expect(try File.read(authority) == listener.authorityPEM)
    #expect(ready["secret_access_key"] == "it's hush")
    #expect(try File.status(path).permissions == 0o600)
    files.remove()
    #expect(try File.names(in: folder).isEmpty)
    #expect(ready["env"] == nil)
    configuration.kms = true
    configuration.publishesAccessKey = false
    let quiet = try ReadyFiles(listener, configuration, readyFile: path)
    let text = String(decoding: try File.read(path), as: UTF8.self)
    #expect(!text.contains("hush"))
    #expect(try JSON(parsing: text)["env"] == ["AWS_ENDPOINT_URL_KMS": .string(listener.endpoint)])
    quiet.remove()
    let nowhere = folder + "/missing/ready.json"
    let missing = AgentError.cannotWrite(path: nowhere + ".ca.pem", .noSuchFile)
    #expect(throws: missing) { try ReadyFiles(listener, configuration, readyFile: nowhere) }
  }

  @Test func theAnnouncementCanBePastedIntoAShell() throws {
    var configuration = configuration()
    let listener = try AgentListener(configuration, now: SystemTime().timestamp)
    let text = AgentRun.announcement(listener, configuration, authorityPath: "/tmp/a b/ca.pem")
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.contains("export AWS_ACCESS_KEY_ID=AKIALOCAL"))
    #expect(lines.contains(#"export AWS_SECRET_ACCESS_KEY='it'\''s hush'"#))
    #expect(lines.contains("export AWS_CA_BUNDLE='/tmp/a b/ca.pem'"))
    let last = "aws ssm start-session --target local --endpoint-url \(listener.endpoint)"
    #expect(lines.last == last && !text.contains("KMS"))
    configuration.kms = true
    let encrypted = AgentRun.announcement(listener, configuration, authorityPath: "/tmp/ca.pem")
    let encryptedLines = encrypted.split(separator: "\n").map(String.init)
    #expect(encryptedLines.contains("export AWS_ENDPOINT_URL_KMS=\(listener.endpoint)"))
    #expect(encryptedLines.last == last && encryptedLines.count == lines.count + 1)
  }
}
