/// The kinds of code points (Unicode §4.5), by their abbreviations.
public enum GeneralCategory: String, CaseIterable, Sendable {
  /// Code points without a character.
  case unassigned = "Cn"
  /// Letters in upper case.
  case uppercaseLetter = "Lu"
  /// Letters in lower case.
  case lowercaseLetter = "Ll"
  /// Digraphs of which the first part is in upper case.
  case titlecaseLetter = "Lt"
  /// Letters that modify others.
  case modifierLetter = "Lm"
  /// Other letters: syllables and ideographs.
  case otherLetter = "Lo"
  /// Marks that take no column of their own.
  case nonspacingMark = "Mn"
  /// Marks that take one.
  case spacingMark = "Mc"
  /// Marks that enclose a character.
  case enclosingMark = "Me"
  /// Digits of decimal numbers.
  case decimalNumber = "Nd"
  /// Numbers that look like letters.
  case letterNumber = "Nl"
  /// Other numbers: fractions, superscripts.
  case otherNumber = "No"
  /// Punctuation that joins, such as the low line.
  case connectorPunctuation = "Pc"
  /// Dashes.
  case dashPunctuation = "Pd"
  /// Opening brackets.
  case openPunctuation = "Ps"
  /// Closing brackets.
  case closePunctuation = "Pe"
  /// Opening quotation marks.
  case initialPunctuation = "Pi"
  /// Closing quotation marks.
  case finalPunctuation = "Pf"
  /// Other punctuation.
  case otherPunctuation = "Po"
  /// Symbols of mathematics.
  case mathSymbol = "Sm"
  /// Signs of currencies.
  case currencySymbol = "Sc"
  /// Symbols that modify others.
  case modifierSymbol = "Sk"
  /// Other symbols.
  case otherSymbol = "So"
  /// Spaces.
  case spaceSeparator = "Zs"
  /// U+2028.
  case lineSeparator = "Zl"
  /// U+2029.
  case paragraphSeparator = "Zp"
  /// C0, DEL and C1.
  case control = "Cc"
  /// Characters without a shape that steer others.
  case format = "Cf"
  /// Surrogates, which are no characters.
  case surrogate = "Cs"
  /// Left to private agreements.
  case privateUse = "Co"

  /// The category of a code point; takes time in proportion to the table: for single questions.
  public init(of scalar: UInt32) {
    let cases = Self.allCases
    let number = RunReader.value(at: scalar, in: Self.runs) ?? 0
    self = cases[min(number, cases.count - 1)]
  }

  /// The code points of some categories, in order and apart from each other.
  public static func ranges(_ isWanted: (GeneralCategory) -> Bool) -> [ClosedRange<UInt32>] {
    let wanted = allCases.map(isWanted)
    return RunReader.ranges(of: runs) { $0 < wanted.count && wanted[$0] }
  }
}
