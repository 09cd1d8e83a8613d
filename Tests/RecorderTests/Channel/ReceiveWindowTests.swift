import Testing

@testable import Recorder

@Suite struct ReceiveWindowTests {
  static func message(_ number: Int64, byteCount: Int = 1) -> AgentMessage {
    AgentMessage(
      type: .outputStreamData, createdMilliseconds: 1, sequenceNumber: number,
      id: MessageID(high: 0, low: UInt64(bitPattern: number)), payloadType: .output,
      payload: [UInt8](repeating: 1, count: byteCount))
  }

  @Test func deliversEveryMessageOnceAndInOrder() {
    var random = WireRandom(seed: 30)
    var window = ReceiveWindow()
    var delivered: [Int64] = []
    let arriving = (0..<Int64(500)).flatMap { [$0, $0] }.shuffled(using: &random)
    for number in arriving {
      if window.accept(Self.message(number)) == .next {
        delivered.append(number)
        while let next = window.nextEarly() { delivered.append(next.sequenceNumber) }
      }
    }
    #expect(delivered == Array(0..<500))
  }

  @Test func tellsWhatAMessageIs() {
    var window = ReceiveWindow()
    let rows: [(number: Int64, verdict: ReceiveWindow.Verdict)] = [
      (0, .next), (0, .duplicate), (-1, .duplicate), (Int64.min, .duplicate), (3, .early), (3, .duplicate),
      (10_001, .early), (10_002, .overflow), (Int64.max, .overflow), (1, .next),
    ]
    for (number, verdict) in rows { #expect(window.accept(Self.message(number)) == verdict, "\(number)") }
    #expect(window.nextEarly() == nil)
    #expect(window.expected == 2)
  }

  @Test func keepsNoMoreBytesThanItsLimit() {
    var window = ReceiveWindow()
    var kept = 0
    for number in 1...40 as ClosedRange<Int64> {
      if window.accept(Self.message(number, byteCount: 1 << 20)) == .early { kept += 1 }
    }
    #expect(kept == 16)
    #expect(window.accept(Self.message(0)) == .next)
    var delivered = 0
    while window.nextEarly() != nil { delivered += 1 }
    #expect(delivered == 16)
    #expect(window.accept(Self.message(20, byteCount: 1 << 20)) == .early)
  }
}
