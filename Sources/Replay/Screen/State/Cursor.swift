/// Where the next character goes, from 0.
struct Cursor: Equatable, Sendable {
  var row = 0
  var column = 0
  var edge = Edge.free

  /// What the cursor's column means at the end of a line.
  enum Edge: UInt8, Sendable {
    case free
    /// A character was printed in the last column: the next one wraps first.
    case pending
    /// The same without autowrap: the next one replaces it, unless mode 7 is set again, and a mark
    /// still belongs to it.
    case filled
    /// The first or the second, after mode 7 was reset: nothing wraps any more, but a mark still belongs to the last
    /// column.
    case ended

    /// What DECRC makes of it, in the mode 7 of now.
    func restored(isWrapping: Bool) -> Edge {
      switch self {
      case .filled: isWrapping ? .pending : .filled
      case .pending: isWrapping ? .pending : .ended
      case .free, .ended: self
      }
    }
  }

  /// Whether the next character wraps first.
  @inline(__always) var isPending: Bool {
    get { edge == .pending }
    set { edge = newValue ? .pending : .free }
  }
}

/// The four slots of graphic sets, and which of them is in use.
struct Charsets: Equatable, Sendable {
  /// Two bits a slot.
  private var packed: UInt8 = 0
  /// The slots invoked into GL and GR.
  var left: UInt8 = 0
  var right: UInt8 = 2
  /// The slot for the next character only; 0: none.
  var single: UInt8 = 0

  subscript(slot: UInt8) -> Charset {
    // Only raw values of charsets are stored.
    get { Charset(rawValue: packed >> (2 * slot) & 3)! }
    set { packed = packed & ~(3 << (2 * slot)) | newValue.rawValue << (2 * slot) }
  }

  init() {}

  /// All of it in 14 bits.
  var state: UInt32 { UInt32(packed) | UInt32(left) << 8 | UInt32(right) << 10 | UInt32(single) << 12 }

  /// nil: no charsets have this state.
  init?(state: UInt32) {
    packed = UInt8(truncatingIfNeeded: state)
    (left, right, single) = (UInt8(state >> 8 & 3), UInt8(state >> 10 & 3), UInt8(state >> 12 & 3))
    let isKnown = (0..<4).allSatisfy { packed >> (2 * $0) & 3 <= Charset.british.rawValue }
    guard state < 1 << 14, isKnown else { return nil }
  }

  /// Whether ASCII prints as itself.
  var isPlain: Bool { single == 0 && self[left] == .ascii }

  /// What an ASCII scalar prints as (DEC STD 070; vt.md §3.7: 0x5F is a blank in the graphics set).
  static func translate(_ scalar: UInt32, in charset: Charset) -> UInt32 {
    switch charset {
    case .ascii: scalar
    case .british: scalar == 0x23 ? 0xA3 : scalar
    case .graphics: scalar >= 0x5F && scalar <= 0x7E ? graphics[Int(scalar - 0x5F)] : scalar
    }
  }

  private static let graphics: [UInt32] = [
    0x0020, 0x25C6, 0x2592, 0x2409, 0x240C, 0x240D, 0x240A, 0x00B0, 0x00B1, 0x2424, 0x240B, 0x2518, 0x2510,
    0x250C,
    0x2514, 0x253C, 0x23BA, 0x23BB, 0x2500, 0x23BC, 0x23BD, 0x251C, 0x2524, 0x2534, 0x252C, 0x2502, 0x2264,
    0x2265,
    0x03C0, 0x2260, 0x00A3, 0x00B7,
  ]
}

/// What DECSC keeps, one for each screen.
struct SavedCursor: Equatable, Sendable {
  var cursor = Cursor()
  var pen = CellStyle.plain
  var isProtected = false
  var hasOrigin = false
  var charsets = Charsets()
}

/// The scrolling region, from 0, inclusive.
struct Margins: Equatable, Sendable {
  var top: Int
  var bottom: Int
  var left: Int
  var right: Int
}
