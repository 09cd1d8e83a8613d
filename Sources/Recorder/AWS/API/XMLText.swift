/// The little XML that AWS's older services answer with: elements and their text, found by name.
///
/// A reader for answers of known shape, not for documents: no namespaces, no entities but XML's own five and
/// numbers; declarations, comments and attributes are passed over, and what is malformed is nothing.
struct XMLText: Equatable, Sendable {
  private let bytes: [UInt8]

  /// Deepest nesting that is read.
  private static let maximumDepth = 32

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The text of the first element of that name, entities resolved; nil where there is none, or where it holds
  /// other elements.
  func text(_ name: String) -> String? {
    let wanted = Array(name.utf8)
    var position = 0
    /// Names of the elements that are open.
    var open: [ArraySlice<UInt8>] = []
    var textStart: Int?
    while let start = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
      let inside = bytes[(start + 1)...]
      if inside.starts(with: "!--".utf8) {
        guard let end = Self.index(of: "-->", in: inside) else { return nil }
        position = end + 3
        continue
      }
      guard let end = inside.firstIndex(of: UInt8(ascii: ">")) else { return nil }
      let tag = inside[..<end]
      position = end + 1
      switch tag.first {
      case UInt8(ascii: "?"), UInt8(ascii: "!"): continue
      case UInt8(ascii: "/"):
        guard open.popLast()?.elementsEqual(tag.dropFirst().prefix(while: Self.isName)) == true else {
          return nil
        }
        if let textStart { return Self.resolved(bytes[textStart..<start]) }
      default:
        if textStart != nil { return nil }
        let found = tag.prefix(while: Self.isName)
        guard !found.isEmpty, open.count < Self.maximumDepth else { return nil }
        if tag.last == UInt8(ascii: "/") {
          if found.elementsEqual(wanted) { return "" }
          continue
        }
        open.append(found)
        if found.elementsEqual(wanted) { textStart = position }
      }
    }
    return nil
  }

  private static func isName(_ byte: UInt8) -> Bool {
    ASCII.isLetter(byte) || ASCII.isDigit(byte) || "-_.:".utf8.contains(byte)
  }

  private static func index(of text: String, in bytes: ArraySlice<UInt8>) -> Int? {
    let wanted = Array(text.utf8)
    return bytes.indices.first { bytes[$0...].starts(with: wanted) }
  }

  /// Entities turned into what they stand for; nil for one that is unknown.
  private static func resolved(_ bytes: ArraySlice<UInt8>) -> String? {
    var text = String.UnicodeScalarView()
    var rest = Substring(String(decoding: bytes, as: UTF8.self)).unicodeScalars
    while let ampersand = rest.firstIndex(of: "&") {
      text.append(contentsOf: rest[..<ampersand])
      guard let end = rest[ampersand...].firstIndex(of: ";") else { return nil }
      let name = String(rest[rest.index(after: ampersand)..<end])
      guard let scalar = entities[name] ?? numbered(name) else { return nil }
      text.append(scalar)
      rest = rest[rest.index(after: end)...]
    }
    text.append(contentsOf: rest)
    return String(text)
  }

  private static let entities: [String: UnicodeScalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'",
  ]

  private static func numbered(_ name: String) -> UnicodeScalar? {
    if name.hasPrefix("#x") { return UInt32(name.dropFirst(2), radix: 16).flatMap(UnicodeScalar.init) }
    return name.hasPrefix("#") ? UInt32(name.dropFirst()).flatMap(UnicodeScalar.init) : nil
  }
}
