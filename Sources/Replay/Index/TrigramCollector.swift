import Platform

/// The distinct trigrams of a block's lines. Owned by one thread: it keeps 2 MB of marks.
final class TrigramCollector {
  private var marks = [UInt64](repeating: 0, count: 1 << 18)
  /// Found in the block at hand; what is given away has no room to spare.
  private var found: [UInt32] = []

  /// The trigrams of `text`, ASCII letters in lower case, none of them over a line feed; in no order, each once.
  func collect(_ text: [UInt8]) -> [UInt32] {
    // Taken out while in use: through the class each access would be checked for exclusivity.
    var marks: [UInt64] = []
    var found: [UInt32] = []
    swap(&marks, &self.marks)
    swap(&found, &self.found)
    found.removeAll(keepingCapacity: true)
    Self.collect(text.span, &marks, &found)
    for trigram in found { marks[Int(trigram >> 6)] = 0 }
    // Not `Array(found[...])`: a slice of all of an array is that array, with its room.
    var exact: [UInt32] = []
    exact.reserveCapacity(found.count)
    exact.append(contentsOf: found)
    swap(&marks, &self.marks)
    swap(&found, &self.found)
    return exact
  }

  private static func collect(_ text: Span<UInt8>, _ marks: inout [UInt64], _ found: inout [UInt32]) {
    var trigram: UInt32 = 0
    var length = 0
    for index in 0..<text.count {
      let byte = text[index]
      if byte == 0x0A {
        length = 0
        continue
      }
      trigram = (trigram << 8 | UInt32(TrigramQuery.fold(byte))) & 0xFF_FFFF
      length &+= 1
      if length < 3 { continue }
      let bit: UInt64 = 1 << UInt64(trigram & 63)
      let word = Int(trigram >> 6)
      if marks[word] & bit == 0 {
        marks[word] |= bit
        found.append(trigram)
      }
    }
  }
}
