import Platform
import Testing

@testable import Replay

@Suite struct DateSpanTests {
  /// A zone one hour east, two from 2026-03-29T01:00Z on, as Central Europe changes its clocks.
  private let change = CalendarDate(year: 2026, month: 3, day: 29, hour: 1).timestamp
  private func zone(_ moment: Timestamp) -> Int { moment < change ? 60 : 120 }

  private func span(_ text: String) throws -> [String] {
    let now = CalendarDate(year: 2026, month: 3, day: 30, hour: 10).timestamp
    let span = try DateSpan(parsing: text, now: now, zone: zone)
    return [CalendarDate(span.start).rfc3339, CalendarDate(span.end).rfc3339]
  }

  @Test func readsEveryWayOfWritingADate() throws {
    let table: [(String, String, String)] = [
      ("2026-01-02", "2026-01-01T23:00:00Z", "2026-01-02T23:00:00Z"),
      ("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
      ("2026-01-02 06:31", "2026-01-02T05:31:00Z", "2026-01-02T05:32:00Z"),
      ("2026-01-02T06:31:02", "2026-01-02T05:31:02Z", "2026-01-02T05:31:03Z"),
      ("2026-01-02T06:31:02Z", "2026-01-02T06:31:02Z", "2026-01-02T06:31:02.000001Z"),
      ("2026-01-02 06:31:02-05:00", "2026-01-02T11:31:02Z", "2026-01-02T11:31:02.000001Z"),
      ("today", "2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z"),
      ("Yesterday", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
      ("2h ago", "2026-03-30T08:00:00Z", "2026-03-30T08:00:00Z"),
      ("3d ago", "2026-03-27T10:00:00Z", "2026-03-27T10:00:00Z"),
      ("90 minutes ago", "2026-03-30T08:30:00Z", "2026-03-30T08:30:00Z"),
      ("1 week ago", "2026-03-23T10:00:00Z", "2026-03-23T10:00:00Z"),
      ("now", "2026-03-30T10:00:00Z", "2026-03-30T10:00:00Z"),
    ]
    for (text, start, end) in table {
      let found = try span(text)
      if found != [start, end] { Issue.record("\(text): \(found)") }
    }
  }

  @Test func refusesWhatIsNoDate() {
    for text in [
      "", "tomorrow", "2026-02-29", "2026-13-01", "2026-1-2", "26-01-02", "2026-01-02 24:00",
      "2026-01-02 6:31", "ago", "2 ago",
      "h ago", "2y ago", "99999999999999999999d ago", "2026-01-02 06:31:02 x", "2026-01-02T06:31:02+25:00",
    ] {
      #expect(throws: MomentError.notADate(text)) { try span(text) }
    }
  }
}
