/// Properties that a code point has or has not (UAX #44 §5.3).
public enum BinaryProperty: String, CaseIterable, Sendable {
  /// Blanks, tabs and line ends.
  case whiteSpace = "White_Space"
  /// ZWJ and ZWNJ.
  case joinControl = "Join_Control"
  /// Hexadecimal digits, full-width ones too.
  case hexDigit = "Hex_Digit"
  /// Letters and what goes for them.
  case alphabetic = "Alphabetic"
  /// Upper case, letters and others.
  case uppercase = "Uppercase"
  /// Lower case, letters and others.
  case lowercase = "Lowercase"
  /// Characters that have a form as emoji.
  case emoji = "Emoji"
  /// Characters that are emoji unless U+FE0E follows.
  case emojiPresentation = "Emoji_Presentation"

  /// The code points that have it, in order and apart from each other.
  public var ranges: [ClosedRange<UInt32>] {
    let spans =
      switch self {
      case .whiteSpace: Self.whiteSpaceSpans
      case .joinControl: Self.joinControlSpans
      case .hexDigit: Self.hexDigitSpans
      case .alphabetic: Self.alphabeticSpans
      case .uppercase: Self.uppercaseSpans
      case .lowercase: Self.lowercaseSpans
      case .emoji: Self.emojiSpans
      case .emojiPresentation: Self.emojiPresentationSpans
      }
    return RunReader.ranges(inSpans: spans)
  }
}
