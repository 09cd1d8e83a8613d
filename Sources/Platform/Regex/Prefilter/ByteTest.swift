/// A condition on one byte: within a range, after the bits of a mask are set in it (0x20 makes letters lower case).
struct ByteTest: Equatable, Sendable {
  let mask: UInt8
  let low: UInt8
  /// How far the range reaches above `low`.
  let span: UInt8
  /// Which share of the bytes of terminal text passes, at a guess.
  let rate: Double

  /// One byte and no other.
  init(_ byte: UInt8) { self.init(mask: 0, low: byte, span: 0, rate: Self.share(of: byte)) }

  /// The narrowest test that all of `bytes` pass, which are ASCII and at least one.
  init(_ bytes: [UInt8]) {
    let tests = [UInt8(0), 0x20].map { Self(hullOf: bytes, mask: $0) }
    self = tests[1].count < tests[0].count ? tests[1] : tests[0]
  }

  private init(hullOf bytes: [UInt8], mask: UInt8) {
    let masked = bytes.map { $0 | mask }
    let low = masked.min() ?? 0
    let bare = Self(mask: mask, low: low, span: (masked.max() ?? 0) - low, rate: 0)
    let rate = (UInt8.min...UInt8.max).reduce(0) { bare.holds($1) ? $0 + Self.share(of: $1) : $0 }
    self.init(mask: mask, low: low, span: bare.span, rate: rate)
  }

  private init(mask: UInt8, low: UInt8, span: UInt8, rate: Double) {
    (self.mask, self.low, self.span, self.rate) = (mask, low, span, rate)
  }

  @inline(__always)
  func holds(_ byte: UInt8) -> Bool { (byte | mask) &- low <= span }

  /// How many bytes pass.
  var count: Int { (UInt8.min...UInt8.max).count(where: holds) }

  private static func share(of byte: UInt8) -> Double {
    (byte < 0x80 ? Double(shares[Int(byte)]) : 4) / 65_536
  }

  /// Of 65,536 bytes of rendered sessions so many are NUL, SOH, and so on up to DEL: 136 MB of shells, logs, editors
  /// and builds were counted, and 16 were added to what can be typed, so that nothing counts as never seen.
  private static let shares: [UInt16] = [
    4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 712, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4,
    9092, 17, 342, 52, 45, 47, 18, 57, 114, 115, 24, 48, 222, 2152, 858, 1058, 2442, 2720, 2005, 1372,
    1253, 1231, 1061, 1048, 1047, 995, 1680, 62, 39, 650, 64, 50, 30, 149, 36, 97, 108, 179, 27, 65, 93,
    108, 381, 35, 48, 56, 180, 89, 146, 18, 101, 195, 276, 31, 21, 50, 22, 20, 44, 388, 20, 386, 16, 198,
    16, 1828, 724, 1261, 1474, 3285, 737, 452, 627, 2308, 82, 478, 1193, 917, 2127, 2334, 1629, 99, 2258,
    2056, 2046, 1299, 321, 236, 332, 441, 105, 20, 17, 20, 30, 4,
  ]
}
