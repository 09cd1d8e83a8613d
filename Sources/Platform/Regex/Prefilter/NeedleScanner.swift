/// Goes through a text for needles, sixteen places at a time.
///
/// Of each needle the rarest bytes are compared at all places together; only where all of them pass is the needle
/// looked at whole. Vector types of the standard library, so that it runs on every processor.
struct NeedleScanner: Sendable {
  /// So many bytes of a needle are compared in vectors.
  static let probeCount = 3

  struct Hit: Equatable {
    var range: Range<Int>
    /// A needle, not a character in whose place one might stand.
    var isNeedle: Bool
  }

  private typealias Vector = SIMD16<UInt8>
  private typealias Mask = SIMDMask<SIMD16<Int8>>

  /// A test at some distance from the needle's start, for each of sixteen places.
  private struct Probe: Sendable {
    var offset: Int
    var mask: Vector
    var low: Vector
    var span: Vector

    init(_ test: ByteTest, offset: Int) {
      self.offset = offset
      mask = Vector(repeating: test.mask)
      low = Vector(repeating: test.low)
      span = Vector(repeating: test.span)
    }

    @inline(__always)
    func passes(_ text: UnsafeRawPointer) -> Mask {
      let bytes = text.loadUnaligned(fromByteOffset: offset, as: Vector.self)
      return ((bytes | mask) &- low) .<= span
    }
  }

  let needles: Needles
  /// The only needle, where it is plain bytes.
  private let literal: [UInt8]?
  /// `probeCount` of each needle.
  private var probes: [Probe] = []
  private let longest: Int

  init(_ needles: Needles) {
    self.needles = needles
    let first = needles.choices[0]
    let isPlain =
      needles.choices.count == 1 && !needles.missesOther && first.allSatisfy { $0.span == 0 && $0.mask == 0 }
    literal = isPlain ? first.map(\.low) : nil
    longest = needles.choices.reduce(0) { max($0, $1.count) }
    for needle in needles.choices {
      let rarest = needle.indices.sorted { needle[$0].rate < needle[$1].rate }.prefix(Self.probeCount)
      for number in 0..<Self.probeCount {
        let offset = rarest[number % rarest.count]
        probes.append(Probe(needle[offset], offset: offset))
      }
    }
  }

  /// The first needle in `text[range]`; of several at one place the preferred.
  func first(in text: [UInt8], _ range: Range<Int>) -> Hit? {
    if let literal {
      guard let found = ByteSearch.first(literal, in: text, from: range.lowerBound),
        found + literal.count <= range.upperBound
      else { return nil }
      return Hit(range: found..<found + literal.count, isNeedle: true)
    }
    return text.withUnsafeBytes { text in
      guard let base = text.baseAddress else { return nil }
      var position = range.lowerBound
      let last = range.upperBound - longest - 16
      while position <= last {
        position = probes.withUnsafeBufferPointer { next(base, position, last, $0) }
        // What the vectors let through is looked at byte by byte.
        for place in position..<min(position + 16, range.upperBound) {
          if let hit = hit(base, place, range.upperBound) { return hit }
        }
        position += 16
      }
      for place in position..<max(position, range.upperBound) {
        if let hit = hit(base, place, range.upperBound) { return hit }
      }
      return nil
    }
  }

  /// The first stretch of sixteen places with something in it; behind `last` where there is none.
  @inline(__always)
  private func next(
    _ base: UnsafeRawPointer, _ position: Int, _ last: Int, _ probes: UnsafeBufferPointer<Probe>
  ) -> Int {
    var position = position
    if probes.count == Self.probeCount {
      let (first, second, third) = (probes[0], probes[1], probes[2])
      while position <= last {
        let text = base + position
        if any(first.passes(text) .& second.passes(text) .& third.passes(text) .| others(text)) { break }
        position &+= 16
      }
      return position
    }
    while position <= last {
      let text = base + position
      var hits = others(text)
      var index = 0
      while index < probes.count {
        hits .|= probes[index].passes(text) .& probes[index &+ 1].passes(text)
          .& probes[index &+ 2].passes(text)
        index &+= Self.probeCount
      }
      if any(hits) { break }
      position &+= 16
    }
    return position
  }

  @inline(__always)
  private func others(_ text: UnsafeRawPointer) -> Mask {
    needles.missesOther
      ? text.loadUnaligned(as: Vector.self) .>= Vector(repeating: 0x80) : Mask(repeating: false)
  }

  private func hit(_ text: UnsafeRawPointer, _ place: Int, _ end: Int) -> Hit? {
    for needle in needles.choices where needle.count <= end - place {
      var index = 0
      while index < needle.count,
        needle[index].holds(text.load(fromByteOffset: place + index, as: UInt8.self))
      {
        index += 1
      }
      if index == needle.count { return Hit(range: place..<place + index, isNeedle: true) }
    }
    if needles.missesOther, text.load(fromByteOffset: place, as: UInt8.self) >= 0x80 {
      return Hit(range: place..<place + 1, isNeedle: false)
    }
    return nil
  }
}
