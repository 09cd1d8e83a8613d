import Platform
import Testing

@Suite struct CalendarDateTests {
  /// Seconds since 1970 and what `date -u` says of them.
  private static let table: [(Int64, String)] = [
    (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
    (951_868_799, "2000-02-29T23:59:59Z"), (951_868_800, "2000-03-01T00:00:00Z"),
    (1_709_164_800, "2024-02-29T00:00:00Z"),
    (4_107_542_400, "2100-03-01T00:00:00Z"), (4_107_542_399, "2100-02-28T23:59:59Z"),
    (1_763_706_662, "2025-11-21T06:31:02Z"),
    (253_402_300_799, "9999-12-31T23:59:59Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
    (-62_167_219_200, "0000-01-01T00:00:00Z"), (-62_167_219_201, "-0001-12-31T23:59:59Z"),
    (-2_208_988_800, "1900-01-01T00:00:00Z"), (2_147_483_648, "2038-01-19T03:14:08Z"),
    (-11_644_473_600, "1601-01-01T00:00:00Z"), (-62_288_352_000, "-0004-02-29T00:00:00Z"),
  ]

  @Test func datesAndMomentsAgreeWithTheTable() {
    for (seconds, text) in Self.table {
      let moment = Timestamp(microseconds: seconds * 1_000_000)
      let date = CalendarDate(moment)
      #expect(date.rfc3339 == text && date.timestamp == moment, "\(seconds)")
    }
  }

  @Test func datesAgreeWithTheDateProgram() throws {
    var random = SeededGenerator(seed: 3)
    let seconds = (0..<200).map { _ in Int64.random(in: -62_135_596_800...253_402_300_799, using: &random) }
    let input = seconds.map { "@\($0)\n" }.joined()
    try ToolRun.withFile(input) { path in
      guard let run = try ToolRun.run("date", ["-u", "-f", path, "+%Y-%m-%dT%H:%M:%SZ"]),
        run.status == .exited(0)
      else {
        return print("date -f is not there: dates are not compared with it")
      }
      let lines = run.output.split(separator: "\n").map(String.init)
      let ours = seconds.map { CalendarDate(Timestamp(microseconds: $0 * 1_000_000)).rfc3339 }
      #expect(ours == lines)
    }
  }

  @Test func everyMomentSurvivesARoundTrip() {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<20_000 {
      let moment = Timestamp(microseconds: Int64.random(in: .min / 2 ... .max / 2, using: &random))
      let date = CalendarDate(moment)
      let isPlausible =
        1...12 ~= date.month && 1...31 ~= date.day && 0..<24 ~= date.hour && 0..<60 ~= date.minute
        && 0..<60 ~= date.second && 0..<1_000_000 ~= date.microsecond
      if date.timestamp != moment || !isPlausible { Issue.record("\(moment.microseconds)") }
    }
  }

  @Test func theEndsOfTimeDoNotCrash() {
    for end in [Int64.min, .min + 1, .max - 1, .max] {
      for offset in [0, 1440, -1440, .max, .min] {
        _ = CalendarDate(Timestamp(microseconds: end), offsetMinutes: offset)
      }
    }
    #expect(CalendarDate(Timestamp(microseconds: .max)).timestamp.microseconds == .max)
    #expect(CalendarDate(year: 999_999, month: 1, day: 1).timestamp.microseconds == .max)
    #expect(CalendarDate(year: -999_999, month: 1, day: 1).timestamp.microseconds == .min)
  }

  @Test func everyDayOfFourCenturiesFollowsTheOneBefore() {
    var (year, month, day) = (1999, 12, 31)
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    for number in 10_956..<10_956 + 146_097 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      let length = month == 2 && isLeap ? 29 : lengths[month - 1]
      if day < length {
        day += 1
      } else if month < 12 {
        (month, day) = (month + 1, 1)
      } else {
        (year, month, day) = (year + 1, 1, 1)
      }
      let date = CalendarDate(Timestamp(microseconds: Int64(number + 1) * 86_400_000_000))
      if (date.year, date.month, date.day) != (year, month, day) {
        Issue.record("day \(number + 1): \(date)")
        return
      }
    }
    #expect((year, month, day) == (2399, 12, 31))
  }

  @Test func fractionsOffsetsAndFormsAreWritten() {
    let moment = Timestamp(microseconds: 1_763_706_662_000_125)
    #expect(CalendarDate(moment).rfc3339 == "2025-11-21T06:31:02.000125Z")
    #expect(CalendarDate(moment).compact == "20251121T063102Z")
    #expect(CalendarDate(moment, offsetMinutes: 330).timeText == "12:01:02")
    #expect(CalendarDate(moment, offsetMinutes: -420).dateText == "2025-11-20")
    #expect(CalendarDate(Timestamp(microseconds: -1)).rfc3339 == "1969-12-31T23:59:59.999999Z")
    #expect(
      CalendarDate(year: 2025, month: 1, day: 32).timestamp
        == CalendarDate(year: 2025, month: 2, day: 1).timestamp)
    #expect(pad(-5, 4) == "-0005" && pad(12345, 4) == "12345" && pad(0) == "00")
  }

  @Test func secondsAreRoundedDown() {
    let cases: [(Int64, Int64)] = [
      (0, 0), (999_999, 0), (-1, -1), (-1_000_000, -1), (-1_000_001, -2), (.min, -9_223_372_036_855),
    ]
    for (microseconds, seconds) in cases { #expect(Timestamp(microseconds: microseconds).seconds == seconds) }
  }
}
