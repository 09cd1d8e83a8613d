import Testing

@testable import Format

@Suite struct LevelGovernorTests {
  @Test func terminalRatesGetTheBestLevel() {
    var governor = LevelGovernor(isUnlimited: false)
    for second in 0..<600 {
      governor.advance(to: Int64(second) * 1_000_000)
      let level = governor.level(for: 200_000)
      #expect(level == 9)
    }
  }

  @Test func aBurstGoesDownAndComesBack() {
    var governor = LevelGovernor(isUnlimited: false)
    let levels = (0..<20).map { _ in governor.level(for: 512 << 10) }
    #expect(levels.first == 9)
    #expect(levels.last == 1)
    #expect(levels == levels.sorted(by: >))
    let isRich = governor.spend(512 << 10)
    #expect(!isRich)
    governor.advance(to: 1_000_000)
    let level = governor.level(for: 512 << 10)
    #expect(level == 9)
  }

  @Test func importsKnowNoLimit() {
    var governor = LevelGovernor(isUnlimited: true)
    let levels = Set((0..<100).map { _ in governor.level(for: 4 << 20) })
    #expect(levels == [9])
  }
}
