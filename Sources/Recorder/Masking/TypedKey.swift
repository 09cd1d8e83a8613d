/// One key as a terminal sent it, and what can be foretold of how a program shows it.
struct TypedKey: Equatable {
  enum Kind: Equatable {
    /// A character that a program shows as itself, if it shows it. A byte that is no UTF-8 is 0x110000 above itself.
    case text(UInt32)
    /// Return or line feed.
    case enter
    /// Ctrl-C, Ctrl-D, Ctrl-Z or Ctrl-\: ends a line without sending it.
    case interrupt
    /// Moves, erases, completes, recalls: what it changes on the screen cannot be foretold.
    case edit
    /// Nothing is shown for it: the ends of a paste, reports of focus.
    case mark
  }

  var kind: Kind
  var bytes: [UInt8]
  /// When it was typed, in microseconds on the masker's clock.
  var microseconds: Int64

  /// The character it would show; nil for keys that are no text.
  var character: UInt32? {
    if case .text(let character) = kind { character } else { nil }
  }

  /// Whether it ends the line it stands in.
  var endsLine: Bool { kind == .enter || kind == .interrupt }
}

/// Takes what a terminal sends apart into keys: characters, control characters, escape sequences (ECMA-48 §5.4), and
/// the strings with which a terminal answers questions. Any portions; memory is bounded.
struct KeyDecoder {
  /// Longest sequence or string that is kept together; what is longer is cut into several.
  static let sequenceLimit = 4096

  private var partial: [UInt8] = []
  private var partialSince: Int64 = 0

  /// The keys that `bytes` complete.
  mutating func decode(_ bytes: [UInt8], at microseconds: Int64) -> [TypedKey] {
    let isLone = partial.isEmpty && bytes.count == 1
    if partial.isEmpty { partialSince = microseconds }
    let input = partial + bytes
    partial = []
    var keys: [TypedKey] = []
    var index = 0
    while index < input.count {
      guard let (kind, length) = Self.key(in: input, at: index, isLone: isLone) else {
        partial = Array(input[index...])
        if !keys.isEmpty { partialSince = microseconds }
        return keys
      }
      let time = index == 0 ? min(partialSince, microseconds) : microseconds
      keys.append(TypedKey(kind: kind, bytes: Array(input[index..<index + length]), microseconds: time))
      index += length
    }
    return keys
  }

  /// What waits for its rest, as keys nobody will see echoed.
  mutating func finish() -> [TypedKey] {
    defer { partial = [] }
    return partial.isEmpty ? [] : [TypedKey(kind: .edit, bytes: partial, microseconds: partialSince)]
  }

  /// The kind and length of the key that begins at `index`; nil while it is not whole.
  private static func key(
    in input: [UInt8], at index: Int, isLone: Bool
  ) -> (TypedKey.Kind, length: Int)? {
    switch input[index] {
    case 0x0A, 0x0D: return (.enter, 1)
    case 0x03, 0x04, 0x1A, 0x1C: return (.interrupt, 1)
    case 0x1B: return escape(in: input, at: index, isLone: isLone)
    case 0x00..<0x20, 0x7F: return (.edit, 1)
    case 0x20..<0x7F: return (.text(UInt32(input[index])), 1)
    default:
      switch UTF8Character(in: input, at: index) {
      case .whole(let value, let length): return (.text(value), length)
      case .broken: return (.text(0x11_0000 + UInt32(input[index])), 1)
      case .cut: return nil
      }
    }
  }

  private static func escape(in input: [UInt8], at index: Int, isLone: Bool) -> (TypedKey.Kind, length: Int)?
  {
    guard index + 1 < input.count else { return isLone ? (.edit, 1) : nil }
    switch input[index + 1] {
    case UInt8(ascii: "["): return control(in: input, at: index)
    case UInt8(ascii: "O"): return index + 2 < input.count ? (.edit, 3) : nil
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"): return string(in: input, at: index)
    // Meta and a character, or the Escape key and then one: the character may be shown, Escape is not.
    default: return (.edit, 1)
    }
  }

  private static func control(in input: [UInt8], at index: Int) -> (TypedKey.Kind, length: Int)? {
    var end = index + 2
    while end < input.count, 0x20..<0x40 ~= input[end], end - index < sequenceLimit { end += 1 }
    guard end < input.count else { return nil }
    // The mouse's first protocol has three bytes behind the final one (xterm, 1000).
    if input[end] == UInt8(ascii: "M"), end == index + 2 {
      return index + 6 <= input.count ? (.edit, 6) : nil
    }
    if !(0x40..<0x7F ~= input[end]) { return (.edit, end - index) }
    let body = input[index + 2...end]
    let isMark =
      body.elementsEqual("200~".utf8) || body.elementsEqual("201~".utf8)
      || body.count == 1
        && (body.first == UInt8(ascii: "I") || body.first == UInt8(ascii: "O"))
    return (isMark ? .mark : .edit, end + 1 - index)
  }

  private static func string(in input: [UInt8], at index: Int) -> (TypedKey.Kind, length: Int)? {
    var end = index + 2
    while end < input.count, end - index < sequenceLimit {
      if input[end] == 0x07 { return (.mark, end + 1 - index) }
      if input[end] == 0x1B {
        guard end + 1 < input.count else { return nil }
        return (.mark, (input[end + 1] == UInt8(ascii: "\\") ? end + 2 : end) - index)
      }
      // Alt-] and then ordinary keys: a person's, not a terminal's answer.
      if input[end] < 0x20 || input[end] == 0x7F { return (.edit, 2) }
      end += 1
    }
    return end - index >= sequenceLimit ? (.edit, end - index) : nil
  }
}

/// One character of UTF-8 at a place in bytes (Unicode, table 3-7).
enum UTF8Character: Equatable {
  case whole(UInt32, length: Int)
  /// The bytes may become a character with those that follow.
  case cut
  case broken

  init(in bytes: [UInt8], at index: Int) {
    let first = bytes[index]
    let length: Int
    let range: ClosedRange<UInt8>
    switch first {
    case 0x00..<0x80:
      self = .whole(UInt32(first), length: 1)
      return
    case 0xC2...0xDF: (length, range) = (2, 0x80...0xBF)
    case 0xE0: (length, range) = (3, 0xA0...0xBF)
    case 0xED: (length, range) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, range) = (3, 0x80...0xBF)
    case 0xF0: (length, range) = (4, 0x90...0xBF)
    case 0xF4: (length, range) = (4, 0x80...0x8F)
    case 0xF1...0xF3: (length, range) = (4, 0x80...0xBF)
    default:
      self = .broken
      return
    }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for offset in 1..<length {
      guard index + offset < bytes.count else {
        self = .cut
        return
      }
      let byte = bytes[index + offset]
      guard (offset == 1 ? range : 0x80...0xBF) ~= byte else {
        self = .broken
        return
      }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    self = .whole(value, length: length)
  }
}
