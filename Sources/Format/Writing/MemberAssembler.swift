import Platform

/// Turns events into members: a machine without I/O that says what to do to the file.
///
/// The file is a sealed prefix that never changes and one open member at its end. The open member's text is
/// kept; what must be on the disk soon is written with sync flushes, which cost size, and when the member closes
/// it is written again without them, in steps a kill between which loses nothing (`docs/format.md`, section 6).
struct MemberAssembler {
  /// When members close. Tests take smaller ones.
  struct Limits {
    /// Text at which a member closes, if it has compressed to enough.
    var textTarget = 512 << 10
    /// Text at which it closes in any case.
    var textLimit = 4 << 20
    /// Compressed bytes below which a member stays open: a new one costs up to 850 bytes, 2 % of this.
    var compressedFloor = 48 << 10
    /// Text from which a pause closes a member.
    var idleTextFloor = 64 << 10
    /// The pause, in microseconds.
    var idleInterval: Int64 = 60_000_000
  }

  /// Longest event that is written as one: its line has at most 8 times as many bytes.
  static let pieceByteCount = 256 << 10
  /// Shortest time between two waits for the disk, in microseconds.
  static let synchronizeInterval: Int64 = 1_000_000

  let recording: RecordingID
  let started: Int64
  let options: RecordingWriter.Options
  private let signingKey: SigningKey?

  private var encoder: LineEncoder
  var governor: LevelGovernor
  let compressor = MemberCompressor()
  /// Terminal size now.
  private var size: WindowSize
  var open: OpenMember?
  var table = MemberTable()
  var eventCount = 0
  var outputByteCount: Int64 = 0
  /// Time of the last event.
  var microseconds: Int64 = 0
  var synchronizedAt: Int64 = 0
  /// Bytes in whole members.
  var sealedByteCount: Int64 = 0
  private var chain = Seal.zeroChain
  var lastMember: [UInt8] = []
  var isClosing = false
  private(set) var isClosed = false
  /// Members with events that are finished.
  var sealedMemberCount: Int { table.entries.count }
  let limits: Limits
  var nextCheck: Int
  var steps: [FileStep] = []

  init(
    header: Header, recording: RecordingID, started: Timestamp, options: RecordingWriter.Options,
    signingKey: SigningKey? = nil, limits: Limits = Limits()
  ) {
    self.limits = limits
    self.signingKey = signingKey
    nextCheck = limits.textTarget
    self.recording = recording
    self.started = max(0, started.microseconds)
    self.options = options
    encoder = LineEncoder(.v3, precision: options.precision)
    governor = LevelGovernor(isUnlimited: options.compressesFully)
    size = header.size
    var seal = Seal(
      contents: .first(
        Seal.First(
          recording: recording, started: self.started, size: size, publicKey: signingKey?.publicKey)))
    if let signingKey {
      seal.signature = Seal.noSignature
      seal.signature = signingKey.sign(SHA256.hash(Seal.zeroChain + seal.fields))
    }
    open = OpenMember(seal: seal, microseconds: 0)
    header.append(to: &open!.text)  // just made
    if options.flushInterval < .max { flushOpenMember() }
  }

  /// What to do to the file, each step given once.
  mutating func takeSteps() -> [FileStep] {
    if steps.isEmpty { return [] }
    defer { steps = [] }
    return steps
  }

  /// Adds an event; `mayRewrite` tells whether the file can be changed in place.
  ///
  /// A very long one is written as several of the same time, so that no member outgrows what readers take.
  mutating func append(_ event: Event, mayRewrite: () -> Bool) {
    if event.bytes.count <= Self.pieceByteCount { return appendPiece(event, mayRewrite: mayRewrite) }
    var start = 0
    while start < event.bytes.count {
      var end = min(start + Self.pieceByteCount, event.bytes.count)
      while end < event.bytes.count, end > start + 1, event.bytes[end] & 0xC0 == 0x80,
        end > start + Self.pieceByteCount - 4
      {
        end -= 1  // not within a character
      }
      appendPiece(
        Event(microseconds: event.microseconds, code: event.code, bytes: Array(event.bytes[start..<end])),
        mayRewrite: mayRewrite)
      start = end
    }
  }

  private mutating func appendPiece(_ event: Event, mayRewrite: () -> Bool) {
    microseconds = max(microseconds, min(event.microseconds, EventLine.maximumMicroseconds))
    governor.advance(to: microseconds)
    if open == nil { openMember() }
    let before = open!.text.count  // opened above
    if encoder.append(event, to: &open!.text) { open!.eventCount += 1 }
    if event.code == .output || event.code == .standardError {
      open!.outputByteCount += Int64(event.bytes.count)
    } else if event.code == .resize, let newSize = WindowSize(asciicast: event.bytes) {
      size = newSize
    }
    if open!.flushedTextCount == before { open!.waitsSince = microseconds }
    if open!.text.count >= nextCheck { closeIfLargeEnough(mayRewrite: mayRewrite) }
  }

  /// When `flush` should be called next.
  var flushDueAt: Int64? {
    guard let open, options.flushInterval < .max else { return nil }
    if let since = open.waitsSince { return since + options.flushInterval }
    return closesWhenIdle(open) ? microseconds + limits.idleInterval : nil
  }

  /// Writes what waits; closes a member that has been idle.
  mutating func flush(at now: Int64, mayRewrite: () -> Bool) {
    governor.advance(to: now)
    guard let member = open else { return }
    if member.waitsSince != nil { flushOpenMember() }
    if now - microseconds >= limits.idleInterval, let open, closesWhenIdle(open) {
      closeMember(mayRewrite: mayRewrite)
    }
  }

  /// Ends the recording.
  mutating func close(_ reason: EndReason, at now: Int64, mayRewrite: () -> Bool) -> RecordingSummary {
    let end = max(now, microseconds)
    isClosing = true  // nobody waits for the next event
    governor.advance(to: end)
    if !encoder.holdsNothing {
      if open == nil { openMember() }
      open!.eventCount += encoder.finish(at: end, to: &open!.text)  // opened above
    }
    if open != nil { closeMember(mayRewrite: mayRewrite) }
    // The last line's time may have been rounded up past the end.
    let summary = RecordingSummary(
      microseconds: max(end, encoder.time), eventCount: eventCount, outputByteCount: outputByteCount,
      memberCount: table.entries.count, reason: reason)
    appendEnd(summary)
    steps.append(.synchronize)
    isClosed = true
    return summary
  }

  // MARK: - The open member

  private func closesWhenIdle(_ member: OpenMember) -> Bool {
    member.text.count > limits.idleTextFloor && member.estimatedByteCount >= limits.compressedFloor
  }

  private mutating func openMember() {
    var seal = Seal(
      contents: .events(
        Seal.Events(
          recording: recording, number: table.entries.count, started: started, microseconds: encoder.time,
          size: size, previousByteCount: Int64(lastMember.count))))
    extendChain(with: &seal)
    open = OpenMember(seal: seal, microseconds: encoder.time)
    nextCheck = limits.textTarget
  }

  /// The chain goes on over the last member and the fields of the next.
  mutating func extendChain(with seal: inout Seal) {
    if signingKey != nil { seal.signature = Seal.noSignature }
    let hash = SHA256()
    hash.update(chain)
    hash.update(lastMember)
    hash.update(seal.fields)
    chain = hash.finish()
    seal.chain = chain
    if let signingKey { seal.signature = signingKey.sign(chain) }
  }
}
