/// One position of the screen in 64 bits.
///
/// All bits zero is a position that was never written, or was erased to the default background.
///
///     bits  0-20  scalar value, or index in the cluster table
///     bit     21  it is an index in the cluster table
///     bits 22-23  kind
///     bit     24  protected from selective erasure (DECSCA)
///     bits 32-51  index in the style table
struct Cell: Equatable, Sendable, BitwiseCopyable {
  /// What a position is to the character that occupies it.
  enum Kind: UInt8, Sendable {
    case narrow = 0
    /// The left half of a wide character.
    case wide = 1
    /// The right half of a wide character: no text of its own.
    case tail = 2
    /// The last column, left blank by a wide character that did not fit: no text.
    case spacer = 3
  }

  var bits: UInt64

  static let contentMask: UInt64 = 0x1F_FFFF
  static let clusterBit: UInt64 = 1 << 21
  static let textMask: UInt64 = 0x3F_FFFF
  static let kindShift: UInt64 = 22
  static let kindMask: UInt64 = 3 << 22
  static let protectedBit: UInt64 = 1 << 24
  static let styleShift: UInt64 = 32
  static let styleMask: UInt64 = 0xF_FFFF << 32

  static let blank = Cell(bits: 0)

  @inline(__always) init(bits: UInt64) { self.bits = bits }

  /// An erased position with a style.
  @inline(__always) init(style: Int) { bits = UInt64(truncatingIfNeeded: style) << Self.styleShift }

  /// The scalar value, or the index in the cluster table; 0: never written, or erased.
  @inline(__always) var content: UInt32 { UInt32(truncatingIfNeeded: bits & Self.contentMask) }
  @inline(__always) var isCluster: Bool { bits & Self.clusterBit != 0 }
  @inline(__always) var isProtected: Bool { bits & Self.protectedBit != 0 }
  /// Whether a character stands here; the tail of a wide one has none of its own.
  @inline(__always) var hasText: Bool { bits & Self.contentMask != 0 || isCluster }

  @inline(__always) var kind: Kind {
    // Two bits, four cases.
    Kind(rawValue: UInt8(truncatingIfNeeded: (bits & Self.kindMask) >> Self.kindShift))!
  }

  @inline(__always) var isTail: Bool { bits & Self.kindMask == 2 << Self.kindShift }
  @inline(__always) var isWide: Bool { bits & Self.kindMask == 1 << Self.kindShift }
  @inline(__always) var style: Int { Int(truncatingIfNeeded: (bits & Self.styleMask) >> Self.styleShift) }

  /// The same position with another text and kind.
  @inline(__always)
  func with(text: UInt64, _ kind: Kind) -> Cell {
    Cell(bits: bits & ~(Self.textMask | Self.kindMask) | text | UInt64(kind.rawValue) << Self.kindShift)
  }

  /// What is left of half a wide character, or of text erased selectively: a space in its style.
  var withoutText: Cell { Cell(bits: bits & Self.styleMask | 0x20) }

  func with(style: Int) -> Cell {
    Cell(bits: bits & ~Self.styleMask | UInt64(truncatingIfNeeded: style) << Self.styleShift)
  }
}
