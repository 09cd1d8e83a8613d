import Platform
import Testing

/// The Unicode character database as Debian installs it, read apart from the script that makes our tables.
enum UnicodeDatabase {
  static let folder = "/usr/share/unicode"

  /// Missing is a fault where the machine could have installed it.
  static var isInstalled: Bool {
    let isThere = File.exists(folder + "/EastAsianWidth.txt")
    if !isThere, Environment.current["CI"] == "true" {
      Issue.record("no Unicode data in \(folder): install unicode-data")
    }
    return isThere
  }

  static func lines(_ name: String) throws -> [Substring] {
    let bytes = try File.read(folder + "/" + name)
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  /// Calls `body` with each code point and the value of its line.
  static func forEach(_ name: String, _ body: (UInt32, String) -> Void) throws {
    for line in try lines(name) {
      let fields = line.prefix { $0 != "#" }.split(separator: ";").map { $0.filter { $0 != " " } }
      guard fields.count >= 2 else { continue }
      let ends = fields[0].split(separator: ".").compactMap { UInt32($0, radix: 16) }
      guard let first = ends.first, let last = ends.last else { continue }
      for scalar in first...last { body(scalar, fields[1]) }
    }
  }
}
