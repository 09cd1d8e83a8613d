extension String {
  /// The text with control characters written out (`\n`, `\x1b`, `\u{9b}`), also those that turn the
  /// direction of writing (UAX #9), so that it stays on its line and shows what it is.
  public var printable: String { printable(keepingLines: false) }

  func printable(keepingLines: Bool) -> String {
    // Nearly every text, and a search asks for each line that it tells.
    if utf8.allSatisfy({ 0x20 <= $0 && $0 < 0x7F }) { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar.value {
      case 0x0A, 0x09:
        if keepingLines {
          result.append(scalar)
        } else {
          result += (scalar == "\n" ? "\\n" : "\\t").unicodeScalars
        }
      case 0x0D: result += "\\r".unicodeScalars
      case 0x00..<0x20, 0x7F: result += "\\x\(hexadecimal(scalar, digits: 2))".unicodeScalars
      case 0x80...0x9F: result += "\\u{\(hexadecimal(scalar, digits: 2))}".unicodeScalars
      case 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
        result += "\\u{\(hexadecimal(scalar, digits: 4))}".unicodeScalars
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}

private func hexadecimal(_ scalar: UnicodeScalar, digits: Int) -> String {
  let text = String(scalar.value, radix: 16)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}
