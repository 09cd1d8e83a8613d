import Format
import Platform

/// `ssmplay verify`
enum VerifyCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "verify", summary: "Prove that recordings are as they were written",
      discussion: """
        Checks the chain of hashes through all members of a recording, and its signatures. Each file gets a verdict: \
        intact, unfinished (no end: its writer is at work, was killed, or the file was cut), or altered, with the \
        place; each member gets one too.

        A recording without signatures proves only that nobody changed it who could not write it: whoever can, can \
        make a new one. With --key a recording is good only if one of these keys has signed it.
        """,
      options: [
        Option(
          "key", .file("PUB"),
          help: "Public key that must have signed it: a file, or ed25519:BASE64. Several may be given",
          repeats: true),
        Option(
          "allow-unfinished", help: "Take a recording without an end as good if all members it has are intact"
        ),
        Option(
          "original", .file("FILE"),
          help: "Prove that a redacted copy is this recording but for what it says was removed"),
        Option("json", help: "One JSON object for each file"),
      ],
      positionals: [
        Positional(
          "FILE", help: "A recording, a session id, a folder for all in it, or -", arity: .atLeastOne,
          value: .file)
      ],
      examples: [
        Example("ssmplay verify demo.cast.gz", "Is it whole?"),
        Example(
          "ssmplay verify --key signing.pem.pub ~/.local/share/ssmcast",
          "Were all of them signed, and changed since?"),
        Example("ssmplay verify --json demo.cast.gz | jq -r .verdict", "For programs."),
      ],
      sections: [
        Command.Section(
          "Exit status",
          "0 all are good, 1 one or more are not (altered, unfinished, not signed by the key), 2 one or more could "
            + "not be checked.")
      ],
      run: { arguments in
        arguments.perform(failure: 2) { () throws(ReplayError) in try run(arguments, environment) }
      })
  }

  private static func run(_ arguments: Arguments, _ environment: Environment) throws(ReplayError) -> Int32 {
    let workplace = try Workplace(environment)
    var keys: [VerificationKey] = []
    for name in arguments.texts("key") {
      do throws(KeyError) {
        if let key = VerificationKey(text: name) {
          keys.append(key)
        } else {
          keys.append(try VerificationKey(path: name))
        }
      } catch {
        throw .key(error)
      }
    }
    var check = Check(
      keys: keys, allowsUnfinished: arguments.has("allow-unfinished"), isJSON: arguments.has("json"),
      original: try arguments.text("original").map { name throws(ReplayError) in
        try Redactor(original: try workplace.path(of: name))
      }, style: workplace.style(arguments))
    for name in arguments.positionals where check.output.state == .open {
      check.run(name, workplace)
    }
    return check.output.finish(check.isBad ? 1 : check.hasFailed ? 2 : 0, failureCode: 2)
  }

  /// One run over the files of a command line.
  private struct Check {
    let keys: [VerificationKey]
    let allowsUnfinished: Bool
    let isJSON: Bool
    let original: Redactor?
    let style: Style
    let output = StandardOutput()
    var isBad = false
    var hasFailed = false

    mutating func run(_ name: String, _ workplace: Workplace) {
      do throws(ReplayError) {
        let path = name == "-" ? name : try workplace.path(of: name)
        guard name != "-", isDirectory(path) else { return verify(path) }
        let paths: [String]
        do throws(FormatError) { paths = try RecordingFolder(path: path).recordings() } catch {
          throw .recording(error)
        }
        for path in paths where output.state == .open { verify(path) }
      } catch {
        fail(name, error.description)
      }
    }

    private func isDirectory(_ path: String) -> Bool {
      do throws(Errno) { return try File.status(path).kind == .directory } catch { return false }
    }

    private mutating func verify(_ path: String) {
      do throws(ReplayError) {
        try check(path)
      } catch {
        fail(path, error.description)
      }
    }

    private mutating func check(_ path: String) throws(ReplayError) {
      let name = path == "-" ? "standard input" : path
      let result: Verification?
      do throws(FormatError) {
        result =
          path == "-"
          ? try Verifier.verify(.standardInput, name: name, keys: keys)
          : try Verifier.verify(path: path, keys: keys)
      } catch {
        throw .recording(error)
      }
      guard let result else {
        return fail(
          name, "\(name.printable): it has no seals, so nothing can be proved; it is no recording of ours")
      }
      let report = VerificationReport(path: name, verification: result)
      let proof = try RedactionProof(path: path, original: original)
      let isGood = result.isGood(allowingUnfinished: allowsUnfinished) && proof.isGood
      if !isGood { isBad = true }
      if isJSON {
        output.writeLine(proof.adding(to: report.json(isGood: isGood)).text)
      } else {
        for line in report.lines(style: style) + proof.lines(style: style) { output.writeLine(line) }
      }
    }

    private mutating func fail(_ name: String, _ words: String) {
      hasFailed = true
      StandardError.say(words)
      guard isJSON else { return }
      output.writeLine(
        JSON.object([
          .init("type", "error"), .init("file", .string(name)), .init("cause", .string(words)),
        ]).text)
    }
  }
}
