/// Select graphic rendition (ECMA-48 §8.3.117), with colors as in ITU T.416 (colons) and as in xterm (semicolons).
extension Parser {
  /// All parameters in one step, on a copy of the style.
  mutating func attributes<Receiver: OperationReceiver>(into receiver: inout Receiver) {
    var style = receiver.rendition
    if parameters.count == 0 { Self.apply(0, to: &style) }
    var index = 0
    while index < parameters.count {
      let code = parameters[index]
      if parameters.colons != 0 {
        let count = parameters.subparameterCount(index)
        if count > 0 {
          extended(code, index, count, &style)
          index &+= 1 &+ count
          continue
        }
      }
      if code == 38 || code == 48 || code == 58 {
        let (color, length) = color(after: index)
        if let color { Self.apply(color, code, to: &style) }
        index &+= 1 &+ length
      } else {
        Self.apply(code, to: &style)
        index &+= 1
      }
    }
    receiver.rendition = style
  }

  @inline(__always)
  private static func apply(_ color: CellColor, _ code: UInt16, to style: inout CellStyle) {
    switch code {
    case 38: style.foreground = color
    case 48: style.background = color
    default: style.underlineColor = color
    }
  }

  /// A color given by semicolons, and how many parameters it takes.
  @inline(__always)
  private mutating func color(after index: Int) -> (CellColor?, length: Int) {
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

  private mutating func rgb(_ index: Int) -> CellColor? {
    guard let red = UInt8(exactly: parameters[index]), let green = UInt8(exactly: parameters[index + 1]),
      let blue = UInt8(exactly: parameters[index + 2])
    else { return nil }
    return .rgb(red, green, blue)
  }

  /// An attribute with sub-parameters; those that mean nothing end this attribute only.
  private mutating func extended(_ code: UInt16, _ index: Int, _ count: Int, _ style: inout CellStyle) {
    switch code {
    case 4:
      let number = UInt8(exactly: parameters[index + 1])
      if let underline = number.flatMap(CellStyle.Underline.init(rawValue:)) { style.underline = underline }
    case 38, 48, 58:
      let color: CellColor?
      switch parameters[index + 1] {
      case 5 where count >= 2: color = UInt8(exactly: parameters[index + 2]).map(CellColor.indexed)
      // With four or more values the first is the color space.
      case 2 where count >= 4: color = rgb(index + (count == 4 ? 2 : 3))
      default: color = nil
      }
      if let color { Self.apply(color, code, to: &style) }
    default: return
    }
  }

  /// A parameter that stands by itself; one that means nothing does nothing. A reset leaves the link.
  @inline(__always)
  private static func apply(_ code: UInt16, to style: inout CellStyle) {
    switch code {
    case 0:
      let link = style.link
      style = .plain
      style.link = link
    case 1: style.flags.insert(.bold)
    case 3: style.flags.insert(.italic)
    case 4: style.underline = .single
    case 7: style.flags.insert(.reverse)
    case 22: style.flags.subtract([.bold, .faint])
    case 24: style.underline = .none
    case 27: style.flags.remove(.reverse)
    case 30...37: style.foreground = .indexed(UInt8(truncatingIfNeeded: code &- 30))
    case 39: style.foreground = .standard
    case 40...47: style.background = .indexed(UInt8(truncatingIfNeeded: code &- 40))
    case 49: style.background = .standard
    case 90...97: style.foreground = .indexed(UInt8(truncatingIfNeeded: code &- 82))
    case 100...107: style.background = .indexed(UInt8(truncatingIfNeeded: code &- 92))
    default: applyRare(code, to: &style)
    }
  }

  private static func applyRare(_ code: UInt16, to style: inout CellStyle) {
    switch code {
    case 2: style.flags.insert(.faint)
    case 5, 6: style.flags.insert(.blink)
    case 8: style.flags.insert(.hidden)
    case 9: style.flags.insert(.strike)
    case 21: style.underline = .double
    case 23: style.flags.remove(.italic)
    case 25: style.flags.remove(.blink)
    case 28: style.flags.remove(.hidden)
    case 29: style.flags.remove(.strike)
    case 51, 52: style.flags.insert(.framed)
    case 53: style.flags.insert(.overline)
    case 54: style.flags.remove(.framed)
    case 55: style.flags.remove(.overline)
    case 59: style.underlineColor = .standard
    case 73: style.flags.insert(.superscript)
    case 74: style.flags.insert(.subscript)
    case 75: style.flags.subtract([.superscript, .subscript])
    default: return
    }
  }
}
