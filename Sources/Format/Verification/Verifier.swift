public import Platform

// Bounds: a member is at most 9 MiB, a repeated or missing number adds one line to the verdict (1,000 at a time).

/// Walks the members of a recording and checks what their seals say, without reading its events.
///
/// A finished file is walked by its table, at the speed of the hash; others are inflated to find their members' ends.
public struct Verifier {
  private var reader: MemberReader
  private let window: InputWindow
  private let keys: [VerificationKey]
  /// Lengths of the members with events, where a table tells.
  private let lengths: [Int]
  private var result: Verification
  private var expectedNumber = 0
  /// Chain value of the member before and its bytes, ready for the fields of the next seal.
  private var chain: SHA256? = Verifier.newChain
  private var previousByteCount: Int64 = 0
  private var publicKey: VerificationKey?
  /// The last seal that a signature should cover, up to the first problem.
  private var lastSigned: (signature: [UInt8]?, message: [UInt8])?
  private var hasEnd = false
  private var isUnbroken = true

  private static var newChain: SHA256 {
    let hash = SHA256()
    hash.update(Seal.zeroChain)
    return hash
  }

  /// Checks a file.
  /// - Parameters:
  ///   - path: the file.
  ///   - keys: those that may have signed it; none: any.
  /// - Returns: nil where the file has no seals at all.
  public static func verify(path: String, keys: [VerificationKey]) throws(FormatError) -> Verification? {
    try verify(try InputWindow(path: path), keys: keys)
  }

  /// Checks an open file or pipe.
  public static func verify(
    _ descriptor: consuming Descriptor, name: String, keys: [VerificationKey]
  ) throws(FormatError) -> Verification? {
    try verify(InputWindow(descriptor, name: name), keys: keys)
  }

  /// Checks bytes in memory.
  public static func verify(
    _ bytes: [UInt8], name: String, keys: [VerificationKey]
  ) throws(FormatError) -> Verification? {
    try verify(InputWindow(bytes, name: name), keys: keys)
  }

  static func verify(_ window: InputWindow, keys: [VerificationKey]) throws(FormatError) -> Verification? {
    guard try window.fill(to: 1) else { throw .empty(name: window.name) }
    guard let recording = try RecordingOpening.firstRecording(window) else {
      return try withoutFirstSeal(window)
    }
    var verifier = try Verifier(window, recording, keys)
    try verifier.walk()
    return verifier.finished()
  }

  /// No member names a recording. An end that is there nonetheless belonged to one.
  private static func withoutFirstSeal(_ window: InputWindow) throws(FormatError) -> Verification? {
    guard let located = try EndLocator.locate(window), let size = window.size else { return nil }
    var result = Verification(recording: RecordingID(checked: [UInt8](repeating: 0, count: 16)))
    result.verdict = .altered
    result.byteCount = size
    result.summary = RecordingSummary(located.end)
    result.members = [
      Verification.Member(
        kind: .other, number: nil, offset: 0, byteCount: size, microseconds: nil, isSigned: false,
        verdict: .altered, cause: "the first member has no seal, though there is an end: it was altered")
    ]
    return result
  }

  private init(
    _ window: InputWindow, _ recording: RecordingID, _ keys: [VerificationKey]
  ) throws(FormatError) {
    self.window = window
    self.keys = keys
    reader = MemberReader(window: window, recording: recording)
    result = Verification(recording: recording)
    lengths = try EndLocator.locate(window)?.table?.entries.map(\.byteCount) ?? []
  }

  private mutating func walk() throws(FormatError) {
    while try window.fill(to: 1) {
      if hasEnd {
        let offset = window.offset
        try skipAll()
        add(.other, at: offset, count: window.offset - offset, .foreign, "bytes after the recording's end")
        return
      }
      guard let found = try reader.memberAtFront() else {
        try takeForeignBytes()
        continue
      }
      switch found.seal.contents {
      case .first, .events: try takeEvents(found)
      case .table: takeEmpty(found, .table)
      case .end(let end):
        takeEmpty(found, .end)
        finish(end)
      }
    }
    result.byteCount = window.offset
  }

  // MARK: - Members

  private mutating func takeEvents(_ found: FoundMember) throws(FormatError) {
    let number = found.number ?? 0
    let offset = window.offset
    if number > expectedNumber {
      for missing in expectedNumber..<min(number, expectedNumber + 1000) {
        add(.events, missing, at: offset, count: 0, .missing, "there is no such member in the file")
      }
      (chain, expectedNumber) = (nil, number)
    }
    let length = try length(of: found, number)
    let isRepeated = number < expectedNumber
    if !isRepeated { check(found, number) }
    guard let length else {
      // Not whole: the last of a recording without an end, or broken. The next seal tells where to go on.
      window.discard(1)
      let next = try reader.resynchronize()
      let isLast = next.map { $0.number == number } ?? true  // the compact form of the same member may follow
      add(
        .events, number, at: offset, count: window.offset - offset, isLast ? .unsealed : .altered,
        isLast ? "nothing seals it yet" : "it does not inflate to its end", found: found)
      (chain, expectedNumber) = (nil, max(expectedNumber, isLast ? number : number + 1))
      return
    }
    if isRepeated {
      window.discard(length)
      add(
        .events, number, at: offset, count: Int64(length), .foreign, "its number was there already",
        found: found)
      return
    }
    add(.events, number, at: offset, count: Int64(length), .intact, nil, found: found)
    take(length, found)
    expectedNumber = number + 1
  }

