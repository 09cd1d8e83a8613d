import Platform

/// The embedded service as a program of its own: `ssmrec agent`.
enum AgentRun {
  /// Serves until SIGTERM, SIGINT or SIGHUP, then ends all sessions in order. Call on the main thread before
  /// others are started.
  /// - Parameters:
  ///   - readyFile: where to write the addresses as JSON once calls are answered; removed at the end.
  ///   - announce: told in words for the user, lines for standard output, once calls are answered.
  static func run(
    _ configuration: AgentConfiguration, readyFile: String?, announce: (String) -> Void
  ) throws(AgentError) {
    let signals: SignalDescriptor
    do throws(Errno) {
      // nohup(1) ignores SIGHUP for us: then the terminal's end is not ours.
      signals = try SignalDescriptor([.terminate, .interrupt] + (Signal.hangup.isIgnored ? [] : [.hangup]))
    } catch {
      throw .system(doing: "watch for signals", error)
    }
    Signal.pipe.ignore()  // a client that is gone shows in the write that fails
    let listener = try AgentListener(configuration, now: SystemTime().timestamp)
    let files = try ReadyFiles(listener, configuration, readyFile: readyFile)
    defer { files.remove() }
    announce(announcement(listener, configuration, authorityPath: files.authorityPath))
    AgentLoop(listener, configuration, until: .signals(signals)).run()
  }

  /// What a user copies into another terminal. The key is good for this run of this service only.
  static func announcement(
    _ listener: AgentListener, _ configuration: AgentConfiguration, authorityPath: String
  ) -> String {
    let key = configuration.accessKey
    let exports =
      configuration.publishesAccessKey
      ? """
      export AWS_ACCESS_KEY_ID=\(shellWord(key.accessKeyID))
      export AWS_SECRET_ACCESS_KEY=\(shellWord(key.secretAccessKey))

      """ : "# (sign with the access key this service was started with)\n"
    let keyExport = configuration.kms ? "export AWS_ENDPOINT_URL_KMS=\(listener.endpoint)\n" : ""
    return """
      # A local service for Session Manager, target \(configuration.target). In another terminal:
      \(exports)export AWS_REGION=\(shellWord(configuration.region)) AWS_DEFAULT_REGION=\(shellWord(configuration.region))
      export AWS_CA_BUNDLE=\(shellWord(authorityPath))
      \(keyExport)aws ssm start-session --target \(shellWord(configuration.target)) --endpoint-url \(listener.endpoint)

      """
  }

  /// The text as one word of a POSIX shell.
  private static func shellWord(_ text: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@%+=,".utf8)
    if !text.isEmpty, text.utf8.allSatisfy(plain.contains) { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
      + "'"
  }
}

/// The files by which others find the service: the ready file, and the certificate it names.
///
/// Only this user can read them: the ready file holds the key where that was made for this run.
struct ReadyFiles {
  let authorityPath: String
  private let readyFile: String?
  /// Made for the certificate, where there is no ready file to put it beside.
  private let folder: String?

  init(_ listener: AgentListener, _ configuration: AgentConfiguration, readyFile: String?) throws(AgentError)
  {
    self.readyFile = readyFile
    if let readyFile {
      folder = nil
      // Named after the ready file, so that several services can have theirs in one folder.
      authorityPath = Self.absolute(readyFile + ".ca.pem")
    } else {
      do throws(Errno) {
        let made = try File.makeTemporaryDirectory(prefix: "ssmrec-agent-")
        folder = made
        authorityPath = made + "/ca.pem"
      } catch {
        throw .cannotWrite(path: "a temporary folder", error)
      }
    }
    try Self.write(listener.authorityPEM, to: authorityPath)
    if let readyFile {
      var ready: [JSON.Member] = [
        JSON.Member("endpoint", .string(listener.endpoint)),
        JSON.Member("endpoint_tls", .string(listener.secureEndpoint)),
        JSON.Member("ca", .string(authorityPath)), JSON.Member("target", .string(configuration.target)),
        JSON.Member("region", .string(configuration.region)), JSON.Member("pid", JSON(Host.processID)),
      ]
      if configuration.kms {
        ready.append(JSON.Member("env", ["AWS_ENDPOINT_URL_KMS": .string(listener.endpoint)]))
      }
      if configuration.publishesAccessKey {
        let key = configuration.accessKey
        ready.append(JSON.Member("access_key_id", .string(key.accessKeyID)))
        ready.append(JSON.Member("secret_access_key", .string(key.secretAccessKey)))
      }
      try Self.write(JSON.object(ready).encoded() + [0x0A], to: readyFile)
    }
  }

  /// Removes what was written.
  func remove() {
    // Files that somebody else removed are gone, as was wanted.
    if let readyFile { try? File.remove(readyFile) }
    try? File.remove(authorityPath)
    if let folder { try? File.removeTree(folder) }
  }

  private static func write(_ bytes: [UInt8], to path: String) throws(AgentError) {
    do throws(Errno) {
      try File.write(bytes, to: path, permissions: 0o600)
    } catch {
      throw .cannotWrite(path: path, error)
    }
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : File.workingDirectory + "/" + path
  }
}
