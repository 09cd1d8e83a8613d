import Platform

extension Shorthand {
  /// - Parameter readFile: reads what `name@=file://PATH` names.
  static func parse(
    _ text: String, readFile: SessionRequest.FileReading
  ) throws(ShorthandError) -> [Member] {
    try withoutActuallyEscaping(readFile) { (readFile) throws(ShorthandError) in
      var parser = ShorthandParser(text: Array(text.unicodeScalars), readFile: readFile)
      return try parser.members()
    }
  }
}

private struct ShorthandParser {
  let text: [Unicode.Scalar]
  let readFile: SessionRequest.FileReading
  var index = 0
  /// After `@=`: values that begin with `file://` are replaced by that file's contents.
  var resolvesFiles = false
  var depth = 0

  init(text: [Unicode.Scalar], readFile: @escaping SessionRequest.FileReading) {
    self.text = text
    self.readFile = readFile
  }

  var current: Unicode.Scalar? { index < text.count ? text[index] : nil }

  func error(_ problem: ShorthandError.Problem) -> ShorthandError {
    ShorthandError(problem: problem, offset: index)
  }

  mutating func skipSpace() {
    while let scalar = current, " \t\n\r\u{0B}\u{0C}".unicodeScalars.contains(scalar) { index += 1 }
  }

  mutating func expect(_ scalar: Unicode.Scalar) throws(ShorthandError) {
    guard current == scalar else {
      throw error(.expected("\"\(scalar)\"", found: current.map(Character.init)))
    }
    index += 1
  }

  mutating func expectSpaced(_ scalar: Unicode.Scalar) throws(ShorthandError) {
    skipSpace()
    try expect(scalar)
    skipSpace()
  }

  // members = member *("," member)
  mutating func members() throws(ShorthandError) -> [Shorthand.Member] {
    var members: [Shorthand.Member] = []
    repeat {
      if !members.isEmpty { try expectSpaced(",") }
      let name = try nameAndEquals()
      let value = try values()
      if members.contains(where: { $0.name == name }) { throw error(.duplicateName(name)) }
      members.append(.init(name: name, value: value))
    } while index < text.count
    return members
  }

  mutating func nameAndEquals() throws(ShorthandError) -> String {
    var name = ""
    while let scalar = current, isNamePart(scalar) {
      name.unicodeScalars.append(scalar)
      index += 1
    }
    skipSpace()
    resolvesFiles = current == "@"
    if resolvesFiles {
      index += 1
      skipSpace()
    }
    try expectSpaced("=")
    return name
  }

