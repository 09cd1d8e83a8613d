import Format
import Platform
import Testing

/// `ssmplay redact` and `verify --original`, as a user would run them.
@Suite struct RedactionTests {
  private let workspace: Workspace
  private let original: String

  init() throws {
    workspace = try Workspace()
    let cast = """
      {"version":3,"term":{"cols":80,"rows":24},"title":"with hunter2","timestamp":1795561664}
      [0.1,"o","$ "]
      [1,"i","login hunter2\\r"]
      [0.1,"o","login hun"]
      [0.1,"o","ter2\\r\\nwelcome 日本\\r\\n\\u001b]0;hidden title\\u0007$ "]
      [5,"o","the end\\r\\n"]
      [0.5,"m","mark"]
      """
    original = workspace.path("original.cast.gz")
    let run = try workspace.run(
      "ssmplay", ["import", try workspace.write(cast, to: "plain.cast"), "-o", original])
    #expect(run.status == .exited(0), "\(run.allText)")
  }

  private func redact(_ options: [String], to name: String = "copy.cast.gz") throws -> ProgramRun {
    try workspace.run("ssmplay", ["redact", original, "-o", workspace.path(name)] + options)
  }

  private func verify(_ name: String, _ options: [String]) throws -> ProgramRun {
    try workspace.run("ssmplay", ["verify", workspace.path(name)] + options)
  }

  @Test func whatWasRemovedIsGoneAndTheRestIsProvedUnchanged() throws {
    let cases: [(options: [String], gone: [String], kept: [String])] = [
      (
        ["--pattern", "hunter2"], ["hunter2", "hun", "ter2"],
        ["login *******\\r", "welcome 日本", "with *******"]
      ),
      (["--range", "0..2"], ["login", "hidden title", "welcome"], ["the end", "\"mark\""]),
      (["--input"], ["login hunter2\\r"], ["ter2\\r\\nwelcome"]),
      (
        ["--range", "5..", "--input", "--pattern", "w[a-z]+me"], ["the end", "\"mark\"", "welcome"],
        ["******* 日本"]
      ),
    ]
    for (index, test) in cases.enumerated() {
      let name = "\(index).cast.gz"
      let run = try redact(test.options, to: name)
      #expect(run.status == .exited(0), "\(run.allText)")
      let text = try workspace.run("gzip", ["-dc", workspace.path(name)]).text
      for word in test.gone { #expect(!text.contains(word), "\(test.options): \(word) in \(text)") }
      for word in test.kept { #expect(text.contains(word), "\(test.options): no \(word) in \(text)") }
      let proof = try verify(name, ["--original", original])
      #expect(proof.status == .exited(0), "\(test.options): \(proof.allText)")
      #expect(proof.text.contains("all else is as in the original"))
    }
  }

  @Test func aCopyIsSignedByItsMakerAndVerifiesAlone() throws {
    let key = workspace.path("maker.pem")
    #expect(try workspace.run("ssmrec", ["keygen", "-o", key]).status == .exited(0))
    #expect(try redact(["--pattern", "hunter2", "--signing-key", key]).status == .exited(0))
    let alone = try verify("copy.cast.gz", ["--key", key + ".pub"])
    #expect(
      alone.status == .exited(0) && alone.text.contains("redacted copy of recording"), "\(alone.allText)")
    let chain = try JSON(parsing: try workspace.run("ssmplay", ["verify", "--json", original]).text)["chain"]?
      .string
    #expect(alone.text.contains(chain ?? "no chain value"))
    let json = try JSON(parsing: try verify("copy.cast.gz", ["--json", "--original", original]).text)
    #expect(json["original"]?["verdict"]?.string == "equal" && json["redaction"]?["removed"]?.integer == 4)
  }

  @Test func aCopyThatHidesAnotherChangeIsFoundOut() throws {
    #expect(try redact(["--pattern", "hunter2"]).status == .exited(0))
    // Somebody makes a consistent recording anew, with one word changed: its own chain holds.
    let text = try workspace.run("gzip", ["-dc", workspace.path("copy.cast.gz")]).text
    for (from, to) in [
      ("the end", "the END"), ("login ", "LOGIN "), ("\"marks\":7", "\"marks\":8"),
      ("1795561664", "1795561665"),
    ] {
      let changed = try workspace.write(text.replacing(from, with: to), to: "changed.cast")
      let forged = workspace.path("forged.cast.gz")
      let made = try workspace.run("ssmplay", ["import", changed, "-o", forged, "--overwrite"])
      #expect(made.status == .exited(0), "\(made.allText)")
      #expect(try verify("forged.cast.gz", []).status == .exited(0))
      let proof = try verify("forged.cast.gz", ["--original", original])
      #expect(
        proof.status == .exited(1) && proof.text.contains("not as the original"), "\(from): \(proof.allText)")
    }
  }

  @Test func whatCannotBeDoneIsSaid() throws {
    let other = workspace.path("other.cast.gz")
    #expect(
      try workspace.run("ssmplay", ["import", workspace.path("plain.cast"), "-o", other]).status == .exited(0)
    )
    #expect(try redact(["--input"]).status == .exited(0))
    let wrong = try verify("copy.cast.gz", ["--original", other])
    #expect(
      wrong.status == .exited(1) && wrong.text.contains("copy of another recording"), "\(wrong.allText)")
    #expect(try verify("original.cast.gz", ["--original", original]).status == .exited(1))
    let copy = workspace.path("copy.cast.gz")
    let cases: [(arguments: [String], code: Int32, words: String)] = [
      ([original, "--input"], 2, "-o OUT"), ([original, "-o", copy], 2, "--pattern"),
      ([original, "-o", copy, "--input"], 1, "--overwrite"),
      ([original, "-o", copy, "--range", "5"], 1, "A..B"),
      ([original, "-o", copy, "--pattern", "a("], 2, "a("),
      ([workspace.path("plain.cast"), "-o", copy, "--input"], 1, "no seals"),
    ]
    for (arguments, code, words) in cases {
      let run = try workspace.run("ssmplay", ["redact"] + arguments)
      #expect(run.status == .exited(code) && run.errorText.contains(words), "\(arguments): \(run.allText)")
    }
  }
}
