import Platform

extension LineAssembler {
  /// Does what a sequence does to the line the cursor is on; those that leave the line end it.
  mutating func apply(_ sequence: EscapeSequence) {
    switch sequence.kind {
    case .control: applyControl(sequence)
    case .escape where sequence.intermediates.isEmpty:
      // Index, next line, reverse index, full reset.
      if "DEMc".utf8.contains(sequence.final) { breakLine() }
    default: return
    }
  }

  private mutating func applyControl(_ sequence: EscapeSequence) {
    guard sequence.intermediates.isEmpty else { return }
    if sequence.prefix == UInt8(ascii: "?") {
      let modes = sequence.parameters ?? []
      let isSwitch = sequence.final == UInt8(ascii: "h") || sequence.final == UInt8(ascii: "l")
      if isSwitch, modes.contains(where: { $0 == 47 || $0 == 1047 || $0 == 1049 }) { breakLine() }
      return
    }
    guard sequence.prefix == nil else { return }
    let count = max(1, sequence.first(default: 1))
    let row = screenRow
    switch sequence.final {
    case UInt8(ascii: "C"), UInt8(ascii: "a"): move(to: max(column, min(column + count, row.upperBound - 1)))
    case UInt8(ascii: "D"): column = max(row.lowerBound, column - count)
    case UInt8(ascii: "G"), UInt8(ascii: "`"): move(to: min(row.lowerBound + count, row.upperBound) - 1)
    case UInt8(ascii: "K"): erase(sequence.first(default: 0))
    case UInt8(ascii: "J"):
      let extent = sequence.first(default: 0)
      if extent == 0 { replace(from: min(column, cells.count), with: []) }
      if extent == 1 { blank(0..<min(column + 1, cells.count)) }
      if extent > 1 { breakLine() }
    case UInt8(ascii: "X"): blank(column..<min(column + count, cells.count))
    case UInt8(ascii: "P"): replaceRow(with: Array(rowTail.dropFirst(count)))
    case UInt8(ascii: "@"):
      let blanks = [Cell](repeating: Cell(scalar: 0x20, microseconds: now), count: min(count, columns))
      replaceRow(with: blanks + rowTail)
    case UInt8(ascii: "H"), UInt8(ascii: "f"):
      breakLine()
      let parameters = sequence.parameters ?? []
      if parameters.count > 1, let target = parameters[1] { move(to: min(max(1, target) - 1, columns - 1)) }
    case UInt8(ascii: "A"), UInt8(ascii: "B"), UInt8(ascii: "d"), UInt8(ascii: "e"), UInt8(ascii: "k"):
      let kept = column
      breakLine()
      move(to: kept)
    case UInt8(ascii: "E"), UInt8(ascii: "F"), UInt8(ascii: "L"), UInt8(ascii: "M"), UInt8(ascii: "S"),
      UInt8(ascii: "T"):
      breakLine()
    default: return
    }
  }

  /// The cells from the cursor to the end of its row on the screen.
  private var rowTail: ArraySlice<Cell> {
    column < cells.count ? cells[column..<max(column, min(screenRow.upperBound, cells.count))] : []
  }

  /// Replaces `rowTail`; where the line goes on in the next row of the screen, that stays where it is.
  private mutating func replaceRow(with rest: [Cell]) {
    guard column < cells.count else { return }
    let end = screenRow.upperBound
    guard cells.count > end else { return replace(from: column, with: rest) }
    var row = Array(rest.prefix(max(0, end - column)))
    while row.count < end - column { row.append(Cell(scalar: 0x20, microseconds: now)) }
    replace(from: column, with: row + cells[max(end, column)...])
  }

  /// 0: from the cursor on, 1: up to the cursor, else: all of the row (EL).
  private mutating func erase(_ extent: Int) {
    let row = screenRow
    switch extent {
    case 0: replaceRow(with: [])
    case 1: blank(row.lowerBound..<min(column + 1, cells.count))
    default:
      let kept = column
      column = row.lowerBound
      replaceRow(with: [])
      move(to: kept)
    }
  }

  private mutating func blank(_ range: Range<Int>) {
    for index in range { set(index, 0x20) }
  }
}
