/// The lines of the box drawing characters U+2500…U+257F that run from the middle of a cell to its edges.
struct BoxArms: Equatable, Sendable {
  enum Weight: UInt8, Sendable { case none, light, heavy, double }
  var up: Weight
  var right: Weight
  var down: Weight
  var left: Weight

  /// nil: the character is none of them, or has dashes, arcs or diagonals.
  init?(_ scalar: UInt32) {
    guard (0x2500...0x257F).contains(scalar) else { return nil }
    let start = Int(scalar - 0x2500) * 4
    let digits = Self.table[start..<start + 4]
    guard digits[start] != UInt8(ascii: ".") else { return nil }
    // Only the digits 0 to 3 stand in the table.
    let weights = digits.map { Weight(rawValue: $0 - 0x30)! }
    (up, right, down, left) = (weights[0], weights[1], weights[2], weights[3])
  }

  /// Up, right, down, left of each character, in order of their values; dots for those drawn in another way.
  private static let table = Array(
    ("0101" + "0202" + "1010" + "2020" + "................................"  // 2500
      + "0110" + "0210" + "0120" + "0220"  // 250C
      + "0011" + "0012" + "0021" + "0022" + "1100" + "1200" + "2100" + "2200"  // 2510
      + "1001" + "1002" + "2001" + "2002" + "1110" + "1210" + "2110" + "1120"  // 2518
      + "2120" + "2210" + "1220" + "2220" + "1011" + "1012" + "2011" + "1021"  // 2520
      + "2021" + "2012" + "1022" + "2022" + "0111" + "0112" + "0211" + "0212"  // 2528
      + "0121" + "0122" + "0221" + "0222" + "1101" + "1102" + "1201" + "1202"  // 2530
      + "2101" + "2102" + "2201" + "2202" + "1111" + "1112" + "1211" + "1212"  // 2538
      + "2111" + "1121" + "2121" + "2112" + "2211" + "1122" + "1221" + "2212"  // 2540
      + "1222" + "2122" + "2221" + "2222" + "................"  // 2548
      + "0303" + "3030" + "0310" + "0130" + "0330" + "0013" + "0031" + "0033"  // 2550
      + "1300" + "3100" + "3300" + "1003" + "3001" + "3003" + "1310" + "3130"  // 2558
      + "3330" + "1013" + "3031" + "3033" + "0313" + "0131" + "0333" + "1303"  // 2560
      + "3101" + "3303" + "1313" + "3131" + "3333" + "............................"  // 2568
      + "0001" + "1000" + "0100" + "0010" + "0002" + "2000" + "0200" + "0020"  // 2574
      + "0201" + "1020" + "0102" + "2010").utf8)
}
