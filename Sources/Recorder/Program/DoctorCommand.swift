import Format
import Platform

/// `ssmrec doctor`: looks at what sessions and recordings need here, and says what to fix.
enum DoctorCommand {
  static let command = Command(
    "doctor", summary: "check this machine and account, and say what to fix",
    discussion: """
      Looks at the settings, the recordings folder, the plugin that the AWS CLI would start, the trusted \
      certificates, the region and the credentials, and tells which source of credentials was used and why each \
      other was passed over. Asks on the network only where the credentials come from there: STS, single \
      sign-on, a container's or an instance's own service. Exits with 1 where something stands in the way of \
      a recorded session.
      """,
    options: [
      Option(
        "profile", .text("NAME"), help: "Profile of the AWS configuration; else AWS_PROFILE, then default"),
      Option(
        "region", .text("REGION"), help: "AWS region; else AWS_REGION, AWS_DEFAULT_REGION, the profile's"),
    ],
    examples: [
      Example("ssmrec doctor --profile prod", "Would a session with this profile work and be recorded?")
    ],
    run: run)

  /// One thing that was looked at.
  struct Finding: Equatable {
    enum Verdict: Equatable {
      case good
      /// It works, but perhaps not as meant.
      case note
      case bad
      /// Belongs to what stands above it.
      case detail
    }
    var subject: String
    var verdict: Verdict
    /// What was found and, unless it is good, what to do.
    var words: String
  }

  private static func run(_ arguments: Arguments) -> Int32 {
    let environment = Environment.current
    let findings =
      settings(environment) + [
        plugin(environment), trust(environment),
        account(environment, profile: arguments.text("profile"), region: arguments.text("region")),
      ] + credentials(environment, profile: arguments.text("profile"), region: arguments.text("region"))
    let output = StandardOutput()
    let style = Style(.auto, for: Descriptor.standardOutput, environment: environment)
    let width = findings.map(\.subject.count).max() ?? 0
    for finding in findings {
      let mark =
        switch finding.verdict {
        case .good: style.green("ok  ")
        case .note: style.yellow("note")
        case .bad: style.red("fix ")
        case .detail: "    "
        }
      output.writeLine("\(mark)  \(finding.subject.padded(to: width))  \(finding.words.printable)")
    }
    let isBad = findings.contains { $0.verdict == .bad }
    return output.finish(isBad ? ExitCode.sessionFailed : ExitCode.success)
  }

  private static func settings(_ environment: Environment) -> [Finding] {
    do throws(SettingsError) {
      let settings = try ProductSettings.load(environment: environment)
      let places = Set(settings.all.map { "\($0.origin)" }).subtracting(["default"]).sorted()
      let from = places.isEmpty ? "defaults" : places.joined(separator: ", ")
      let recordings = ProductSettings.folder(settings, environment: environment)
      return [Finding(subject: "settings", verdict: .good, words: from), folder(recordings)]
    } catch {
      return [Finding(subject: "settings", verdict: .bad, words: "\(error)")]
    }
  }

  /// The nearest folder that is there must let this user write; recordings are open to those only whom the setting
  /// `access` lets in.
  static func folder(_ folder: RecordingFolder) -> Finding {
    let path = folder.path
    var place = path
    while !File.exists(place), let slash = place.lastIndex(of: "/") { place = String(place[..<slash]) }
    if place.isEmpty { place = "/" }
    guard let status = try? File.status(place), status.kind == .directory, File.isWritable(place) else {
      return Finding(
        subject: "recordings", verdict: .bad,
        words: "\(place) cannot be written; name another folder in SSMCAST_DIR or the setting dir")
    }
    guard place == path else {
      return Finding(subject: "recordings", verdict: .good, words: "\(path) (made at the first session)")
    }
    let (others, mode) = folder.access == .group ? (0o027, "750") : (0o077 as UInt32, "700")
    if status.permissions & others != 0 {
      return Finding(
        subject: "recordings", verdict: .note, words: "\(path) is open to other users: chmod \(mode) \(path)")
    }
    return Finding(subject: "recordings", verdict: .good, words: path)
  }

  /// Which program the AWS CLI would start.
  private static func plugin(_ environment: Environment) -> Finding {
    let name = "session-manager-plugin"
    let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    guard let path = folders.map({ "\($0)/\(name)" }).first(where: File.isExecutable) else {
      return Finding(
        subject: "plugin", verdict: .note,
        words: "no \(name) on PATH: the AWS CLI cannot start sessions; ssmrec itself does not need it")
    }
    guard version(of: path) == ProductVersion.plugin else {
      return Finding(
        subject: "plugin", verdict: .bad,
        words:
          "\(path) is another program: sessions of the AWS CLI are not recorded; put ours before it on PATH")
    }
    return Finding(subject: "plugin", verdict: .good, words: "\(path) records the AWS CLI's sessions")
  }

  /// What a program prints when it is asked for its version; nil where it cannot be started.
  private static func version(of program: String) -> String? {
    do throws(Errno) {
      let pipe = try DescriptorPair.pipe()
      let child = try ChildProcess.spawn(
        ProgramInvocation(program, arguments: ["--version"], environment: .current),
        streams: .init(input: nil, output: pipe.second.rawValue, error: nil))
      _ = try child.waitForExit()
      // A version fits into the pipe; a program that prints nothing leaves nothing to read.
      let ready = try Poll.wait([Poll.Interest(pipe.first.rawValue, [.readable])], microseconds: 0)
      guard !ready[0].isEmpty, case .bytes(let bytes) = try pipe.first.read(upTo: 256) else { return nil }
      return String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
    } catch {
      return nil
    }
  }

  private static func trust(_ environment: Environment) -> Finding {
    let store = TrustStore(environment: environment)
    do throws(TLSError) {
      try TLSContext.client(trust: store).loadTrust()
    } catch {
      return Finding(subject: "certificates", verdict: .bad, words: "\(error)")
    }
    if case .file(let path) = store { return Finding(subject: "certificates", verdict: .good, words: path) }
    let isThere =
      environment.nonEmpty("SSL_CERT_FILE").map(File.exists)
      ?? File.exists("/etc/ssl/certs/ca-certificates.crt")
    return isThere
      ? Finding(subject: "certificates", verdict: .good, words: "this machine's own")
      : Finding(
        subject: "certificates", verdict: .note,
        words: "none in the usual place; install ca-certificates, or name a file in AWS_CA_BUNDLE")
  }

  private static func account(_ environment: Environment, profile: String?, region: String?) -> Finding {
    do throws(AccountError) {
      let account = try AWSAccount(
        environment: environment, profile: profile, region: region, endpointURL: nil)
      return Finding(
        subject: "service", verdict: .good,
        words: "\(account.region ?? "") at \(account.endpoint.map { "\($0)" } ?? "")")
    } catch {
      return Finding(subject: "service", verdict: .bad, words: "\(error)")
    }
  }
}
