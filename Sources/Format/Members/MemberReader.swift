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
}

/// Walks the members of a sealed recording in order, checks the chain, and finds its way again after damage.
///
/// Reads one member at a time into memory, so that a half-written form of a member can give way to a whole one.
struct MemberReader {
  let window: InputWindow
  /// Whose members these are; others are foreign.
  let recording: RecordingID
  /// The number the next member should have.
  private(set) var nextNumber = 0
  /// The end, once it has been read.
  private(set) var end: Seal.End?
  /// Chain value of the last member and, in the hash, its bytes; nil where they are unknown.
  private var chainSoFar: SHA256?
  /// SHA-256 of the last whole member, to know it again.
  private var lastDigest: [UInt8] = []
  /// Start of the last member, for time ranges.
  private var lastMicroseconds: Int64 = 0
  private var isDone = false
  /// A member that was looked at before it was asked for.
  private var waiting: MemberText?
  /// Bytes inflated so far, more than once where a member was tried again.
  private var inflatedByteCount: Int64 = 0

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

  // MARK: - Finding members

  struct Found {
    let header: GzipHeader
    let seal: Seal
    /// What the chain value covers of the seal.
    let fields: [UInt8]
    /// Its number, if it has events.
    let number: Int?
    /// Start of its events, or the recording's end; nil for tables.
    let microseconds: Int64?
    /// Terminal size at its start.
    let size: WindowSize

    init(_ header: GzipHeader, _ seal: Seal, fields: [UInt8]) {
      self.header = header
      self.seal = seal
      self.fields = fields
      number = seal.identity?.number
      switch seal.contents {
      case .first(let first): (microseconds, size) = (0, first.size)
      case .events(let events): (microseconds, size) = (events.microseconds, events.size)
      case .end(let end): (microseconds, size) = (end.microseconds, WindowSize(columns: 0, rows: 0))
      case .table: (microseconds, size) = (nil, WindowSize(columns: 0, rows: 0))
      }
    }
  }

  /// The member of this recording at the front of the window; nil where there is none.
  private func memberAtFront() throws(FormatError) -> Found? {
    try window.fill(to: 18)
    while true {
      do throws(GzipHeader.Problem) {
        let header = try GzipHeader(parsing: window.bytes, at: window.start)
        return try found(header)
      } catch {
        // A header may be as long as its extra field: read on as long as there is something to read.
        if error == .notGzip || window.isAtEnd { return nil }
      }
      try window.fill(to: window.count + 4096)
    }
  }

  private func found(_ header: GzipHeader) throws(GzipHeader.Problem) -> Found? {
    guard let bytes = header.seal, let (seal, fields) = Self.parsed(bytes) else { return nil }
    if let identity = seal.identity {
      return identity.recording == recording ? Found(header, seal, fields: fields) : nil
    }
    let body = window.bytes[(window.start + header.byteCount)...].prefix(GzipTrailer.emptyBody.count)
    guard header.isCanonical else { return nil }
    if body.count < GzipTrailer.emptyBody.count, !window.isAtEnd { throw .cutOff }
    guard body.elementsEqual(GzipTrailer.emptyBody) else { return nil }
    return Found(header, seal, fields: fields)
  }

  private static func parsed(_ bytes: [UInt8]) -> (seal: Seal, fields: [UInt8])? {
    do throws(Seal.Problem) { return try Seal.parse(bytes) } catch { return nil }
  }

  /// Goes to the next place where a member of this recording begins, or to the end of the source.
  private func resynchronize() throws(FormatError) -> Found? {
    while try window.fill(to: 1) {
      guard
        let index = ByteScanner.firstIndex(of: 0x1F, in: window.bytes, window.start..<window.bytes.count)
      else {
        window.discard(window.count)
        continue
      }
      window.discard(index - window.start)
      if let found = try memberAtFront() { return found }
      window.discard(1)
    }
    return nil
  }

  private enum Strangeness { case cutOff, foreign, damaged }

  /// What stands at the front of the window, where no member of this recording does.
  private func strangeness() -> Strangeness {
    do throws(GzipHeader.Problem) {
      let header = try GzipHeader(parsing: window.bytes, at: window.start)
      guard let seal = header.seal, let parsed = Self.parsed(seal), parsed.seal.identity == nil else {
        return .foreign
      }
      return window.count < header.byteCount + GzipTrailer.emptyBody.count ? .cutOff : .damaged
    } catch {
      return error == .cutOff ? .cutOff : .damaged
    }
  }

  /// Reports bytes that are no member and goes to the next one.
  private mutating func skipToMember(_ log: inout FindingLog) throws(FormatError) {
    let offset = window.offset
    let kind = strangeness()
    let found = try resynchronize()
    let length = window.offset - offset
    chainSoFar = nil
    guard let found else {
      if kind == .cutOff { return }  // the beginning of a member is what a killed writer leaves
      log.add(
        Finding(
          kind == .foreign ? .foreign : .trailingBytes, offset: offset,
          kind == .foreign
            ? "the \(length) bytes from here on belong to another recording; they were not read"
            : "the \(length) bytes from here on are no member of this recording; they were not read"))
      return
    }
    if let number = found.number, number < nextNumber { return }  // judged by takeEvents
    let start = found.microseconds
    let isLost = (found.number ?? nextNumber) > nextNumber
    log.add(
      Finding(
        kind == .foreign ? .foreign : .damaged, offset: offset, member: isLost ? nextNumber : nil,
        microseconds: lastMicroseconds...max(lastMicroseconds, start ?? lastMicroseconds),
        "\(length) bytes are no member of this recording"
          + (isLost ? "; the events of member \(nextNumber) are lost" : "")))
    if isLost { nextNumber += 1 }
  }

