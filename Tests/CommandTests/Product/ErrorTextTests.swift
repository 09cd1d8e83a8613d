import Platform
import Testing

/// What people read when something is wrong: the cause, the place, and the next step, in plain words.
@Suite struct ErrorTextTests {
  /// One mistake: the words typed, what the message must say, and the exit code of the contract.
  struct Mistake: CustomStringConvertible, Sendable {
    let words: [String]
    let says: [String]
    let code: Int32
    var input = ""

    init(_ words: String..., says: [String], code: Int32, input: String = "") {
      (self.words, self.says, self.code, self.input) = (words, says, code, input)
    }

    var description: String { words.joined(separator: " ") }
  }

  /// `@` stands for a file that is no recording, `#` for a folder, `%` for a good recording.
  static let mistakes = [
    Mistake("ssmplay", "frobnicate", says: ["frobnicate", "no such file", "ssmplay ls"], code: 1),
    Mistake("ssmplay", "play", says: ["FILE is missing", "ssmplay play --help"], code: 2),
    Mistake("ssmplay", "show", "/nonexistent", says: ["/nonexistent", "no such file"], code: 1),
    Mistake("ssmplay", "show", "#", says: ["folder"], code: 1),
    Mistake("ssmplay", "show", "@", says: ["no recording"], code: 1),
    Mistake("ssmplay", "show", "--jsno", "%", says: ["--jsno", "--json"], code: 2),
    Mistake("ssmplay", "grep", says: ["PATTERN is missing"], code: 2),
    Mistake("ssmplay", "grep", "(", "%", says: ["column 1", "never closed", "\\("], code: 2),
    Mistake("ssmplay", "grep", "(?=x)", "%", says: ["look"], code: 2),
    Mistake("ssmplay", "grep", "(a)\\1", "%", says: ["back"], code: 2),
    Mistake("ssmplay", "grep", "x", "/nonexistent", says: ["/nonexistent", "no such file"], code: 2),
    Mistake("ssmplay", "grep", "-A", "x", "y", says: ["after-context", "5s"], code: 2),
    Mistake(
      "ssmplay", "screen", "%", "--at", "99:99:99", says: ["99:99:99", "1:02:03", "marker:LABEL"], code: 2),
    Mistake("ssmplay", "screen", "%", "--at", "marker:none", says: ["none", "no markers"], code: 2),
    Mistake("ssmplay", "export", "%", says: ["--to"], code: 2),
    Mistake("ssmplay", "export", "--to", "nope", "%", says: ["nope", "v1", "ttyrec"], code: 2),
    Mistake(
      "ssmplay", "export", "--to", "v2", "%", "-o", "/nonexistent/x", says: ["/nonexistent/x"], code: 1),
    Mistake("ssmplay", "export", "--to", "v2", "%", "-o", "@", says: ["exists", "--overwrite"], code: 1),
    Mistake("ssmplay", "ls", "--since", "nonsense", says: ["nonsense", "yesterday", "2h ago"], code: 2),
    Mistake("ssmplay", "ls", "/nonexistent", says: ["/nonexistent", "no such file"], code: 1),
    Mistake("ssmplay", "import", "@", says: ["no recording", "--format"], code: 1),
    Mistake("ssmrec", "start", says: ["--target", "i-0123456789abcdef0"], code: 2),
    Mistake("ssmrec", "start", "--target", "", says: ["Target is empty"], code: 2),
    Mistake("ssmrec", "start", "--target", "i-123", says: ["no AWS region", "--region"], code: 1),
    Mistake(
      "ssmrec", "start", "--target", "i-123", "--region", "us-east-1",
      says: ["credentials", "aws configure"],
      code: 1),
    Mistake("ssmrec", "start", "--target", "local", "--input", "nope", says: ["nope", "masked"], code: 2),
    Mistake(
      "ssmrec", "start", "-t", "local", "-o", "/nonexistent/x", says: ["/nonexistent/x", "folder"], code: 2),
    Mistake("ssmrec", "start", "-t", "local", "-o", "@", says: ["exists", "--overwrite"], code: 2),
    Mistake("ssmrec", "start", "-t", "local", "--parameters", "x", says: ["name=value"], code: 2),
    Mistake(
      "ssmrec", "start", "-t", "local", "--document-name", "nope",
      says: ["document", "nope", "SSM-SessionManagerRunShell", "request id"], code: 1),
    Mistake("ssmrec", "attach", says: ["standard input", "StartSession"], code: 1),
    Mistake("ssmrec", "attach", says: ["SessionId", "TokenValue", "StreamUrl"], code: 1, input: "{}"),
    Mistake(
      "ssmrec", "attach", "--response", "/nonexistent", says: ["/nonexistent", "no such file"], code: 1),
    Mistake("ssmrec", "attach", "--response", "ENV:NOPE", says: ["NOPE", "not set"], code: 1),
    Mistake(
      "ssmrec", "agent", "--listen", "192.0.2.1:1", says: ["192.0.2.1:1", "127.0.0.1", "--force"], code: 1),
    Mistake("ssmrec", "agent", "--listen", "foo", says: ["foo", "HOST:PORT"], code: 1),
    Mistake(
      "ssmrec", "start", "-t", "i-1", "--region", "us-east-1", "--endpoint-url", "ftp://x",
      says: ["--endpoint-url", "https://"], code: 1),
    Mistake("ssmrec", "strat", says: ["strat", "start"], code: 2),
  ]

  @Test(arguments: mistakes) func aMistakeIsNamedWithItsPlaceAndTheNextStep(mistake: Mistake) throws {
    let workspace = try Workspace()
    let junk = try workspace.write("x", to: "junk.cast")
    let good = try workspace.write(
      #"{"version":2,"width":80,"height":24}"# + "\n" + #"[0.1,"o","hello\r\n"]"# + "\n", to: "good.cast")
    let words = mistake.words.map { word in
      switch word {
      case "@": junk
      case "#": workspace.folder
      case "%": good
      default: word
      }
    }
    let run = try workspace.run(words[0], Array(words.dropFirst()), input: mistake.input)
    #expect(run.status == .exited(mistake.code), "\(run.allText)")
    #expect(run.text == "", "nothing but data belongs on standard output")
    for part in mistake.says { #expect(run.errorText.contains(part), "\(run.errorText)") }
    // The first line says it all; another may lead to the help.
    let lines = run.errorText.split(separator: "\n")
    #expect(lines.count <= 2 && lines.dropFirst().allSatisfy { $0.hasPrefix("Try '") }, "\(run.errorText)")
    #expect(run.errorText.hasPrefix(words[0]), "\(run.errorText)")
    for slip in ["Error.", "Optional(", "errno", "rawValue", "Swift", "Fatal", "nil", "(unknown"] {
      #expect(!run.errorText.contains(slip), "\(run.errorText)")
    }
  }
}
