/// What a program did that leaves no trace in cells, in order: for the player, the index of commands, the exporter.
enum ScreenEvent: Equatable, Sendable {
  case bell
  case title([UInt8])
  case iconTitle([UInt8])
  case workingDirectory([UInt8])
  /// OSC 133 or 633 A, B, C, D: what begins at the cursor's row; counted from the first row that ever was.
  case prompt(row: Int)
  case commandStart(row: Int)
  case commandOutput(row: Int)
  case commandEnd(row: Int, exitCode: Int32?)
  /// The command line, as the shell told it (OSC 633 E).
  case commandLine([UInt8])
  /// OSC 52: what a program put into a clipboard, base64 as it came. Never passed on.
  case clipboard([UInt8])
  case notification([UInt8])
  /// An image that is not drawn.
  case image(Image, byteCount: Int)
  /// XTWINOPS 8; not obeyed.
  case resizeWish(rows: Int, columns: Int)
  /// Mode 2026: between the two the picture is incomplete.
  case updateBegan
  case updateEnded
  case alternateScreen(isOn: Bool)
  /// The first of its kind.
  case unknown(prefix: UInt8, intermediate: UInt8, final: UInt8)

  enum Image: Equatable, Sendable { case sixel, regis, kitty, iterm }
}
