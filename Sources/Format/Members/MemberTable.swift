/// Where the members of a recording are: for each its length and what it holds, in order.
struct MemberTable: Equatable {
  /// One member with events.
  struct Entry: Equatable {
    /// Bytes in the file.
    var byteCount: Int
    /// Time of the last line before it: what its first interval is counted from.
    var microseconds: Int64
    /// Bytes of its text.
    var textByteCount: Int
    var eventCount: Int
    /// Bytes of output and standard error.
    var outputByteCount: Int64
  }

  var entries: [Entry] = []

  /// Entries that go into the end itself; a longer table gets members of its own.
  static let entriesInEnd = 64
  /// Entries in one table member: far below the 65,535 bytes an extra field may have.
  static let entriesInMember = 1500
  /// Bytes of table members a reader takes.
  static let byteLimit = 32 << 20

  /// Whether the entries describe a file whose members end at `byteCount`, in order of time.
  func fits(membersEndAt byteCount: Int64) -> Bool {
    var offset: Int64 = 0
    var microseconds: Int64 = 0
    for entry in entries {
      guard entry.byteCount > 18, entry.microseconds >= microseconds else { return false }
      let (next, isOver) = offset.addingReportingOverflow(Int64(entry.byteCount))
      if isOver { return false }
      offset = next
      microseconds = entry.microseconds
    }
    return offset == byteCount
  }

  /// The last member that begins at or before a time: its number and offset.
  func member(at microseconds: Int64) -> (number: Int, offset: Int64)? {
    var found: (number: Int, offset: Int64)?
    var offset: Int64 = 0
    for (number, entry) in entries.enumerated() {
      // A member whose base equals the time may have events of that very time in the member before.
      if number > 0, entry.microseconds >= microseconds { break }
      found = (number, offset)
      offset += Int64(entry.byteCount)
    }
    return found
  }
}
