import Format
import Platform
import Testing

@testable import Replay

@Suite struct PageTests {
  @Test func aPageEscapesAllItIsTold() {
    var page = Page(theme: nil)
    let evil = "</script><script>alert(1)</script><!--"
    var bytes = page.opening(title: evil)
    var terminal = TerminalScreen(columns: 60, rows: 2)
    terminal.feed(Array(evil.utf8))
    bytes += page.append(Canvas(terminal.screen), at: 0)
    var facts = Page.Facts()
    facts.markers = [.init(microseconds: 0, label: evil)]
    facts.commands = facts.markers
    facts.damage = facts.markers
    facts.keys = facts.markers
    facts.rows = [(evil, evil)]
    facts.verdict = evil
    bytes += page.closing(facts)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(!text.contains("alert(1)</script>") && !text.contains("<!--"))
    #expect(text.contains("default-src 'none'; script-src 'sha256-"))
    #expect(!PageLoader.text.contains("</"), "the script could end its own element")
    for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
      #expect(!PageScript.text.contains(forbidden) && !PageLoader.text.contains(forbidden))
    }
  }

  @Test func theDataOfAPageIsTheStyleTheControlsTheScriptThePicturesAndTheFacts() throws {
    var page = Page(theme: nil)
    var bytes = page.opening(title: "t")
    var terminal = TerminalScreen(columns: 60, rows: 2)
    terminal.feed(Array("hello".utf8))
    bytes += page.append(Canvas(terminal.screen), at: 0)
    var facts = Page.Facts()
    facts.markers = [.init(microseconds: 0, label: "a marker")]
    bytes += page.closing(facts)
    let parts = try parts(of: bytes)
    #expect(parts[0].starts(with: PageStyle.text.utf8))
    #expect(parts[1].elementsEqual(PageMarkup.text.utf8) && parts[2].elementsEqual(PageScript.text.utf8))
    let end = try #require(parts[3].lastIndex(of: 0xFF))
    #expect(parts[3][..<end].contains { $0 == UInt8(ascii: "h") })
    let meta = try JSON(parsing: Array(parts[3][(end + 1)...]))
    #expect(meta["markers"]?.array?.first?.array?.last?.string == "a marker")
  }

  @Test func markersAddedBesideTheRecordingAreChaptersInOrderOfTime() throws {
    let events = [
      Event.output(0, "a"), Event(microseconds: 4_000_000, code: .marker, text: "own"), .output(8, "b"),
    ]
    let folder = try TemporaryFolder()
    let path = try folder.record("a.cast.gz", events)
    var export = PictureExport(
      reader: try RecordingReader(path: path), part: .init(start: 1_000_000, end: nil), name: "a",
      idleLimit: nil)
    export.addedMarkers = [0, 2, 6].map { .init(microseconds: $0 * 1_000_000, label: "added \($0)") }
    var bytes: [UInt8] = []
    try export.html(path: path, verification: nil, zone: { _ in 0 }) { bytes += $0 }
    let data = try parts(of: bytes)[3]
    let end = try #require(data.lastIndex(of: 0xFF))
    let markers = try JSON(parsing: Array(data[(end + 1)...]))["markers"]?.array?.map {
      $0.array?.last?.string
    }
    #expect(markers == ["added 2", "own", "added 6"])
  }

  /// What is packed in a page: style, controls, script; pictures and facts.
  private func parts(of page: [UInt8]) throws -> [ArraySlice<UInt8>] {
    let lines = String(decoding: page, as: UTF8.self).split(separator: "\n")
    let data = try #require(lines.max { $0.utf8.count < $1.utf8.count })
    let packed = unpacked91(
      Array(
        data.utf8.dropFirst(#"<script type="text/plain" id="data">"#.utf8.count).dropLast(
          "</script>".utf8.count)))
    let stream = try #require(DeflateStream.expand(packed, limit: 1 << 20))
    return stream.split(separator: 0, maxSplits: 3, omittingEmptySubsequences: false)
  }

  /// Base91 as the loader reads it.
  private func unpacked91(_ text: [UInt8]) -> [UInt8] {
    var (bytes, bits, count): ([UInt8], Int, Int) = ([], 0, 0)
    let digits = text.map { (Int($0) + 31) % 92 } + [0]
    for index in stride(from: 0, to: text.count, by: 2) {
      bits |= (digits[index] + digits[index + 1] * 91) << count
      count += 13
      while count > 7 {
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bits >>= 8
        count -= 8
      }
    }
    return Array(bytes.prefix(text.count * 13 / 16))
  }

  @Test(arguments: 0...30) func bytesOfEachLengthComeBackFromTheirText(count: Int) {
    for filler: UInt8 in [0, 0x3C, 0xFF] {
      let bytes = [UInt8](repeating: filler, count: count)
      var encoder = Base91()
      var text: [UInt8] = []
      for byte in bytes { text += encoder.append([byte]) }
      text += encoder.finish()
      #expect(unpacked91(text) == bytes && !text.contains(UInt8(ascii: "<")))
    }
  }

  @Test func aScriptLosesOnlySpacesThatMeanNothingAndLongNamesOfItsOwn() {
    let script = """
        /** a comment */
        const tape = "b  = tape", text = `x ${tape + { a }.column} = tape`;

        return tape + +b / 2 - -columnar.isOn;
      """
    #expect(
      PageScript.squeezed(script)
        == "const A=\"b  = tape\",text=`x ${A+{a}.B} = tape`;return A+ +b/2- -columnar.E;")
  }

  /// A short name must not be that of something else.
  @Test func noLineOfOurScriptsUsesALetterAsAName() {
    let words =
      (PageScript.tape + PageScript.painter + PageScript.controls + PageScript.search + PageScript.start)
      .split { !($0.isLetter || $0.isNumber || $0 == "_") }
    #expect(
      Set(words.filter { $0.count == 1 && $0.first?.isUppercase == true }) == ["G", "N", "Z", "T", "A"])
  }
}
