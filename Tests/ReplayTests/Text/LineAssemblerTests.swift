import Testing

@testable import Replay

@Suite struct LineAssemblerTests {
  private func lines(_ text: String, _ source: LineAssembler.Source = .screen) -> [String] {
    var assembler = LineAssembler(source, columns: 80)
    assembler.append(Array(text.utf8), at: 0)
    assembler.finish()
    return assembler.lines.map(\.last.text)
  }

  @Test func readsAsAPersonSawIt() {
    let table: [(String, [String])] = [
      ("one\r\ntwo\r\n", ["one", "two"]),
      ("\r\n\r\nx", ["", "", "x"]),
      ("\u{1B}[01;32muser@host\u{1B}[0m:\u{1B}[34m~\u{1B}[0m$ ls\r\n", ["user@host:~$ ls"]),
      ("caf\u{8} \u{8}t\r\n", ["cat"]),
      ("lss\u{8}\u{1B}[K -l\r\n", ["ls -l"]),
      ("abc\rX\r\n", ["Xbc"]),
      (" 10%\r 50%\r100%\r\n", ["100%"]),
      ("abcdef\u{1B}[3D\u{1B}[P\r\n", ["abcef"]),
      ("abef\u{1B}[2D\u{1B}[2@cd\r\n", ["abcdef"]),
      ("abc\u{1B}[2K\rx\r\n", ["x"]),
      ("abc\u{1B}[1K\r\n", [""]),
      ("a\tb\r\n", ["a       b"]),
      ("a\u{1B}[5Cb\r\n", ["a     b"]),
      ("\u{1B}[10Gx\r\n", ["         x"]),
      ("\u{1B}]0;title\u{7}text\r\n", ["text"]),
      ("\u{1B}P+q544e\u{1B}\\text\r\n", ["text"]),
      ("\u{1B}[2J\u{1B}[H\u{1B}[3;5Hhere\u{1B}[4;1Hthere", ["    here", "there"]),
      ("日本\u{8}\u{8}x\r\n", ["日x"]),
      ("e\u{301}a\r\n", ["e\u{301}a"]),
      ("\u{1B}[?1049hvim\u{1B}[?1049lsh\r\n", ["vim", "sh"]),
      ("a  \u{1B}[K\r\n", ["a"]),
      ("\u{1B}[9999Cx\r\n", [String(repeating: " ", count: 79) + "x"]),
    ]
    for (text, expected) in table {
      let found = lines(text)
      if found != expected { Issue.record("\(text.debugDescription): \(found)") }
    }
  }

  @Test func aLineLongerThanTheScreenIsEditedRowByRow() {
    let table: [(String, String)] = [
      // What bash's line editor sends where a command reaches the last column.
      ("$ echo abc \rdefghij\r\n", "$ echo abcdefghij"), ("0123456789abc\rX", "0123456789Xbc"),
      ("0123456789\rX", "X123456789"), ("0123456789abc\u{8}\u{8}\u{8}\u{8}\u{8}X", "0123456789Xbc"),
      ("0123456789abc\u{1B}[2K", "0123456789"), ("0123456789abc\u{1B}[2GX", "0123456789aXc"),
      ("0123456789abc\u{1B}[9DX", "0123456789Xbc"), ("0123456789abc\u{1B}[99CX", "0123456789abc      X"),
      ("0123456789abc\r\u{1B}[P", "0123456789bc"),
    ]
    for (text, expected) in table {
      var assembler = LineAssembler(.screen, columns: 10)
      assembler.append(Array(text.utf8), at: 0)
      assembler.finish()
      if assembler.lines.map(\.last.text) != [expected] {
        Issue.record("\(text.debugDescription): \(assembler.lines.map(\.last.text))")
      }
    }
  }

  @Test func outputAndInputHaveRulesOfTheirOwn() {
    #expect(lines("a\u{8}b\rc\u{1B}[31md\r\nx", .output) == ["abcd", "x"])
    #expect(lines("lss\u{7F} -l\rpwd\u{1B}[A\r", .input) == ["ls -l", "pwd"])
    #expect(lines("secret\u{15}echo\r", .input) == ["echo"])
    #expect(lines("日\u{7F}x\r", .input) == ["x"])
  }

