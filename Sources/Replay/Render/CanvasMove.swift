/// Rows that a picture has in common with the one before, at another height: what scrolling leaves.
struct CanvasMove: Equatable {
  var top: Int
  var bottom: Int
  /// Rows by which the contents went up; negative: down.
  var count: Int

  /// nil: nothing moved, or too little to be worth telling.
  init?(from old: Canvas, to new: Canvas) {
    let changed = (0..<new.rows).filter { old.row($0) != new.row($0) }
    guard changed.count > 2 else { return nil }
    var places: [Int: [Int]] = [:]
    for row in 0..<old.rows where !old.isBlank(row: row) {
      places[Self.hash(old.row(row)), default: []].append(row)
    }
    var votes: [Int: [Int]] = [:]
    for row in changed {
      for place in places[Self.hash(new.row(row))] ?? [] where place != row {
        votes[place - row, default: []].append(row)
      }
    }
    guard
      let (shift, rows) = votes.max(by: { ($0.value.count, -abs($0.key)) < ($1.value.count, -abs($1.key)) }),
      rows.count > 2, let first = rows.min(), let last = rows.max()
    else { return nil }
    count = shift
    top = min(first, first + shift)
    bottom = max(last, last + shift)
  }

  private static func hash(_ row: ArraySlice<Glyph>) -> Int {
    var hasher = Hasher()
    for glyph in row where !glyph.isBlank || glyph.style != .plain { hasher.combine(glyph) }
    return hasher.finalize()
  }

  /// Moves the rows of a picture; those that come in are blank.
  func apply(to canvas: inout Canvas) {
    let before = canvas
    for row in top...bottom {
      let source = row + count
      canvas.sizes[row] = (top...bottom).contains(source) ? before.sizes[source] : .single
      for column in 0..<canvas.columns {
        canvas[row, column] = (top...bottom).contains(source) ? before[source, column] : .blank
      }
    }
  }
}

extension Canvas {
  func isBlank(row: Int) -> Bool { self.row(row).allSatisfy { $0 == .blank } }
}
