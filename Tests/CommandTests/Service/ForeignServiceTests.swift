import Platform
import Testing

/// Our client against a service and agent that somebody else wrote, where they lie beside the checkout.
@Suite(.enabled(if: Peer.gateway.isUsableWhereItLies, "the foreign gateway is not beside the checkout"))
struct ForeignServiceTests {
  private let workspace: Workspace
  private let gateway: ForeignGateway
  private var http: String { gateway.http }
  private var target: String { gateway.target }

  init() throws {
    workspace = try Workspace()
    gateway = try ForeignGateway(in: workspace)
  }

  @Test func startRecordsAForeignShell() throws {
    let run = try workspace.run(
      "ssmrec", ["start", "-q", "--target", target, "--endpoint-url", http],
      input: "echo mark-$((40+2))\nexit\n")
    #expect(run.status == .exited(0) && run.text.contains("mark-42"), "\(run.allText)\n\(gateway.log)")
    let recording = try workspace.onlyRecording()
    #expect(recording.text("o").contains("mark-42") && recording.states.last == "closed")
  }

  @Test func thePluginServesTheAWSCommandLine() throws {
    let run = try workspace.run(
      Peer.aws.path, ["ssm", "start-session", "--target", target, "--endpoint-url", http],
      input: "echo mark-$((40+2))\nexit\n")
    #expect(run.status == .exited(0) && run.text.contains("mark-42"), "\(run.allText)\n\(gateway.log)")
    #expect(try workspace.onlyRecording().text("o").contains("mark-42"))
  }

  @Test func aCommandThatIsNotInteractiveGivesItsOutputErrorsAndStatus() throws {
    let run = try workspace.run(
      "ssmrec",
      [
        "start", "-q", "--return", "--target", target, "--endpoint-url", http, "--document-name",
        "AWS-StartNonInteractiveCommand", "--parameters",
        #"{"command":["sh -c 'echo out; echo err >&2; exit 7'"],"separateOutputStream":["True"]}"#,
      ])
    #expect(run.status == .exited(7), "\(run.allText)\n\(gateway.log)")
    #expect(run.text.contains("out") && run.text.contains("err"))
  }

  /// The peer's own KMS, agent and AES: nothing of ours is at the other end.
  @Test(arguments: ["Harness-KmsShell", "Harness-KmsInteractiveCommand", "Harness-KmsNonInteractiveCommand"])
  func anEncryptedSessionIsRecordedInClear(_ document: String) throws {
    var request = [
      "start", "-q", "--return", "--target", target, "--endpoint-url", http, "--document-name", document,
    ]
    let isPiped = document == "Harness-KmsNonInteractiveCommand"
    if isPiped {
      request += [
        "--parameters",
        #"{"command":["sh -c 'echo mark-$((40+2)); echo err >&2; exit 7'"],"separateOutputStream":["True"]}"#,
      ]
    } else if document == "Harness-KmsInteractiveCommand" {
      request += ["--parameters", #"{"command":["echo mark-$((40+2))"]}"#]
    }
    // This agent sends a challenge and then does not look at it.
    workspace.environment.variables["SSMCAST_KMS_CHALLENGE"] = "omit"
    let run = try workspace.run("ssmrec", request, input: isPiped ? "" : "echo mark-$((40+2))\nexit\n")
    #expect(
      run.status == .exited(isPiped ? 7 : 0) && run.text.contains("mark-42"), "\(run.allText)\n\(gateway.log)"
    )
    #expect(run.text.contains("This session is encrypted using AWS KMS."))
    let recording = try workspace.onlyRecording()
    #expect(recording.text("o").contains("mark-42") && recording.states.last == "closed")
    #expect(recording.text("e") == (isPiped ? "err\n" : "") && recording.text("x") == (isPiped ? "7" : ""))
    #expect(recording.text("s").contains("kms_key_id") && recording.text("s").contains("arn:aws:kms:"))
  }

  @Test func aKeyThatCannotBeHadEndsTheSessionWithAReason() throws {
    workspace.environment.variables["AWS_ENDPOINT_URL_KMS"] = "http://127.0.0.1:1"
    let run = try workspace.run(
      "ssmrec",
      [
        "start", "-q", "--target", target, "--endpoint-url", http, "--document-name", "Harness-KmsShell",
      ])
    #expect(run.status == .exited(1), "\(run.allText)\n\(gateway.log)")
    let recording = try workspace.onlyRecording()
    #expect(recording.text("s").contains("refused") && recording.text("o") == "")
  }

  /// Frames lost, doubled and out of order: the recording holds the output once and in order.
  @Test func faultsOnTheWayLeaveTheRecordingWhole() throws {
    let faults = try workspace.run(
      Peer.curl.path,
      [
        "-sS", "\(http)/_ctl/next", "--data",
        #"{"rules":["a2c:drop:pt=1,p=0.05,first=1,seed=1","a2c:dup:pt=1,p=0.1,seed=2","a2c:reorder:pt=1,p=0.1,by=2,seed=3"],"latency_ms":4}"#,
      ])
    #expect(faults.status == .exited(0), "\(faults.allText)")
    let run = try workspace.run(
      "ssmrec", ["start", "-q", "--target", target, "--endpoint-url", http],
      input: "for n in $(seq 1 400); do echo line-$n-end; done\nexit\n", within: 120)
    #expect(run.status == .exited(0), "\(run.allText.suffix(500))\n\(gateway.log)")
    let shown = try workspace.onlyRecording().text("o")
    var position = shown.startIndex
    for number in 1...400 {
      guard let found = shown[position...].firstRange(of: "line-\(number)-end") else {
        Issue.record("line \(number) is missing or out of order")
        break
      }
      position = found.upperBound
    }
  }
}
