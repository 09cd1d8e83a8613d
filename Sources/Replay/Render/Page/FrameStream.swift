/// Pictures as the changes between them, for the page that plays them (`PageScript` reads it).
///
/// Coded for deflate: what is written stands in the stream as it is, in UTF-8, and most operations are one byte, as in
/// the output of a terminal program. Bytes from 0x20 on are text, written at the place, which goes on behind it. Bytes
/// below are operations; their numbers are varints (7 bits a byte, low ones first). A frame is: milliseconds since the
/// frame before, then operations, of which the last is 0 or 1:
///
///     0                          end of the frame, the cursor is where it was
///     1                          end of the frame, the cursor is at the place
///     2 style                    what is written from now on looks so
///     3 count                    the place goes right
///     4                          the place goes to the beginning of the next row
///     5 count column             the place goes down, to a column
///     6 row column               the place
///     7                          plain blanks to the end of the row; the place stays
///     8                          characters take two columns from now on, or one again
///     9 width length text        one character of several scalars
///     10 top bottom count        rows move up; new ones are blank
///     11 top bottom count        rows move down
///     12 shape                   of the cursor; 0: hidden, else DECSCUSR's number plus 1
///     13 columns rows            another size; what has no place in it is lost, what is new is blank
///     14 isReversed              all colors swapped
///     15                         everything as in the beginning: no size, plain, the place at the top left
///     16 row size                of the letters in a row, as LineInfo.Size
///
/// A frame that begins with operation 15 needs none before it: these are the keyframes.
struct FrameStream {
  struct Keyframe: Equatable {
    var milliseconds: Int64
    /// Where its frame begins.
    var offset: Int
  }

  enum Operation: Int {
    case stay, end, style, right, line, down, place, erase, wide, cluster, up, back, shape, size, reversed,
      reset, rowSize
  }

  /// After so many bytes of changes comes a keyframe.
  static let keyframeSpacing = 96 << 10
  /// Columns that are equal and no more than these are written again: shorter than to go past them.
  private static let equalColumns = 6

  private(set) var keyframes: [Keyframe] = []
  private(set) var styles: [CellStyle] = []
  private(set) var frameCount = 0
  /// Milliseconds of the last frame.
  private(set) var milliseconds: Int64 = 0
  private var styleNumbers: [CellStyle: Int] = [:]
  private var previous: Canvas?
  private var waiting: [UInt8] = []
  private var offset = 0
  private var lastKeyframe = 0
  /// As the reader has them.
  private var place = Canvas.Position(row: 0, column: 0)
  private var style = 0
  private var shape = 0
  private var isWide = false

  init() { _ = number(of: .plain) }

  /// Takes the bytes made since the last call.
  mutating func take() -> [UInt8] {
    defer { waiting.removeAll(keepingCapacity: true) }
    return waiting
  }

  /// Bytes that wait to be taken.
  var waitingCount: Int { waiting.count }

  /// Adds the picture shown from `microseconds` on, in order of time. A picture like the one before adds nothing.
  mutating func append(_ canvas: Canvas, at microseconds: Int64) {
    if canvas == previous { return }
    let now = max(milliseconds, (microseconds + 999) / 1000)
    let start = waiting.count
    add(Int(now - milliseconds))
    if let previous, offset - lastKeyframe < Self.keyframeSpacing {
      writeChanges(previous, canvas)
    } else {
      keyframes.append(Keyframe(milliseconds: now, offset: offset))
      lastKeyframe = offset
      add(.reset)
      (place, style, shape, isWide) = (Canvas.Position(row: 0, column: 0), 0, 0, false)
      writeChanges(Canvas(columns: 0, rows: 0), canvas)
    }
    milliseconds = now
    previous = canvas
    frameCount += 1
    offset += waiting.count - start
  }

