import Platform

/// Something that goes wrong on purpose between the embedded agent and its clients, so that these can be tested
/// (`ssmrec agent --fault`).
///
/// ```
/// DIRECTION:KIND[:NAME=VALUE,…]      a2c:drop:p=0.3,seed=7   c2a:reorder:by=3   a2c:cut:n=200   a2c:token:max=2
/// ```
///
/// The directions are agent to client and client to agent. The same seed makes the same choices.
struct ChannelFault: Equatable, Sendable {
  enum Direction: String, CaseIterable, Sendable {
    case toClient = "a2c"
    case toAgent = "c2a"
  }

  enum Kind: String, CaseIterable, Sendable {
    /// The message is lost.
    case drop
    /// The message comes `times` more.
    case duplicate = "dup"
    /// The message comes after `by` others.
    case reorder
    /// The message comes `ms` later.
    case delay
    /// A byte of the digest is changed; of messages that have a payload.
    case digest
    /// A byte of the payload is changed, and the digest left as it was.
    case corrupt
    /// Behind the message the connection is cut.
    case cut
    /// The service says, in front of the message, that it pauses, or goes on.
    case pause, start
    /// A token that is used to open the channel has expired.
    case token
  }

  var direction: Direction
  var kind: Kind
  /// The chance of each message, 0 to 1.
  var chance = 1.0
  /// Each so many messages, counting from the first.
  var every = 1
  /// How often at most; nil: no limit.
  var maximum: Int?
  /// Not more often than this, in microseconds.
  var interval: Int64 = 0
  var times = 1
  var by = 1
  /// Microseconds.
  var delay: Int64 = 100_000
  var seed: UInt64 = 1
}

extension ChannelFault {
  /// Reads a rule as a user writes it.
  init(parsing text: String) throws(FaultRuleError) {
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 2 else { throw .form(text) }
    guard let direction = Direction(rawValue: parts[0]) else { throw .direction(parts[0]) }
    guard let kind = Kind(rawValue: parts[1]) else { throw .kind(parts[1]) }
    self.init(direction: direction, kind: kind)
    guard parts.count == 3, !parts[2].isEmpty else { return }
    for pair in parts[2].split(separator: ",", omittingEmptySubsequences: false) {
      let words = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard words.count == 2 else { throw .value(String(pair)) }
      try set(words[0], words[1])
    }
  }

  private mutating func set(_ name: String, _ value: String) throws(FaultRuleError) {
    func whole(_ range: ClosedRange<Int>) throws(FaultRuleError) -> Int {
      guard let number = Int(value), range.contains(number) else { throw .value("\(name)=\(value)") }
      return number
    }
    switch name {
    case "p":
      guard let number = Double(value), (0...1).contains(number) else { throw .value("p=\(value)") }
      chance = number
    case "n": every = try whole(1...1_000_000)
    case "max": maximum = try whole(0...1_000_000)
    case "every-ms": interval = Int64(try whole(1...3_600_000)) * 1000
    case "times": times = try whole(1...100)
    case "by": by = try whole(1...1000)
    case "ms": delay = Int64(try whole(0...60_000)) * 1000
    case "seed": seed = UInt64(try whole(0...Int.max))
    default: throw .value("\(name)=\(value)")
    }
  }
}

/// What is wrong with a rule.
enum FaultRuleError: Error, Equatable, Sendable, CustomStringConvertible {
  case form(String)
  case direction(String)
  case kind(String)
  case value(String)

  var description: String {
    switch self {
    case .form(let text):
      "\"\(text.printable)\" is no fault: write DIRECTION:KIND or DIRECTION:KIND:NAME=VALUE,…"
    case .direction(let text):
      "\"\(text.printable)\" is no direction of a fault: a2c (agent to client) or c2a"
    case .kind(let text):
      "\"\(text.printable)\" is no kind of fault: "
        + ChannelFault.Kind.allCases.map(\.rawValue).joined(separator: ", ")
    case .value(let text):
      "\"\(text.printable)\" is no setting of a fault: p (0 to 1), n, max, every-ms, times, by, ms and seed take numbers"
    }
  }
}
