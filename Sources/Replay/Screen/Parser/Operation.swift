/// What a control function asks of the screen: the contract between `Parser` and `Screen`, named as in ECMA-48 and
/// DEC STD 070. Counts are at least 1 where they count, positions begin at 1 and 0 stands for one left out.
///
/// All cases are plain values of at most 15 bytes: text goes as runs (`OperationReceiver.print`), strings as
/// `ControlString`.
enum Operation: Equatable, Sendable {
  case bel, bs, ht, cr
  /// Invokes a charset slot into GL (SI, SO, LS2, LS3), into GR (LS1R, LS2R, LS3R), or for one character (SS2, SS3).
  case ls(UInt8), lsr(UInt8), ss(UInt8)
  case scs(slot: UInt8, Charset)
  case ind, nel, ri, hts, decsc, decrc, decpam, decpnm, ris, decbi, decfi, decaln
  case lineSize(LineInfo.Size)

  case cuu(Int), cud(Int), cuf(Int), cub(Int), cnl(Int), cpl(Int), cha(Int), cup(row: UInt16, column: UInt16)
  case vpa(Int), vpr(Int), hpr(Int), cht(Int), cbt(Int)
  /// `selective`: DECSED and DECSEL, which spare protected characters.
  case ed(Int, selective: Bool), el(Int, selective: Bool)
  case il(Int), dl(Int), ich(Int), dch(Int), ech(Int), su(Int), sd(Int), sl(Int), sr(Int), decic(Int), decdc(
    Int)
  case rep(Int)
  case tbc(Int), decst8c
  case decstbm(top: UInt16, bottom: UInt16)
  /// Also SCOSC: which of the two is meant depends on mode 69.
  case decslrm(left: UInt16, right: UInt16)
  case scorc
  case sm(UInt16), rm(UInt16), decset(UInt16), decrst(UInt16), xtsave(UInt16), xtrestore(UInt16)
  case decstr, decsca(Int), spa(Bool), decscusr(Int)
  case decera(Rectangle), decsera(Rectangle), decfra(UInt16, Rectangle)
  case deccra(Rectangle, top: UInt16, left: UInt16)
  /// XTWINOPS 22 and 23 (title stack; 0 both, 1 icon, 2 window), and 8, a wish for another size.
  case pushTitle(Int), popTitle(Int), resizeWish(rows: UInt16, columns: UInt16)
  /// The keyboard's state, kept and without effect: XTMODKEYS 4, and the stack of kitty's protocol.
  case modifyOtherKeys(Int), pushKeyboard(UInt8), popKeyboard(Int), setKeyboard(UInt8, mode: UInt8)
  /// A sequence that this terminal knows nothing of, by prefix, last intermediate and final byte.
  case unknown(prefix: UInt8, intermediate: UInt8, final: UInt8)
}

/// A rectangle as its four parameters say: 0 stands for one left out.
struct Rectangle: Equatable, Sendable {
  var top: UInt16
  var left: UInt16
  var bottom: UInt16
  var right: UInt16
}

/// The graphic sets that a charset slot can hold.
enum Charset: UInt8, Equatable, Sendable {
  case ascii
  /// DEC Special Graphics: line drawing.
  case graphics
  /// British: `#` is the pound sign.
  case british
}

/// Receives what a parser finds.
///
/// Used as a generic parameter only: an existential costs a third of the speed.
protocol OperationReceiver {
  /// How what is printed next looks: SGR changes it, all of its parameters at once.
  var rendition: CellStyle { get set }
  /// A run of printable ASCII: `bytes[range]`, not empty.
  mutating func print(_ bytes: Span<UInt8>, _ range: Range<Int>)
  /// Lines from `bytes[start...]`, where an LF is that printable ASCII follows, as many as can be printed at once: the
  /// index of the first byte that is left to others.
  mutating func printLines(_ bytes: Span<UInt8>, from start: Int) -> Int
  /// Text from `bytes[start...]` that begins outside ASCII, as much as can be printed at once: the index of the first
  /// byte that is left to `print`.
  mutating func printText(_ bytes: Span<UInt8>, from start: Int) -> Int
  /// One scalar outside ASCII, no control; U+FFFD for each malformed part.
  mutating func print(_ scalar: UInt32)
  /// LF, VT, FF: the most frequent of all, without a detour.
  mutating func lineFeed()
  mutating func perform(_ operation: Operation)
  mutating func perform(_ string: ControlString)
}

/// A control string as it came, complete.
struct ControlString: Equatable, Sendable {
  enum Kind: UInt8, Sendable {
    case operatingSystem, deviceControl, application, privacy, startOfString
    /// `ESC k`, the window title of screen and tmux.
    case screenTitle
  }

  var kind: Kind
  /// At most `Parser.payloadLimit` bytes.
  var payload: [UInt8]
  var isCut: Bool
}
