import Format
import Platform
import Testing

@testable import Replay

@Suite struct SVGTests {
  private static func canvas(_ text: String, columns: Int = 20, rows: Int = 3) -> Canvas {
    var terminal = TerminalScreen(columns: columns, rows: rows)
    terminal.feed(Array(text.utf8))
    return Canvas(terminal.screen)
  }

  private static func svg(_ text: String) -> String {
    String(decoding: SVGPicture.encode(canvas(text), .dark, title: "a<b>&\"c"), as: UTF8.self)
  }

  @Test func textIsEscapedWhereverItComesFrom() {
    let svg = Self.svg("</text><script>alert(1)</script>")
    #expect(!svg.contains("<script") && svg.contains("&lt;/text&gt;&lt;script&gt;"))
    #expect(svg.contains("<title>a&lt;b&gt;&amp;&quot;c</title>"))
  }

  @Test func wideCharactersStandAtTheirColumns() {
    let svg = Self.svg("a日本b")
    #expect(svg.contains("<text x=\"9\" y=\"13.5\" textLength=\"18\"") && svg.contains(">日</text>"))
    #expect(svg.contains("<text x=\"27\"") && svg.contains("<text x=\"45\" y=\"13.5\">b</text>"))
  }

  @Test func colorsAndLooksAreKept() {
    let svg = Self.svg("\u{1B}[1;3;4;38;2;1;2;3;48;5;196mx\u{1B}[0m\u{1B}[7my\u{1B}[0;8mz")
    #expect(svg.contains("fill=\"#010203\" font-weight=\"bold\" font-style=\"italic\">x"))
    #expect(svg.contains("width=\"9\" height=\"18\" fill=\"#ff0000\""))
    #expect(svg.contains("stroke=\"#010203\" d=\"M0 15.5H9\""))
    #expect(svg.contains("fill=\"\(Look.hex(Theme.dark.background))\">y"))
    #expect(!svg.contains(">z"))
  }

  @Test(arguments: [
    ("4", "text-decoration:underline solid 1px;"), ("4:2", "underline double 1px;"),
    ("4:3", "underline wavy 1px;"), ("4:4", "underline dotted 1px;"), ("4:5", "underline dashed 1px;"),
    ("4:3;58;2;255;0;0", "underline wavy #ff0000 1px;"), ("53", "\"box-shadow:inset 0 1px;\""),
    ("9;58;2;255;0;0", "\"text-decoration:line-through 1px;\""),
    ("4:3;9;53", "inset 0 1px;text-decoration:underline wavy 1px;\(Look.strikeBesideUnderline)\""),
  ])
  func linesAtTextOfAStillAreOfTheirKind(codes: String, declarations: String) {
    let html = String(
      decoding: HTMLStill.encode(Self.canvas("\u{1B}[\(codes)mx"), .dark, title: nil), as: UTF8.self)
    #expect(html.contains(declarations))
  }

  @Test func onlyTheUnderlineHasAColorOfItsOwn() {
    let svg = Self.svg("\u{1B}[4;9;53;38;2;1;2;3;58;2;4;5;6mx")
    for line in ["#040506\" d=\"M0 15.5", "#010203\" d=\"M0 9.5", "#010203\" d=\"M0 0.5"] {
      #expect(svg.contains(line), "\(line) in \(svg)")
    }
  }

