extension MemberAssembler {
  mutating func appendEnd(_ summary: RecordingSummary) {
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
