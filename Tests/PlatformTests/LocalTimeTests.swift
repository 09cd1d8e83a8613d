import Glibc
import Platform
import Testing

@Suite struct LocalTimeTests {
  @Test func theZoneIsTheVariablesWithDaylightSavingTime() async {
    await #expect(processExitsWith: .success) {
      let summer = CalendarDate(year: 2025, month: 7, day: 1).timestamp
      let winter = CalendarDate(year: 2025, month: 1, day: 1).timestamp
      setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1)  // a rule that needs no zone database
      guard LocalTime.offsetMinutes(at: summer) == 120, LocalTime.offsetMinutes(at: winter) == 60 else {
        exit(1)
      }
      setenv("TZ", "UTC0", 1)
      guard LocalTime.offsetMinutes(at: summer) == 0 else { exit(2) }
      setenv("TZ", "IST-5:30", 1)
      exit(LocalTime.offsetMinutes(at: winter) == 330 ? 0 : 3)
    }
  }
}
