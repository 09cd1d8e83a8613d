import FoundationEssentials

let arguments = CommandLine.arguments
let database = Database(folder: arguments[1])
let target = arguments[2]
let version = database.version()
try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)

let categoryNames = [
  "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf",
  "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
]
let breakNames = [
  "Other", "CR", "LF", "Control", "Extend", "ZWJ", "Regional_Indicator", "Prepend", "SpacingMark", "L", "V",
  "T", "LV", "LVT",
]

let categories = database.values("extracted/DerivedGeneralCategory.txt", default: "Cn")
try writeCharacterTable()
try writeCategories()
try writeScripts()
try writeProperties()
try writeCaseFolding()

/// Width, grapheme break, and what an emoji is: one character a code point in blocks of 256.
func writeCharacterTable() throws {
  let widths = database.values("EastAsianWidth.txt", default: "N")
  let breaks = database.values("auxiliary/GraphemeBreakProperty.txt", default: "Other")
  let isPictographic = database.flags("emoji/emoji-data.txt", "Extended_Pictographic")
  var hasPresentation = [Bool](repeating: false, count: Database.scalarCount)
  for entry in database.entries("emoji/emoji-variation-sequences.txt") {
    hasPresentation[entry.range.lowerBound] = true
  }
  // By width, the combinations of the other facts that occur: a letter is an index in these, and the width.
  var kinds: [[Int]] = [[], [], []]
  var letters: [Character] = []
  for scalar in 0..<Database.scalarCount {
    let width = columns(scalar, categories[scalar], widths[scalar], breaks[scalar])
    guard let number = breakNames.firstIndex(of: breaks[scalar]) else {
      fatalError("break \(breaks[scalar])")
    }
    let kind = number | (isPictographic[scalar] ? 16 : 0) | (hasPresentation[scalar] ? 32 : 0)
    let index: Int
    if let known = kinds[width].firstIndex(of: kind) {
      index = known
    } else {
      index = kinds[width].count
      kinds[width].append(kind)
    }
    precondition(index < 16, "more than 16 kinds of one width")
    letters.append(Encoding.digit(index << 2 | width))
  }
  var blocks: [String: Int] = [:]
  var leaves = ""
  var stage = ""
  for start in stride(from: 0, to: Database.scalarCount, by: 256) {
    let block = String(letters[start..<start + 256])
    if blocks[block] == nil {
      blocks[block] = blocks.count
      leaves += block
    }
    stage += Encoding.pair(blocks[block]!)
  }
  var table = ""
  for index in 0..<64 {
    let row = kinds[min(index & 3, 2)]
    table.append(Encoding.digit(index & 3 < 3 && index >> 2 < row.count ? row[index >> 2] : 0))
  }
  var file = TableFile(
    version: version, extending: "CharacterTable", "Width and grapheme break: two stages, blocks of 256.")
  file.add("stage", stage)
  file.add("kinds", table)
  try file.write(to: target + "/CharacterTable+Stages.swift")
  var second = TableFile(
    version: version, extending: "CharacterTable", "The blocks that the first stage names.")
  second.add("blocks", leaves)
  try second.write(to: target + "/CharacterTable+Blocks.swift")
}

/// Columns of a code point by itself, as `wcwidth` of xterm and of the GNU C library count them.
func columns(_ scalar: Int, _ category: String, _ eastAsian: String, _ breaking: String) -> Int {
  switch category {
  // The soft hyphen is seen, and so are the Arabic signs that enclose the digits after them.
  case "Cf" where scalar == 0xAD || breaking == "Prepend": return 1
  case "Mn", "Me", "Cf", "Zl", "Zp": return 0
  default: break
  }
  // Vowels and final consonants of Hangul join the syllable before them.
  if breaking == "V" || breaking == "T" { return 0 }
  return eastAsian == "W" || eastAsian == "F" ? 2 : 1
}

func writeCategories() throws {
  let numbers = categories.map { categoryNames.firstIndex(of: $0)! }
  var file = TableFile(version: version, extending: "GeneralCategory", "Runs of code points of one category.")
  file.add("runs", Encoding.runs(numbers))
  try file.write(to: target + "/GeneralCategory+Runs.swift")
}

func writeScripts() throws {
  let values = database.values("Scripts.txt", default: "Unknown")
  var names = ["Unknown"]
  for entry in database.entries("Scripts.txt") where !names.contains(entry.fields[0]) {
    names.append(entry.fields[0])
  }
  let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  var short: [String: String] = [:]
  for line in database.text("PropertyValueAliases.txt").split(separator: "\n") {
    let fields = line.split(separator: ";").map(Database.trimmed)
    if fields.count > 2, fields[0] == "sc" { short[fields[2]] = fields[1] }
  }
  var file = TableFile(version: version, extending: "Script", "Runs of code points of one script.")
  file.add("names", names.map { "\($0) \(short[$0] ?? $0)" }.joined(separator: ";"))
  file.add("runs", Encoding.runs(values.map { numbers[$0]! }))
  try file.write(to: target + "/Script+Runs.swift")
}

func writeProperties() throws {
  var file = TableFile(version: version, extending: "BinaryProperty", "Code points that have a property.")
  file.add("whiteSpaceSpans", Encoding.spans(database.flags("PropList.txt", "White_Space")))
  file.add("joinControlSpans", Encoding.spans(database.flags("PropList.txt", "Join_Control")))
  file.add("hexDigitSpans", Encoding.spans(database.flags("PropList.txt", "Hex_Digit")))
  for (name, property) in [
    ("alphabetic", "Alphabetic"), ("uppercase", "Uppercase"), ("lowercase", "Lowercase"),
  ] {
    file.add(name + "Spans", Encoding.spans(database.flags("DerivedCoreProperties.txt", property)))
  }
  file.add("emojiSpans", Encoding.spans(database.flags("emoji/emoji-data.txt", "Emoji")))
  file.add(
    "emojiPresentationSpans", Encoding.spans(database.flags("emoji/emoji-data.txt", "Emoji_Presentation")))
  try file.write(to: target + "/BinaryProperty+Spans.swift")
}

/// Simple case folding (status C and S): runs of code points `step` apart that fold to the same distance.
func writeCaseFolding() throws {
  let pairs = database.entries("CaseFolding.txt").filter { ["C", "S"].contains($0.fields[0]) }
    .map { (from: $0.range.lowerBound, to: Int($0.fields[1], radix: 16)!) }
  var text = ""
  var index = 0
  var previous = 0
  while index < pairs.count {
    let (from, to) = pairs[index]
    var count = 1
    var step = 1
    if index + 1 < pairs.count, [1, 2].contains(pairs[index + 1].from - from) {
      step = pairs[index + 1].from - from
      while index + count < pairs.count, pairs[index + count].from == from + count * step,
        pairs[index + count].to - pairs[index + count].from == to - from
      { count += 1 }
      if count == 1 { step = 1 }
    }
    text += Encoding.number(from - previous) + Encoding.number((count - 1) << 1 | (step - 1))
    text += Encoding.signed(to - from)
    previous = from
    index += count
  }
  var file = TableFile(version: version, extending: "CaseFolding", "Runs of code points that fold alike.")
  file.add("runs", text)
  try file.write(to: target + "/CaseFolding+Runs.swift")
}