  /// Where each arm of a line must touch its cell's edge, so that it joins the neighbor's.
  @Test func everyLineReachesTheEdgesItsArmsPointTo() throws {
    for scalar in UInt32(0x2500)...0x257F {
      guard let arms = BoxArms(scalar) else { continue }
      let shape = try #require(CellShape(scalar))
      func touches(_ test: (CellShape.Rectangle) -> Bool) -> Bool { shape.rectangles.contains(where: test) }
      #expect(touches { $0.top == 0 } == (arms.up != .none), "\(String(scalar, radix: 16))")
      #expect(
        touches { $0.bottom == CellShape.height } == (arms.down != .none), "\(String(scalar, radix: 16))")
      #expect(touches { $0.left == 0 } == (arms.left != .none), "\(String(scalar, radix: 16))")
      #expect(
        touches { $0.right == CellShape.width } == (arms.right != .none), "\(String(scalar, radix: 16))")
    }
  }

  @Test func aLineAndItsMirrorImageAreMirrored() throws {
    let pairs: [(UInt32, UInt32)] = [
      (0x250C, 0x2510), (0x2514, 0x2518), (0x2554, 0x2557), (0x251C, 0x2524), (0x2560, 0x2563),
      (0x2552, 0x2555), (0x2553, 0x2556), (0x255E, 0x2561), (0x253D, 0x253E), (0x2574, 0x2576),
    ]
    for (left, right) in pairs {
      let first = try #require(CellShape(left)).rectangles
      let mirrored = try #require(CellShape(right)).rectangles.map {
        CellShape.Rectangle(
          left: CellShape.width - $0.right, top: $0.top, right: CellShape.width - $0.left, bottom: $0.bottom)
      }
      func sorted(_ list: [CellShape.Rectangle]) -> [[Double]] {
        list.map { [$0.left, $0.top, $0.right, $0.bottom] }.sorted { $0.lexicographicallyPrecedes($1) }
      }
      #expect(sorted(first) == sorted(mirrored), "\(String(left, radix: 16))")
    }
  }

  @Test func blocksFillTheirPartOfTheCell() throws {
    func area(_ scalar: UInt32) throws -> Double {
      try #require(CellShape(scalar)).rectangles.reduce(0) {
        $0 + ($1.right - $1.left) * ($1.bottom - $1.top)
      } / (CellShape.width * CellShape.height)
    }
    for eighths in UInt32(1)...8 { #expect(try area(0x2580 + eighths) == Double(eighths) / 8) }
    for eighths in UInt32(1)...7 { #expect(try abs(area(0x2590 - eighths) - Double(eighths) / 8) < 1e-9) }
    let quarters: [UInt32: Double] = [
      0x2596: 1, 0x2597: 1, 0x2598: 1, 0x2599: 3, 0x259A: 2, 0x259B: 3, 0x259C: 3, 0x259D: 1, 0x259E: 2,
      0x259F: 3,
    ]
    for (scalar, count) in quarters { #expect(try area(scalar) == count / 4) }
  }

  @Test func anAnimationDrawsEachRowOnceAndStepsAtTheRightTimes() {
    var animation = SVGAnimation(columns: 20, rows: 3, .dark, title: nil)
    animation.append(Self.canvas("one"), at: 0)
    animation.append(Self.canvas("one\r\ntwo"), at: 1_000_000)
    animation.append(Self.canvas("one\r\ntwo"), at: 1_500_000)
    animation.append(Self.canvas("two\r\none"), at: 2_000_000)
    #expect(animation.frameCount == 3)
    let svg = String(decoding: animation.encode(until: 2_000_000), as: UTF8.self)
    #expect(svg.components(">one</text>") == 1 && svg.components(">two</text>") == 1)
    #expect(svg.contains("0.000000%{transform:translateY(0px)}25.000000%{transform:translateY(-54px)}"))
    #expect(svg.contains("50.000000%{transform:translateY(-108px)}") && svg.contains("animation:film 4s"))
  }

  @Test func theCursorBehindTheTextIsInTheStillToo() {
    var terminal = TerminalScreen(columns: 20, rows: 2)
    terminal.feed(Array("$ ".utf8))
    let html = String(decoding: HTMLStill.encode(Canvas(terminal.screen), .dark, title: nil), as: UTF8.self)
    #expect(html.contains("$ <span style=\"color:\(Look.hex(Theme.dark.background));background:"))
  }

  @Test func lettersOfDoubleSizeAreStretchedAndElsewhereStandApart() {
    var terminal = TerminalScreen(columns: 20, rows: 4)
    terminal.feed(Array("\u{1B}#6w日é\r\n\u{1B}#3tall\r\n\u{1B}#4tall\r\nplain\u{1B}[1;3H".utf8))
    let canvas = Canvas(terminal.screen)
    #expect(canvas.sizes == [.doubleWidth, .doubleHeightTop, .doubleHeightBottom, .single])
    let spaced = canvas.spaced
    #expect((0..<4).map { spaced.text(row: $0) } == ["w 日  é", "t a l l", "t a l l", "plain"])
    #expect(canvas.drawnCursor?.column == 4 && spaced.cursor?.column == 4)
    let svg = String(decoding: SVGPicture.encode(canvas, .dark, title: nil), as: UTF8.self)
    for box in ["0 0 90 18", "0 0 90 9", "0 9 90 9"] {
      #expect(
        svg.contains("<svg width=\"180\" height=\"18\" viewBox=\"\(box)\" preserveAspectRatio=\"none\">"))
    }
  }
}

extension String {
  /// How often a text occurs.
  fileprivate func components(_ text: String) -> Int {
    var count = 0
    var rest = Array(utf8)[...]
    let wanted = Array(text.utf8)
    while let index = rest.indices.first(where: { rest[$0...].starts(with: wanted) }) {
      count += 1
      rest = rest[(index + wanted.count)...]
    }
    return count
  }
}