  // MARK: - Taking members

  /// Deflate makes at most 1,032 bytes of one. Only members laid into each other, again and again, exceed this.
  private var isOverBudget: Bool { inflatedByteCount > (window.offset + Int64(Self.byteLimit)) * 1100 }

  private mutating func takeEvents(_ found: Found, _ log: inout FindingLog) throws(FormatError) -> MemberText?
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

  private mutating func accept(_ found: Found, _ inflated: InflatedMember, _ number: Int) -> MemberText {
    takeBytes(inflated.byteCount, found)
    nextNumber = number + 1
    lastMicroseconds = found.microseconds ?? lastMicroseconds
    return text(found, inflated.text, number)
  }

  private func text(_ found: Found, _ text: [UInt8], _ number: Int) -> MemberText {
    var text = text
    if text.last != 0x0A { text.removeSubrange(((text.lastIndex(of: 0x0A) ?? -1) + 1)...) }
    return MemberText(
      number: number, isWhole: true, text: text, microseconds: found.microseconds ?? 0, latest: nil,
      size: found.size)
  }

  /// A member that is not whole: the same member may stand whole behind it; else what is left of it is taken.
  private mutating func recover(
    _ found: Found, _ inflated: InflatedMember, _ number: Int, _ offset: Int64, _ log: inout FindingLog
  ) throws(FormatError) -> MemberText? {
    var best = inflated
    window.discard(1)
    var next = try resynchronize()
    while let again = next, again.number == number, !isOverBudget {
      let second = try inflate(again.header)
      inflatedByteCount += Int64(second.text.count)
      if second.outcome == .whole {
        checkChain(again, &log)
        return accept(again, second, number)
      }
      if second.text.count > best.text.count { best.text = second.text }
      window.discard(1)
      next = try resynchronize()
    }
    nextNumber = number + 1
    chainSoFar = nil
    lastDigest = []
    lastMicroseconds = found.microseconds ?? lastMicroseconds
    var result = text(found, best.text, number)
    result.isWhole = false
    let nextStart = next?.microseconds
    if let nextStart { result.latest = max(nextStart, result.microseconds) }
    if next == nil, inflated.outcome == .cutOff || inflated.outcome == .beingRewritten { return result }
    log.add(
      Finding(
        inflated.outcome == .overLimit ? .overLimit : .damaged, offset: offset, member: number,
        microseconds: result.microseconds...(result.latest ?? result.microseconds),
        Self.words(inflated.outcome)))
    return result
  }

  private static func words(_ outcome: InflatedMember.Outcome) -> String {
    switch outcome {
    case .wrongChecksum: "the member's checksum is wrong: something in it was changed; its text may be wrong"
    case .overLimit: "the member is larger than \(textLimit) bytes; the rest of it was not read"
    case .cutOff, .beingRewritten: "the member is not finished; its events up to the break were read"
    case .whole, .damaged: "the member is damaged; its events up to the damage were read and may be wrong"
    }
  }

  /// A number that was there already: the copy a killed rewriting leaves, or something put in.
  private mutating func skipRepeated(
    _ found: Found, _ inflated: InflatedMember, _ number: Int, _ log: inout FindingLog
  ) throws(FormatError) {
    let offset = window.offset
    let bytes = window.bytes[window.start..<window.start + inflated.byteCount]
    let hash = SHA256()
    hash.update(bytes)
    let isCopy =
      number == nextNumber - 1
      && (inflated.outcome == .whole && hash.finish() == lastDigest || inflated.outcome == .cutOff)
    if !isCopy {
      log.add(
        Finding(
          .foreign, offset: offset, member: number,
          "member \(number) stands here again with other contents; it was not read"))
    }
    window.discard(max(1, inflated.byteCount))
    chainSoFar = nil
  }

  private mutating func reportMissing(
    upTo number: Int, before found: Found, _ offset: Int64, _ log: inout FindingLog
  ) {
    let start = found.microseconds ?? lastMicroseconds
    log.add(
      Finding(
        .missing, offset: offset, member: nextNumber,
        microseconds: lastMicroseconds...max(lastMicroseconds, start),
        number - nextNumber == 1
          ? "member \(nextNumber) is missing" : "members \(nextNumber) to \(number - 1) are missing"))
    chainSoFar = nil
    nextNumber = number
  }

  // MARK: - The chain and the end

  /// Compares the member's chain value with what was read; afterwards the member's own value counts.
  private func checkChain(_ found: Found, _ log: inout FindingLog) {
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
  private mutating func takeBytes(_ count: Int, _ found: Found) {
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
