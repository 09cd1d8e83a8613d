import Format
import Platform
import Testing

@testable import Replay

/// Reads `FrameStream` as the page's script does.
private struct StreamReader {
  let bytes: [UInt8]
  var at = 0
  var milliseconds: Int64 = 0
  var cells: [[String?]] = []
  var styles: [[Int]] = []
  var cursor = [0, 0, 0]
  var sizes: [Int] = []
  private var (row, column, style, width, columns) = (0, 0, 0, 1, 0)

  init(bytes: [UInt8], at: Int = 0) {
    self.bytes = bytes
    self.at = at
  }

  mutating func number() -> Int {
    var (value, shift) = (0, 0)
    while true {
      let byte = bytes[at]
      at += 1
      value |= Int(byte & 0x7F) << shift
      shift += 7
      if byte < 0x80 { return value }
    }
  }

  mutating func text(until end: Int) -> String {
    defer { at = end }
    return String(decoding: bytes[at..<end], as: UTF8.self)
  }

  mutating func step() {
    milliseconds += Int64(number())
    while true {
      if let end = bytes[at...].firstIndex(where: { $0 < 0x20 }), end > at {
        for scalar in text(until: end).unicodeScalars { put(String(scalar), width) }
      }
      at += 1
      switch FrameStream.Operation(rawValue: Int(bytes[at - 1])) {
      case .stay: return
      case .end:
        (cursor[0], cursor[1]) = (row, column)
        return
      case let operation?: apply(operation)
      case nil: Issue.record("no operation: \(bytes[at - 1])")
      }
    }
  }

  private mutating func put(_ text: String, _ width: Int) {
    for part in [text, nil].prefix(width) {
      (cells[row][column], styles[row][column]) = (part, style)
      column += 1
    }
  }

  private mutating func apply(_ operation: FrameStream.Operation) {
    switch operation {
    case .style: style = number()
    case .right: column += number()
    case .line: (row, column) = (row + 1, 0)
    case .down: (row, column) = (row + number(), number())
    case .place: (row, column) = (number(), number())
    case .erase:
      for place in column..<columns { (cells[row][place], styles[row][place]) = (" ", 0) }
    case .wide: width = 3 - width
    case .cluster:
      let (width, length) = (number(), number())
      put(text(until: at + length), width)
    case .up, .back:
      let (top, bottom, count) = (number(), number(), number())
      for _ in 0..<count {
        let (from, to) = operation == .up ? (top, bottom) : (bottom, top)
        cells.remove(at: from)
        styles.remove(at: from)
        sizes.remove(at: from)
        sizes.insert(0, at: to)
        cells.insert(Array(repeating: " ", count: columns), at: to)
        styles.insert(Array(repeating: 0, count: columns), at: to)
      }
    case .shape: cursor[2] = number()
    case .size: size(number(), number())
    case .rowSize:
      let row = number()
      sizes[row] = number()
    case .reversed: _ = number()
    case .reset: self = StreamReader(bytes: bytes, at: at, milliseconds)
    case .stay, .end: break
    }
  }

  private init(bytes: [UInt8], at: Int, _ milliseconds: Int64) {
    self.init(bytes: bytes, at: at)
    self.milliseconds = milliseconds
  }

  private mutating func size(_ columns: Int, _ rows: Int) {
    self.columns = columns
    sizes = (0..<rows).map { $0 < sizes.count ? sizes[$0] : 0 }
    cells = (0..<rows).map { row in
      (0..<columns).map { row < cells.count && $0 < cells[row].count ? cells[row][$0] : " " }
    }
    styles = (0..<rows).map { row in
      (0..<columns).map { row < styles.count && $0 < styles[row].count ? styles[row][$0] : 0 }
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
      terminal.feed(step % 3 == 0 ? Array("\r\nline \(step)\u{1B}#\(3 + step % 4)".utf8) : noise.bytes(20))
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
      #expect(reader.sizes == canvas.sizes.map { Int($0.rawValue) })
      for row in 0..<canvas.rows {
        #expect(reader.line(row) == canvas.text(row: row), "\(time) ms, row \(row)")
        let styles = canvas.row(row).map { stream.styles.firstIndex(of: $0.style) }
        #expect(reader.styles[row] == styles, "\(time) ms, row \(row)")
      }
      if let cursor = canvas.cursor {
        #expect(reader.cursor == [cursor.row, cursor.column, canvas.cursorShape + 1])
      } else {
        #expect(reader.cursor[2] == 0)
      }
    }
    #expect(reader.at == bytes.count)
    for keyframe in stream.keyframes {
      var fresh = StreamReader(bytes: bytes, at: keyframe.offset)
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
    #expect(stream.take().count < 25)
  }
}
