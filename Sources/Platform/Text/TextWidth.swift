extension String {
  /// Terminal columns the text takes: wide East Asian characters and emoji are two, combining marks and control
  /// characters none (`UInt32.columnWidth`).
  public var columnCount: Int { unicodeScalars.reduce(0) { $0 + $1.columnCount } }
}

extension UnicodeScalar {
  var columnCount: Int { value < 0x20 || (0x7F..<0xA0).contains(value) ? 0 : value.columnWidth }
}

extension String {
  /// The text with spaces after it up to `columns` columns.
  public func padded(to columns: Int) -> String {
    self + String(repeating: " ", count: max(0, columns - columnCount))
  }
}
