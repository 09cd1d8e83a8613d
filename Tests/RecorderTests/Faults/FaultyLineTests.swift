import Platform
import Testing

@testable import Recorder

/// Rules for what goes wrong, and a line on which it does.
@Suite struct FaultyLineTests {
  private let start = Instant(microseconds: 5)

  private func message(_ number: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: AgentMessage.headerByteCount + 1)
  }

  /// What `count` messages come out as: their numbers, with words for all else.
  private func passed(_ rule: String, _ count: Int) throws -> [String] {
    var line = FaultyLine([try ChannelFault(parsing: rule)], .toClient)
    var steps = (1...count).flatMap { line.pass(message($0), now: start) }
    steps += line.due(now: start.advanced(byMicroseconds: 60_000_000))
    return steps.map { step in
      switch step {
      case .message(let bytes): "\(bytes[0])" + (bytes.allSatisfy { $0 == bytes[0] } ? "" : "!")
      default: "\(step)"
      }
    }
  }

  @Test(arguments: [
    ("a2c:drop:n=2", "1 3 5"), ("a2c:drop:n=2,max=1", "1 3 4 5"), ("a2c:dup:n=5,times=2", "1 2 3 4 5 5 5"),
    ("a2c:reorder:n=2,by=1", "1 3 2 5 4"), ("a2c:reorder:max=1,by=3", "2 3 4 1 5"),
    ("a2c:delay:n=4,ms=10", "1 2 3 5 4"), ("a2c:digest:n=3", "1 2 3! 4 5"), ("a2c:corrupt:n=5", "1 2 3 4 5!"),
    ("a2c:cut:n=3", "1 2 3 cut 4 5"), ("a2c:pause:n=4", "1 2 3 pause 4 5"),
    ("a2c:start:n=5", "1 2 3 4 start 5"),
    ("c2a:drop", "1 2 3 4 5"), ("a2c:drop", ""), ("a2c:drop:p=0", "1 2 3 4 5"), ("a2c:token", "1 2 3 4 5"),
  ])
  func aRuleDoesWhatItSays(_ rule: String, _ expected: String) throws {
    #expect(try passed(rule, 5).joined(separator: " ") == expected)
  }

  @Test func aSeedRepeatsItsChoices() throws {
    let once = try passed("a2c:drop:p=0.3,seed=9", 200)
    #expect(try passed("a2c:drop:p=0.3,seed=9", 200) == once)
    #expect((110...170).contains(once.count))
    #expect(try passed("a2c:drop:p=0.3,seed=10", 200) != once)
  }

  @Test func cutsKeepTheirInterval() throws {
    var line = FaultyLine([try ChannelFault(parsing: "a2c:cut:every-ms=1000")], .toClient)
    var cuts: [Int] = []
    for number in 0..<50 {
      let now = start.advanced(byMicroseconds: Int64(number) * 100_000)
      if line.pass(message(1), now: now).contains(.cut) { cuts.append(number) }
    }
    #expect(cuts == [10, 20, 30, 40])
  }

  @Test(arguments: [
    "", "drop", "a2c", "x2c:drop", "a2c:burn", "a2c:drop:p", "a2c:drop:p=2", "a2c:drop:p=x", "a2c:drop:n=0",
    "a2c:drop:q=1", "a2c:drop:p=0.1,", "a2c:delay:ms=-1",
  ])
  func whatIsNoRuleIsRefused(_ text: String) {
    #expect(throws: FaultRuleError.self) { try ChannelFault(parsing: text) }
  }
}
