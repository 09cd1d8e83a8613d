import Format
import Platform
import Testing

@testable import Recorder

/// Secrets that patterns find in what is recorded.
@Suite struct OutputMaskTests {
  private func masked(_ pieces: [String], _ setting: String = "all") throws -> (
    text: String, states: [String]
  ) {
    var mask = OutputMask(try MaskPatterns.parse(setting))
    var events: [Event] = []
    for (index, piece) in pieces.enumerated() {
      events += mask.append(Event(microseconds: Int64(index) * 1000, code: .output, text: piece))
    }
    events += mask.finish()
    return (
      events.filter { $0.code == .output }.map(\.text).joined(),
      events.filter { $0.code == .state }.map(\.text)
    )
  }

  @Test func shippedSetsFindWhatTheyAreFor() throws {
    let key = "AKIA" + "IOSFODNN7EXAMPLE"
    let cases: [(String, String)] = [
      ("id \(key) here\r\n", "id ******************** here\r\n"),
      (
        "aws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY12\r\n",
        "aws_secret_access_key = " + stars(40) + "\r\n"
      ),
      ("\"SessionToken\": \"FwoGZXIvYXdzEBYaDkdvb2Q=\"\r\n", "\"SessionToken\": \"" + stars(24) + "\"\r\n"),
      ("Authorization: Bearer abcdefghijklmnopqrstuvwxyz\r\n", "Authorization: Bearer " + stars(26) + "\r\n"),
      ("postgres://ann:hunter2@db:5432/x\r\n", "postgres://ann:" + stars(7) + "@db:5432/x\r\n"),
      (
        "-----BEGIN RSA PRIVATE KEY-----\r\nMIIE\r\nabc=\r\n-----END RSA PRIVATE KEY-----\r\nx\r\n",
        "-----BEGIN RSA PRIVATE KEY-----\r\n****\r\n****\r\n-----END RSA PRIVATE KEY-----\r\nx\r\n"
      ),
      ("no secret at https://example.org:8080/a@b\r\n", "no secret at https://example.org:8080/a@b\r\n"),
    ]
    for (text, wanted) in cases {
      #expect(try masked([text]).text == wanted)
      #expect(try masked(text.map { String($0) }).text == wanted, "over the borders of events")
    }
  }

  @Test func colorsWithinASecretStayAndTheScreenKeepsItsShape() throws {
    let text = "postgres://ann:\u{1B}[1;31mhun\u{1B}[0mter日@db\r\n"
    #expect(try masked([text]).text == "postgres://ann:\u{1B}[1;31m***\u{1B}[0m*****@db\r\n")
    #expect(try masked([text]).states == [#"{"state":"masked","spans":{"url-passwords":2}}"#])
  }

  @Test func anEventWaitsAtMostASecond() throws {
    var mask = OutputMask(try MaskPatterns.parse("url-passwords"))
    let event = Event(microseconds: 5, code: .output, text: "$ ")
    #expect(mask.append(event) == [] && mask.deadline == 1_000_005)
    #expect(mask.advance(to: 1_000_004) == [] && mask.advance(to: 1_000_005) == [event])
    #expect(mask.deadline == nil)
    let whole = Event(microseconds: 6, code: .output, text: "x\n")
    #expect(mask.append(whole) == [whole], "a whole line does not wait")
  }

  @Test func whatIsTypedIsMaskedToo() throws {
    var mask = OutputMask(try MaskPatterns.parse("url-passwords"))
    var events: [Event] = []
    for text in ["psql postgres://ann:hun", "ter2@db", "\r"] {
      events += mask.append(Event(microseconds: 1, code: .input, text: text))
    }
    #expect(events.filter { $0.code == .input }.map(\.text).joined() == "psql postgres://ann:*******@db\r")
  }

  @Test func ownPatternsComeFromAFileAndMistakesAreNamed() throws {
    let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-test-")
    defer { try? File.removeTree(folder) }  // what stays behind is in the system's folder for temporary files
    try File.write(Array("# ours\nticket-[0-9]+\n".utf8), to: folder + "/p", permissions: 0o600)
    #expect(try masked(["see ticket-123\n"], "@\(folder)/p").text == "see **********\n")
    for (setting, words) in [
      ("aws", "there is no set of patterns \"aws\""), ("@\(folder)/none", "\(folder)/none"),
      ("all,@\(folder)", folder),
    ] {
      do {
        _ = try MaskPatterns.parse(setting)
        Issue.record("\(setting) was taken")
      } catch {
        #expect("\(error)".contains(words))
      }
    }
    try File.write(Array("ok\na(b\n".utf8), to: folder + "/q", permissions: 0o600)
    #expect(throws: MaskPatternsError.self) { try MaskPatterns.parse("@\(folder)/q") }
  }

  private func stars(_ count: Int) -> String { String(repeating: "*", count: count) }
}
