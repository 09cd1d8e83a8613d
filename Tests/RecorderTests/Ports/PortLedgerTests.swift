import Format
import Platform
import Testing

@testable import Recorder

/// The books of a port session: what a recording says of each stream.
@Suite struct PortLedgerTests {
  private let hello = Array("hello".utf8)
  private let digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
  private let emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

  private func texts(_ payload: PortPayload, _ happenings: [PortHappening]) -> [String] {
    var ledger = PortLedger(payload: payload)
    return happenings.flatMap { ledger.take($0) }.map(\.text)
  }

  @Test func countsAndDigestsAreAlwaysKept() {
    #expect(
      texts(
        .none,
        [.opened(3, from: "127.0.0.1:5"), .sent(3, [0x68, 0x65]), .sent(3, [0x6C, 0x6C, 0x6F]), .closed(3)])
        == [
          #"{"stream":3,"event":"open","from":"127.0.0.1:5"}"#,
          #"{"stream":3,"event":"close","sent":{"bytes":5,"sha256":"\#(digest)"},"#
            + #""received":{"bytes":0,"sha256":"\#(emptyDigest)"}}"#,
        ])
  }

  @Test func theFirstBytesOfEachDirectionAreKeptWhenAskedFor() {
    let events = texts(
      .head(7),
      [.opened(3, from: "x"), .received(3, hello), .sent(3, hello), .received(3, hello), .received(3, hello)])
    #expect(
      events.dropFirst() == [
        #"{"stream":3,"event":"data","direction":"received","bytes":5,"base64":"aGVsbG8="}"#,
        #"{"stream":3,"event":"data","direction":"sent","bytes":5,"base64":"aGVsbG8="}"#,
        #"{"stream":3,"event":"data","direction":"received","bytes":5,"base64":"aGU="}"#,
      ])
  }

  @Test func everyByteIsKeptWhenAskedFor() {
    #expect(
      texts(.full, [.opened(3, from: "x")] + Array(repeating: .sent(3, hello), count: 9)).count == 10)
  }

  @Test func streamsThatTheSessionsEndCutAreClosed() {
    var ledger = PortLedger(payload: .none)
    _ = ledger.take(.opened(5, from: "x"))
    _ = ledger.take(.opened(3, from: "y"))
    _ = ledger.take(.received(3, hello))
    _ = ledger.take(.refused(5))
    let events = ledger.closeAll()
    #expect(events.compactMap { $0["stream"]?.integer } == [3, 5])
    #expect(events[0]["received"]?["sha256"]?.string == digest && events[0]["by"]?.string == "session")
    #expect(ledger.closeAll().isEmpty)
  }

  @Test func whatIsToldOfUnknownStreamsIsNothing() {
    #expect(texts(.full, [.sent(9, hello), .received(9, hello), .closed(9)]).isEmpty)
  }

  @Test(arguments: [
    ("none", PortPayload.none), ("full", .full), ("head:1", .head(1)), ("head:1048576", .head(1 << 20)),
  ])
  func theSettingIsRead(_ text: String, _ payload: PortPayload) { #expect(PortPayload(text) == payload) }

  @Test(arguments: ["", "head", "head:", "head:0", "head:-1", "head:x", "FULL", "head:99999999999999999999"])
  func otherSettingsAreRefused(_ text: String) { #expect(PortPayload(text) == nil) }
}
