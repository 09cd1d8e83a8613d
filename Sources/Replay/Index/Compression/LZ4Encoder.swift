import Platform

/// Packs texts as LZ4 blocks (lz4_Block_format.md of the reference implementation), each behind the same dictionary.
///
/// Matches are looked for along chains of places whose first four bytes are alike. Where one is found, a longer one that
/// reaches over its end is looked for, which then takes its place or follows it. Owned by one thread.
struct LZ4Encoder {
  private static let minimum = 4
  private static let hashBits = 16
  /// Places looked at for a match. 8: 1 % larger, 13 % faster.
  private static let depth = 12
  /// A match of so many bytes is taken at once.
  private static let enough = 128
  /// Matches up to here say their length in the token alone.
  private static let shortMatch = 18
  /// The last so many bytes are literals, and no match begins in the last so many (end of block conditions).
  private static let tailByteCount = 5
  private static let lastMatchDistance = 12

  private let dictionaryByteCount: Int
  /// The dictionary, and the text behind it.
  private var bytes: [UInt8]
  /// By hash the last place; -1: none. Once for the dictionary alone, to begin a text with.
  private let dictionaryHeads: [Int32]
  private var heads: [Int32]
  /// By place the one before it with the same hash.
  private var links: [Int32]

  init(_ dictionary: SharedDictionary) {
    bytes = dictionary.bytes
    dictionaryByteCount = bytes.count
    heads = [Int32](repeating: -1, count: 1 << Self.hashBits)
    links = [Int32](repeating: -1, count: bytes.count)
    for place in 0..<max(0, bytes.count - 3) {
      let hash = bytes.withUnsafeBytes { Self.hash($0.baseAddress! + place) }
      links[place] = heads[hash]
      heads[hash] = Int32(place)
    }
    dictionaryHeads = heads
  }

  /// Appends the block that `text` becomes.
  mutating func encode(_ text: [UInt8], into output: inout [UInt8]) {
    bytes.removeLast(bytes.count - dictionaryByteCount)
    bytes += text
    heads.overwrite(at: 0, with: dictionaryHeads, 0..<dictionaryHeads.count)
    if links.count < bytes.count {
      links += [Int32](repeating: -1, count: bytes.count - links.count)
    }
    bytes.withUnsafeBytes { bytes in
      heads.withUnsafeMutableBufferPointer { heads in
        links.withUnsafeMutableBufferPointer { links in
          // Without a base there is neither text nor dictionary, and the block is its token alone.
          guard let base = bytes.baseAddress, let heads = heads.baseAddress, let links = links.baseAddress
          else {
            return Self.append(literals: bytes[0..<0], into: &output)
          }
          var matcher = Matcher(bytes: base, count: bytes.count, heads: heads, links: links)
          Self.encode(bytes, from: dictionaryByteCount, &matcher, into: &output)
        }
      }
    }
  }

  private static func encode(
    _ bytes: UnsafeRawBufferPointer, from start: Int, _ matcher: inout Matcher, into output: inout [UInt8]
  ) {
    var place = start
    var anchor = start
    let limit = bytes.count - lastMatchDistance
    while place <= limit {
      var match = matcher.longest(at: place, notBefore: place, over: minimum - 1)
      if match.length == 0 {
        place += 1
        continue
      }
      while match.length < enough, match.end <= limit {
        var next = matcher.longest(at: match.end - 2, notBefore: match.start, over: match.length)
        if next.length == 0 { break }
        if next.start - match.start >= 3 {
          // Both: the first as far as its length costs nothing, the second for the rest, which is four bytes or more.
          let kept = min(match.length, max(next.start - match.start, shortMatch))
          next.removeFirst(match.start + kept - next.start)
          append(literals: bytes[anchor..<match.start], match.prefix(kept), into: &output)
          anchor = match.start + kept
        }
        match = next
      }
      append(literals: bytes[anchor..<match.start], match, into: &output)
      place = match.end
      anchor = place
      matcher.insert(upTo: min(place, limit))
    }
    append(literals: bytes[anchor..<bytes.count], into: &output)
  }

  private struct Match {
    var start = 0
    var offset = 0
    /// Zero: there is none.
    var length = 0

    var end: Int { start + length }

    func prefix(_ count: Int) -> Match { Match(start: start, offset: offset, length: count) }

