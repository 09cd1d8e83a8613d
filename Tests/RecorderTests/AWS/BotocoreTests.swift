import Platform
import Testing

@testable import Recorder

/// Our readings against botocore's, on random input.
@Suite struct BotocoreTests {
  @Test(.enabled(if: PythonPeer.hasBotocore, "botocore is not installed"))
  func whatBotocoreSignsIsFoundGood() throws {
    var random = SeededRandom(21)
    func word(_ alphabet: String) -> String {
      let letters = Array(alphabet)
      return String(
        (0..<Int(random.next() % 8)).map { _ in letters[Int(random.next() % UInt64(letters.count))] })
    }
    let questions: [JSON] = (0..<200).map { _ in
      let pairs = (0..<Int(random.next() % 4)).map { _ in "k\(word("abz-_.~"))=\(word("abz09-_.~"))%2F%20%3D"
      }
      // botocore takes pairs as they stand, so they must be encoded as the canonical form wants them.
      let target = "/" + word("ab@:+,=~_-$%4") + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
      return [
        "target": .string(target), "body": .string(word("{}\"a\u{fc}")), "note": .string(word("a ") + "x"),
        "token": .string(word("t/+=")),
      ]
    }
    let answers = try PythonPeer.ask(
      questions,
      """
      from botocore.auth import SigV4Auth
      from botocore.awsrequest import AWSRequest
      from botocore.credentials import Credentials
      def answer(q):
        request = AWSRequest("POST", "https://ssm.example:8443" + q["target"], data=q["body"].encode(),
          headers={"Content-Type": "application/x-amz-json-1.1", "X-Amz-Note": q["note"]})
        SigV4Auth(Credentials("AK", "secret", q["token"] or None), "ssm", "eu-central-1").add_auth(request)
        return dict(request.headers.items())
      """)
    let now = SystemTime().timestamp
    for (question, answer) in zip(questions, answers) {
      var request = HTTPRequest(
        method: "POST", target: question["target"]?.string ?? "", fields: ["Host": "ssm.example:8443"],
        body: Array((question["body"]?.string ?? "").utf8))
      for member in answer.members ?? [] { request.fields.append(member.name, member.value.string ?? "") }
      do throws(ServiceError) {
        try SigV4.verify(request, service: "ssm", at: now) { _ in
          Credentials(
            accessKeyID: "AK", secretAccessKey: "secret", sessionToken: request.fields["X-Amz-Security-Token"]
          )
        }
      } catch {
        Issue.record("\(question.text): \(error)")
      }
    }
    #expect(answers.count == questions.count)
  }

  @Test(.enabled(if: PythonPeer.hasBotocore, "botocore is not installed"))
  func configurationFilesReadAsInBotocore() throws {
    var random = SeededRandom(22)
    let lines = [
      "[default]", "[profile a]", "[profile \"b c\"]", "[services s]", "Key = value",
      "key2=v = w # no comment", "k3: v", "k4 = a;b",
      "# comment", "; comment", "", "   ", "  indented = 1", "\tindented2 = 2", "s3 =", "  ",
      "k5 =  padded  ", "k6=", "k 7 = spaced name",
    ]
    let questions: [JSON] = (0..<400).map { _ in
      var used: Set<String> = []
      let chosen = (0..<Int(random.next() % 12)).map { _ in lines[Int(random.next() % UInt64(lines.count))] }
      // Python refuses what occurs twice; we take the later.
      let unique = chosen.filter { $0.first == " " || $0.isEmpty || used.insert($0).inserted }
      return .string((["[first]"] + unique).joined(separator: "\n") + "\n")
    }
    let answers = try PythonPeer.ask(
      questions,
      """
      import tempfile
      from botocore.configloader import raw_config_parse
      def answer(text):
        with tempfile.NamedTemporaryFile("w") as file:
          file.write(text)
          file.flush()
          try: return raw_config_parse(file.name)
          except Exception: return None
      """)
    var compared = 0
    for (question, answer) in zip(questions, answers) where answer != .null {
      let file = try ConfigurationFile(parsing: Array((question.string ?? "").utf8))
      compared += 1
      for section in answer.members ?? [] {
        for setting in section.value.members ?? [] {
          let ours = file.sections[section.name]
          if let nested = setting.value.members {
            for pair in nested where ours?.nested[setting.name]?[pair.name.lowercased()] != pair.value.string
            {
              Issue.record("\(question.text): \(section.name) \(setting.name) \(pair.name)")
            }
          } else {
            // Empty lines inside a value mean nothing; Python keeps them.
            let expected = setting.value.string?.split(separator: "\n").joined(separator: "\n")
            let found = ours?.values[setting.name]
            if found != expected {
              Issue.record("\(question.text): \(setting.name) is \(found ?? "nothing")")
            }
          }
        }
      }
      if file.sections.count != answer.members?.count { Issue.record("\(question.text): other sections") }
    }
    #expect(compared > 200)
  }

  @Test func randomBytesAreNoConfiguration() {
    var random = SeededRandom(23)
    // These must only end.
    for _ in 0..<500 { _ = try? ConfigurationFile(parsing: random.bytes(Int(random.next() % 100))) }
    let text = Array("[a]\nx = 1\n  y = 2\n[b\n".utf8)
    for length in 0...text.count { _ = try? ConfigurationFile(parsing: Array(text[..<length])) }
    #expect(throws: ConfigurationFile.ParsingError(line: 4)) { try ConfigurationFile(parsing: text) }
    #expect(throws: ConfigurationFile.ParsingError(line: 1)) {
      try ConfigurationFile(parsing: Array("x = 1".utf8))
    }
  }
}