  @Test func whatStoodLongEnoughToBeReadIsKept() {
    var assembler = LineAssembler(.screen, columns: 80)
    for (index, text) in ["waiting\r", "working\r", "done\u{1B}[K\r\n"].enumerated() {
      assembler.append(Array(text.utf8), at: Int64(index) * 250_000)
    }
    #expect(assembler.lines.map { $0.versions.map(\.text) } == [["waiting", "working", "done"]])
    #expect(assembler.lines[0].row == 1)
    assembler.append(Array("10%\r".utf8), at: 1_000_000)
    assembler.append(Array("20%\r\n".utf8), at: 1_100_000)
    #expect(assembler.lines[1].versions.map(\.text) == ["20%"])
    // Writing the same again changes nothing.
    assembler.append(Array("same\r".utf8), at: 2_000_000)
    assembler.append(Array("same\r\n".utf8), at: 3_000_000)
    #expect(assembler.lines[2].versions.map(\.text) == ["same"])
    #expect(assembler.lines[2].last.microseconds(of: 0..<4) == 2_000_000)
  }

  @Test func aRangeKnowsWhenItWasWhole() {
    var assembler = LineAssembler(.screen, columns: 80)
    for (index, text) in ["$ ", "l", "é", "x"].enumerated() {
      assembler.append(Array(text.utf8), at: Int64(index) * 10)
    }
    assembler.finish()
    let version = assembler.lines[0].last
    #expect(version.text == "$ léx")
    #expect(version.microseconds(of: 0..<1) == 0)
    #expect(version.microseconds(of: 2..<3) == 10)
    #expect(version.microseconds(of: 2..<5) == 20)
    #expect(version.microseconds(of: 0..<6) == 30)
    #expect(version.microseconds(of: 0..<0) == 0)
  }

  @Test func everySplitReadsAlike() {
    let text = "\u{1B}[1mé€😀\u{1B}]0;t\u{1B}\\a\u{8}b\u{9B}2K\rz\u{1B}[3;4Hy\u{90}q\u{9C}w\r\n"
    let bytes = Array(text.utf8) + [0xE2, 0x82, 0x41, 0xC2, 0x0A]
    let whole = lines(bytes, cut: 0)
    for cut in 1..<bytes.count where lines(bytes, cut: cut) != whole { Issue.record("cut at \(cut)") }
  }

  private func lines(_ bytes: [UInt8], cut: Int) -> [TextLine] {
    var assembler = LineAssembler(.screen, columns: 80)
    assembler.append(Array(bytes[..<cut]), at: 1)
    assembler.append(Array(bytes[cut...]), at: 1)
    assembler.finish()
    return assembler.lines
  }

  @Test func randomBytesKeepItWithinItsLimits() {
    var random = SeededRandom(seed: 3)
    for source in [LineAssembler.Source.screen, .output, .input] {
      var assembler = LineAssembler(source, columns: 20)
      let alphabet = Array("\u{1B}[]?;0129ABCDGHJKPX@hlm\r\n\t\u{8}\u{7F}é日\u{301}".utf8)
      for step in 0..<20_000 {
        let isKnown = UInt8.random(in: 0...3, using: &random) > 0
        let byte = isKnown ? alphabet[Int.random(in: 0..<alphabet.count, using: &random)] : random.bytes(1)[0]
        assembler.append([byte], at: Int64(step) * 100_000)
        if assembler.cells.count > LineAssembler.cellLimit { Issue.record("too many cells") }
      }
      assembler.finish()
      for line in assembler.lines where line.versions.isEmpty { Issue.record("a line without text") }
    }
  }

  @Test func aLineWithoutEndIsCut() {
    var assembler = LineAssembler(.screen, columns: 80)
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 15)
    for _ in 0..<5 { assembler.append(piece, at: 0) }
    assembler.finish()
    #expect(assembler.lines.map(\.last.bytes.count) == [1 << 16, 1 << 16, 1 << 15])
  }
}
