import Platform
import Testing

@Suite struct TimeTests {
  @Test func theSystemsClocksMoveForward() {
    let time = SystemTime()
    let (instant, timestamp) = (time.instant, time.timestamp)
    #expect(time.instant >= instant && timestamp.seconds > 1_700_000_000)
    #expect(
      instant.advanced(byMicroseconds: 5).microseconds(since: instant) == 5
        && instant < instant.advanced(byMicroseconds: 1))
  }

  @Test func theManualClockMovesOnlyWhenTold() {
    let time = ManualTime(timestamp: Timestamp(microseconds: 100))
    time.advance(byMicroseconds: 50)
    #expect(time.instant.microseconds == 50 && time.timestamp.microseconds == 150)
  }
}
