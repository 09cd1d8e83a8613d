import Platform

/// A session as the service knows it: what was asked for, how far it is, and the token that opens its channel.
struct SessionEntry: Equatable, Sendable {
  /// Session.Status of the API; the embedded service needs these three.
  enum Status: String, Sendable {
    /// Started, and nobody has opened the data channel yet.
    case connecting = "Connecting"
    case connected = "Connected"
    case terminated = "Terminated"
  }

  let id: String
  let target: String
  let document: SessionDocument
  /// The value of each of the document's parameters.
  let parameters: [String: String]
  let reason: String?
  let owner: String
  let started: Timestamp
  fileprivate(set) var ended: Timestamp?
  fileprivate(set) var status = Status.connecting
  /// What ended it; empty for a shell that exited.
  fileprivate(set) var details = ""
  /// The one token that opens the data channel now; nil once it was used.
  fileprivate(set) var token: String?
  /// Whether its channel was ever open.
  fileprivate var wasOpened = false

  /// The value of a parameter; empty where the document has none of that name.
  func value(of parameter: SessionDocument.Parameter) -> String { parameters[parameter.name] ?? "" }
}

/// All sessions of one service, and who may open their channels. Memory is bounded: ended sessions are
/// forgotten, the oldest first.
struct SessionRegistry: Sendable {
  static let maximumActive = 512
  static let maximumEnded = 1024

  private(set) var entries: [String: SessionEntry] = [:]
  /// Ids in the order of their start.
  private(set) var order: [String] = []
  private var endedCount = 0

  subscript(id: String) -> SessionEntry? { entries[id] }

  var activeCount: Int { entries.count - endedCount }

  /// Adds a session under a new id, `USER-` and 17 hexadecimal digits, with its first token.
  mutating func start(
    user: String, target: String, document: SessionDocument, parameters: [String: String], reason: String?,
    owner: String, at now: Timestamp, using random: inout some RandomNumberGenerator
  ) throws(ServiceFault) -> SessionEntry {
    guard activeCount < Self.maximumActive else { throw .throttling }
    var id: String
    repeat {
      id = user + "-0" + RandomText.make(16, from: RandomText.hexadecimal, using: &random)
    } while entries[id] != nil
    var entry = SessionEntry(
      id: id, target: target, document: document, parameters: parameters, reason: reason,
      owner: owner, started: now)
    entry.token = Self.newToken(using: &random)
    entries[id] = entry
    order.append(id)
    return entry
  }

  /// Gives a session that still lives a new token, which replaces the one before; nil where it has ended.
  mutating func renewToken(_ id: String, using random: inout some RandomNumberGenerator) -> String? {
    guard let entry = entries[id], entry.status != .terminated else { return nil }
    let token = Self.newToken(using: &random)
    entries[id]?.token = token
    return token
  }

  /// Uses up a session's token: true once for the right one, which makes the session connected.
  /// A wrong one leaves the right one valid.
  mutating func redeem(_ token: String, of id: String) -> Bool {
    guard let entry = entries[id], entry.status != .terminated, let expected = entry.token,
      Self.isSame(token, expected)
    else { return false }
    entries[id]?.token = nil
    entries[id]?.status = .connected
    return true
  }

  func wasOpened(_ id: String) -> Bool { entries[id]?.wasOpened == true }

  mutating func noteOpened(_ id: String) { entries[id]?.wasOpened = true }

  /// Notes that a session is over. Ended ones stay as they are.
  mutating func end(_ id: String, details: String, at now: Timestamp) {
    guard var entry = entries[id], entry.status != .terminated else { return }
    entry.status = .terminated
    entry.ended = now
    entry.details = details
    entry.token = nil
    entries[id] = entry
    endedCount += 1
    if endedCount > Self.maximumEnded { forgetOldestEnded() }
  }

  private mutating func forgetOldestEnded() {
    guard let index = order.firstIndex(where: { entries[$0]?.status == .terminated }) else { return }
    entries[order.remove(at: index)] = nil
    endedCount -= 1
  }

  /// 190 bits, and never a character that JSON or a shell would escape.
  private static func newToken(using random: inout some RandomNumberGenerator) -> String {
    RandomText.make(32, from: RandomText.letters, using: &random)
  }

  /// Compares without telling by its duration where the texts differ.
  private static func isSame(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
