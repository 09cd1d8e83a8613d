/// The modes that a program sets and resets, as bits.
///
/// What has no effect on the picture is kept too: a dump sets it again, and a player may want to know.
struct Modes: OptionSet, Hashable, Sendable {
  let rawValue: UInt64

  static let insert = Modes(rawValue: 1 << 0)  // IRM, 4
  static let newLine = Modes(rawValue: 1 << 1)  // LNM, 20
  static let keyboardLocked = Modes(rawValue: 1 << 2)  // KAM, 2
  static let noLocalEcho = Modes(rawValue: 1 << 3)  // SRM, 12

  static let applicationCursor = Modes(rawValue: 1 << 4)  // DECCKM, ?1
  static let wideColumns = Modes(rawValue: 1 << 5)  // DECCOLM, ?3
  static let smoothScroll = Modes(rawValue: 1 << 6)  // DECSCLM, ?4
  static let reverseScreen = Modes(rawValue: 1 << 7)  // DECSCNM, ?5
  static let origin = Modes(rawValue: 1 << 8)  // DECOM, ?6
  static let autowrap = Modes(rawValue: 1 << 9)  // DECAWM, ?7
  static let autorepeat = Modes(rawValue: 1 << 10)  // DECARM, ?8
  static let mouseX10 = Modes(rawValue: 1 << 11)  // ?9
  static let cursorBlink = Modes(rawValue: 1 << 12)  // ?12
  static let cursorVisible = Modes(rawValue: 1 << 13)  // DECTCEM, ?25
  static let allowWideColumns = Modes(rawValue: 1 << 14)  // ?40
  static let reverseWrap = Modes(rawValue: 1 << 15)  // ?45
  static let applicationKeypad = Modes(rawValue: 1 << 16)  // DECNKM, ?66
  static let backarrow = Modes(rawValue: 1 << 17)  // DECBKM, ?67
  static let leftRightMargins = Modes(rawValue: 1 << 18)  // DECLRMM, ?69
  static let keepsOnColumnChange = Modes(rawValue: 1 << 19)  // DECNCSM, ?95
  static let mouseButtons = Modes(rawValue: 1 << 20)  // ?1000
  static let mouseHighlight = Modes(rawValue: 1 << 21)  // ?1001
  static let mouseDrag = Modes(rawValue: 1 << 22)  // ?1002
  static let mouseMotion = Modes(rawValue: 1 << 23)  // ?1003
  static let focusEvents = Modes(rawValue: 1 << 24)  // ?1004
  static let mouseUTF8 = Modes(rawValue: 1 << 25)  // ?1005
  static let mouseSGR = Modes(rawValue: 1 << 26)  // ?1006
  static let alternateScroll = Modes(rawValue: 1 << 27)  // ?1007
  static let mouseURXVT = Modes(rawValue: 1 << 28)  // ?1015
  static let mousePixels = Modes(rawValue: 1 << 29)  // ?1016
  static let metaSendsEscape = Modes(rawValue: 1 << 30)  // ?1036
  static let extendedReverseWrap = Modes(rawValue: 1 << 31)  // ?1045
  static let bracketedPaste = Modes(rawValue: 1 << 32)  // ?2004
  static let synchronizedUpdate = Modes(rawValue: 1 << 33)  // ?2026
  static let clusters = Modes(rawValue: 1 << 34)  // ?2027
  static let colorSchemeReports = Modes(rawValue: 1 << 35)  // ?2031
  static let sizeReports = Modes(rawValue: 1 << 36)  // ?2048
  static let moreFix = Modes(rawValue: 1 << 37)  // ?41

  static let initial: Modes = [.autowrap, .autorepeat, .cursorVisible, .noLocalEcho]

  /// ECMA-48 modes (SM, RM) by number.
  static let standard: [(number: UInt16, mode: Modes)] = [
    (2, .keyboardLocked), (4, .insert), (12, .noLocalEcho), (20, .newLine),
  ]

  /// DEC private modes by number, without the alternate screen's (47, 1047, 1048, 1049).
  static let privates: [(number: UInt16, mode: Modes)] = [
    (1, .applicationCursor), (3, .wideColumns), (4, .smoothScroll), (5, .reverseScreen), (6, .origin),
    (7, .autowrap), (8, .autorepeat), (9, .mouseX10), (12, .cursorBlink), (25, .cursorVisible),
    (40, .allowWideColumns), (41, .moreFix), (45, .reverseWrap), (66, .applicationKeypad), (67, .backarrow),
    (69, .leftRightMargins), (95, .keepsOnColumnChange), (1000, .mouseButtons), (1001, .mouseHighlight),
    (1002, .mouseDrag), (1003, .mouseMotion), (1004, .focusEvents), (1005, .mouseUTF8), (1006, .mouseSGR),
    (1007, .alternateScroll), (1015, .mouseURXVT), (1016, .mousePixels), (1036, .metaSendsEscape),
    (1045, .extendedReverseWrap), (2004, .bracketedPaste), (2026, .synchronizedUpdate), (2027, .clusters),
    (2031, .colorSchemeReports), (2048, .sizeReports),
  ]

  static func standard(_ number: UInt16) -> Modes? { standard.first { $0.number == number }?.mode }
  static func privates(_ number: UInt16) -> Modes? { privates.first { $0.number == number }?.mode }
}
