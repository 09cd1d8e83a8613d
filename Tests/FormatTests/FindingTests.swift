import Testing

@testable import Format

@Suite struct FindingTests {
  @Test func aFindingSaysWhereAndWhen() {
    let damaged = Finding(
      .damaged, offset: 4711, member: 3, microseconds: 12_500_900...60_000_000, "the member is damaged")
    #expect(damaged.description == "member 3, byte 4711: the member is damaged (12.5 s to 60 s)")
    #expect(Finding(.badLine, line: 7, "no event").description == "line 7: no event")
    #expect(Finding(.unfinished, "no end").description == "no end")
  }

  @Test func theSameFindingIsToldOnce() {
    var log = FindingLog()
    for line in 1...1500 { log.add(Finding(.badLine, line: line, "no event")) }
    log.add(Finding(.badLine, line: 1, "no event"))
    #expect(log.findings.count == 1000)
    #expect(log.uncounted == 501)
  }
}