  private mutating func writeChanges(_ old: Canvas, _ new: Canvas) {
    var old = old
    if old.columns != new.columns || old.rows != new.rows {
      add(.size, new.columns, new.rows)
      old = old.cut(columns: new.columns, rows: new.rows)
      if let cursor = old.cursor, cursor.row >= new.rows || cursor.column >= new.columns { old.cursor = nil }
    }
    if new.isReversed != old.isReversed { add(.reversed, new.isReversed ? 1 : 0) }
    if let move = CanvasMove(from: old, to: new) {
      add(move.count > 0 ? .up : .back, move.top, move.bottom, abs(move.count))
      move.apply(to: &old)
    }
    for row in 0..<new.rows {
      if new.sizes[row] != old.sizes[row] { add(.rowSize, row, Int(new.sizes[row].rawValue)) }
      writeRow(row, old, new)
    }
    writeCursor(old.cursor, new)
  }

  private mutating func writeCursor(_ old: Canvas.Position?, _ canvas: Canvas) {
    let wanted = canvas.cursor == nil ? 0 : canvas.cursorShape + 1
    if wanted != shape {
      add(.shape, wanted)
      shape = wanted
    }
    guard let cursor = canvas.cursor, cursor != old else { return add(.stay) }
    go(to: cursor)
    add(.end)
  }

  /// Writes the columns of a row that differ.
  private mutating func writeRow(_ row: Int, _ old: Canvas, _ new: Canvas) {
    var last = new.columns
    while last > 0, new[row, last - 1] == .blank { last -= 1 }
    var column = 0
    while column < last {
      if new[row, column] == old[row, column] {
        column += 1
        continue
      }
      var end = column + 1
      var next = end
      while next < last, next - end <= Self.equalColumns {
        if new[row, next] != old[row, next] { end = next + 1 }
        next += 1
      }
      // Wide characters are written whole.
      if new[row, column].kind == .tail, column > 0 { column -= 1 }
      if end < new.columns, new[row, end].kind == .tail { end += 1 }
      go(to: .init(row: row, column: column))
      write(row, column..<end, new)
      column = end
    }
    if let column = (last..<new.columns).first(where: { old[row, $0] != .blank }) {
      // From the place itself where it is near: no going there.
      go(to: .init(row: row, column: place.row == row && place.column == last ? last : column))
      add(.erase)
    }
  }

  private mutating func write(_ row: Int, _ range: Range<Int>, _ canvas: Canvas) {
    var column = range.lowerBound
    while column < range.upperBound {
      let glyph = canvas[row, column]
      let number = number(of: glyph.style)
      if number != style {
        add(.style, number)
        style = number
      }
      let isCluster = !glyph.marks.isEmpty
      if !isCluster, (glyph.kind == .wide) != isWide {
        add(.wide)
        isWide.toggle()
      }
      var text: [UInt8] = []
      glyph.append(to: &text)
      let width = glyph.kind == .wide ? 2 : 1
      if isCluster { add(.cluster, width, text.count) }
      waiting += text
      column += width
    }
    place = .init(row: row, column: column)
  }

  private mutating func go(to target: Canvas.Position) {
    defer { place = target }
    if target == place { return }
    if target.row == place.row, target.column > place.column {
      return add(.right, target.column - place.column)
    }
    if target.row == place.row + 1, target.column == 0 { return add(.line) }
    if target.row > place.row { return add(.down, target.row - place.row, target.column) }
    add(.place, target.row, target.column)
  }

  private mutating func number(of style: CellStyle) -> Int {
    if let number = styleNumbers[style] { return number }
    let number = styles.count
    styles.append(style)
    styleNumbers[style] = number
    return number
  }

  private mutating func add(_ operation: Operation, _ values: Int...) {
    waiting.append(UInt8(operation.rawValue))
    for value in values { add(value) }
  }

  private mutating func add(_ value: Int) {
    var rest = UInt(value)
    while rest >= 0x80 {
      waiting.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    waiting.append(UInt8(rest))
  }
}

extension Canvas {
  /// The same picture in another size: cut at its right and lower edges, or with blanks there.
  func cut(columns: Int, rows: Int) -> Canvas {
    var other = Canvas(columns: columns, rows: rows)
    for row in 0..<min(rows, self.rows) {
      other.sizes[row] = sizes[row]
      for column in 0..<min(columns, self.columns) { other[row, column] = self[row, column] }
    }
    other.cursor = cursor
    other.cursorShape = cursorShape
    other.isReversed = isReversed
    return other
  }
}
