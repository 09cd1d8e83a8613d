import Format
import Platform

/// Turns what happens in a session into events of a recording, each with its time since the start.
///
/// A failure of the writer surfaces at once: thrown under the `strict` policy, otherwise told by `takeWarning()` while
/// the session goes on. Once a second the writer is tried again; when it works, the recording goes on after a `gap`
/// event that tells what is missing.
final class SessionRecorder {
  let path: String
  private let writer: RecordingWriter
  private let started: Instant
  private let inputPolicy: InputPolicy
  private let failPolicy: FailPolicy
  private var size: WindowSize
  private var masker: EchoMasker?
  private var mask: OutputMask?
  private var failure: FormatError?
  private var loss: Loss?
  private var warning: String?
  private var isClosed = false
  /// The connections of a port session.
  private var ledger: PortLedger
  /// The member that has the wire's evidence already.
  private var witnessedMember: Int?

  /// What is not recorded since the writer failed.
  private struct Loss {
    /// Microseconds since the start.
    let since: Int64
    let cause: String
    var triedAt: Instant
    var eventCount = 0
    var byteCount = 0
  }

  /// Microseconds between two attempts to go on.
  private static let retryInterval: Int64 = 1_000_000

  init(
    writer: RecordingWriter, path: String, started: Instant, size: WindowSize, input: InputPolicy,
    failPolicy: FailPolicy, portPayload: PortPayload = .none, mask: OutputMask? = nil
  ) {
    ledger = PortLedger(payload: portPayload)
    self.mask = mask
    self.writer = writer
    self.path = path
    self.started = started
    self.size = size
    inputPolicy = input
    masker = input == .masked ? EchoMasker(size: size) : nil
    self.failPolicy = failPolicy
  }

  /// When `flush(now:)` must be called next; nil while nothing waits.
  var flushDueAt: Instant? {
    guard failure == nil, !isClosed else { return nil }
    if let loss { return loss.triedAt.advanced(byMicroseconds: Self.retryInterval) }
    return [writer.flushDueAt, masker?.deadline, mask?.deadline].compactMap { $0 }.min()
      .map { started.advanced(byMicroseconds: $0) }
  }

  /// The warning of a recording that has just stopped or goes on again, once.
  func takeWarning() -> String? {
    defer { warning = nil }
    return warning
  }

  func output(_ bytes: [UInt8], now: Instant) throws(FormatError) {
    if let notes = masker?.shown(bytes, at: microseconds(now)) { try keep(notes, now) }
    try append(.output, bytes, now)
  }

  func standardError(_ bytes: [UInt8], now: Instant) throws(FormatError) {
    try append(.standardError, bytes, now)
  }

  func input(_ bytes: [UInt8], now: Instant) throws(FormatError) {
    switch inputPolicy {
    case .full: try append(.input, bytes, now)
    case .masked: if let notes = masker?.typed(bytes, at: microseconds(now)) { try keep(notes, now) }
    case .none: break
    }
  }

  func resize(_ size: WindowSize, now: Instant) throws(FormatError) {
    if size == self.size { return }
    self.size = size
    masker?.resize(to: size)
    try append(.resize, Array(size.description.utf8), now)
  }

  func exit(_ code: Int32, now: Instant) throws(FormatError) {
    try append(.exit, Array(String(code).utf8), now)
  }

  /// What became of a connection of a port session; of its bytes what `port_payload` says.
  func port(_ happening: PortHappening, now: Instant) throws(FormatError) {
    for event in ledger.take(happening) { try append(.port, event.encoded(), now) }
  }

  /// Notes the sender's own number and clock once in each member, so that every part of a recording can be
  /// set beside the service's logs.
  func witness(_ origin: MessageOrigin?, now: Instant) throws(FormatError) {
    guard let origin, writer.sealedMemberCount != witnessedMember else { return }
    witnessedMember = writer.sealedMemberCount
    try state("wire", origin.members, now: now)
  }

