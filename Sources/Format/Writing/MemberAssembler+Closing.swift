extension MemberAssembler {
  /// Writes the text that waits, so that a reader or a crash sees it.
  mutating func flushOpenMember() {
    guard open != nil else { return }
    let waiting = open!.text.count - open!.flushedTextCount
    steps.append(.append(open!.flush(level: governor.level(for: waiting))))  // checked above
  }

  /// Closes a member whose text is long, unless it compresses so well that a new member would cost too much.
  mutating func closeIfLargeEnough(mayRewrite: () -> Bool) {
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

  mutating func closeMember(mayRewrite: () -> Bool) {
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
}
