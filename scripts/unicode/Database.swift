import FoundationEssentials

/// The files of the Unicode character database: lines of fields, each for a range of code points (UAX #44 §4.2).
struct Database {
  struct Entry {
    let range: ClosedRange<Int>
    let fields: [String]
  }

  static let scalarCount = 0x110000
  let folder: String

  func text(_ name: String) -> String {
    guard let data = FileManager.default.contents(atPath: folder + "/" + name) else {
      fatalError("cannot read \(folder)/\(name)")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// The version, from the first line of a file: `# Scripts-15.0.0.txt`.
  func version() -> String {
    let line = text("Scripts.txt").prefix { $0 != "\n" }
    return String(line.dropFirst("# Scripts-".count).dropLast(".txt".count))
  }

  /// Every line with data, in order.
  func entries(_ name: String) -> [Entry] {
    var entries: [Entry] = []
    for line in text(name).split(separator: "\n") {
      let data = line.prefix { $0 != "#" }
      let fields = data.split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
      guard fields.count > 1 else { continue }
      // Sequences of code points are another kind of line; their first code point is meant.
      let first = fields[0].split(separator: " ")[0]
      let ends = first.split(separator: ".").compactMap { Int($0, radix: 16) }
      entries.append(Entry(range: ends[0]...ends[ends.count - 1], fields: Array(fields.dropFirst())))
    }
    return entries
  }

  /// The value of a property at each code point.
  func values(_ name: String, default value: String) -> [String] {
    var values = [String](repeating: value, count: Self.scalarCount)
    for entry in entries(name) {
      for scalar in entry.range { values[scalar] = entry.fields[0] }
    }
    return values
  }

  /// The code points that have a binary property.
  func flags(_ name: String, _ property: String) -> [Bool] {
    var flags = [Bool](repeating: false, count: Self.scalarCount)
    for entry in entries(name) where entry.fields[0] == property {
      for scalar in entry.range { flags[scalar] = true }
    }
    return flags
  }

  static func trimmed(_ text: Substring) -> String {
    let start = text.drop { $0 == " " || $0 == "\t" }
    guard let end = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return String(start[...end])
  }
}
