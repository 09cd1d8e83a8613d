import Platform

extension WindowSize {
  /// The size in a resize event's bytes, `COLSxROWS`; nil where they are something else or over 65,535.
  init?(asciicast bytes: [UInt8]) {
    let parts = bytes.split(separator: UInt8(ascii: "x"), omittingEmptySubsequences: false)
    guard parts.count == 2, let columns = Self.side(parts[0]), let rows = Self.side(parts[1]) else {
      return nil
    }
    self.init(columns: columns, rows: rows)
  }

  private static func side(_ digits: ArraySlice<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 5 else { return nil }
    var value = 0
    for digit in digits {
      guard digit >= 0x30, digit <= 0x39 else { return nil }
      value = value * 10 + Int(digit - 0x30)
    }
    return value <= Seal.maximumSide ? value : nil
  }
}
