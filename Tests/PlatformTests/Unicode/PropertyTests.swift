import Platform
import Testing

@Suite("Properties of code points")
struct PropertyTests {
  @Test(
    "known members and others",
    arguments: [
      ("L", 0x41, true), ("L", 0x31, false), ("Lu", 0x41, true), ("Lu", 0x61, false),
      ("lowercase_letter", 0xDF, true),
      ("gc=Nd", 0x0663, true), ("Nd", 0x2160, false), ("N", 0x2160, true), ("P", 0x21, true),
      ("Sc", 0x20AC, true),
      ("Greek", 0x3B1, true), ("grek", 0x3B1, true), ("Script=Greek", 0x41, false), ("sc=Han", 0x4E00, true),
      ("Cyrillic", 0x416, true), ("Latin", 0xE9, true), ("Common", 0x20, true), ("Inherited", 0x301, true),
      ("Alphabetic", 0x345, true), ("White_Space", 0x85, true), ("whitespace", 0x200B, false),
      ("space", 0x20, true),
      ("Join_Control", 0x200D, true), ("Any", 0x10FFFF, true), ("ASCII", 0x80, false),
      ("Assigned", 0x378, false),
      ("Cn", 0x378, true), ("Co", 0xE000, true), ("Cs", 0xD800, true), ("Emoji_Presentation", 0x1F600, true),
    ] as [(String, UInt32, Bool)])
  func members(name: String, scalar: UInt32, isMember: Bool) throws {
    let ranges = try #require(PropertyName.ranges(name))
    #expect(ranges.contains { $0.contains(scalar) } == isMember)
  }

  @Test(
    "what is no property's name", arguments: ["", "Klingon", "Q", "sc=", "gc=Greek", "age=3.0", "L=u", "LuX"])
  func unknown(name: String) {
    #expect(PropertyName.ranges(name) == nil)
  }

  @Test(
    "ranges are in order and apart",
    arguments: ["L", "C", "Han", "Common", "Alphabetic", "Assigned", "Emoji"])
  func order(name: String) throws {
    let ranges = try #require(PropertyName.ranges(name))
    #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound + 1 < $1.lowerBound })
  }

  @Test(
    "categories, scripts and properties agree with the database", .enabled(if: UnicodeDatabase.isInstalled))
  func database() throws {
    func check(_ file: String, _ ranges: (String) -> [ClosedRange<UInt32>]?) throws {
      var members: [String: [UInt32]] = [:]
      try UnicodeDatabase.forEach(file) { members[$1, default: []].append($0) }
      for (name, scalars) in members {
        guard let ranges = ranges(name) else { continue }
        #expect(ranges.flatMap { Array($0) } == scalars.sorted(), "\(name)")
      }
    }
    try check("extracted/DerivedGeneralCategory.txt") { PropertyName.ranges("gc=" + $0) }
    try check("Scripts.txt") { name in PropertyName.ranges("sc=" + name) }
    for file in ["PropList.txt", "DerivedCoreProperties.txt", "emoji/emoji-data.txt"] {
      try check(file) { name in BinaryProperty(rawValue: name)?.ranges }
    }
  }

  @Test("case folds as in the database, and back", .enabled(if: UnicodeDatabase.isInstalled))
  func folding() throws {
    var expected: [UInt32: UInt32] = [:]
    for line in try UnicodeDatabase.lines("CaseFolding.txt") where !line.hasPrefix("#") {
      let fields = line.split(separator: ";").map { $0.filter { $0 != " " } }
      guard fields.count > 2, fields[1] == "C" || fields[1] == "S", let from = UInt32(fields[0], radix: 16)
      else { continue }
      expected[from] = UInt32(fields[2], radix: 16)
    }
    #expect(expected.count > 1400)
    let wrong = (0..<0x20000 as Range<UInt32>).filter { CaseFolding.fold($0) != expected[$0] ?? $0 }
    #expect(wrong.isEmpty, "\(wrong.prefix(20))")
  }

  @Test(
    "who folds alike",
    arguments: [
      (0x6B, [0x4B, 0x212A]), (0x4B, [0x6B, 0x212A]), (0x212A, [0x4B, 0x6B]), (0x31, []),
      (0x73, [0x53, 0x17F]),
      (0x3C3, [0x3A3, 0x3C2]), (0x1C4, [0x1C5, 0x1C6]), (0xDF, [0x1E9E]), (0x410, [0x430]),
    ] as [(UInt32, [UInt32])])
  func orbits(scalar: UInt32, others: [UInt32]) {
    #expect(CaseFolding.equivalents(of: scalar) == others)
  }

  @Test(
    "a single code point's category",
    arguments: [
      (0x41, .uppercaseLetter), (0x378, .unassigned), (0x10FFFF, .unassigned), (0x200D, .format),
    ] as [(UInt32, GeneralCategory)])
  func category(scalar: UInt32, category: GeneralCategory) {
    #expect(GeneralCategory(of: scalar) == category)
  }
}
