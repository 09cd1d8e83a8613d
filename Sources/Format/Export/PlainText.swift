/// Terminal output as lines of text: escape sequences are dropped; carriage return, backspace and erase-line act
/// within the line. Cursor movements between lines are not followed (the screen of Replay does that).
struct PlainText: Sendable {
  private enum State { case ground, escape, escapeIntermediate, control, string, stringEscape }

  private var state = State.ground
  private var line: [UnicodeScalar] = []
  private var column = 0
  /// Parameter bytes of the control sequence that is being read.
  private var parameters: [UInt8] = []
  /// First bytes of a character that waits for its rest.
  private var held: [UInt8] = []

  /// Longest line, in characters; what goes on longer is broken.
  private static let lineLimit = 1 << 16

  /// Takes output and appends the lines it completes.
  mutating func append(_ bytes: [UInt8], into text: inout [UInt8]) {
    let bytes = held.isEmpty ? bytes : held + bytes
    held = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        take(byte, into: &text)
        index += 1
        continue
      }
      switch UTF8Sequence(in: bytes.span, at: index) {
      case .whole(let count):
        let scalar = String(decoding: bytes[index..<index + count], as: UTF8.self).unicodeScalars.first
        take(scalar ?? "\u{FFFD}", into: &text)
        index += count
      case .cut(let count):
        held = Array(bytes[index...])
        index += count
      case .bad(let count):
        take("\u{FFFD}" as UnicodeScalar, into: &text)
        index += count
      }
    }
  }

  /// Appends the last line, if it has no end.
  mutating func finish(into text: inout [UInt8]) {
    if !line.isEmpty { endLine(into: &text) }
  }

  private mutating func take(_ scalar: UnicodeScalar, into text: inout [UInt8]) {
    guard state == .ground else { return }
    switch scalar.value {
    case 0x9B: begin(.control)
    case 0x90, 0x98, 0x9D, 0x9E, 0x9F: begin(.string)
    case 0x80..<0xA0: break
    default: put(scalar, into: &text)
    }
  }

  private mutating func take(_ byte: UInt8, into text: inout [UInt8]) {
    switch state {
    case .ground: takeGround(byte, into: &text)
    case .escape:
      switch byte {
      case UInt8(ascii: "["): begin(.control)
      case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
        begin(.string)
      case 0x20...0x2F: state = .escapeIntermediate
      case 0x1B: break
      default: state = .ground
      }
    case .escapeIntermediate: if byte >= 0x30 { state = .ground }
    case .control:
      switch byte {
      case 0x40...0x7E: endControl(byte)
      case 0x1B: state = .escape
      case 0x18, 0x1A: state = .ground
      case 0x20..<0x40: if parameters.count < 64 { parameters.append(byte) }
      default: takeGround(byte, into: &text)  // controls act inside sequences too
      }
    case .string:
      if byte == 0x07 || byte == 0x18 || byte == 0x1A { state = .ground }
      if byte == 0x1B { state = .stringEscape }
    case .stringEscape:
      state = .ground
      if byte != UInt8(ascii: "\\") {
        state = .escape
        take(byte, into: &text)
      }
    }
  }

  private mutating func begin(_ newState: State) {
    state = newState
    parameters.removeAll(keepingCapacity: true)
  }

  private mutating func takeGround(_ byte: UInt8, into text: inout [UInt8]) {
    switch byte {
    case 0x1B: state = .escape
    case 0x0A, 0x0B, 0x0C: endLine(into: &text)
    case 0x0D: column = 0
    case 0x08: column = max(0, column - 1)
    case 0x09:
      repeat { put(" ", into: &text) } while column % 8 != 0
    case 0x20..<0x7F: put(UnicodeScalar(byte), into: &text)
    default: break
    }
  }

  private mutating func endControl(_ final: UInt8) {
    state = .ground
    guard final == UInt8(ascii: "K") else { return }
    if parameters.isEmpty || parameters == [0x30] {
      if column < line.count { line.removeSubrange(column...) }
    } else if parameters == [0x32] {
      line.removeAll(keepingCapacity: true)
    }
  }

  private mutating func put(_ scalar: UnicodeScalar, into text: inout [UInt8]) {
    if column >= Self.lineLimit { endLine(into: &text) }
    while line.count < column { line.append(" ") }
    if column < line.count { line[column] = scalar } else { line.append(scalar) }
    column += 1
  }

  private mutating func endLine(into text: inout [UInt8]) {
    while line.last == " " { line.removeLast() }
    for scalar in line { text.append(contentsOf: UTF8.encode(scalar)!) }  // every scalar has a UTF-8 form
    text.append(0x0A)
    line.removeAll(keepingCapacity: true)
    column = 0
  }
}
