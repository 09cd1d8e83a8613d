/// The kinds of code points (Unicode §4.5), by their abbreviations.
public enum GeneralCategory: String, CaseIterable, Sendable {
  case unassigned = "Cn"
  case uppercaseLetter = "Lu"
  case lowercaseLetter = "Ll"
  case titlecaseLetter = "Lt"
  case modifierLetter = "Lm"
  case otherLetter = "Lo"
  case nonspacingMark = "Mn"
  case spacingMark = "Mc"
  case enclosingMark = "Me"
  case decimalNumber = "Nd"
  case letterNumber = "Nl"
  case otherNumber = "No"
  case connectorPunctuation = "Pc"
  case dashPunctuation = "Pd"
  case openPunctuation = "Ps"
  case closePunctuation = "Pe"
  case initialPunctuation = "Pi"
  case finalPunctuation = "Pf"
  case otherPunctuation = "Po"
  case mathSymbol = "Sm"
  case currencySymbol = "Sc"
  case modifierSymbol = "Sk"
  case otherSymbol = "So"
  case spaceSeparator = "Zs"
  case lineSeparator = "Zl"
  case paragraphSeparator = "Zp"
  case control = "Cc"
  case format = "Cf"
  case surrogate = "Cs"
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
