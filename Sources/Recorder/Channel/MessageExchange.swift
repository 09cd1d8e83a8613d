import Format
import Platform

/// What both ends of a data channel have in common: messages are numbered, acknowledged, put in order, and
/// sent again when no acknowledgement comes (protocol.md §6).
struct MessageExchange {
  /// What a message is to the end that got it.
  enum Arrival {
    /// The next message of the peer's stream; those of `nextInOrder()` follow it.
    case stream(AgentMessage)
    /// A message outside of the stream.
    case control(AgentMessage)
    /// An acknowledgement, or a stream message kept for later.
    case filed
    case ignored(IgnoredMessage)
  }

  /// The moment the channel was made, on both clocks.
  private let start: (instant: Instant, timestamp: Timestamp)
  private let sends: MessageType
  private let receives: MessageType
  /// The official agent does not look at digests; an end that does must be sure its peer makes them.
  private let checksDigests: Bool
  /// Made once, since that costs as much as hashing. Copies of this value may share it: between two calls it
  /// holds nothing.
  private let hash = SHA256()
  private var ids: MessageIDSource
  private var received = ReceiveWindow()
  private(set) var sent: SendWindow
  private var outgoing: [[UInt8]] = []

  init(
    sends: MessageType, receives: MessageType, checksDigests: Bool, limits: SendWindow.Limits, now: Instant,
    timestamp: Timestamp, random: any RandomNumberGenerator
  ) {
    start = (now, timestamp)
    self.sends = sends
    self.receives = receives
    self.checksDigests = checksDigests
    var random = random
    ids = MessageIDSource(random: &random)
    sent = SendWindow(limits: limits)
  }

  /// The WebSocket messages to send since the last call, each one binary.
  mutating func takeOutgoing() -> [[UInt8]] {
    var taken: [[UInt8]] = []
    swap(&taken, &outgoing)
    return taken
  }

  var hasOutgoing: Bool { !outgoing.isEmpty }

  /// A new id in its text form, for requests.
  mutating func newID() -> MessageID { ids.next() }

  /// Milliseconds since 1970. The wall clock is read once, so messages never go back in time.
  func milliseconds(at now: Instant) -> UInt64 {
    UInt64(max(1, (start.timestamp.microseconds + now.microseconds(since: start.instant)) / 1000))
  }

  /// Sends the next message of our stream. Empty payloads are not sent: the official ends cannot write them.
  mutating func send(_ payloadType: PayloadType, _ payload: [UInt8], now: Instant) {
    guard !payload.isEmpty else { return }
    let number = sent.nextSequenceNumber
    let message = AgentMessage(
      type: sends, createdMilliseconds: milliseconds(at: now), sequenceNumber: number,
      flags: sends == .outputStreamData && number == 0 ? .first : [], id: ids.next(),
      payloadType: payloadType, payload: payload)
    let bytes = message.encoded(using: hash)
    sent.add(bytes, now: now)
    outgoing.append(bytes)
  }

  /// Sends a message outside of the stream.
  mutating func send(control type: MessageType, _ payload: [UInt8], now: Instant) {
    let message = AgentMessage(
      type: type, createdMilliseconds: milliseconds(at: now), flags: [.first, .last], id: ids.next(),
      payload: payload)
    outgoing.append(message.encoded(using: hash))
  }

  /// A message of the service about its delivery: without a date, a digest or a payload, as it was seen.
  mutating func publication(_ type: MessageType) -> [UInt8] {
    AgentMessage(type: type, createdMilliseconds: 0, id: ids.next(), payload: []).encoded(using: hash)
  }

  /// Takes a WebSocket message, acknowledges and files it.
  mutating func receive(_ bytes: [UInt8], now: Instant) -> Arrival {
    let message: AgentMessage
    do throws(AgentMessageError) {
      message =
        checksDigests ? try AgentMessage(checking: bytes, using: hash) : try AgentMessage(parsing: bytes)
    } catch {
      return .ignored(.malformed(error))
    }
    if message.type == receives { return receive(message, now: now) }
    if message.type == .acknowledge {
      guard let number = Acknowledgement.sequenceNumber(in: message.payload) else {
        return .ignored(.badAcknowledgement)
      }
      sent.acknowledge(number, now: now)
      return .filed
    }
    return .control(message)
  }

  private mutating func receive(_ message: AgentMessage, now: Instant) -> Arrival {
    let verdict = received.accept(message)
    if verdict != .overflow {
      let acknowledgement = Acknowledgement(
        type: message.type, messageID: message.id, sequenceNumber: message.sequenceNumber)
      send(control: .acknowledge, acknowledgement.encoded(), now: now)
    }
    return switch verdict {
    case .next: .stream(message)
    case .early: .filed
    case .duplicate: .ignored(.duplicate(sequenceNumber: message.sequenceNumber))
    case .overflow:
      .ignored(.tooEarly(sequenceNumber: message.sequenceNumber, expected: received.expected))
    }
  }

  /// The stream message whose turn has come, if it came early.
  mutating func nextInOrder() -> AgentMessage? { received.nextEarly() }

  /// Gives up what is missing before the next message that is here; nil where none is.
  mutating func skipGap() -> ClosedRange<Int64>? { received.skipGap() }

  /// Sends the oldest message again if its time is up.
  mutating func tick(now: Instant) throws(ChannelError) {
    if let bytes = try sent.resend(now: now) { outgoing.append(bytes) }
  }

  /// Begins anew on another connection: what waited for the old one is dropped, what was not acknowledged is
  /// sent again. Acknowledgements that got lost are asked for again by the peer's own resending.
  mutating func reconnect(now: Instant) {
    outgoing = sent.resendAll(now: now)
  }
}
