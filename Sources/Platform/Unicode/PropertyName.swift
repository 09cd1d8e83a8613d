/// Properties by what regular expressions call them (`\p{…}`; UTS #18 §1.2).
public enum PropertyName {
  /// The code points that `name` stands for, in order and apart from each other; nil: nothing is called so.
  ///
  /// Names: categories and groups of them (`L`, `Lu`, `Letter`, `gc=Nd`), scripts (`Greek`, `sc=Grek`, `Script=Greek`),
  /// binary properties (`Alphabetic`, `White_Space`), `Any`, `ASCII`, `Assigned`. Letter case, spaces, hyphens and
  /// low lines do not matter.
  public static func ranges(_ name: String) -> [ClosedRange<UInt32>]? {
    let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
      folded(String($0))
    }
    if parts.count == 2 {
      switch parts[0] {
      case "gc", "generalcategory", "category": return category(parts[1])
      case "sc", "script": return Script.ranges(named: parts[1])
      default: return nil
      }
    }
    switch parts[0] {
    case "any": return [0...0x10FFFF]
    case "ascii": return [0...0x7F]
    case "assigned": return GeneralCategory.ranges { $0 != .unassigned }
    case "space", "wspace": return BinaryProperty.whiteSpace.ranges
    case "alpha": return BinaryProperty.alphabetic.ranges
    case "upper": return BinaryProperty.uppercase.ranges
    case "lower": return BinaryProperty.lowercase.ranges
    default: break
    }
    if let property = BinaryProperty.allCases.first(where: { folded($0.rawValue) == parts[0] }) {
      return property.ranges
    }
    return category(parts[0]) ?? Script.ranges(named: parts[0])
  }

  /// A name without what does not matter in it.
  static func folded(_ name: String) -> String {
    String(name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " })
  }

  /// A category by its abbreviation or its long name, or a group by its first letter.
  private static func category(_ name: String) -> [ClosedRange<UInt32>]? {
    let short = longNames[name] ?? name
    if short == "lc" || short == "l&" {
      return GeneralCategory.ranges { [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter].contains($0) }
    }
    guard !short.isEmpty else { return nil }
    guard GeneralCategory.allCases.contains(where: { $0.rawValue.lowercased().hasPrefix(short) }) else {
      return nil
    }
    return GeneralCategory.ranges { $0.rawValue.lowercased().hasPrefix(short) }
  }

  /// PropertyValueAliases.txt, gc.
  private static let longNames: [String: String] = [
    "other": "c", "control": "cc", "cntrl": "cc", "format": "cf", "unassigned": "cn", "privateuse": "co",
    "surrogate": "cs", "letter": "l", "casedletter": "lc", "lowercaseletter": "ll", "modifierletter": "lm",
    "otherletter": "lo", "titlecaseletter": "lt", "uppercaseletter": "lu", "mark": "m", "combiningmark": "m",
    "spacingmark": "mc", "enclosingmark": "me", "nonspacingmark": "mn", "number": "n", "decimalnumber": "nd",
    "digit": "nd", "letternumber": "nl", "othernumber": "no", "punctuation": "p", "punct": "p",
    "connectorpunctuation": "pc", "dashpunctuation": "pd", "closepunctuation": "pe", "finalpunctuation": "pf",
    "initialpunctuation": "pi", "otherpunctuation": "po", "openpunctuation": "ps", "symbol": "s",
    "currencysymbol": "sc", "modifiersymbol": "sk", "mathsymbol": "sm", "othersymbol": "so", "separator": "z",
    "lineseparator": "zl", "paragraphseparator": "zp", "spaceseparator": "zs",
  ]
}