  /// A change of the session's state as a JSON object, for example `{"state":"closed"}`.
  func state(_ name: String, _ details: [JSON.Member] = [], now: Instant) throws(FormatError) {
    try append(.state, JSON.object([JSON.Member("state", .string(name))] + details).encoded(), now)
  }

  /// Puts on the disk what the writer holds back, when it is due.
  func flush(now: Instant) throws(FormatError) {
    guard let due = flushDueAt, due <= now else { return }
    guard goesOn(now) else { return }
    let at = microseconds(now)
    if let notes = masker?.advance(to: at) { try keep(notes, now) }
    if let events = mask?.advance(to: at) { try write(events, now) }
    try attempt(now) { () throws(FormatError) in try writer.flush(at: at) }
  }

  /// Ends the recording with a last state event. Later calls do nothing.
  func close(
    _ reason: EndReason, state name: String, _ details: [JSON.Member] = [], now: Instant
  ) throws(FormatError) {
    guard failure == nil, !isClosed else { return }
    loss?.triedAt = now.advanced(byMicroseconds: -Self.retryInterval)  // the last chance
    guard goesOn(now) else { return }
    if let notes = masker?.finish() { try keep(notes, now) }
    for event in ledger.closeAll() { try append(.port, event.encoded(), now) }
    try state(name, details, now: now)
    if let events = mask?.finish() { try write(events, now) }
    guard loss == nil else { return }
    isClosed = true
    let at = microseconds(now)
    try attempt(now) { () throws(FormatError) in _ = try writer.close(reason, at: at) }
  }

  /// Writes what is decided about typed keys (docs/format.md, section 1).
  private func keep(_ notes: [EchoMasker.Note], _ now: Instant) throws(FormatError) {
    for entry in InputEntry.entries(for: notes, at: microseconds(now)) {
      switch entry {
      case .input(let bytes): try append(.input, bytes, now)
      case .state(let name, let details): try state(name, details, now: now)
      }
    }
  }

  private func microseconds(_ now: Instant) -> Int64 { max(0, now.microseconds(since: started)) }

  private func append(_ code: Event.Code, _ bytes: [UInt8], _ now: Instant) throws(FormatError) {
    guard failure == nil, !isClosed else { return }
    guard goesOn(now) else {
      loss?.eventCount += 1
      loss?.byteCount += bytes.count
      return
    }
    let event = Event(microseconds: microseconds(now), code: code, bytes: bytes)
    try write(mask?.append(event) ?? [event], now)
  }

  private func write(_ events: [Event], _ now: Instant) throws(FormatError) {
    try attempt(now) { () throws(FormatError) in
      for event in events { try writer.append(event) }
    }
  }

  private func attempt(_ now: Instant, _ body: () throws(FormatError) -> Void) throws(FormatError) {
    do throws(FormatError) {
      try body()
    } catch {
      if failPolicy == .strict {
        failure = error
        throw error
      }
      loss = Loss(since: microseconds(now), cause: "\(error)", triedAt: now)
      warning = "this session is not recorded from here on, \(path.printable): \(error)"
    }
  }

  /// Whether events are taken: nothing has failed, or what failed has worked now.
  private func goesOn(_ now: Instant) -> Bool {
    guard let lost = loss else { return true }
    guard now.microseconds(since: lost.triedAt) >= Self.retryInterval else { return false }
    loss?.triedAt = now
    do throws(FormatError) {
      try writer.retry()
      let range = lost.since...max(lost.since, microseconds(now))
      let details = [
        JSON.Member("events", JSON(lost.eventCount)), JSON.Member("bytes", JSON(lost.byteCount)),
      ]
      try writer.append(.gap(range, cause: lost.cause, details))
    } catch {
      return false  // told when it began
    }
    loss = nil
    warning = "this session is recorded again, with a gap that the recording tells of"
    return true
  }
}
