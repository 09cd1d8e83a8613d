/// Select graphic rendition (ECMA-48 §8.3.117), with colors as in ITU T.416 (colons) and as in xterm (semicolons).
extension Parser {
  func attributes<Receiver: OperationReceiver>(into receiver: inout Receiver) {
    guard parameters.count > 0 else { return receiver.perform(.sgr(.reset)) }
    var index = 0
    while index < parameters.count {
      let subparameters = parameters.colons == 0 ? 0 : parameters.subparameterCount(index)
      let code = parameters[index]
      if subparameters > 0 {
        if let attribute = extended(code, index, subparameters) { receiver.perform(.sgr(attribute)) }
        index += 1 + subparameters
      } else if code == 38 || code == 48 || code == 58 {
        let (color, length) = color(after: index)
        if let color { receiver.perform(.sgr(Self.colored(code, color))) }
        index += 1 + length
      } else {
        if let attribute = Self.attribute(code) { receiver.perform(.sgr(attribute)) }
        index += 1
      }
    }
  }

  private static func colored(_ code: UInt16, _ color: CellColor) -> Attribute {
    switch code {
    case 38: .foreground(color)
    case 48: .background(color)
    default: .underlineColor(color)
    }
  }

  /// A color given by semicolons, and how many parameters it takes.
  private func color(after index: Int) -> (CellColor?, length: Int) {
    switch parameters[index + 1] {
    case 5:
      guard index + 2 < parameters.count else { return (nil, 2) }
      return (UInt8(exactly: parameters[index + 2]).map(CellColor.indexed), 2)
    case 2:
      guard index + 4 < parameters.count else { return (nil, 4) }
      return (rgb(index + 2), 4)
    default: return (nil, 1)
    }
  }

  private func rgb(_ index: Int) -> CellColor? {
    guard let red = UInt8(exactly: parameters[index]), let green = UInt8(exactly: parameters[index + 1]),
      let blue = UInt8(exactly: parameters[index + 2])
    else { return nil }
    return .rgb(red, green, blue)
  }

  /// An attribute with sub-parameters; those that mean nothing end this attribute only.
  private func extended(_ code: UInt16, _ index: Int, _ count: Int) -> Attribute? {
    switch code {
    case 4:
      return UInt8(exactly: parameters[index + 1]).flatMap(CellStyle.Underline.init(rawValue:))
        .map(Attribute.underline)
    case 38, 48, 58:
      switch parameters[index + 1] {
      case 5 where count >= 2:
        return UInt8(exactly: parameters[index + 2]).map { Self.colored(code, .indexed($0)) }
      // With four or more values the first is the color space.
      case 2 where count >= 4:
        return rgb(index + (count == 4 ? 2 : 3)).map { Self.colored(code, $0) }
      default: return nil
      }
    default: return nil
    }
  }

  private static func attribute(_ code: UInt16) -> Attribute? {
    switch code {
    case 0: .reset
    case 30...37: .foreground(.indexed(UInt8(code - 30)))
    case 40...47: .background(.indexed(UInt8(code - 40)))
    case 90...97: .foreground(.indexed(UInt8(code - 90 + 8)))
    case 100...107: .background(.indexed(UInt8(code - 100 + 8)))
    case 39: .foreground(.standard)
    case 49: .background(.standard)
    case 59: .underlineColor(.standard)
    default: switched(code)
    }
  }

  private static func switched(_ code: UInt16) -> Attribute? {
    switch code {
    case 1: .on(.bold)
    case 2: .on(.faint)
    case 3: .on(.italic)
    case 4: .underline(.single)
    case 5, 6: .on(.blink)
    case 7: .on(.reverse)
    case 8: .on(.hidden)
    case 9: .on(.strike)
    case 21: .underline(.double)
    case 22: .off([.bold, .faint])
    case 23: .off(.italic)
    case 24: .underline(.none)
    case 25: .off(.blink)
    case 27: .off(.reverse)
    case 28: .off(.hidden)
    case 29: .off(.strike)
    case 51, 52: .on(.framed)
    case 53: .on(.overline)
    case 54: .off(.framed)
    case 55: .off(.overline)
    case 73: .on(.superscript)
    case 74: .on(.subscript)
    case 75: .off([.superscript, .subscript])
    default: nil
    }
  }
}
