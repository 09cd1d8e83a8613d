/// Finds the end of a finished recording from its last bytes: one read, or two where the table is long.
enum EndLocator {
  /// The end, and where the members are.
  struct Located {
    var end: Seal.End
    /// nil where the table does not fit the file.
    var table: MemberTable?
  }

  private static let tailByteCount = 16 << 10

  /// nil where the file has no end, or is no file.
  static func locate(_ window: InputWindow) throws(FormatError) -> Located? {
    guard let size = window.size else { return nil }
    let tailOffset = max(0, size - Int64(tailByteCount))
    let tail = try window.peek(at: tailOffset, count: tailByteCount)
    guard tail.suffix(GzipTrailer.emptyBody.count).elementsEqual(GzipTrailer.emptyBody) else { return nil }
    var index = tail.count - GzipTrailer.emptyBody.count - 16
    while index >= 0 {
      if tail[index] == 0x1F, let end = end(in: tail, at: index) {
        return try Located(end: end, table: table(of: end, endingAt: tailOffset + Int64(index), window))
      }
      index -= 1
    }
    return nil
  }

  private static func end(in tail: [UInt8], at index: Int) -> Seal.End? {
    // What does not parse is no end: the search goes on before it.
    guard let header = try? GzipHeader(parsing: tail, at: index), header.isCanonical,
      index + header.byteCount + GzipTrailer.emptyBody.count == tail.count,
      let bytes = header.seal, let seal = try? Seal.parse(bytes).seal, case .end(let end) = seal.contents
    else { return nil }
    return end
  }

  private static func table(
    of end: Seal.End, endingAt offset: Int64, _ window: InputWindow
  ) throws(FormatError) -> MemberTable? {
    var table = MemberTable(entries: end.entries)
    let membersEnd = offset - end.tableByteCount
    if end.tableByteCount > 0 {
      guard end.tableByteCount <= min(offset, Int64(MemberTable.byteLimit)) else { return nil }
      let bytes = try window.peek(at: membersEnd, count: Int(end.tableByteCount))
      guard let entries = entries(bytes) else { return nil }
      table.entries = entries
    } else if end.memberCount == 1 {
      table.entries = [
        MemberTable.Entry(
          byteCount: Int(clamping: offset), microseconds: 0, textByteCount: 0, eventCount: end.eventCount,
          outputByteCount: end.outputByteCount)
      ]
    }
    guard table.entries.count == end.memberCount, table.fits(membersEndAt: membersEnd) else { return nil }
    return table
  }

  /// The entries of table members that follow each other.
  private static func entries(_ bytes: [UInt8]) -> [MemberTable.Entry]? {
    var entries: [MemberTable.Entry] = []
    var index = 0
    while index < bytes.count {
      guard let header = try? GzipHeader(parsing: bytes, at: index), let seal = header.seal,
        let parsed = try? Seal.parse(seal).seal, case .table(let part) = parsed.contents
      else { return nil }  // whatever the cause, this is no table
      entries += part.entries
      index += header.byteCount + GzipTrailer.emptyBody.count
    }
    return index == bytes.count ? entries : nil
  }
}
