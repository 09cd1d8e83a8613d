import Platform

extension MemberReader {
  /// A member that is not whole: the same member may stand whole behind it; else what is left of it is taken.
  mutating func recover(
    _ found: FoundMember, _ inflated: InflatedMember, _ number: Int, _ offset: Int64, _ log: inout FindingLog
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
    (result.isWhole, result.offset) = (false, offset)
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
  mutating func skipRepeated(
    _ found: FoundMember, _ inflated: InflatedMember, _ number: Int, _ log: inout FindingLog
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
    if !isCopy { chainSoFar = nil }  // a copy must not keep the member before from being checked
  }

  mutating func reportMissing(
    upTo number: Int, before found: FoundMember, _ offset: Int64, _ log: inout FindingLog
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

  /// Reports bytes that are no member and goes to the next one.
  mutating func skipToMember(_ log: inout FindingLog) throws(FormatError) {
    let offset = window.offset
    let kind = strangeness()
    let found = try resynchronize()
    let length = window.offset - offset
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
    chainSoFar = nil
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
}
