import Platform
import Testing

@testable import Replay

@Suite struct MomentTests {
  @Test func readsEveryWayOfWritingATime() throws {
    let table: [(String, Moment)] = [
      ("0", .offset(0)), ("12.5", .offset(12_500_000)), (".5", .offset(500_000)),
      ("7.1234567", .offset(7_123_456)),
      ("90s", .offset(90_000_000)), ("1m20s", .offset(80_000_000)), ("1h2m3s", .offset(3_723_000_000)),
      ("1.5h", .offset(5_400_000_000)), ("2d", .offset(172_800_000_000)), ("250ms", .offset(250_000)),
      ("1s5ms", .offset(1_005_000)), ("0.5ms", .offset(500)), ("1:20", .offset(80_000_000)),
      ("1:02:03", .offset(3_723_000_000)),
      ("0:00.25", .offset(250_000)), ("90:00", .offset(5_400_000_000)), ("50%", .percent(50)),
      ("12.5%", .percent(12.5)),
      ("100%", .percent(100)), ("end", .end), ("start", .offset(0)), ("marker:build", .marker("build")),
      ("marker:", .marker("")), ("marker:a@b", .marker("a@b")),
      ("1970-01-01T00:00:01Z", .wallClock(Timestamp(microseconds: 1_000_000))),
      ("1970-01-01T01:00:01.5+01:00", .wallClock(Timestamp(microseconds: 1_500_000))),
    ]
    for (text, moment) in table {
      let found = try Moment(parsing: text)
      if found != moment { Issue.record("\(text): \(found)") }
    }
  }

  @Test func refusesWhatIsNoTime() {
    for text in [
      "", "-1", "+1", "1e3", "abc", "1:60", "1:2:60", ":20", "1:", "1:2:3:4", "1:60:00", "s", "1m1h", "1s1s",
      "5x", "101%",
      "%", "1..2", "1.", "1.5.", "0x10", "inf", "nan", "1 2", "99999999999999999999", "1970-13-01T00:00:00Z",
      "1970-02-30T00:00:00Z", "1970-01-01T00:00:00", "9999999999999h", "1.2.3s", "٣", "1:٣",
    ] {
      #expect(throws: MomentError.notATime(text)) { try Moment(parsing: text) }
    }
  }

  @Test func aMomentIsFoundInItsRecording() throws {
    let scale = MomentScale(
      length: 10_000_000, started: Timestamp(microseconds: 5_000_000),
      markers: [
        .init(microseconds: 3, label: "a"), .init(microseconds: 4, label: "b"),
        .init(microseconds: 9, label: "a"),
      ])
    #expect(try scale.microseconds(of: .offset(7)) == 7)
    #expect(try scale.microseconds(of: .percent(25)) == 2_500_000)
    #expect(try scale.microseconds(of: .end) == 10_000_000)
    #expect(try scale.microseconds(of: .marker("a")) == 3)
    #expect(try scale.microseconds(of: .wallClock(Timestamp(microseconds: 6_000_000))) == 1_000_000)
    #expect(throws: MomentError.noMarker("c", known: ["a", "b", "a"])) {
      try scale.microseconds(of: .marker("c"))
    }
    #expect(throws: MomentError.beforeStart("1970-01-01T00:00:04Z", start: "1970-01-01T00:00:05Z")) {
      try scale.microseconds(of: .wallClock(Timestamp(microseconds: 4_000_000)))
    }
    let pipe = MomentScale(length: nil, started: nil, markers: [])
    #expect(throws: MomentError.lengthUnknown("end")) { try pipe.microseconds(of: .end) }
    #expect(throws: MomentError.startUnknown("1970-01-01T00:00:00Z")) {
      try pipe.microseconds(of: .wallClock(Timestamp(microseconds: 0)))
    }
  }

  @Test func aPlaceIsAFileAndPerhapsATime() {
    let table: [(String, String, Moment?)] = [
      ("a.cast", "a.cast", nil), ("a.cast@12", "a.cast", .offset(12_000_000)), ("-@50%", "-", .percent(50)),
      ("user@host.cast", "user@host.cast", nil), ("user@host.cast@end", "user@host.cast", .end),
      ("a@marker:x@y", "a", .marker("x@y")), ("there@5", "there@5", nil), ("@5", "@5", nil),
      ("a@", "a@", nil),
      ("a@b@c", "a@b@c", nil),
      ("a@2026-11-21T06:00:00Z", "a", .wallClock(Timestamp(microseconds: 1_795_240_800_000_000))),
    ]
    for (text, name, moment) in table {
      let place = Place(text, exists: { $0 == "there@5" })
      if place.name != name || place.moment != moment { Issue.record("\(text): \(place)") }
    }
  }

  @Test func textsAreReadBack() throws {
    #expect(TimeText.seconds(83_250_000) == "83.250")
    #expect(TimeText.seconds(1) == "0.001")
    #expect(TimeText.clock(83_250_000) == "1:23.3")
    #expect(TimeText.clock(3_723_000_000) == "1:02:03.0")
    #expect(TimeText.length(59_600_000) == "1:00")
    #expect(TimeText.json(1_500_000) == .number("1.5"))
    #expect(TimeText.json(3_000_000) == .number("3"))
    for value: Int64 in [0, 1, 999, 1000, 59_999_999, 3_600_000_001] {
      for text in [TimeText.seconds(value), TimeText.clock(value)] {
        let moment = try Moment(parsing: text)
        guard case .offset(let read) = moment, read >= value, read - value < 100_000 else {
          Issue.record("\(text)")
          continue
        }
      }
    }
  }

  @Test func randomTextsAreRefusedOrReadButNeverCrash() {
    var random = SeededRandom(seed: 5)
    let alphabet = Array("0123459.:%smhd-TZ+ @marker:endago y\u{661}é".unicodeScalars)
    let now = Timestamp(microseconds: 1_700_000_000_000_000)
    for _ in 0..<20_000 {
      var scalars = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 0...24, using: &random) {
        scalars.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
      }
      let text = String(scalars)
      if case .offset(let value)? = try? Moment(parsing: text), value < 0 { Issue.record("\(text)") }
      if let span = try? DateSpan(parsing: text, now: now, zone: { _ in 0 }), span.end < span.start {
        Issue.record("\(text)")
      }
      _ = Place(text, exists: { _ in false })
    }
  }
}
