/// The parameters of a control sequence (ECMA-48 §5.4.2), sub-parameters included.
struct Parameters: Sendable {
  /// Further ones are dropped.
  static let limit = 64
  /// Larger ones count as this.
  static let maximum: UInt32 = 65535

  private var values = InlineArray<64, UInt16>(repeating: 0)
  private(set) var count = 0
  /// Bit n: the n-th was separated by a colon from the one before it.
  private(set) var colons: UInt64 = 0

  @inline(__always)
  mutating func removeAll() {
    count = 0
    colons = 0
  }

  /// Adds a finished parameter.
  @inline(__always)
  mutating func append(_ value: UInt32, afterColon: Bool) {
    guard count < Self.limit else { return }
    values[count] = UInt16(truncatingIfNeeded: value)
    if afterColon { colons |= 1 << UInt64(count) }
    count += 1
  }

  /// The parameter at `index`, 0 where it is left out.
  @inline(__always)
  subscript(index: Int) -> UInt16 { index < count ? values[index] : 0 }

  @inline(__always) func number(_ index: Int) -> Int { Int(self[index]) }

  /// A count: one left out or 0 means 1.
  @inline(__always) func amount(_ index: Int) -> Int { max(1, Int(self[index])) }

  /// How many sub-parameters follow the parameter at `index`.
  func subparameterCount(_ index: Int) -> Int {
    var end = index + 1
    while end < count, colons & 1 << UInt64(end) != 0 { end += 1 }
    return end - index - 1
  }
}

extension Parameters: Equatable {
  static func == (left: Parameters, right: Parameters) -> Bool {
    left.count == right.count && left.colons == right.colons
      && (0..<left.count).allSatisfy { left[$0] == right[$0] }
  }
}
