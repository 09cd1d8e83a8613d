/// Names nobody can guess.
enum RandomText {
  static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
  static let hexadecimal = Array("0123456789abcdef".utf8)

  static func make(
    _ count: Int, from letters: [UInt8], using random: inout some RandomNumberGenerator
  ) -> String {
    let bytes = (0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `8-4-4-4-12`, version 4 (RFC 9562 §5.4).
  static func uuid(using random: inout some RandomNumberGenerator) -> String {
    var digits = Array(make(32, from: hexadecimal, using: &random).utf8)
    digits[12] = UInt8(ascii: "4")
    digits[16] = hexadecimal[8 + Int.random(in: 0..<4, using: &random)]
    for place in [8, 13, 18, 23] { digits.insert(UInt8(ascii: "-"), at: place) }
    return String(decoding: digits, as: UTF8.self)
  }
}