  func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "#", "/", ":": true
    default: false
    }
  }

  // values = list-without-brackets / "[" … "]" / "{" … "}"
  mutating func values() throws(ShorthandError) -> Shorthand.Value {
    switch current {
    case nil: .text("")
    case "[": try bracketed()
    case "{": try braced()
    default: try commaSeparated()
    }
  }

  mutating func commaSeparated() throws(ShorthandError) -> Shorthand.Value {
    let first = Shorthand.Value.text(try firstValue())
    skipSpace()
    guard current == "," else { return first }
    try expectSpaced(",")
    var list = [first]
    while true {
      do throws(ShorthandError) {
        let value = try secondValue()
        skipSpace()
        if current == nil {
          list.append(.text(value))
          break
        }
        try expectSpaced(",")
        list.append(.text(value))
      } catch {
        if current == nil { throw error }
        if case .unreadableFile = error.problem { throw error }
        // "a=b,c=d": "c" is no value but the next name. Back to the comma before it.
        while index > 0, text[index] != "," { index -= 1 }
        break
      }
    }
    return list.count == 1 ? first : .list(list)
  }

  mutating func bracketed() throws(ShorthandError) -> Shorthand.Value {
    try enter()
    try expectSpaced("[")
    var list: [Shorthand.Value] = []
    while current != "]" {
      list.append(try nestedValue())
      try separator(before: "]")
    }
    try expect("]")
    depth -= 1
    return .list(list)
  }

  mutating func braced() throws(ShorthandError) -> Shorthand.Value {
    try enter()
    try expectSpaced("{")
    var members: [Shorthand.Member] = []
    while current != "}" {
      let name = try nameAndEquals()
      let value = try nestedValue()
      try separator(before: "}")
      members.removeAll { $0.name == name }
      members.append(.init(name: name, value: value))
    }
    try expect("}")
    depth -= 1
    return .map(members)
  }

  mutating func enter() throws(ShorthandError) {
    depth += 1
    if depth > Shorthand.maximumDepth { throw error(.tooDeep(limit: Shorthand.maximumDepth)) }
  }

  mutating func separator(before end: Unicode.Scalar) throws(ShorthandError) {
    skipSpace()
    if current == end { return }
    try expect(",")
    skipSpace()
  }

  mutating func nestedValue() throws(ShorthandError) -> Shorthand.Value {
    switch current {
    case "[": try bracketed()
    case "{": try braced()
    default: .text(try firstValue())
    }
  }

  /// Quoted, or a word that may hold equals signs, or nothing.
  mutating func firstValue() throws(ShorthandError) -> String {
    if let quote = current, quote == "'" || quote == "\"" { return try quoted(quote) }
    return try resolved(word(isPart: isPartOfFirst))
  }

  /// Quoted, or a word without equals signs.
  mutating func secondValue() throws(ShorthandError) -> String {
    if let quote = current, quote == "'" || quote == "\"" { return try quoted(quote) }
    let start = index
    let text = word(isPart: isPartOfSecond)
    if index == start { throw error(.expected("a value", found: current.map(Character.init))) }
    return try resolved(text)
  }

  mutating func word(isPart: (Unicode.Scalar) -> Bool) -> String {
    var word = String.UnicodeScalarView()
    while let scalar = current {
      if scalar == "\\", index + 1 < text.count, text[index + 1] == "," {
        word.append(",")
        index += 2
      } else if word.isEmpty ? isStart(scalar) : isPart(scalar) {
        word.append(scalar)
        index += 1
      } else {
        break
      }
    }
    while let last = word.last, last.properties.isWhitespace { word.removeLast() }
    return String(word)
  }

  // The character classes of awscli's regular expressions; those above U+FFFF are in none.
  func isStart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "!", "#"..."&", "("..."+", "-"..."<", ">"..."Z", "\\"..."z", "|"..."\u{FFFF}": true
    default: false
    }
  }

  func isPartOfFirst(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "!", "#"..."&", "("..."+", "-"..."\\", "^"..."|", "~"..."\u{FFFF}": true
    default: scalar.value < 0x80 && scalar.properties.isWhitespace
    }
  }

  func isPartOfSecond(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "!", "#"..."&", "("..."+", "-"..."<", ">"..."\u{FFFF}": true
    default: scalar.value < 0x80 && scalar.properties.isWhitespace
    }
  }

  /// From one quote to the next that no backslash stands before; where there is none, to the last that has
  /// one.
  mutating func quoted(_ quote: Unicode.Scalar) throws(ShorthandError) -> String {
    var position = index + 1
    var end: Int?
    while position < text.count {
      if text[position] == "\\", position + 1 < text.count, text[position + 1] == quote {
        end = position + 1
        position += 2
      } else if text[position] == quote {
        end = position
        break
      } else {
        position += 1
      }
    }
    guard let end else { throw error(.expected("a closing \(quote)", found: nil)) }
    let inside = Array(text[(index + 1)..<end])
    index = end + 1
    return try resolved(Self.unescaped(Self.unescaped(inside, quote), "\\"))
  }

  private static func unescaped(_ scalars: [Unicode.Scalar], _ escaped: Unicode.Scalar) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var position = 0
    while position < scalars.count {
      if scalars[position] == "\\", position + 1 < scalars.count, scalars[position + 1] == escaped {
        position += 1
      }
      result.append(scalars[position])
      position += 1
    }
    return result
  }

  func resolved(_ scalars: [Unicode.Scalar]) throws(ShorthandError) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return try resolved(String(text))
  }

  func resolved(_ text: String) throws(ShorthandError) -> String {
    guard resolvesFiles, text.hasPrefix("file://") else { return text }
    let path = String(text.dropFirst("file://".count))
    do throws(Errno) {
      return String(decoding: try readFile(path), as: UTF8.self)
    } catch {
      throw self.error(.unreadableFile(path: path, error))
    }
  }
}
