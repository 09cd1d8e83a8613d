/// Pictures as the changes between them, for the page that plays them (`PageScript` reads it).
///
/// Numbers are varints (7 bits a byte, low ones first). A frame is: milliseconds since the frame before, then operations:
///
///     0                                        end of the frame
///     1 row column style length text           characters of one column each
///     2 row column style length text           characters of two columns each
///     3 row column style width length text     one character of several scalars
///     4 row column style count                 blanks
///     5 top bottom count direction             rows move up (direction 0) or down (1); new ones are blank
///     6 row column shape                       the cursor; shape 0: hidden, else DECSCUSR's number plus 1
///     7 columns rows                           a blank picture of this size
///     8 isReversed                             all colors swapped
///
/// A frame that begins with operation 7 needs none before it: these are the keyframes.
struct FrameStream {
  struct Keyframe: Equatable {
    var milliseconds: Int64
    /// Where its frame begins.
    var offset: Int
  }

  /// After so many bytes of changes comes a keyframe.
  static let keyframeSpacing = 96 << 10

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
    if let previous, previous.columns == canvas.columns, previous.rows == canvas.rows,
      offset - lastKeyframe < Self.keyframeSpacing
    {
      writeChanges(previous, canvas)
    } else {
      keyframes.append(Keyframe(milliseconds: now, offset: offset))
      lastKeyframe = offset
      add(7, canvas.columns, canvas.rows)
      add(8, canvas.isReversed ? 1 : 0)
      let blank = Canvas(columns: canvas.columns, rows: canvas.rows)
      for row in 0..<canvas.rows { writeRow(row, blank, canvas) }
      writeCursor(canvas)
    }
    add(0)
    milliseconds = now
    previous = canvas
    frameCount += 1
    offset += waiting.count - start
  }

  private mutating func writeChanges(_ old: Canvas, _ new: Canvas) {
    var old = old
    if new.isReversed != old.isReversed { add(8, new.isReversed ? 1 : 0) }
    if let move = CanvasMove(from: old, to: new) {
      add(5, move.top, move.bottom, abs(move.count), move.count > 0 ? 0 : 1)
      move.apply(to: &old)
    }
    for row in 0..<new.rows { writeRow(row, old, new) }
    if new.cursor != old.cursor || new.cursorShape != old.cursorShape { writeCursor(new) }
  }

  private mutating func writeCursor(_ canvas: Canvas) {
    if let cursor = canvas.cursor {
      add(6, cursor.row, cursor.column, canvas.cursorShape + 1)
    } else {
      add(6, 0, 0, 0)
    }
  }

  /// Writes the columns of a row that differ; those a few apart in one go.
  private mutating func writeRow(_ row: Int, _ old: Canvas, _ new: Canvas) {
    var column = 0
    while column < new.columns {
      if new[row, column] == old[row, column] {
        column += 1
        continue
      }
      var end = column + 1
      var equal = 0
      var next = end
      while next < new.columns, equal < 6 {
        if new[row, next] == old[row, next] {
          equal += 1
        } else {
          equal = 0
          end = next + 1
        }
        next += 1
      }
      // Wide characters are written whole.
      if new[row, column].kind == .tail, column > 0 { column -= 1 }
      if end < new.columns, new[row, end].kind == .tail { end += 1 }
      write(row, column..<end, new)
      column = end
    }
  }

  private enum Manner: Equatable { case narrow, wide, cluster, blank }

  private static func manner(_ glyph: Glyph) -> Manner {
    if glyph.scalar == 0 { return .blank }
    if !glyph.marks.isEmpty { return .cluster }
    return glyph.kind == .wide ? .wide : .narrow
  }

  private mutating func write(_ row: Int, _ range: Range<Int>, _ canvas: Canvas) {
    var column = range.lowerBound
    while column < range.upperBound {
      let first = canvas[row, column]
      let manner = Self.manner(first)
      let step = first.kind == .wide ? 2 : 1
      var end = column + step
      while manner != .cluster, end < range.upperBound {
        let next = canvas[row, end]
        guard next.style == first.style, Self.manner(next) == manner else { break }
        end += step
      }
      end = min(end, canvas.columns)
      write(row, column, end, manner, canvas)
      column = end
    }
  }

  private mutating func write(_ row: Int, _ column: Int, _ end: Int, _ manner: Manner, _ canvas: Canvas) {
    let style = number(of: canvas[row, column].style)
    if manner == .blank {
      add(4, row, column, style, end - column)
      return
    }
    var text: [UInt8] = []
    for place in column..<end { canvas[row, place].append(to: &text) }
    switch manner {
    case .narrow: add(1, row, column, style)
    case .wide: add(2, row, column, style)
    default: add(3, row, column, style, end - column)
    }
    add(text.count)
    waiting += text
  }

  private mutating func number(of style: CellStyle) -> Int {
    if let number = styleNumbers[style] { return number }
    let number = styles.count
    styles.append(style)
    styleNumbers[style] = number
    return number
  }

  private mutating func add(_ values: Int...) {
    for value in values {
      var rest = UInt(value)
      while rest >= 0x80 {
        waiting.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      waiting.append(UInt8(rest))
    }
  }
}
