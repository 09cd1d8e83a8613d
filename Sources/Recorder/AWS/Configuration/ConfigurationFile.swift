/// One of AWS's two shared files, `~/.aws/config` or `~/.aws/credentials`, as the AWS CLI reads them.
///
/// Sections in brackets, `name = value` or `name: value` with names in any letter case, comments on lines of
/// their own that begin with `#` or `;`. Lines indented deeper belong to the one before: after an empty value
/// they are settings of their own, one level deep. Of what occurs twice the later wins.
struct ConfigurationFile: Equatable, Sendable {
  /// A section's settings; names in lower case.
  struct Section: Equatable, Sendable {
    var values: [String: String] = [:]
    /// Indented settings below an empty value: `s3 =`, `ssm =`.
    var nested: [String: [String: String]] = [:]

    /// Takes over another section's settings, which win.
    mutating func merge(_ other: Section) {
      values.merge(other.values) { $1 }
      nested.merge(other.nested) { $1 }
    }
  }

  /// A line that cannot be read, counted from 1.
  struct ParsingError: Error, Equatable, Sendable, CustomStringConvertible {
    let line: Int
    var description: String { "line \(line) is neither a [section] nor \"name = value\"" }
  }

  private(set) var sections: [String: Section] = [:]

  init() {}

  init(parsing bytes: [UInt8]) throws(ParsingError) {
    var current: String?
    var name: String?
    /// Blanks before the setting that further lines may belong to.
    var indentation = 0
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let content = ASCII.trimmed(line.last == 0x0D ? line.dropLast() : line)
      guard let first = content.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";") else {
        continue
      }
      let blankCount = content.startIndex - line.startIndex
      if blankCount > indentation, let current, let name {
        continueValue(of: name, in: current, with: content)
        continue
      }
      indentation = blankCount
      if first == UInt8(ascii: "["), let end = content.lastIndex(of: UInt8(ascii: "]")) {
        let title = Self.text(content[(content.startIndex + 1)..<end])
        sections[title] = sections[title] ?? Section()
        (current, name) = (title, nil)
      } else if let current, let (key, value) = Self.pair(content, separators: "=:") {
        sections[current]?.values[key] = value
        sections[current]?.nested[key] = nil
        name = key
      } else {
        throw ParsingError(line: index + 1)
      }
    }
  }

  private mutating func continueValue(of name: String, in section: String, with content: ArraySlice<UInt8>) {
    let value = sections[section]?.values[name] ?? ""
    if value.isEmpty, let (key, nested) = Self.pair(content, separators: "=") {
      sections[section]?.nested[name, default: [:]][key] = nested
    } else {
      sections[section]?.values[name] = value + "\n" + Self.text(content)
    }
  }

  private static func pair(_ content: ArraySlice<UInt8>, separators: String) -> (String, String)? {
    guard let separator = content.firstIndex(where: { separators.utf8.contains($0) }),
      separator > content.startIndex
    else { return nil }
    return (text(content[..<separator]).lowercased(), text(content[(separator + 1)...]))
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: ASCII.trimmed(bytes), as: UTF8.self)
  }

  /// The section of a given kind and name, as `~/.aws/config` has them: `[profile x]`, `[services x]`, with
  /// or without quotes round the name.
  func section(_ kind: String, _ name: String) -> Section? {
    sections[sections.keys.sorted().first { Self.names($0, kind, name) } ?? ""]
  }

  /// The names of all sections of a kind, sorted.
  func names(of kind: String) -> [String] {
    sections.keys.compactMap { title in
      let words = title.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" })
      return words.count == 2 && words[0] == kind ? Self.unquoted(words[1]) : nil
    }.sorted()
  }

  private static func names(_ title: String, _ kind: String, _ name: String) -> Bool {
    let words = title.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" })
    return words.count == 2 && words[0] == kind && unquoted(words[1]) == name
  }

  private static func unquoted(_ word: Substring) -> String {
    let text = String(decoding: ASCII.trimmed(Array(word.utf8)), as: UTF8.self)
    for quote in ["\"", "'"] where text.count >= 2 && text.hasPrefix(quote) && text.hasSuffix(quote) {
      return String(text.dropFirst().dropLast())
    }
    return text
  }
}