  /// Bytes of the member at the front; nil where it is not whole.
  private mutating func length(of found: FoundMember, _ number: Int) throws(FormatError) -> Int? {
    if number < lengths.count, lengths[number] <= MemberReader.byteLimit {
      return try window.fill(to: lengths[number]) ? lengths[number] : nil
    }
    let inflated = try reader.inflate(found.header)
    return inflated.outcome == .whole ? inflated.byteCount : nil
  }

  private mutating func takeEmpty(_ found: FoundMember, _ kind: Verification.Member.Kind) {
    let count = found.header.byteCount + GzipTrailer.emptyBody.count
    check(found, nil)
    let isExact = found.seal.excessByteCount == 0
    add(
      kind, nil, at: window.offset, count: Int64(count), isExact ? .intact : .altered,
      isExact ? nil : "its seal has \(found.seal.excessByteCount) bytes more than it should", found: found)
    take(count, found)
  }

  /// Checks the member's chain value, which seals the member before it, and what names the key.
  private mutating func check(_ found: FoundMember, _ number: Int?) {
    if case .first(let first) = found.seal.contents {
      publicKey = first.publicKey
      result.started = first.started > 0 ? Timestamp(microseconds: first.started) : nil
      lastSigned = (found.seal.signature, SHA256.hash(Seal.zeroChain + found.fields))
      return
    }
    guard let value = found.seal.chain else { return }
    let fits = chain.map { hash in
      hash.update(found.fields)
      return hash.finish() == value
    }
    var isRightLength = true
    if case .events(let events) = found.seal.contents, fits != nil {
      isRightLength = events.previousByteCount == previousByteCount
    }
    if fits == false || !isRightLength, let last = result.members.indices.last {
      isUnbroken = false
      result.members[last].verdict = .altered
      result.members[last].cause =
        "the chain value of the member after it does not fit: this member, or that seal, was altered"
    }
    if fits != nil, isUnbroken { lastSigned = (found.seal.signature, value) }
    result.chainValue = value
  }

  private mutating func take(_ count: Int, _ found: FoundMember) {
    let hash = chain ?? SHA256()
    if chain != nil { _ = hash.finish() }
    hash.update(found.seal.chain ?? Seal.zeroChain)
    hash.update(window.bytes[window.start..<window.start + count])
    chain = hash
    previousByteCount = Int64(count)
    window.discard(count)
  }

  private mutating func takeForeignBytes() throws(FormatError) {
    let offset = window.offset
    let kind = reader.strangeness()
    let next = try reader.resynchronize()
    let count = window.offset - offset
    if next == nil, kind == .cutOff {
      // A header that the file's end cuts off: what a killed writer leaves.
      add(.other, at: offset, count: count, .unsealed, "the beginning of a member, cut off")
    } else {
      add(.other, at: offset, count: count, .foreign, "these bytes are no member of this recording")
    }
    chain = nil
  }

  private func skipAll() throws(FormatError) {
    while try window.fill(to: 1) { window.discard(window.count) }
  }

  // MARK: - The verdict

  private mutating func finish(_ end: Seal.End) {
    hasEnd = true
    result.summary = RecordingSummary(end)
    let count = result.members.filter { $0.kind == .events && $0.verdict != .foreign }.count
    if end.memberCount != count {
      result.members[result.members.count - 1].verdict = .altered
      result.members[result.members.count - 1].cause =
        "the end tells of \(end.memberCount) members, \(count) were found"
    }
  }

  private mutating func finished() -> Verification {
    if !hasEnd { markTail() }
    let isClean = result.members.allSatisfy { $0.verdict == .intact || $0.verdict == .unsealed }
    result.verdict = !isClean ? .altered : hasEnd ? .intact : .unfinished
    if hasEnd, result.members.contains(where: { $0.verdict == .unsealed }) { result.verdict = .altered }
    result.signature = signature()
    return result
  }

  /// Without an end, nothing seals the last member, and a half-made copy of it may follow.
  private mutating func markTail() {
    guard let last = result.members.lastIndex(where: { $0.kind == .events && $0.verdict != .foreign }) else {
      return
    }
    let number = result.members[last].number
    for index in result.members.indices.suffix(from: last) {
      let isCopy = result.members[index].number == number || result.members[index].kind == .other
      guard index == last || isCopy, result.members[index].verdict != .altered else { continue }
      result.members[index].verdict = .unsealed
      result.members[index].cause = "nothing seals it yet"
    }
  }

  private func signature() -> Verification.Signature {
    guard let publicKey else { return keys.isEmpty ? .none : .missing }
    guard let lastSigned, let signature = lastSigned.signature,
      publicKey.isSignature(signature, of: lastSigned.message)
    else { return .wrong(publicKey) }
    if keys.isEmpty { return .valid(publicKey) }
    return keys.contains(publicKey) ? .trusted(publicKey) : .untrusted(publicKey)
  }

  private mutating func add(
    _ kind: Verification.Member.Kind, _ number: Int? = nil, at offset: Int64, count: Int64,
    _ verdict: Verification.Member.Verdict, _ cause: String?, found: FoundMember? = nil
  ) {
    if verdict != .intact { isUnbroken = false }
    result.members.append(
      Verification.Member(
        kind: kind, number: number, offset: offset, byteCount: count, microseconds: found?.microseconds,
        isSigned: found?.seal.signature != nil, verdict: verdict, cause: cause))
  }
}
