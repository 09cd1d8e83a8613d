import Platform

/// What is known of a block's lines beside their text, as bytes. Their flags, which a search may need of every line:
///
///     length of a run of lines with the same flags, varint; the flags, a byte
///
/// and what it needs of those that it tells, before compression, a column for each kind of fact, as what is alike
/// stands together:
///
///     runs less one     a varint for each line
///     first times       of each line, as the difference from the line before, signed
///     last times        likewise
///     lengths of runs   of each line's runs but its last, varints
///     times of runs     of each line's runs, as the difference from the run before, the first from the line's first
///                       time, signed
///
/// The text is kept as it is: the lines, a line feed after each.
extension LineBlock {
  /// Largest text of a block: one line at its limit more than makes it full.
  static let textLimit = byteCount + 2 * LineTracker.lengthLimit + (1 << 20)
  /// Largest facts: a run for every byte of a text, with numbers of full size.
  static let factLimit = 4 * textLimit
  static let part = "text blocks"

  func encodedFlags() -> [UInt8] {
    var writer = IndexWriter()
    var start = 0
    for line in 0..<count where line + 1 == count || facts[line + 1].flags != facts[line].flags {
      writer.varint(line + 1 - start)
      writer.bytes.append(facts[line].flags.rawValue)
      start = line + 1
    }
    return writer.bytes
  }

  /// The flags of `count` lines that `encodedFlags` made `bytes[range]` of.
  static func flags(
    _ bytes: [UInt8], _ range: Range<Int>, count: Int
  ) throws(IndexDamage) -> [SettledLine.Flags] {
    var reader = IndexReader(bytes, range, part: part)
    var flags: [SettledLine.Flags] = []
    flags.reserveCapacity(count)
    while flags.count < count {
      let run = try reader.number(upTo: count - flags.count)
      flags += repeatElement(.init(rawValue: try reader.fixed(UInt8.self)), count: run)
    }
    guard reader.isAtEnd else { throw .badNumber(part: part) }
    return flags
  }

  func encodedFacts() -> [UInt8] {
    var writer = IndexWriter()
    writer.bytes.reserveCapacity(8 * count)
    var end = 0
    for fact in facts {
      writer.varint(fact.runsEnd - end - 1)
      end = fact.runsEnd
    }
    var previous: Int64 = 0
    for fact in facts {
      writer.signed(fact.first - previous)
      previous = fact.first
    }
    previous = 0
    for fact in facts {
      writer.signed(fact.last - previous)
      previous = fact.last
    }
    var run = 0
    for fact in facts {
      var start = 0
      while run < fact.runsEnd - 1 {
        writer.varint(runs[run].end - start)
        start = runs[run].end
        run += 1
      }
      run += 1
    }
    run = 0
    for fact in facts {
      var previous = fact.first
      while run < fact.runsEnd {
        writer.signed(runs[run].milliseconds - previous)
        previous = runs[run].milliseconds
        run += 1
      }
    }
    return writer.bytes
  }

  /// A block of lines that have these flags and the facts that `encodedFacts` made of them.
  init(flags: [SettledLine.Flags], facts factBytes: [UInt8], text: [UInt8]) throws(IndexDamage) {
    let count = flags.count
    let starts = try Self.starts(of: text, count)
    var reader = IndexReader(factBytes, part: Self.part)
    var facts: [Facts] = []
    facts.reserveCapacity(count)
    var runCount = 0
    for line in 0..<count {
      runCount += try reader.number(upTo: starts[line + 1] - 1 - starts[line]) + 1
      facts.append(Facts(first: 0, last: 0, flags: flags[line], runsEnd: runCount))
    }
    var previous: Int64 = 0
    for line in 0..<count {
      previous = try previous.adding(reader.signed())
      facts[line].first = previous
    }
    previous = 0
    for line in 0..<count {
      previous = try previous.adding(reader.signed())
      facts[line].last = previous
    }
    self.init(text: text, starts: starts, facts: facts, runs: try Self.runs(&reader, facts, starts))
    guard reader.isAtEnd else { throw .badNumber(part: Self.part) }
  }

  private static func starts(of text: [UInt8], _ count: Int) throws(IndexDamage) -> [Int] {
    var starts = [0]
    starts.reserveCapacity(count + 1)
    while let end = ByteSearch.first(0x0A, in: text, starts[starts.count - 1]..<text.count) {
      starts.append(end + 1)
    }
    guard starts.count == count + 1, starts.last == text.count else { throw .badNumber(part: part) }
    return starts
  }

  private static func runs(
    _ reader: inout IndexReader, _ facts: [Facts], _ starts: [Int]
  ) throws(IndexDamage) -> [SettledLine.Run] {
    var runs: [SettledLine.Run] = []
    runs.reserveCapacity(facts.last?.runsEnd ?? 0)
    for (line, fact) in facts.enumerated() {
      let length = starts[line + 1] - 1 - starts[line]
      var end = 0
      while runs.count < fact.runsEnd - 1 {
        end += try reader.number(upTo: length - end)
        runs.append(.init(end: end, milliseconds: 0))
      }
      runs.append(.init(end: length, milliseconds: 0))
    }
    var run = 0
    for fact in facts {
      var previous = fact.first
      while run < fact.runsEnd {
        previous = try previous.adding(reader.signed())
        runs[run].milliseconds = previous
        run += 1
      }
    }
    return runs
  }
}

extension Int64 {
  fileprivate func adding(_ other: Int64) throws(IndexDamage) -> Int64 {
    let (sum, isOver) = addingReportingOverflow(other)
    if isOver || sum < 0 || sum > .max / 4 { throw .badNumber(part: LineBlock.part) }
    return sum
  }
}