    mutating func removeFirst(_ count: Int) {
      start += count
      length -= count
    }
  }

  private struct Matcher {
    let bytes: UnsafeRawPointer
    let count: Int
    let heads: UnsafeMutablePointer<Int32>
    let links: UnsafeMutablePointer<Int32>
    /// Places before it are in the chains.
    var next = 0

    init(
      bytes: UnsafeRawPointer, count: Int, heads: UnsafeMutablePointer<Int32>,
      links: UnsafeMutablePointer<Int32>
    ) {
      (self.bytes, self.count, self.heads, self.links) = (bytes, count, heads, links)
    }

    @inline(__always)
    mutating func insert(upTo end: Int) {
      while next < end {
        let hash = LZ4Encoder.hash(bytes + next)
        links[next] = heads[hash]
        heads[hash] = Int32(truncatingIfNeeded: next)
        next += 1
      }
    }

    /// The longest match of the places looked at that takes in `place` and begins at `low` or behind it; none where it
    /// is no longer than `least`. `place` is at least `lastMatchDistance` before the end.
    @inline(__always)
    mutating func longest(at place: Int, notBefore low: Int, over least: Int) -> Match {
      insert(upTo: place)
      var best = Match(start: 0, offset: 0, length: least)
      let end = count - LZ4Encoder.tailByteCount
      let oldest = max(place - low, place - LZ4Decoder.windowByteCount)
      var candidate = Int(heads[LZ4Encoder.hash(bytes + place)])
      var left = LZ4Encoder.depth
      let first = bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self)
      while candidate >= oldest, left > 0 {
        left -= 1
        if low + best.length < end,
          bytes.load(fromByteOffset: candidate - (place - low) + best.length, as: UInt8.self)
            == bytes.load(fromByteOffset: low + best.length, as: UInt8.self),
          bytes.loadUnaligned(fromByteOffset: candidate, as: UInt32.self) == first
        {
          let length = common(candidate, place, end)
          var back = 0
          while place - back > low,
            bytes.load(fromByteOffset: candidate - back - 1, as: UInt8.self)
              == bytes.load(fromByteOffset: place - back - 1, as: UInt8.self)
          { back += 1 }
          if length + back > best.length {
            best = Match(start: place - back, offset: place - candidate, length: length + back)
            if best.length >= LZ4Encoder.enough { break }
          }
        }
        candidate = Int(links[candidate])
      }
      return best.offset > 0 ? best : Match()
    }

    /// How many bytes are alike at two places, the later of which ends at `end`.
    @inline(__always)
    private func common(_ earlier: Int, _ later: Int, _ end: Int) -> Int {
      var length = 4
      while later + length + 8 <= end {
        let difference =
          bytes.loadUnaligned(fromByteOffset: earlier + length, as: UInt64.self)
          ^ bytes.loadUnaligned(fromByteOffset: later + length, as: UInt64.self)
        if difference != 0 { return length + UInt64(littleEndian: difference).trailingZeroBitCount >> 3 }
        length += 8
      }
      while later + length < end,
        bytes.load(fromByteOffset: earlier + length, as: UInt8.self)
          == bytes.load(fromByteOffset: later + length, as: UInt8.self)
      { length += 1 }
      return length
    }
  }

  /// Of the four bytes at a place.
  @inline(__always)
  fileprivate static func hash(_ place: UnsafeRawPointer) -> Int {
    Int(
      (UInt32(littleEndian: place.loadUnaligned(as: UInt32.self)) &* 2_654_435_761) >> UInt32(32 - hashBits))
  }

  // MARK: Sequences

  private static func append(
    literals: Slice<UnsafeRawBufferPointer>, _ match: Match? = nil, into output: inout [UInt8]
  ) {
    let long = match.map { $0.length - 4 } ?? 0
    output.append(UInt8(min(literals.count, 15)) << 4 | UInt8(min(long, 15)))
    append(rest: literals.count - 15, into: &output)
    output += literals
    guard let match else { return }
    output.append(UInt8(truncatingIfNeeded: match.offset))
    output.append(UInt8(truncatingIfNeeded: match.offset >> 8))
    append(rest: long - 15, into: &output)
  }

  private static func append(rest: Int, into output: inout [UInt8]) {
    guard rest >= 0 else { return }
    for _ in 0..<rest / 255 { output.append(255) }
    output.append(UInt8(rest % 255))
  }
}
