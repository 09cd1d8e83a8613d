import Platform

/// Text that many blocks have in common, which each is packed behind: what a shell's prompt, a log's words look like
/// need not be said again in every block.
///
/// It is chosen as zstd's does (Liao, Petri, Moffat, Wirth, "Effective construction of relative Lempel-Ziv
/// dictionaries", 2016): the stretches whose strings of eight bytes occur in the most blocks, each string counted once.
final class SharedDictionary: Sendable {
  static let byteLimit = 64 << 10
  /// A dictionary takes no more than this part of the text it is for.
  private static let share = 32
  /// Text that is looked at, spread over all there is.
  private static let sampleByteCount = 2 << 20
  private static let pieceByteCount = 2048
  private static let stretchByteCount = 256
  private static let stringByteCount = 8
  private static let hashBits = 18

  /// Its last byte is a line feed, unless it is empty.
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The best dictionary for some texts; an empty one where they are few or short.
  init(for texts: [[UInt8]]) {
    let total = texts.reduce(0) { $0 + $1.count }
    let count = min(Self.byteLimit, total / Self.share) / Self.stretchByteCount * Self.stretchByteCount
    guard texts.count > 1, count > 0 else {
      bytes = []
      return
    }
    var chooser = Chooser(Self.sample(texts, total))
    var chosen = chooser.choose(count / Self.stretchByteCount)
    if chosen.last ?? 0x0A != 0x0A { chosen[chosen.count - 1] = 0x0A }
    bytes = chosen
  }

  private struct Sample {
    var bytes: [UInt8] = []
    /// Where the pieces of one text end.
    var ends: [Int] = []
  }

  private static func sample(_ texts: [[UInt8]], _ total: Int) -> Sample {
    var sample = Sample()
    let step = max(1, total / sampleByteCount)
    var offset = 0
    for text in texts {
      // One piece of every `step`, counted over all texts.
      while offset < text.count {
        sample.bytes += text[offset..<min(text.count, offset + pieceByteCount)]
        offset += pieceByteCount * step
      }
      offset -= text.count
      sample.ends.append(sample.bytes.count)
    }
    return sample
  }

  private struct Chooser {
    private let sample: Sample
    private var hashes: [UInt32] = []
    /// By hash, the number of texts it occurs in beside the first; zero once it is covered.
    private var scores: [UInt16]
    /// How often each hash is in the stretch looked at.
    private var inside: [UInt16]

    init(_ sample: Sample) {
      self.sample = sample
      let size = 1 << SharedDictionary.hashBits
      scores = [UInt16](repeating: 0, count: size)
      inside = [UInt16](repeating: 0, count: size)
      let count = sample.bytes.count - SharedDictionary.stringByteCount + 1
      guard count > 0 else { return }
      hashes.reserveCapacity(count)
      var seen = [Int32](repeating: -1, count: size)
      var text: Int32 = 0
      sample.bytes.withUnsafeBytes { bytes in
        for place in 0..<count {
          while place >= sample.ends[Int(text)] { text += 1 }
          let string = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
          let hash = Int((string &* 0x9E37_79B1_85EB_CA87) >> UInt64(64 - SharedDictionary.hashBits))
          hashes.append(UInt32(hash))
          if seen[hash] >= 0, seen[hash] != text, scores[hash] < .max { scores[hash] += 1 }
          seen[hash] = text
        }
      }
    }

    /// So many stretches, one of each part of the sample, the best at the end, where matches reach it longest.
    mutating func choose(_ stretches: Int) -> [UInt8] {
      var chosen: [(score: Int, place: Int)] = []
      let part = max(SharedDictionary.stretchByteCount, hashes.count / max(1, stretches))
      var start = 0
      while start < hashes.count, chosen.count < stretches {
        let end = min(hashes.count, start + part)
        if let best = best(of: start..<end) { chosen.append(best) }
        start = end
      }
      chosen.sort { $0.score < $1.score }
      var result: [UInt8] = []
      for (_, place) in chosen {
        result += sample.bytes[place..<min(sample.bytes.count, place + SharedDictionary.stretchByteCount)]
      }
      return result
    }

    /// The stretch of the highest score, whose strings count no more after it.
    private mutating func best(of part: Range<Int>) -> (score: Int, place: Int)? {
      let width = SharedDictionary.stretchByteCount - SharedDictionary.stringByteCount + 1
      var best = (score: 0, place: 0)
      var score = 0
      var first = part.lowerBound
      for place in part {
        let hash = Int(hashes[place])
        if inside[hash] == 0 { score += Int(scores[hash]) }
        inside[hash] += 1
        if place - first >= width {
          let left = Int(hashes[first])
          inside[left] -= 1
          if inside[left] == 0 { score -= Int(scores[left]) }
          first += 1
        }
        if score > best.score { best = (score, first) }
      }
      for place in first..<part.upperBound { inside[Int(hashes[place])] = 0 }
      guard best.score > 0 else { return nil }
      for place in best.place..<min(part.upperBound, best.place + width) { scores[Int(hashes[place])] = 0 }
      return best
    }
  }
}
