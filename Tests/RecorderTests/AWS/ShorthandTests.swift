import Platform
import Testing

@testable import Recorder

extension Shorthand.Value {
  var json: JSON {
    switch self {
    case .text(let text): .string(text)
    case .list(let values): .array(values.map(\.json))
    case .map(let members): .object(members.map { JSON.Member($0.name, $0.value.json) })
    }
  }
}

@Suite struct ShorthandTests {
  /// The JSON of a text's value; nil where it is refused.
  private static func read(_ text: String) -> JSON? {
    do throws(ShorthandError) {
      return Shorthand.Value.map(try Shorthand.parse(text) { (_) throws(Errno) in throw .noSuchFile }).json
    } catch {
      return nil
    }
  }

  private static let table: [(String, String?)] = [
    ("a=b", #"{"a":"b"}"#), ("a=b,c", #"{"a":["b","c"]}"#), ("a=b,c=d", #"{"a":"b","c":"d"}"#),
    ("a=b,c,d=e,f", #"{"a":["b","c"],"d":["e","f"]}"#), ("a=", #"{"a":""}"#), ("a=,b=", #"{"a":"","b":""}"#),
    (#"a="b,c=d",e=f"#, #"{"a":"b,c=d","e":"f"}"#), (#"a='it\'s',b="x\"y""#, #"{"a":"it's","b":"x\"y"}"#),
    ("a=[b,c]", #"{"a":["b","c"]}"#), (#"a=["b","c d"]"#, #"{"a":["b","c d"]}"#), ("a=[]", #"{"a":[]}"#),
    ("a={b=c,d=[e]}", #"{"a":{"b":"c","d":["e"]}}"#),
    (#"a=b\,c"#, #"{"a":"b,c"}"#), (" a = b ", nil), ("a = b , c = d ", #"{"a":"b","c":"d"}"#),
    ("a=x y z", #"{"a":"x y z"}"#),
    ("a=b=c", #"{"a":"b=c"}"#), ("a=b,c==d", nil), ("=b", #"{"":"b"}"#),
    ("a.b/c-d_e#f:g=1", #"{"a.b/c-d_e#f:g":"1"}"#),
    ("a=http://h:80/x?y", #"{"a":"http://h:80/x?y"}"#), ("a=ü,ß", #"{"a":["ü","ß"]}"#), ("a=\u{1F600}", nil),
    ("", nil), ("a", nil), ("a=b,", nil), ("a=b,c", #"{"a":["b","c"]}"#), ("a=b,a=c", nil), ("a=[b", nil),
    ("a={b}", nil), ("a=\"b", nil),
    ("a@=b", #"{"a":"b"}"#), ("a@=file://x", nil), ("a=[[b],{c=d}]", #"{"a":[["b"],{"c":"d"}]}"#),
  ]

  @Test func examplesReadAsInTheAWSCLI() throws {
    for (text, expected) in Self.table {
      let found = Self.read(text)
      if found != (try expected.map { try JSON(parsing: $0) }) {
        Issue.record("\(text) gave \(found?.text ?? "an error")")
      }
    }
  }

  @Test func errorsSayWhere() {
    do throws(ShorthandError) {
      _ = try Shorthand.parse("port 22") { (_) throws(Errno) in throw .noSuchFile }
    } catch {
      #expect(error == ShorthandError(problem: .expected("\"=\"", found: "2"), offset: 5))
      #expect(error.description.contains("character 6"))
    }
    #expect(throws: ShorthandError(problem: .duplicateName("a"), offset: 7)) {
      try Shorthand.parse("a=b,a=c") { (_) throws(Errno) in throw .noSuchFile }
    }
    let deep = "a=" + String(repeating: "[", count: 100_000)
    #expect(throws: ShorthandError(problem: .tooDeep(limit: 32), offset: 34)) {
      try Shorthand.parse(deep) { (_) throws(Errno) in throw .noSuchFile }
    }
  }

  /// Texts from the alphabet the grammar is about, and the table, as the AWS CLI itself reads them.
  @Test(.enabled(if: PythonPeer.hasShorthand, "the AWS CLI's Python package is not installed"))
  func randomTextsReadAsInTheAWSCLI() throws {
    var random = SeededRandom(5)
    let alphabet = Array("aab,,==[]{}'\"\\ @x-.\u{fc}")
    var texts = Self.table.map(\.0)
    for _ in 0..<4000 {
      let count = Int(random.next() % 14)
      texts.append(
        (random.next() % 3 == 0 ? "" : "k=")
          + String((0..<count).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }))
    }
    let answers = try PythonPeer.ask(
      texts.map { .string($0) },
      """
      from awscli.shorthand import ShorthandParser
      def answer(text):
        try: return {"value": ShorthandParser().parse(text)}
        except Exception: return None
      """)
    #expect(answers.count == texts.count)
    var accepted = 0
    for (text, answer) in zip(texts, answers) where !text.contains("file://") {
      let found = Self.read(text)
      if found != nil { accepted += 1 }
      if found != answer["value"] {
        Issue.record("\(text): \(found?.text ?? "refused"), AWS CLI: \(answer["value"]?.text ?? "refused")")
      }
    }
    #expect(accepted > 500)
  }
}
