/// A color as a program named it.
struct CellColor: Equatable, Hashable, Sendable, BitwiseCopyable {
  /// 0: the default; 1 << 24 | index: one of 256; 2 << 24 | RGB.
  var raw: UInt32

  static let standard = CellColor(raw: 0)
  static func indexed(_ index: UInt8) -> CellColor { CellColor(raw: 1 << 24 | UInt32(index)) }
  static func rgb(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> CellColor {
    CellColor(raw: 2 << 24 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue))
  }

  enum Meaning: Equatable {
    case standard
    case indexed(UInt8)
    case rgb(red: UInt8, green: UInt8, blue: UInt8)
  }

  var meaning: Meaning {
    switch raw >> 24 {
    case 1: .indexed(UInt8(truncatingIfNeeded: raw))
    case 2:
      .rgb(
        red: UInt8(truncatingIfNeeded: raw >> 16), green: UInt8(truncatingIfNeeded: raw >> 8),
        blue: UInt8(truncatingIfNeeded: raw))
    default: .standard
    }
  }
}

/// How a character looks (SGR, ECMA-48 §8.3.117, and xterm's and kitty's additions), and the link it belongs to.
struct CellStyle: Equatable, Hashable, Sendable, BitwiseCopyable {
  struct Flags: OptionSet, Hashable, Sendable, BitwiseCopyable {
    let rawValue: UInt16
    static let bold = Flags(rawValue: 1 << 0)
    static let faint = Flags(rawValue: 1 << 1)
    static let italic = Flags(rawValue: 1 << 2)
    static let blink = Flags(rawValue: 1 << 3)
    static let reverse = Flags(rawValue: 1 << 4)
    static let hidden = Flags(rawValue: 1 << 5)
    static let strike = Flags(rawValue: 1 << 6)
    static let overline = Flags(rawValue: 1 << 7)
    static let framed = Flags(rawValue: 1 << 8)
    static let superscript = Flags(rawValue: 1 << 9)
    static let `subscript` = Flags(rawValue: 1 << 10)
    static let all = Flags(rawValue: 1 << 11 - 1)
  }

  enum Underline: UInt8, Sendable {
    case none, single, double, curly, dotted, dashed
  }

  var foreground = CellColor.standard
  var background = CellColor.standard
  var underlineColor = CellColor.standard
  var flags: Flags = []
  var underline = Underline.none
  /// Index in the link table; 0: none.
  var link: UInt32 = 0

  static let plain = CellStyle()

  /// What an erased position keeps of the style: the background (background color erase).
  var erased: CellStyle {
    var style = CellStyle()
    style.background = background
    return style
  }

  @inline(__always) var firstWord: UInt64 { UInt64(foreground.raw) | UInt64(background.raw) << 32 }
  @inline(__always) var secondWord: UInt64 {
    UInt64(underlineColor.raw) | UInt64(flags.rawValue) << 26 | UInt64(underline.rawValue) << 37
      ^ UInt64(link) << 40
  }
}
