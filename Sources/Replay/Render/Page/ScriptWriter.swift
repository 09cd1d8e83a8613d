/// Makes the lines of our scripts short. For scripts written as these are: no string or template goes over a line's end or
/// has a quotation mark of its own kind in it, and patterns have no spaces, quotation marks and names of ours.
enum ScriptWriter {
  /// Names that no object of the browser and no text of the page has, with what stands for them: A to Z, then $A on.
  private static let names: [[UInt8]: [UInt8]] = {
    let names = """
      tape column number rows isOn dirty columns cells view fold label operation looks step clock bytes painter points
      direction setSpeed cursor showsKeys row toView hitRow point element resized toTime isWide nextTime isReversed
      seconds middle current scout spans cursorRow cursorColumn drawBar setFold parseTime parts isAlone shown passed
      foreground underline underlineColor minutes
      """.split { $0 == " " || $0 == "\n" }
    let letters = Array(UInt8(ascii: "A")...UInt8(ascii: "Z"))
    let codes = letters.map { [$0] } + letters.map { [UInt8(ascii: "$"), $0] }
    return Dictionary(uniqueKeysWithValues: zip(names.map { Array($0.utf8) }, codes))
  }()

  static func squeezed(line: [UInt8]) -> String {
    var bytes: [UInt8] = []
    var word: [UInt8] = []
    /// The quotation mark that is open, and the braces open in a template's code.
    var quote: UInt8?
    var depth: Int?
    func endWord() {
      bytes += names[word] ?? word
      word = []
    }
    for (index, byte) in line.enumerated() {
      if let open = quote {
        bytes.append(byte)
        let isEscaped = line[index - 1] == UInt8(ascii: "\\")
        if byte == open, !isEscaped { quote = nil }
        if open == UInt8(ascii: "`"), byte == UInt8(ascii: "{"), line[index - 1] == UInt8(ascii: "$") {
          (quote, depth) = (nil, 0)
        }
        continue
      }
      if isWord(byte) {
        word.append(byte)
        continue
      }
      endWord()
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "`"): quote = byte
      case UInt8(ascii: "{"): depth = depth.map { $0 + 1 }
      case UInt8(ascii: "}"):
        if depth == 0 { quote = UInt8(ascii: "`") }
        depth = depth.flatMap { $0 == 0 ? nil : $0 - 1 }
      case UInt8(ascii: " "):
        if let last = bytes.last, index + 1 < line.count, !needsSpace(last, line[index + 1]) { continue }
      default: break
      }
      bytes.append(byte)
    }
    endWord()
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func needsSpace(_ last: UInt8, _ next: UInt8) -> Bool {
    if last == next, last == UInt8(ascii: "+") || last == UInt8(ascii: "-") { return true }
    return isWord(last) && isWord(next)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
      true
    default: byte >= 0x80
    }
  }
}
