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

  private var encoder: LineEncoder
  private var governor: LevelGovernor
  private let compressor = MemberCompressor()
  /// Terminal size now.
  private var size: WindowSize
  private var open: OpenMember?
  private var table = MemberTable()
  private var eventCount = 0
  private var outputByteCount: Int64 = 0
  /// Time of the last event.
  private var microseconds: Int64 = 0
  private var synchronizedAt: Int64 = 0
  /// Bytes in whole members.
  private(set) var sealedByteCount: Int64 = 0
  private var chain = Seal.zeroChain
  private var lastMember: [UInt8] = []
  private var isClosing = false
  private(set) var isClosed = false
  /// Members with events that are finished.
  var sealedMemberCount: Int { table.entries.count }
  private let limits: Limits
  private var nextCheck: Int
  private(set) var steps: [FileStep] = []

  init(
    header: Header, recording: RecordingID, started: Timestamp, options: RecordingWriter.Options,
    limits: Limits = Limits()
  ) {
    self.limits = limits
    nextCheck = limits.textTarget
    self.recording = recording
    self.started = max(0, started.microseconds)
    self.options = options
    encoder = LineEncoder(.v3, precision: options.precision)
    governor = LevelGovernor(isUnlimited: options.compressesFully)
    size = header.size
    let seal = Seal(contents: .first(Seal.First(recording: recording, started: self.started, size: size)))
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
  private mutating func extendChain(with seal: inout Seal) {
    let hash = SHA256()
    hash.update(chain)
    hash.update(lastMember)
    hash.update(seal.fields)
    chain = hash.finish()
    seal.chain = chain
  }

  /// Writes the text that waits, so that a reader or a crash sees it.
  private mutating func flushOpenMember() {
    guard open != nil else { return }
    let waiting = open!.text.count - open!.flushedTextCount
    steps.append(.append(open!.flush(level: governor.level(for: waiting))))  // checked above
  }

  /// Closes a member whose text is long, unless it compresses so well that a new member would cost too much.
  private mutating func closeIfLargeEnough(mayRewrite: () -> Bool) {
    guard let member = open else { return }
    let mayGoOn = member.text.count < limits.textLimit
    if !member.isFlushed {
      let (deflated, isBest) = compact(member.text)
      if mayGoOn, isBest, deflated.count < limits.compressedFloor {
        nextCheck = min(limits.textLimit, nextCheck * 2)
      } else {
        open = nil
        appendWhole(member, deflated)
      }
      return
    }
    if member.flushedTextCount < member.text.count / 2 { flushOpenMember() }
    if mayGoOn, open?.estimatedByteCount ?? 0 < limits.compressedFloor {
      nextCheck = min(limits.textLimit, nextCheck * 2)
    } else {
      closeMember(mayRewrite: mayRewrite)
    }
  }

  private mutating func closeMember(mayRewrite: () -> Bool) {
    guard var member = open else { return }
    open = nil
    if !member.isFlushed {
      appendWhole(member, compact(member.text).deflated)
      return
    }
    if member.waitsSince != nil {
      let waiting = member.text.count - member.flushedTextCount
      steps.append(.append(member.flush(level: governor.level(for: waiting))))
    }
    rewrite(&member, mayRewrite: mayRewrite)
    synchronizeNowAndThen()
  }

  /// Writes a member of which nothing is on the disk yet.
  private mutating func appendWhole(_ member: OpenMember, _ deflated: [UInt8]) {
    let bytes = member.encoded(deflated)
    steps.append(.append(bytes))
    finish(member, bytes: bytes)
    synchronizeNowAndThen()
  }

  private mutating func synchronizeNowAndThen() {
    guard options.flushInterval < .max, microseconds - synchronizedAt >= Self.synchronizeInterval else {
      return
    }
    synchronizedAt = microseconds
    steps.append(.synchronize)
  }

  /// Replaces a member that was flushed in between by its compact form, or ends its stream as it is.
  private mutating func rewrite(_ member: inout OpenMember, mayRewrite: () -> Bool) {
    if governor.spend(member.text.count), mayRewrite() {
      let bytes = member.encoded(
        compressor.smallest(member.text, attempts: 1 + extraAttempts(member.text.count)))
      if bytes.count < member.fileByteCount {
        steps.append(.append(bytes))
        steps.append(.overwrite(bytes, at: sealedByteCount))
        steps.append(.synchronize)
        steps.append(.truncate(to: sealedByteCount + Int64(bytes.count)))
        synchronizedAt = microseconds
        finish(member, bytes: bytes)
        return
      }
    }
    steps.append(.append(member.finishStream()))
    finish(member, bytes: member.streamBytes)
  }

  /// A text as small as the governor allows, and whether that is as small as it gets.
  private mutating func compact(_ text: [UInt8]) -> (deflated: [UInt8], isBest: Bool) {
    let level = governor.level(for: text.count)
    if level < 9 { return (compressor.deflate(text, level: level), false) }
    return (compressor.smallest(text, attempts: 1 + extraAttempts(text.count)), true)
  }

  /// How many more settings there is time for.
  private mutating func extraAttempts(_ byteCount: Int) -> Int {
    // Later members of a long import repeat what won in the first ones.
    if options.compressesFully, table.entries.count > 1 { return 0 }
    var count = 0
    while count + 1 < MemberCompressor.settingCount,
      isClosing ? governor.spend(byteCount) : governor.spendSurplus(byteCount)
    {
      count += 1
    }
    return count
  }

  private mutating func finish(_ member: OpenMember, bytes: [UInt8]) {
    lastMember = bytes
    sealedByteCount += Int64(bytes.count)
    eventCount += member.eventCount
    outputByteCount += member.outputByteCount
    table.entries.append(
      MemberTable.Entry(
        byteCount: bytes.count, microseconds: member.microseconds, textByteCount: member.text.count,
        eventCount: member.eventCount, outputByteCount: member.outputByteCount))
  }

  // MARK: - The end

  private mutating func appendEnd(_ summary: RecordingSummary) {
    var tableByteCount: Int64 = 0
    if table.entries.count > MemberTable.entriesInEnd {
      for start in stride(from: 0, to: table.entries.count, by: MemberTable.entriesInMember) {
        let end = min(start + MemberTable.entriesInMember, table.entries.count)
        let entries = Array(table.entries[start..<end])
        tableByteCount += appendEmptyMember(.table(Seal.Table(entries: entries)))
      }
    }
    let isShort = table.entries.count > 1 && tableByteCount == 0
    let end = Seal.End(
      memberCount: table.entries.count, microseconds: summary.microseconds, eventCount: summary.eventCount,
      outputByteCount: summary.outputByteCount, reason: summary.reason,
      entries: isShort ? table.entries : [], tableByteCount: tableByteCount)
    _ = appendEmptyMember(.end(end))
  }

  private mutating func appendEmptyMember(_ contents: Seal.Contents) -> Int64 {
    var seal = Seal(contents: contents)
    extendChain(with: &seal)
    lastMember = GzipHeader.encode(seal: seal.encoded) + GzipTrailer.emptyBody
    sealedByteCount += Int64(lastMember.count)
    steps.append(.append(lastMember))
    return Int64(lastMember.count)
  }
}
