/// A size that a screen can have: 1…65535 each way, and at most `cellLimit` cells.
struct ScreenSize: Equatable, Sendable {
  /// 32 MB for each of the two screens.
  static let cellLimit = 4 << 20

  let columns: Int
  let rows: Int
  /// Whether another size was asked for.
  let isClamped: Bool

  /// The size nearest to the one asked for: too many rows are cut first.
  init(columns: Int, rows: Int) {
    self.columns = min(max(columns, 1), 65535)
    self.rows = min(min(max(rows, 1), 65535), Self.cellLimit / self.columns)
    isClamped = self.columns != columns || self.rows != rows
  }
}
