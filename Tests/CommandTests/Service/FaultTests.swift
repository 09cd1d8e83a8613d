import Platform
import Testing

/// Sessions over a line on which things go wrong: what was printed arrives once, in order, and as it was, and the
/// recording holds the same.
@Suite struct FaultTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// A command that prints lines slowly, so that they travel in many messages.
  private func session(_ faults: [String], lines: Int) throws -> (ProgramRun, Recording, String) {
    let service = try Service(in: workspace, arguments: faults.flatMap { ["--fault", $0] })
    let run = try workspace.run(
      "ssmrec",
      [
        "start", "-q", "--target", service.target, "--endpoint-url", service.endpoint, "--document-name",
        "AWS-StartInteractiveCommand", "--parameters",
        #"{"command":["for i in $(seq 1 \#(lines)); do echo line-$i; sleep 0.02; done"]}"#,
      ], within: 180)
    let expected = (1...lines).map { "line-\($0)\r\n" }.joined()
    return (run, try workspace.onlyRecording(), expected)
  }

  @Test func aThirdLostAndOutOfOrderEachWayWithCutsLosesNothing() throws {
    let (run, recording, expected) = try session(
      [
        "a2c:drop:p=0.3,seed=1", "c2a:drop:p=0.3,seed=2", "a2c:reorder:p=0.3,by=3,seed=3",
        "c2a:reorder:p=0.3,by=2,seed=4", "a2c:dup:p=0.1,seed=5", "a2c:cut:every-ms=1500,max=3",
      ], lines: 60)
    #expect(run.status == .exited(0) && run.text == expected, "\(run.allText.suffix(400))")
    #expect(recording.text("o") == expected)
    #expect(recording.states.contains("disconnected") && recording.states.contains("resumed"))
  }

  @Test(arguments: ["a2c:digest:n=3,max=5", "a2c:corrupt:n=4,max=5"])
  func changedMessagesAreRefusedAndComeAgain(_ rule: String) throws {
    let (run, recording, expected) = try session([rule], lines: 20)
    #expect(run.status == .exited(0) && run.text == expected, "\(run.allText)")
    #expect(recording.text("o") == expected)
    #expect(recording.text("s").contains("does not match its SHA-256 digest"))
  }

  @Test(arguments: ["a2c:pause:n=2", "a2c:start:n=2", "a2c:delay:p=0.3,ms=30", "a2c:dup:times=3"])
  func whatTheServiceMayDoGoesUnseen(_ rule: String) throws {
    let (run, recording, expected) = try session([rule], lines: 20)
    #expect(run.status == .exited(0) && run.text == expected, "\(run.allText)")
    #expect(recording.text("o") == expected)
  }

  @Test func aTokenThatHasExpiredIsAskedForAgain() throws {
    let (run, recording, expected) = try session(
      ["a2c:cut:every-ms=300,max=1", "a2c:token:max=2"], lines: 50)
    #expect(run.status == .exited(0) && run.text == expected, "\(run.allText)")
    #expect(recording.text("o") == expected && recording.states.contains("resumed"))
  }

  @Test func aRuleThatIsNoneIsNamed() throws {
    let run = try workspace.run("ssmrec", ["agent", "--fault", "a2c:burn"])
    #expect(
      run.status == .exited(1) && run.errorText.contains("\"burn\" is no kind of fault"), "\(run.allText)")
  }
}
