/// Colors that a program changed: entries of the palette (OSC 4) and the dynamic ones (OSC 10…19).
struct ColorTable: Equatable, Sendable {
  var palette: [UInt8: UInt32] = [:]
  /// By OSC number: 10 text, 11 background, 12 cursor, 17 and 19 selection. Values are 0xRRGGBB.
  var dynamic: [UInt8: UInt32] = [:]
}
