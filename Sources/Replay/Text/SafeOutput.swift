/// Recorded output made fit for the viewer's own terminal: it shows the same, and cannot do anything else.
///
/// Passed on are text, and the sequences on a list of those that only draw. Left out is what would change the viewer's
/// terminal for good or make it answer (an answer is typed into the viewer's shell): clipboard, titles, device and
/// mode queries, mouse and focus reports, keyboard protocols, window operations, programmable keys, printing.
struct SafeOutput {
  private var scanner = EscapeScanner()
  /// Whether the recording has switched to the alternate screen.
  private(set) var isAlternateScreen = false
  /// Whether the last thing shown was a line feed.
  private(set) var isAtLineStart = true
  /// Continuation bytes the character in progress still wants.
  private var wanted = 0

  init() {}

  /// Takes the next bytes of the stream and appends what may be shown.
  mutating func append(_ bytes: [UInt8], to output: inout [UInt8]) {
    output.reserveCapacity(output.count + bytes.count)
    for byte in bytes {
      switch scanner.scan(byte) {
      case .nothing: continue
      case .text(let byte): append(text: byte, to: &output)
      case .pair(let first, let second):
        append(text: first, to: &output)
        append(text: second, to: &output)
      case .control(let byte):
        wanted = 0
        append(control: byte, to: &output)
      case .sequence(let sequence):
        wanted = 0
        append(sequence, to: &output)
      }
    }
  }

  /// Text as it is, but a continuation byte that continues nothing becomes U+FFFD: 0x80…0x9F alone are controls
  /// to a terminal that is not in UTF-8 mode.
  private mutating func append(text byte: UInt8, to output: inout [UInt8]) {
    isAtLineStart = false
    switch byte {
    case 0x80..<0xC0:
      guard wanted > 0 else {
        output += [0xEF, 0xBF, 0xBD]
        return
      }
      wanted -= 1
    case 0xC2..<0xE0: wanted = 1
    case 0xE0..<0xF0: wanted = 2
    case 0xF0..<0xF5: wanted = 3
    default: wanted = 0
    }
    output.append(byte)
  }

  /// Bell, backspace, tab, line feeds, carriage return, character set shifts. Not ENQ, which asks for an answer.
  private mutating func append(control byte: UInt8, to output: inout [UInt8]) {
    guard (0x07...0x0F).contains(byte) else { return }
    if byte == 0x0A { isAtLineStart = true }
    output.append(byte)
  }

  private mutating func append(_ sequence: EscapeSequence, to output: inout [UInt8]) {
    guard !sequence.isCut else { return }
    switch sequence.kind {
    case .escape:
      guard Self.isDrawing(escape: sequence) else { return }
      if sequence.final == UInt8(ascii: "c") { isAlternateScreen = false }
      output += [0x1B] + sequence.intermediates + [sequence.final]
    case .control: append(control: sequence, to: &output)
    case .operatingSystem:
      // Hyperlinks open nothing by themselves.
      guard sequence.contents.starts(with: "8;".utf8) else { return }
      output += [0x1B, UInt8(ascii: "]")] + sequence.contents + [0x1B, UInt8(ascii: "\\")]
    case .string: return
    }
  }

  /// Index, reverse index, tabs, saved cursor, keypad-free resets, character sets, double-size lines.
  private static func isDrawing(escape sequence: EscapeSequence) -> Bool {
    switch sequence.intermediates.first {
    case nil: "78DEHMcNOno|}~69".utf8.contains(sequence.final)
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: "/"):
      true
    case UInt8(ascii: "#"): "34568".utf8.contains(sequence.final)
    default: false
    }
  }

  private mutating func append(control sequence: EscapeSequence, to output: inout [UInt8]) {
    let isMode = sequence.final == UInt8(ascii: "h") || sequence.final == UInt8(ascii: "l")
    if isMode, sequence.intermediates.isEmpty {
      append(mode: sequence, to: &output)
    } else if Self.isDrawing(control: sequence) {
      Self.append(sequence, contents: sequence.contents, to: &output)
    }
  }

  private static func isDrawing(control sequence: EscapeSequence) -> Bool {
    switch (sequence.prefix, sequence.intermediates) {
    case (nil, []): "@ABCDEFGHIJKLMPSTXZ`abdefgmrsu".utf8.contains(sequence.final)
    case (UInt8(ascii: "?"), []): "JK".utf8.contains(sequence.final)
    case (nil, [UInt8(ascii: " ")]): "q@A".utf8.contains(sequence.final)
    case (nil, [UInt8(ascii: "!")]): sequence.final == UInt8(ascii: "p")
    case (nil, [UInt8(ascii: "\"")]): sequence.final == UInt8(ascii: "q")
    case (nil, [UInt8(ascii: "$")]): "rtvxz{".utf8.contains(sequence.final)
    case (nil, [UInt8(ascii: "*")]): sequence.final == UInt8(ascii: "x")
    case (nil, [UInt8(ascii: "'")]): "}~".utf8.contains(sequence.final)
    default: false
    }
  }

  /// Modes come several at a time: those that only draw are kept.
  private mutating func append(mode sequence: EscapeSequence, to output: inout [UInt8]) {
    guard let parameters = sequence.parameters else { return }
    let isPrivate = sequence.prefix == UInt8(ascii: "?")
    guard isPrivate || sequence.prefix == nil else { return }
    let allowed = isPrivate ? Self.privateModes : Self.standardModes
    let kept = parameters.compactMap { $0 }.filter { allowed.contains($0) }
    guard !kept.isEmpty else { return }
    if isPrivate, kept.contains(where: { [47, 1047, 1049].contains($0) }) {
      isAlternateScreen = sequence.final == UInt8(ascii: "h")
    }
    let contents = kept.map(String.init).joined(separator: ";")
    Self.append(sequence, contents: Array(contents.utf8), to: &output)
  }

  /// Insert, new line.
  private static let standardModes: Set<Int> = [4, 20]

  /// Reverse video, origin, wrapping, blinking and visible cursor, reverse wrapping, alternate screens, margins,
  /// sixel scrolling and palette, synchronized output, grapheme clusters.
  private static let privateModes: Set<Int> = [
    5, 6, 7, 12, 25, 45, 47, 69, 80, 1047, 1048, 1049, 1070, 2026, 2027,
  ]

  private static func append(_ sequence: EscapeSequence, contents: [UInt8], to output: inout [UInt8]) {
    output += [0x1B, UInt8(ascii: "[")]
    if let prefix = sequence.prefix { output.append(prefix) }
    output += contents
    output += sequence.intermediates
    output.append(sequence.final)
  }

  /// Undoes what the recording may have left on, without clearing what it drew: leaves the alternate screen, shows
  /// the cursor, and ends colors, character sets, margins, insertion, hyperlinks; mouse reports, bracketed paste and
  /// keypad modes too, in case they were on before. The cursor ends at the start of a line.
  var reset: [UInt8] {
    // Leaving the alternate screen moves the cursor, so it is left only where it was entered; margins move it too.
    let text =
      (isAlternateScreen ? "\u{1B}[?1049l" : "") + "\u{1B}[!p\u{1B}7\u{1B}[r\u{1B}8"
      + "\u{1B}[?5;45;69;2026l\u{1B}[?7;25h\u{1B}[4;20l"
      + "\u{1B}[?1;1000;1002;1003;1004;1005;1006;1015;1016;2004l\u{1B}>\u{1B}(B\u{0F}"
      + "\u{1B}]8;;\u{1B}\\\u{1B}[0 q\u{1B}[0m" + (isAtLineStart ? "" : "\r\n")
    return Array(text.utf8)
  }
}
