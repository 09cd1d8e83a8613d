/// Moving runs of plain values within and between arrays at the speed of memmove(3): an element-wise Swift loop pays
/// a bounds check each and does a tenth of it.
extension Array where Element: BitwiseCopyable {
  /// Copies `source[range]` over the elements from `start` on.
  @inlinable
  public mutating func overwrite(at start: Int, with source: [Element], _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= source.count, "range outside the source")
    precondition(start >= 0 && start + range.count <= count, "range outside the target")
    guard !range.isEmpty else { return }
    source.withUnsafeBufferPointer { source in
      withUnsafeMutableBufferPointer { target in
        // Both bases exist: neither range is empty.
        (target.baseAddress! + start).update(from: source.baseAddress! + range.lowerBound, count: range.count)
      }
    }
  }

  /// Copies `self[range]` to `start` in the same array; the two may overlap.
  @inlinable
  public mutating func move(_ range: Range<Int>, to start: Int) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the array")
    precondition(start >= 0 && start + range.count <= count, "range outside the array")
    guard !range.isEmpty else { return }
    withUnsafeMutableBufferPointer { elements in
      // The base exists: the range is not empty.
      let base = elements.baseAddress!
      (base + start).update(from: base + range.lowerBound, count: range.count)
    }
  }

  /// Sets every element of `range` to `value`.
  @inlinable
  public mutating func fill(_ range: Range<Int>, with value: Element) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside the array")
    withUnsafeMutableBufferPointer { elements in
      elements[range].update(repeating: value)
    }
  }
}
