import Platform

/// A block as bytes, before compression:
///
///     lines               varint
///     length of facts     varint
///     facts of each line: first time, as the difference from the line before, signed; how long it stood, varint;
///                         flags, a byte; number of runs less one, varint; of each run but the last its length, and of
///                         each run its time, as the difference from the first time, signed
///     the lines' texts, a line feed after each
extension LineBlock {
  /// More lines than fit in a block with one byte each are no block.
  private static let lineLimit = 1 << 20
  /// Largest text of a block: one line at its limit more than makes it full.
  static let textLimit = byteCount + 2 * LineTracker.lengthLimit + (1 << 20)

  func encoded() -> [UInt8] {
    var facts = IndexWriter()
    var previous: Int64 = 0
    var run = 0
    for fact in self.facts {
      facts.signed(fact.first - previous)
      previous = fact.first
      facts.varint(UInt64(max(0, fact.last - fact.first)))
      facts.bytes.append(fact.flags.rawValue)
      facts.varint(fact.runsEnd - run - 1)
      var start = 0
      for index in run..<fact.runsEnd {
        if index + 1 < fact.runsEnd {
          facts.varint(runs[index].end - start)
          start = runs[index].end
        }
        facts.signed(runs[index].milliseconds - fact.first)
      }
      run = fact.runsEnd
    }
    var result = IndexWriter()
    result.varint(count)
    result.varint(facts.bytes.count)
    return result.bytes + facts.bytes + text
  }

  init(decoding bytes: [UInt8]) throws(IndexDamage) {
    let (count, facts) = try Self.head(of: bytes, plainByteCount: bytes.count)
    try self.init(count: count, facts: bytes, facts, text: Array(bytes[facts.upperBound...]))
  }

  /// Reads the two numbers in front: how many lines there are, and where the facts about them stand.
  static func head(of bytes: [UInt8], plainByteCount: Int) throws(IndexDamage) -> (Int, Range<Int>) {
    var reader = IndexReader(bytes, part: "text blocks")
    let count = try reader.number(upTo: Self.lineLimit)
    let length = try reader.number(upTo: plainByteCount)
    guard reader.position + length <= plainByteCount else { throw .cutOff(part: "text blocks") }
    return (count, reader.position..<reader.position + length)
  }

  /// A block of `count` lines, which `factBytes[range]` is about.
  init(
    count: Int, facts factBytes: [UInt8], _ range: Range<Int>, text: [UInt8]
  ) throws(IndexDamage) {
    var reader = IndexReader(factBytes, range, part: "text blocks")
    var starts = [0]
    starts.reserveCapacity(count + 1)
    while let end = ByteSearch.first(0x0A, in: text, starts[starts.count - 1]..<text.count) {
      starts.append(end + 1)
    }
    guard starts.count == count + 1, starts.last == text.count else { throw .badNumber(part: "text blocks") }
    var facts: [Facts] = []
    var runs: [SettledLine.Run] = []
    facts.reserveCapacity(count)
    var previous: Int64 = 0
    for line in 0..<count {
      let first = try previous.adding(reader.signed())
      previous = first
      let last = try first.adding(Int64(reader.number(upTo: Int(Int64.max / 4))))
      let flags = SettledLine.Flags(rawValue: try reader.fixed(UInt8.self))
      let length = starts[line + 1] - 1 - starts[line]
      let runCount = try reader.number(upTo: length) + 1
      var end = 0
      for index in 0..<runCount {
        end = index + 1 < runCount ? end + (try reader.number(upTo: length - end)) : length
        runs.append(SettledLine.Run(end: end, milliseconds: try first.adding(reader.signed())))
      }
      facts.append(Facts(first: first, last: last, flags: flags, runsEnd: runs.count))
    }
    guard reader.isAtEnd else { throw .badNumber(part: "text blocks") }
    self.init(text: text, starts: starts, facts: facts, runs: runs)
  }
}

extension Int64 {
  fileprivate func adding(_ other: Int64) throws(IndexDamage) -> Int64 {
    let (sum, isOver) = addingReportingOverflow(other)
    if isOver || sum < 0 || sum > .max / 4 { throw .badNumber(part: "text blocks") }
    return sum
  }
}
