import Platform
import Testing

@testable import Recorder

/// Both ends of a channel over a link that loses, doubles and delays messages, on a clock moved by hand.
struct LossyLink {
  var lossPercent = 0
  var doublePercent = 0
  /// Microseconds; each message gets its own delay, so they overtake each other.
  var delay: ClosedRange<Int64> = 100...100

  private struct Flight {
    let arrival: Instant
    let isForClient: Bool
    let bytes: [UInt8]
  }

  private var flights: [Flight] = []
  private(set) var clientOutput: [UInt8] = []
  private(set) var agentInput: [UInt8] = []
  private(set) var sizes: [WindowSize] = []
  var random: WireRandom

  init(seed: UInt64) { random = WireRandom(seed: seed) }

  private mutating func launch(_ messages: [[UInt8]], isForClient: Bool, now: Instant) {
    for bytes in messages {
      if Int.random(in: 0..<100, using: &random) < lossPercent { continue }
      let copies = Int.random(in: 0..<100, using: &random) < doublePercent ? 2 : 1
      for _ in 0..<copies {
        let arrival = now.advanced(byMicroseconds: Int64.random(in: delay, using: &random))
        flights.append(Flight(arrival: arrival, isForClient: isForClient, bytes: bytes))
      }
    }
  }

  /// Moves time on from event to event until both sides have everything, or `seconds` are over.
  mutating func run(
    _ client: inout DataChannel, _ agent: inout AgentChannel, _ time: ManualTime, seconds: Int64
  )
    throws
  {
    let end = time.instant.advanced(byMicroseconds: seconds * 1_000_000)
    while time.instant < end {
      launch(client.takeOutgoing(), isForClient: false, now: time.instant)
      launch(agent.takeOutgoing(), isForClient: true, now: time.instant)
      if client.isInputDelivered && agent.unacknowledgedCount == 0 && flights.isEmpty { return }
      let next = (flights.map(\.arrival) + [client.nextDeadline, agent.nextDeadline].compactMap { $0 }).min()
      guard let next else { return }
      time.advance(byMicroseconds: max(0, next.microseconds(since: time.instant)))
      let arrived = flights.filter { $0.arrival <= time.instant }
      flights.removeAll { $0.arrival <= time.instant }
      for flight in arrived {
        if flight.isForClient {
          for case .output(let bytes, _) in client.receive(flight.bytes, now: time.instant) {
            clientOutput += bytes
          }
        } else {
          take(agent.receive(flight.bytes, now: time.instant))
        }
      }
      try client.tick(now: time.instant)
      try agent.tick(now: time.instant)
    }
  }

  private mutating func take(_ happenings: [AgentChannel.Happening]) {
    for happening in happenings {
      switch happening {
      case .input(let bytes, _): agentInput += bytes
      case .size(let size, _): sizes.append(size)
      default: break
      }
    }
  }

  /// Cuts the connection: everything on its way is gone.
  mutating func cut() { flights = [] }
}

@Suite struct LossyLinkTests {
  static func ends(_ time: ManualTime, seed: UInt64) -> (client: DataChannel, agent: AgentChannel) {
    (
      DataChannel(
        clientVersion: "1.2.835.0", now: time.instant, timestamp: time.timestamp,
        random: WireRandom(seed: seed)),
      AgentChannel(
        sessionID: "s", target: "i-1", now: time.instant, timestamp: time.timestamp,
        random: WireRandom(seed: seed + 1))
    )
  }

  @Test func bothDirectionsArriveWholeAndOnceOverAnyLink() throws {
    let links: [(loss: Int, double: Int, delay: ClosedRange<Int64>)] = [
      (0, 0, 100...100), (0, 0, 100...400_000), (0, 60, 100...50_000), (10, 0, 1000...1000),
      (25, 25, 100...300_000), (60, 10, 100...20_000),
    ]
    for (index, parameters) in links.enumerated() {
      let time = ManualTime(timestamp: Timestamp(microseconds: 1_700_000_000_000_000))
      var (client, agent) = Self.ends(time, seed: UInt64(60 + index))
      var link = LossyLink(seed: UInt64(80 + index))
      link.lossPercent = parameters.loss
      link.doublePercent = parameters.double
      link.delay = parameters.delay
      let output = link.random.bytes(40_000)
      let input = link.random.bytes(10_000)
      client.send(size: WindowSize(columns: 90, rows: 33), now: time.instant)
      for start in stride(from: 0, to: output.count, by: 700) {
        agent.send(output: Array(output[start..<min(start + 700, output.count)]), now: time.instant)
      }
      for start in stride(from: 0, to: input.count, by: 300) {
        client.send(input: Array(input[start..<min(start + 300, input.count)]), now: time.instant)
      }
      try link.run(&client, &agent, time, seconds: 1000)
      #expect(link.clientOutput == output, "link \(index)")
      #expect(link.agentInput == input, "link \(index)")
      #expect(link.sizes == [WindowSize(columns: 90, rows: 33)])
      #expect(client.isInputDelivered && agent.unacknowledgedCount == 0, "link \(index)")
    }
  }

  @Test func aCutConnectionLosesNothingOnceItIsOpenedAgain() throws {
    let time = ManualTime(timestamp: Timestamp(microseconds: 1_700_000_000_000_000))
    var (client, agent) = Self.ends(time, seed: 70)
    var link = LossyLink(seed: 71)
    link.delay = 100...50_000
    let output = link.random.bytes(30_000)
    let input = link.random.bytes(30_000)
    agent.send(output: output, now: time.instant)
    client.send(input: input, now: time.instant)
    for round in 0..<20 as Range<Int> {
      // Too short for everything to arrive.
      let start = time.instant
      link.lossPercent = 80
      try link.run(&client, &agent, time, seconds: 1)
      link.cut()
      #expect(OpenDataChannelInput(parsing: client.reopen(token: "t\(round)", now: time.instant)) != nil)
      agent.reconnect(now: time.instant)
      #expect(time.instant >= start)
    }
    link.lossPercent = 0
    try link.run(&client, &agent, time, seconds: 100)
    #expect(link.clientOutput == output)
    #expect(link.agentInput == input)
  }

  @Test func aDeadLinkEndsInAnError() throws {
    let time = ManualTime(timestamp: Timestamp(microseconds: 1_700_000_000_000_000))
    var (client, agent) = Self.ends(time, seed: 72)
    var link = LossyLink(seed: 73)
    link.lossPercent = 100
    agent.send(output: [1], now: time.instant)
    #expect(throws: ChannelError.unacknowledged(sequenceNumber: 0, seconds: 300)) {
      try link.run(&client, &agent, time, seconds: 1000)
    }
  }
}
