import Platform
import Testing

/// The public tables of RE2 and of AT&T's testregex, as Go's source has them (Debian's golang-1.19-src): what matches,
/// and where. Nothing of them is here; without the package these tests are skipped.
@Suite struct ForeignTablesTests {
  private static let folder = "/usr/share/go-1.19/src/regexp/testdata"
  static let isInstalled = File.exists(folder + "/re2-search.txt")
  /// RE2's exhaustive table, unpacked: 64 MB, which a release build goes through in 20 seconds.
  static let exhaustive = Environment.current["SSMCAST_RE2_EXHAUSTIVE"]
  private static let missing: Comment = "Debian's golang-1.19-src is not installed: RE2's tables are not run"

  /// What came of a table: cases as they should be, and those that are not ours to run, by why.
  private struct Count {
    var alike = 0
    var setAside: [String: Int] = [:]
  }

  private static func lines(_ path: String) throws -> [String] {
    // By bytes: to a String, a mark that combines with a line feed is part of it.
    try File.read(path, limit: 1 << 30).split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  // MARK: RE2

  @Test(.enabled(if: isInstalled, missing)) func matchesAsRE2DoesWherePatternsAreShared() throws {
    let count = try run(Self.folder + "/re2-search.txt")
    #expect(count.alike > 3000)
    // One byte, octal numbers and references back are RE2's, or nobody's who is linear.
    #expect(count.setAside.values.reduce(0, +) < 400, "\(count.setAside)")
  }

  @Test(.enabled(if: exhaustive != nil, "SSMCAST_RE2_EXHAUSTIVE names no unpacked re2-exhaustive.txt"))
  func matchesAsRE2DoesInAllOfItsExhaustiveTable() throws {
    let count = try run(Self.exhaustive ?? "")
    print("as there: \(count.alike); set aside: \(count.setAside)")
    #expect(count.alike > 1_000_000)
  }

  /// `strings`, texts in quotes, `regexps`, then each pattern and for each text a line of four results: of the whole
  /// text and of a part, by preference and by length, each `-` or the pairs of offsets.
  private func run(_ path: String) throws -> Count {
    var count = Count()
    var texts: [[UInt8]] = []
    var isInTexts = false
    var pattern = ""
    var machines: [Pattern] = []
    var next = 0
    for line in try Self.lines(path) {
      if line == "strings" {
        (texts, isInTexts) = ([], true)
      } else if line == "regexps" {
        isInTexts = false
      } else if line.utf8.first == UInt8(ascii: "\"") {
        let text = try #require(Self.unquoted(line))
        if isInTexts {
          texts.append(text)
          continue
        }
        pattern = String(decoding: text, as: UTF8.self)
        machines = Self.machines(pattern, &count, texts.count)
        next = 0
      } else if let first = line.utf8.first, first == 0x2D || (0x30...0x39).contains(first) {
        defer { next += 1 }
        guard !machines.isEmpty else { continue }
        // As ripgrep's, these are Unicode's here, where RE2's are ASCII's, for which a vertical tab is no space.
        if [#"\b"#, #"\w"#, #"\s"#].contains(where: pattern.lowercased().contains),
          texts[next].contains(where: { $0 >= 0x80 || $0 == 0x0B })
        {
          count.setAside["Unicode's classes", default: 0] += 1
          continue
        }
        let wanted = line.split(separator: ";")
        for (machine, result) in zip(machines, wanted) {
          let found = machine.firstMatch(in: texts[next])
          let shown = found.map { "\($0.lowerBound)-\($0.upperBound)" } ?? "-"
          let isAlike = result.split(separator: " ").first.map { $0 == shown } ?? false
          if isAlike { count.alike += 1 } else { Issue.record("\(pattern) in \(texts[next]): \(shown)") }
        }
      }
    }
    return count
  }

  /// The pattern for a whole text and for a part; none where it is not ours.
  private static func machines(_ pattern: String, _ count: inout Count, _ texts: Int) -> [Pattern] {
    do throws(PatternError) {
      // A line is a text here: ^ and $ stand for the ends of the text alone.
      return [
        try Pattern(parsing: #"(?-m)\A(?:\#(pattern))\z"#, options: PatternOptions()),
        try Pattern(parsing: "(?-m)" + pattern, options: PatternOptions()),
      ]
    } catch {
      count.setAside["\(error.cause)", default: 0] += texts
      return []
    }
  }

  /// A string as Go writes it; nil where it is none.
  private static func unquoted(_ line: String) -> [UInt8]? {
    let bytes = Array(line.utf8)
    guard bytes.count >= 2, bytes.last == UInt8(ascii: "\"") else { return nil }
    var result: [UInt8] = []
    var position = 1
    while position < bytes.count - 1 {
      guard bytes[position] == UInt8(ascii: "\\") else {
        result.append(bytes[position])
        position += 1
        continue
      }
      let escape = bytes[position + 1]
      let simple: [UInt8: UInt8] = [0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09, 0x66: 0x0C, 0x76: 0x0B, 0x61: 0x07]
      position += 2
      switch escape {
      case UInt8(ascii: "x"):
        guard let byte = UInt8(String(decoding: bytes[position..<position + 2], as: UTF8.self), radix: 16)
        else { return nil }
        result.append(byte)
        position += 2
      default: result.append(simple[escape] ?? escape)
      }
    }
    return result
  }

  // MARK: AT&T's testregex

  /// Matches begin where POSIX's do, and those by preference are never longer.
  @Test(.enabled(if: isInstalled, missing), arguments: ["basic.dat", "nullsubexpr.dat", "repetition.dat"])
  func matchesBeginWherePOSIXSaysTheyDo(_ name: String) throws {
    var pattern = ""
    var alike = 0
    var refused: [String] = []
    for line in try Self.lines(Self.folder + "/" + name) where !line.hasPrefix("NOTE") && !line.hasPrefix("#")
    {
      let fields = line.split(separator: "\t").map(String.init)
      guard fields.count >= 3 else { continue }
      if fields[1] != "SAME" { pattern = fields[1] }
      // Extended expressions, in the C locale, without the flags that ask for other syntax.
      guard fields[0].contains("E"), fields[0].allSatisfy({ "BE".contains($0) || $0.isNumber || $0 == ":" })
      else { continue }
      let text = fields[2] == "NULL" ? "" : fields[2]
      let result = fields.count > 3 ? fields[3] : "NOMATCH"
      guard let machine = try? Pattern(parsing: "(?-m)" + pattern, options: PatternOptions()) else {
        // What POSIX takes for an error (BADBR and the like) is one here, too.
        if !result.hasPrefix("BAD") { refused.append(pattern) }
        continue
      }
      let found = machine.firstMatch(in: Array(text.utf8))
      guard result.hasPrefix("(") else {
        #expect(found == nil, "\(pattern) in \(text)")
        continue
      }
      let ends = result.dropFirst().prefix { $0 != ")" }.split(separator: ",").compactMap { Int($0) }
      #expect(found?.lowerBound == ends.first, "\(pattern) in \(text)")
      #expect(found.map { $0.upperBound <= ends[1] } == true, "\(pattern) in \(text)")
      alike += 1
    }
    #expect(alike > 30 && refused.isEmpty, "\(refused)")
  }
}
