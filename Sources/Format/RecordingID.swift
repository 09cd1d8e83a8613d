/// What tells one recording from all others: 16 random bytes, repeated in each of its members.
public struct RecordingID: Hashable, Sendable, CustomStringConvertible {
  /// Always 16 bytes.
  public let bytes: [UInt8]

  /// Bytes of an id.
  public static let byteCount = 16

  /// nil unless there are exactly 16 bytes.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  /// A new one from the system's random numbers.
  public static func random() -> RecordingID { RecordingID(checked: RandomBytes.make(byteCount)) }

  init(checked bytes: [UInt8]) { self.bytes = bytes }

  /// 32 hexadecimal digits.
  public var description: String { bytes.hexadecimal }
}
