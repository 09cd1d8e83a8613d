import FoundationEssentials

/// Numbers as text: six bits a character from `0` (0x30) on. A string literal compiles in no time and needs no
/// preparation when the program starts; an array literal of the same data does not.
enum Encoding {
  static func digit(_ value: Int) -> Character {
    precondition((0..<64).contains(value))
    return Character(Unicode.Scalar(UInt8(0x30 + value)))
  }

  static func pair(_ value: Int) -> String {
    precondition((0..<4096).contains(value))
    return String([digit(value >> 6), digit(value & 63)])
  }

  /// Five bits a character, the lowest first; 32 is added where another follows.
  static func number(_ value: Int) -> String {
    precondition(value >= 0)
    var text = ""
    var rest = value
    while rest >= 32 {
      text.append(digit(rest & 31 | 32))
      rest >>= 5
    }
    text.append(digit(rest))
    return text
  }

  /// A number with a sign: 0, -1, 1, -2 … count as 0, 1, 2, 3 ….
  static func signed(_ value: Int) -> String { number(value < 0 ? -2 * value - 1 : 2 * value) }

  /// Runs of equal values: how many, less one, and the value's number.
  static func runs(_ values: [Int]) -> String {
    var text = ""
    var start = 0
    while start < values.count {
      var end = start + 1
      while end < values.count, values[end] == values[start] { end += 1 }
      text += number(end - start - 1) + number(values[start])
      start = end
    }
    return text
  }

  /// Which are set, as the lengths of runs that are not and are in turn.
  static func spans(_ flags: [Bool]) -> String {
    var text = ""
    var isSet = false
    var start = 0
    for index in 0...flags.count where index == flags.count || flags[index] != isSet {
      // A last run that is not set says nothing.
      if index < flags.count || isSet { text += number(index - start) }
      start = index
      isSet.toggle()
    }
    return text
  }
}

/// A file of the tables: an extension with string literals in it.
struct TableFile {
  var lines: [String]

  init(version: String, extending type: String, _ words: String) {
    lines = [
      "// Made by scripts/make-unicode from the Unicode character database \(version). Do not edit.", "",
      "/// \(words)", "extension \(type) {",
    ]
  }

  /// A string constant, in lines that are joined.
  mutating func add(_ name: String, _ text: String) {
    if lines.last?.hasSuffix("{") != true { lines.append("") }
    lines.append("  static var \(name): StaticString {")
    lines.append("    #\"\"\"")
    var rest = text[...]
    while !rest.isEmpty {
      let line = rest.prefix(100)
      rest = rest.dropFirst(100)
      lines.append("    \(line)\(rest.isEmpty ? "" : "\\#")")
    }
    lines.append("    \"\"\"#")
    lines.append("  }")
  }

  func write(to path: String) throws {
    try ((lines + ["}"]).joined(separator: "\n") + "\n").write(
      toFile: path, atomically: true, encoding: .utf8)
  }
}
