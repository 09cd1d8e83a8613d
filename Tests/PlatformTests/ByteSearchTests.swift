import Platform
import Testing

@Suite struct ByteSearchTests {
  @Test func countsABytesOccurrencesInAnyRange() {
    let bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 * $0 % 7 == 3 ? 0x0A : $0 * 37) }
    for lower in 0..<24 {
      for upper in lower...60 {
        for byte: UInt8 in [0x0A, 0x0B, 0x00, 0x8A, 0xFF] {
          let expected = bytes[lower..<upper].count { $0 == byte }
          if ByteSearch.count(of: byte, in: bytes, lower..<upper) != expected {
            Issue.record("\(byte) in \(lower)..<\(upper)")
          }
        }
      }
    }
    #expect(ByteSearch.count(of: 0, in: [], 0..<0) == 0)
  }

  @Test func tellsWhetherBytesStandAtAPlace() {
    let bytes = Array("one two".utf8)
    let table: [(needle: String, offset: Int, stands: Bool)] = [
      ("one", 0, true), ("two", 4, true), ("two", 3, false), ("two", 5, false), ("", 7, true), ("", 8, false),
      ("one two", 0, true), ("one two ", 0, false), ("one", -1, false),
    ]
    for (needle, offset, stands) in table {
      #expect(
        ByteSearch.occurs(Array(needle.utf8), in: bytes, at: offset) == stands, "\(needle) at \(offset)")
    }
    #expect(ByteSearch.begins(bytes, with: []) && !ByteSearch.begins([], with: bytes))
  }
}
