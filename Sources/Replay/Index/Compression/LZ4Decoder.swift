/// Unpacks LZ4 blocks (lz4_Block_format.md of the reference implementation) behind a dictionary, in one buffer that is
/// used again: some six times as fast as inflating, which was most of what a search for a common word did.
///
/// A search reads the text where it was unpacked: in `bytes` from `start` on. What is before it is the dictionary,
/// whose last byte is a line feed. Owned by one thread.
struct LZ4Decoder {
  /// Furthest that a match may lie back.
  static let windowByteCount = 65_535
  /// Copies go by so many bytes, beyond the end of what they are to copy.
  private static let stride = 16

  private(set) var bytes: [UInt8] = []
  private(set) var start = 0
  private var dictionary: SharedDictionary?

  /// Puts a dictionary before what is unpacked next, unless it stands there.
  mutating func use(_ dictionary: SharedDictionary) {
    if self.dictionary === dictionary { return }
    self.dictionary = dictionary
    bytes.removeAll(keepingCapacity: true)
    bytes += dictionary.bytes
    start = bytes.count
  }

  /// Unpacks a block of exactly `count` bytes; false: `packed[range]` is none.
  mutating func decode(_ packed: [UInt8], _ range: Range<Int>, count: Int) -> Bool {
    precondition(range.lowerBound >= 0 && range.upperBound <= packed.count && count >= 0)
    bytes.removeLast(bytes.count - start)
    let before = start
    var isWhole = false
    bytes.append(addingCapacity: count + 2 * Self.stride) { output in
      output.withUnsafeMutableBufferPointer { target, initialized in
        packed.withUnsafeBytes { source in
          // The target has room, so that it has a base; a source without one is no block. Matches reach back from
          // the target into the array's bytes before it, which stand in the same memory.
          guard let target = target.baseAddress, let source = source.baseAddress else { return }
          isWhole = Self.decode(
            from: source + range.lowerBound, count: range.count, to: UnsafeMutableRawPointer(target),
            count: count, before: before)
        }
        initialized = isWhole ? count : 0
      }
    }
    return isWhole
  }

  /// `target` has room for two strides more than `outputCount`, and `before` bytes stand in front of it.
  private static func decode(
    from source: UnsafeRawPointer, count inputCount: Int, to target: UnsafeMutableRawPointer,
    count outputCount: Int, before: Int
  ) -> Bool {
    var input = 0
    var output = 0
    while input < inputCount {
      let token = Int(source.load(fromByteOffset: input, as: UInt8.self))
      input += 1
      var literals = token >> 4
      if literals == 15, !extend(&literals, source, &input, inputCount) { return false }
      guard literals <= inputCount - input, literals <= outputCount - output else { return false }
      if literals <= stride, inputCount - input >= stride {
        copy(source + input, target + output)
      } else {
        (target + output).copyMemory(from: source + input, byteCount: literals)
      }
      input += literals
      output += literals
      // The last sequence has no match.
      if input == inputCount { return output == outputCount }
      guard inputCount - input >= 2 else { return false }
      let offset = Int(UInt16(littleEndian: source.loadUnaligned(fromByteOffset: input, as: UInt16.self)))
      input += 2
      var length = token & 15
      if length == 15, !extend(&length, source, &input, inputCount) { return false }
      length += 4
      guard offset > 0, offset <= output + before, length <= outputCount - output else { return false }
      let end = target + output + length
      var place = target + output
      if offset >= stride {
        repeat {
          copy(place - offset, place)
          place += stride
        } while place < end
      } else {
        fill(from: place - offset, offset, to: place, end)
      }
      output += length
    }
    return false
  }

  @inline(__always)
  private static func copy(_ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer) {
    target.storeBytes(of: source.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
  }

  /// Adds to a length of fifteen the bytes that follow: 255 each, but for the last.
  @inline(__always)
  private static func extend(
    _ length: inout Int, _ source: UnsafeRawPointer, _ input: inout Int, _ inputCount: Int
  ) -> Bool {
    while input < inputCount {
      let more = Int(source.load(fromByteOffset: input, as: UInt8.self))
      input += 1
      length += more
      if more < 255 { return true }
    }
    return false
  }

  /// Repeats the `period` bytes before `place`, which are fewer than a stride.
  private static func fill(
    from pattern: UnsafeMutableRawPointer, _ period: Int, to place: UnsafeMutableRawPointer,
    _ end: UnsafeMutableRawPointer
  ) {
    if period == 1 {
      let byte = pattern.load(as: UInt8.self)
      place.initializeMemory(as: UInt8.self, repeating: byte, count: end - place)
      return
    }
    var place = place
    var pattern = pattern
    while place < end {
      place.storeBytes(of: pattern.load(as: UInt8.self), as: UInt8.self)
      place += 1
      pattern += 1
    }
  }
}
