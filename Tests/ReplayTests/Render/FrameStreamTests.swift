import Format
import Platform
import Testing

@testable import Replay

/// Reads `FrameStream` as the page's script does.
private struct StreamReader {
  let bytes: [UInt8]
  var place = 0
  var milliseconds: Int64 = 0
  var cells: [[String?]] = []
  var styles: [[Int]] = []
  var cursor = [0, 0, 0]

  mutating func number() -> Int {
    var (value, shift) = (0, 0)
    while true {
      let byte = bytes[place]
      place += 1
      value |= Int(byte & 0x7F) << shift
      shift += 7
      if byte < 0x80 { return value }
    }
  }

  mutating func text() -> String {
    let count = number()
    place += count
    return String(decoding: bytes[place - count..<place], as: UTF8.self)
  }

  mutating func step() {
    milliseconds += Int64(number())
    while true {
      let operation = number()
      switch operation {
      case 0: return
      case 5:
        let (top, bottom, count, direction) = (number(), number(), number(), number())
        for _ in 0..<count {
          let width = cells[top].count
          cells.remove(at: direction == 0 ? top : bottom)
          cells.insert(Array(repeating: " ", count: width), at: direction == 0 ? bottom : top)
        }
      case 6: cursor = [number(), number(), number()]
      case 7:
        let (columns, rows) = (number(), number())
        cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
      case 8: _ = number()
      default: write(operation)
      }
    }
  }

  private mutating func write(_ operation: Int) {
    let row = number()
    var column = number()
    _ = number()
    switch operation {
    case 3:
      let width = number()
      cells[row][column] = text()
      if width == 2 { cells[row][column + 1] = nil }
    case 4: for _ in 0..<number() { (cells[row][column], column) = (" ", column + 1) }
    default:
      for scalar in text().unicodeScalars {
        cells[row][column] = String(scalar)
        if operation == 2 { cells[row][column + 1] = nil }
        column += operation
      }
    }
  }

  func line(_ row: Int) -> String {
    var text = cells[row].compactMap { $0 }.joined()
    while text.last == " " { text.removeLast() }
    return text
  }
}

@Suite struct FrameStreamTests {
  @Test(arguments: [UInt64(1), 2, 3, 4])
  func theChangesGiveEachPictureAgainAndSoDoKeyframes(seed: UInt64) {
    var noise = NoiseStream(seed: seed)
    var terminal = TerminalScreen(columns: 50, rows: 12)
    var stream = FrameStream()
    var pictures: [(Int64, Canvas)] = []
    for step in 0..<400 {
      terminal.feed(step % 3 == 0 ? Array("\r\nline \(step)".utf8) : noise.bytes(20))
      if step % 100 == 99 { terminal.resize(columns: 40 + step % 30, rows: 8 + step % 9) }
      var canvas = Canvas(terminal.screen)
      canvas.mendHalves()
      let count = stream.frameCount
      stream.append(canvas, at: Int64(step) * 50_000)
      if stream.frameCount > count { pictures.append((Int64(step) * 50, canvas)) }
    }
    let bytes = stream.take()
    var reader = StreamReader(bytes: bytes)
    for (time, canvas) in pictures {
      reader.step()
      #expect(reader.milliseconds == time)
      for row in 0..<canvas.rows {
        #expect(reader.line(row) == canvas.text(row: row), "\(time) ms, row \(row)")
      }
      if let cursor = canvas.cursor {
        #expect(reader.cursor == [cursor.row, cursor.column, canvas.cursorShape + 1])
      } else {
        #expect(reader.cursor[2] == 0)
      }
    }
    #expect(reader.place == bytes.count)
    for keyframe in stream.keyframes {
      var fresh = StreamReader(bytes: bytes, place: keyframe.offset)
      fresh.step()
      let wanted = pictures.last { $0.0 <= keyframe.milliseconds }?.1
      for row in 0..<fresh.cells.count { #expect(fresh.line(row) == wanted?.text(row: row)) }
    }
  }

  @Test func scrollingIsOneOperation() {
    var terminal = TerminalScreen(columns: 80, rows: 24)
    var stream = FrameStream()
    for line in 0..<24 { terminal.feed(Array("this is line number \(line) of the log\r\n".utf8)) }
    stream.append(Canvas(terminal.screen), at: 0)
    _ = stream.take()
    terminal.feed(Array("one more line\r\n".utf8))
    stream.append(Canvas(terminal.screen), at: 1_000_000)
    #expect(stream.take().count < 40)
  }

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
    #expect(!PageScript.text.contains("</"), "the script could end its own element")
    for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
      #expect(!PageScript.text.contains(forbidden))
    }
  }
}
