/// A set of Unicode scalars as sorted ranges that neither touch nor overlap.
struct ScalarSet: Equatable, Hashable, Sendable {
  private(set) var ranges: [ClosedRange<UInt32>]

  static let last: UInt32 = 0x10_FFFF

  init() { ranges = [] }

  init(_ range: ClosedRange<UInt32>) { ranges = [range] }

  /// The union of `ranges`, in any order.
  init(_ ranges: [ClosedRange<UInt32>]) {
    var merged: [ClosedRange<UInt32>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let previous = merged.last, range.lowerBound <= previous.upperBound &+ 1 {
        merged[merged.count - 1] = previous.lowerBound...max(previous.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    self.ranges = merged
  }

  /// The scalars of an ASCII or other text.
  init(_ text: String) { self.init(text.unicodeScalars.map { $0.value...$0.value }) }

  var isEmpty: Bool { ranges.isEmpty }

  /// The only member; nil where there are none or several.
  var single: UInt32? {
    guard ranges.count == 1, ranges[0].count == 1 else { return nil }
    return ranges[0].lowerBound
  }

  func contains(_ scalar: UInt32) -> Bool {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && ranges[low].lowerBound <= scalar
  }

  func union(_ other: ScalarSet) -> ScalarSet { ScalarSet(ranges + other.ranges) }

  func intersection(_ other: ScalarSet) -> ScalarSet { inverted.union(other.inverted).inverted }

  func subtracting(_ other: ScalarSet) -> ScalarSet { inverted.union(other).inverted }

  /// All scalars that are not in the set.
  var inverted: ScalarSet {
    var result: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges {
      if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
      next = range.upperBound + 1
    }
    if next <= Self.last { result.append(next...Self.last) }
    return ScalarSet(result)
  }

  /// The set with every scalar that folds to the same as one of its own (simple case folding).
  func foldingCase() -> ScalarSet {
    let count = ranges.reduce(0) { $0 + $1.count }
    var added = ranges
    if count <= 256 {
      for value in ranges.joined() { added += CaseFolding.equivalents(of: value).map { $0...$0 } }
      return ScalarSet(added)
    }
    // Large sets: only what has another case is asked.
    for run in CaseFolding.all {
      for value in stride(from: run.first, through: run.last, by: Int(run.step)) {
        let folded = UInt32(Int64(value) + Int64(run.distance))
        if contains(value) || contains(folded) {
          for member in [folded] + CaseFolding.equivalents(of: folded) { added.append(member...member) }
        }
      }
    }
    return ScalarSet(added)
  }
}

extension Unicode.Scalar {
  /// Whether `\w` matches: letters, marks, digits and connecting punctuation (UTS #18, annex C).
  var isWord: Bool {
    if value < 0x80 {
      return (0x30...0x39).contains(value) || (0x41...0x5A).contains(value & 0xDF) || value == 0x5F
    }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
    default: return properties.isAlphabetic || value == 0x200C || value == 0x200D
    }
  }
}

extension ScalarSet {
  static let asciiDigit = ScalarSet(0x30...0x39)
  /// Decimal digits of all scripts: `\d`.
  static let digit = ScalarSet(GeneralCategory.ranges { $0 == .decimalNumber })
  static let lower = ScalarSet(0x61...0x7A)
  static let upper = ScalarSet(0x41...0x5A)

  /// White space by Unicode's property of that name.
  static let space = ScalarSet([
    0x09...0x0D, 0x20...0x20, 0x85...0x85, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A,
    0x2028...0x2029, 0x202F...0x202F, 0x205F...0x205F, 0x3000...0x3000,
  ])

  /// Every scalar but the line feed: what `.` matches.
  static let notLineFeed = ScalarSet(0x0A...0x0A).inverted
  static let any = ScalarSet(0...last)

  /// Word characters. Built at first use: long stretches of one kind are taken whole, the rest asked one by one.
  static let word: ScalarSet = {
    let whole: [ClosedRange<UInt32>] = [0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x17000...0x187F7]
    let beyond: [ClosedRange<UInt32>] = [
      0x20000...0x2A6DF, 0x2A700...0x2B739, 0x2B740...0x2B81D, 0x2B820...0x2CEA1, 0x2CEB0...0x2EBE0,
      0x30000...0x3134A, 0x31350...0x323AF, 0xE0100...0xE01EF,
    ]
    var ranges = whole + beyond
    var next: UInt32 = 0
    for stretch in whole + [0x2F800...0x2FA1D] {
      for value in next..<stretch.lowerBound where value < 0x20000 {
        if let scalar = Unicode.Scalar(value), scalar.isWord { ranges.append(value...value) }
      }
      next = stretch.upperBound + 1
    }
    ranges.append(0x2F800...0x2FA1D)
    return ScalarSet(ranges)
  }()

  static let posixNames = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
    "upper", "word", "xdigit",
  ]

  /// A POSIX class by its name, in ASCII.
  static func posix(_ name: String) -> ScalarSet? {
    switch name {
    case "alnum": asciiDigit.union(lower).union(upper)
    case "alpha": lower.union(upper)
    case "ascii": ScalarSet(0...0x7F)
    case "blank": ScalarSet("\t ")
    case "cntrl": ScalarSet([0...0x1F, 0x7F...0x7F])
    case "digit": asciiDigit
    case "graph": ScalarSet(0x21...0x7E)
    case "lower": lower
    case "print": ScalarSet(0x20...0x7E)
    case "punct": ScalarSet([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E])
    case "space": ScalarSet([0x09...0x0D, 0x20...0x20])
    case "upper": upper
    case "word": asciiDigit.union(lower).union(upper).union(ScalarSet("_"))
    case "xdigit": ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66])
    default: nil
    }
  }
}
