/// What the screen keeps of a row beside its cells.
struct LineInfo: Equatable, Sendable, BitwiseCopyable {
  /// How large the characters of a row are drawn (DECSWL, DECDWL, DECDHL).
  enum Size: UInt8, Sendable {
    case single, doubleWidth, doubleHeightTop, doubleHeightBottom
  }

  /// What a shell said begins in a row (OSC 133).
  enum Mark: UInt8, Sendable {
    case none, prompt, command, output
  }

  /// Positions from here on are blank in the default style.
  var occupancy: Int32 = 0
  /// The text goes on in the next row: the terminal broke the line, not the program.
  var isWrapped = false
  var size = Size.single
  var mark = Mark.none
  /// Another number after each change, across all rows of both screens: equal numbers mean equal contents.
  var version: UInt64 = 0
  /// When the row was first and last written since it was blank, in microseconds of `Screen.now`; -1: never.
  var firstWrite: Int64 = -1
  var lastWrite: Int64 = -1
}
