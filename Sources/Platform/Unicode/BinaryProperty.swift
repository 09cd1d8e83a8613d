/// Properties that a code point has or has not (UAX #44 §5.3).
public enum BinaryProperty: String, CaseIterable, Sendable {
  case whiteSpace = "White_Space"
  case joinControl = "Join_Control"
  case hexDigit = "Hex_Digit"
  case alphabetic = "Alphabetic"
  case uppercase = "Uppercase"
  case lowercase = "Lowercase"
  case emoji = "Emoji"
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
