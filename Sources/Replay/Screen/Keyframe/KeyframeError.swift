/// Why bytes are no keyframe. Offsets are from the keyframe's first byte.
enum KeyframeError: Error, Equatable {
  /// It ends before its end.
  case truncated(offset: Int)
  /// Written in a layout that this version does not know; 0: no keyframe at all.
  case layout(UInt8)
  case checksum(expected: UInt32, found: UInt32)
  /// A value that no terminal has.
  case invalid(String, offset: Int)
}

extension KeyframeError: CustomStringConvertible {
  var description: String {
    switch self {
    case .truncated(let offset): "the keyframe ends too early, at byte \(offset)"
    case .layout(let number): "the keyframe has layout \(number); this version reads \(Keyframe.layout)"
    case .checksum(let expected, let found):
      "the keyframe's checksum is \(String(found, radix: 16)), not \(String(expected, radix: 16))"
    case .invalid(let what, let offset): "the keyframe is damaged at byte \(offset): \(what)"
    }
  }
}
