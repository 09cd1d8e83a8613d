import Platform

/// The text of one member, and how far it can be trusted.
struct MemberText {
  var number: Int
  /// Whether its bytes fit its checksum; else what is in it may be wrong from some point on.
  var isWhole: Bool
  /// Whole lines; of a damaged member those before the damage.
  var text: [UInt8]
  /// What the first interval is counted from.
  var microseconds: Int64
  /// No event of it can be later: the start of the next member, where it is known and this one is damaged.
  var latest: Int64?
  /// Terminal size at its start.
  var size: WindowSize
  /// Where in the source it begins.
  var offset: Int64 = 0
}

/// Walks the members of a sealed recording in order, checks the chain, and finds its way again after damage.
///
/// Reads one member at a time into memory, so that a half-written form of a member can give way to a whole one.
struct MemberReader {
  let window: InputWindow
  /// Whose members these are; others are foreign.
  let recording: RecordingID
  /// The number the next member should have.
  var nextNumber = 0
  /// The end, once it has been read.
  private(set) var end: Seal.End?
  /// Chain value of the last member and, in the hash, its bytes; nil where they are unknown.
  var chainSoFar: SHA256?
  /// SHA-256 of the last whole member, to know it again.
  var lastDigest: [UInt8] = []
  /// Start of the last member, for time ranges.
  var lastMicroseconds: Int64 = 0
  private var isDone = false
  /// A member that was looked at before it was asked for.
  private var waiting: MemberText?
  /// Bytes inflated so far, more than once where a member was tried again.
  var inflatedByteCount: Int64 = 0

  init(window: InputWindow, recording: RecordingID) {
    self.window = window
    self.recording = recording
    chainSoFar = Self.newChain
  }

  private static var newChain: SHA256 {
    let hash = SHA256()
    hash.update(Seal.zeroChain)
    return hash
  }

  /// Starts again at the member `number`, which begins at `offset`.
  mutating func jump(toMember number: Int, at offset: Int64) {
    window.jump(to: offset)
    nextNumber = number
    waiting = nil
    end = nil
    isDone = false
    lastDigest = []
    chainSoFar = number == 0 ? Self.newChain : nil
  }

  /// Reads the next member without taking it.
  mutating func peek(_ log: inout FindingLog) throws(FormatError) -> MemberText? {
    if waiting == nil { waiting = try next(&log) }
    return waiting
  }

  /// The next member with events; nil at the end.
  mutating func next(_ log: inout FindingLog) throws(FormatError) -> MemberText? {
    if let text = waiting {
      waiting = nil
      return text
    }
    while !isDone {
      guard try window.fill(to: 1) else {
        finishUnfinished(&log)
        return nil
      }
      guard let found = try memberAtFront() else {
        try skipToMember(&log)
        continue
      }
      switch found.seal.contents {
      case .first, .events:
        if let text = try takeEvents(found, &log) { return text }
      case .table:
        checkChain(found, &log)
        takeBytes(found.header.byteCount + GzipTrailer.emptyBody.count, found)
      case .end(let end):
        checkChain(found, &log)
        takeBytes(found.header.byteCount + GzipTrailer.emptyBody.count, found)
        try finish(end, &log)
      }
    }
    return nil
  }

  // MARK: - Taking members

  /// Deflate makes at most 1,032 bytes of one. Only members laid into each other, again and again, exceed this.
  var isOverBudget: Bool { inflatedByteCount > (window.offset + Int64(Self.byteLimit)) * 1100 }

  private mutating func takeEvents(_ found: FoundMember, _ log: inout FindingLog) throws(FormatError)
    -> MemberText?
  {
    guard let number = found.number else { return nil }
    let offset = window.offset
    let inflated = try inflate(found.header)
    inflatedByteCount += Int64(inflated.text.count)
    if isOverBudget {
      isDone = true
      log.add(
        Finding(.overLimit, offset: offset, "the file inflates to more than any recording; reading stopped"))
      return nil
    }
    if number < nextNumber {
      try skipRepeated(found, inflated, number, &log)
      return nil
    }
    if number > nextNumber { reportMissing(upTo: number, before: found, offset, &log) }
    if inflated.outcome == .whole {
      checkChain(found, &log)
      return accept(found, inflated, number)
    }
    return try recover(found, inflated, number, offset, &log)
  }

  mutating func accept(_ found: FoundMember, _ inflated: InflatedMember, _ number: Int) -> MemberText {
    let offset = window.offset
    takeBytes(inflated.byteCount, found)
    nextNumber = number + 1
    lastMicroseconds = found.microseconds ?? lastMicroseconds
    var result = text(found, inflated.text, number)
    result.offset = offset
    return result
  }

  func text(_ found: FoundMember, _ text: [UInt8], _ number: Int) -> MemberText {
    var text = text
    if text.last != 0x0A { text.removeSubrange(((text.lastIndex(of: 0x0A) ?? -1) + 1)...) }
    return MemberText(
      number: number, isWhole: true, text: text, microseconds: found.microseconds ?? 0, latest: nil,
      size: found.size)
  }

  // MARK: - The chain and the end

  /// Compares the member's chain value with what was read; afterwards the member's own value counts.
  func checkChain(_ found: FoundMember, _ log: inout FindingLog) {
    guard let chain = found.seal.chain, let chainSoFar else { return }
    chainSoFar.update(found.fields)
    if chainSoFar.finish() == chain { return }
    log.add(
      Finding(
        .altered, offset: window.offset, member: max(0, nextNumber - 1),
        microseconds: lastMicroseconds...max(lastMicroseconds, found.microseconds ?? lastMicroseconds),
        "the chain value here does not fit the member before: one of the two was altered"))
  }

  /// Takes a whole member away and goes on with the chain over its bytes.
  mutating func takeBytes(_ count: Int, _ found: FoundMember) {
    let bytes = window.bytes[window.start..<window.start + count]
    let digest = SHA256()
    digest.update(bytes)
    lastDigest = digest.finish()
    let hash = SHA256()
    hash.update(found.seal.chain ?? Seal.zeroChain)
    hash.update(bytes)
    chainSoFar = hash
    window.discard(count)
  }

  private mutating func finish(_ end: Seal.End, _ log: inout FindingLog) throws(FormatError) {
    self.end = end
    isDone = true
    if end.memberCount > nextNumber {
      log.add(
        Finding(
          .missing, offset: window.offset, member: nextNumber,
          microseconds: lastMicroseconds...max(lastMicroseconds, end.microseconds),
          "the end tells of \(end.memberCount) members, \(nextNumber) were found"))
    } else if end.memberCount < nextNumber {
      log.add(
        Finding(
          .altered, offset: window.offset,
          "the end tells of \(end.memberCount) members, \(nextNumber) were found"
        ))
    }
    if try window.fill(to: 1) {
      log.add(Finding(.trailingBytes, offset: window.offset, "more bytes follow after the recording's end"))
    }
  }

  private mutating func finishUnfinished(_ log: inout FindingLog) {
    isDone = true
    log.add(
      Finding(
        .unfinished, offset: window.offset,
        "the recording has no end: its writer is still at work or was killed; all it had flushed was read"))
  }
}
