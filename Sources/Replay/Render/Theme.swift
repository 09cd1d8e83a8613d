import Format
import Platform

/// The colors a picture is drawn in: text, background, and the sixteen that programs call by number.
struct Theme: Equatable, Sendable {
  /// 0xRRGGBB.
  var foreground: UInt32
  var background: UInt32
  /// Sixteen values.
  var palette: [UInt32]

  static let dark = Theme(
    foreground: 0xD4D4D4, background: 0x16181D,
    palette: [
      0x2A2D34, 0xE0606B, 0x7FBF6A, 0xD9B25F, 0x5E9BE6, 0xB884DD, 0x4DB6B6, 0xC8CCD4,
      0x6B7280, 0xFF7B86, 0x9BDB86, 0xF2CE7E, 0x82B5FF, 0xD3A4F5, 0x6FD6D6, 0xFFFFFF,
    ])

  static let light = Theme(
    foreground: 0x24292F, background: 0xFFFFFF,
    palette: [
      0x24292F, 0xB42335, 0x1A7F37, 0x8A5A00, 0x0757C2, 0x7A3EA8, 0x0F6B77, 0xB8BEC6,
      0x57606A, 0xD1242F, 0x2DA44E, 0xA86B00, 0x218BFF, 0x9A5CD0, 0x1B8794, 0xE6E9ED,
    ])

  init(foreground: UInt32, background: UInt32, palette: [UInt32]) {
    self.foreground = foreground
    self.background = background
    self.palette = palette
  }

  /// The theme of a recording's header (asciicast: `fg`, `bg`, `palette` of 8 or 16 colors, `#rrggbb` between colons);
  /// what it lacks, or has in another form, is the dark theme's.
  init(_ header: Header) {
    self = .dark
    guard let theme = header.theme else { return }
    if let color = Self.color(theme["fg"]?.string) { foreground = color }
    if let color = Self.color(theme["bg"]?.string) { background = color }
    let colors = (theme["palette"]?.string ?? "").split(separator: ":").map { Self.color(String($0)) }
    guard colors.count == 8 || colors.count == 16, !colors.contains(nil) else { return }
    let known = colors.compactMap { $0 }
    palette = known.count == 16 ? known : known + known
  }

  /// The colors as a program changed them since (OSC 4, 10, 11).
  func changed(by colors: ColorTable) -> Theme {
    var theme = self
    if let color = colors.dynamic[10] { theme.foreground = color & 0xFF_FFFF }
    if let color = colors.dynamic[11] { theme.background = color & 0xFF_FFFF }
    return theme
  }

  /// The value of a color; nil for the default one.
  func value(_ color: CellColor) -> UInt32? {
    switch color.meaning {
    case .standard: nil
    case .indexed(let index): index < 16 ? palette[Int(index)] : Self.fixed(index)
    case .rgb(let red, let green, let blue): UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
    }
  }

  /// Colors 16 to 255 as xterm has them: a cube of six levels, then grays.
  static func fixed(_ index: UInt8) -> UInt32 {
    if index >= 232 { return (8 + 10 * (UInt32(index) - 232)) * 0x01_0101 }
    func level(_ step: UInt32) -> UInt32 { step == 0 ? 0 : 55 + 40 * step }
    let place = UInt32(index) - 16
    return level(place / 36) << 16 | level(place / 6 % 6) << 8 | level(place % 6)
  }

  private static func color(_ text: String?) -> UInt32? {
    guard let text, text.hasPrefix("#"), text.utf8.count == 7 else { return nil }
    return UInt32(text.dropFirst(), radix: 16)
  }
}

/// How a glyph comes out in a theme: its two colors, after all that swaps and dims them.
struct Look: Hashable, Sendable {
  /// 0xRRGGBB.
  var foreground: UInt32
  /// nil: the picture's own background.
  var background: UInt32?
  /// nil: nothing is drawn; the background stays.
  var isHidden = false
  var isBold = false
  var isItalic = false
  var underline = CellStyle.Underline.none
  var underlineColor: UInt32?
  var isStruck = false
  var isOverlined = false

  init(_ style: CellStyle, in theme: Theme, isReversed: Bool) {
    foreground = theme.value(style.foreground) ?? theme.foreground
    background = theme.value(style.background)
    if style.flags.contains(.reverse) != isReversed {
      (foreground, background) = (background ?? theme.background, foreground)
    }
    if style.flags.contains(.faint) {
      foreground = Self.mix(foreground, background ?? theme.background)
    }
    isHidden = style.flags.contains(.hidden)
    isBold = style.flags.contains(.bold)
    isItalic = style.flags.contains(.italic)
    isStruck = style.flags.contains(.strike)
    isOverlined = style.flags.contains(.overline)
    underline = style.underline
    underlineColor = theme.value(style.underlineColor)
  }

  /// Three parts of `first`, two of `second`.
  private static func mix(_ first: UInt32, _ second: UInt32) -> UInt32 {
    func part(_ shift: UInt32) -> UInt32 {
      (((first >> shift & 0xFF) * 3 + (second >> shift & 0xFF) * 2) / 5) << shift
    }
    return part(16) | part(8) | part(0)
  }

  /// A line through text as CSS has it, where the text is underlined in another kind or color: text-decoration has one
  /// of both for all its lines.
  static let strikeBesideUnderline =
    "background-image:linear-gradient(currentcolor,currentcolor);background-size:100% 1px;"
    + "background-position:0 55%;background-repeat:no-repeat;"

  /// `#rrggbb`
  static func hex(_ color: UInt32) -> String {
    let digits = String(color & 0xFF_FFFF, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
