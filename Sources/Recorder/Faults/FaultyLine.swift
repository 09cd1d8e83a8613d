import Platform

/// One direction of a channel on which things go wrong by rule: messages in, and what really travels out.
struct FaultyLine {
  /// What comes out at the other end, in order.
  enum Step: Equatable {
    case message([UInt8])
    case pause
    case start
    /// The connection is over; what was on its way is lost.
    case cut
  }

  private struct Rule {
    let fault: ChannelFault
    var random: SplitMix
    var seen = 0
    var fired = 0
    var lastFired: Instant?

    init(_ fault: ChannelFault) {
      self.fault = fault
      random = SplitMix(seed: fault.seed)
    }

    /// Whether it is this message's turn. Draws the same numbers whatever the answer.
    mutating func fires(now: Instant) -> Bool {
      seen += 1
      let isChosen = fault.chance >= 1 || Double.random(in: 0..<1, using: &random) < fault.chance
      guard isChosen, seen % fault.every == 0, fired < fault.maximum ?? .max else { return false }
      if fault.interval > 0 {
        // The first interval begins with the first message.
        guard let last = lastFired else {
          lastFired = now
          return false
        }
        guard now.microseconds(since: last) >= fault.interval else { return false }
        lastFired = now
      }
      fired += 1
      return true
    }
  }

  private struct Waiting {
    let message: [UInt8]
    /// How many messages it lets by.
    var lettingBy: Int
    /// When it comes even if none do: a held message must not be held for ever.
    let until: Instant
  }

  /// How long a message waits for others that are to overtake it, in microseconds.
  private static let overtaking: Int64 = 200_000

  private var rules: [Rule]
  private var waiting: [Waiting] = []

  init(_ faults: [ChannelFault], _ direction: ChannelFault.Direction) {
    rules = faults.filter { $0.direction == direction && $0.kind != .token }.map(Rule.init)
  }

  var isPerfect: Bool { rules.isEmpty }

  /// When `due(now:)` has something.
  var deadline: Instant? { waiting.map(\.until).min() }

  /// Sends a message on its way.
  ///
  /// The end of the session always comes: nobody would send it again.
  mutating func pass(_ message: [UInt8], now: Instant) -> [Step] {
    if message.count >= AgentMessage.headerByteCount,
      MessageType(reading: message, at: AgentMessage.Offset.type) == .channelClosed
    {
      return [.message(message)]
    }
    var message = message
    var copies = 1
    var isCut = false
    var held: Waiting?
    var before: [Step] = []
    for index in rules.indices where rules[index].fires(now: now) {
      let fault = rules[index].fault
      switch fault.kind {
      case .drop: copies = 0
      case .duplicate: copies += copies > 0 ? fault.times : 0
      case .reorder:
        held = Waiting(
          message: message, lettingBy: fault.by, until: now.advanced(byMicroseconds: Self.overtaking))
      case .delay:
        held = Waiting(
          message: message, lettingBy: .max, until: now.advanced(byMicroseconds: fault.delay))
      case .digest: change(&message, at: AgentMessage.Offset.digest)
      case .corrupt: change(&message, at: AgentMessage.headerByteCount)
      case .cut: isCut = true
      case .pause: before.append(.pause)
      case .start: before.append(.start)
      case .token: break
      }
    }
    var steps = before
    if var held, copies > 0 {
      held = Waiting(message: message, lettingBy: held.lettingBy, until: held.until)
      waiting.append(held)
      copies -= 1
    }
    steps += Array(repeating: .message(message), count: copies)
    if copies > 0 { steps += overtaken() }
    if isCut {
      waiting = []
      steps.append(.cut)
    }
    return steps
  }

  /// The messages whose time has come.
  mutating func due(now: Instant) -> [Step] {
    let ready = waiting.filter { $0.until <= now }
    waiting.removeAll { $0.until <= now }
    return ready.map { .message($0.message) }
  }

  /// The messages that enough others have passed.
  private mutating func overtaken() -> [Step] {
    for index in waiting.indices where waiting[index].lettingBy != .max { waiting[index].lettingBy -= 1 }
    let ready = waiting.filter { $0.lettingBy <= 0 }
    waiting.removeAll { $0.lettingBy <= 0 }
    return ready.map { .message($0.message) }
  }

  private func change(_ message: inout [UInt8], at offset: Int) {
    if message.count > AgentMessage.headerByteCount { message[offset] ^= 0x55 }
  }
}

/// A sequence of numbers that a seed repeats (SplitMix64).
struct SplitMix: RandomNumberGenerator, Equatable, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// What goes wrong for one session, in both directions.
struct SessionFaults {
  var toClient: FaultyLine
  var toAgent: FaultyLine

  /// nil where nothing does.
  init?(_ faults: [ChannelFault]) {
    toClient = FaultyLine(faults, .toClient)
    toAgent = FaultyLine(faults, .toAgent)
    if toClient.isPerfect && toAgent.isPerfect { return nil }
  }

  var deadline: Instant? { [toClient.deadline, toAgent.deadline].compactMap { $0 }.min() }
}
