import Platform

/// `ESC [ 8 ; ROWS ; COLUMNS t` at the beginning of output: how ttyrec and raw files tell the terminal's size.
struct SizeSequence: Equatable {
  let size: WindowSize
  let byteCount: Int

  /// The sequence that `bytes` begin with, in the form `encode` writes; nil for all else.
  init?(_ bytes: some Collection<UInt8>) {
    var rest = bytes.prefix(16).dropFirst(0)
    guard rest.starts(with: [0x1B, 0x5B, 0x38, 0x3B]) else { return nil }
    rest = rest.dropFirst(4)
    let rows = rest.prefix { $0 != UInt8(ascii: ";") }
    rest = rest.dropFirst(rows.count + 1)
    let columns = rest.prefix { $0 != UInt8(ascii: "t") }
    guard rest.count > columns.count, let height = DecimalSeconds.count(rows),
      let width = DecimalSeconds.count(columns), (1...Seal.maximumSide).contains(height),
      (1...Seal.maximumSide).contains(width)
    else { return nil }
    size = WindowSize(columns: width, rows: height)
    let canonical = Self.encode(size)
    guard bytes.starts(with: canonical) else { return nil }
    byteCount = canonical.count
  }

  static func encode(_ size: WindowSize) -> [UInt8] {
    Array("\u{1B}[8;\(size.rows);\(size.columns)t".utf8)
  }
}
