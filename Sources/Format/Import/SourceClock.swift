/// The time of a source that counts in delays: it adds them up and never steps back.
struct SourceClock {
  private var nanoseconds: Int64 = 0

  /// Time since the start.
  var microseconds: Int64 { nanoseconds / 1000 }

  private static let limit = EventLine.maximumMicroseconds * 1000

  /// Goes on by a delay in microseconds.
  mutating func advance(
    byMicroseconds delay: Int64, _ log: inout FindingLog, _ finding: (Finding.Kind, String) -> Finding
  ) {
    let (nanoseconds, isOver) = delay.multipliedReportingOverflow(by: 1000)
    advance(byNanoseconds: isOver ? (delay < 0 ? .min : .max) : nanoseconds, &log, finding)
  }

  /// Goes on by a delay; a negative one counts as zero, and no time is beyond 100 years. Both are told.
  mutating func advance(
    byNanoseconds delay: Int64, _ log: inout FindingLog, _ finding: (Finding.Kind, String) -> Finding
  ) {
    if delay < 0 {
      log.add(finding(.timeStepsBack, "the clock steps back here; the delay was taken as zero"))
      return
    }
    let (sum, isOver) = nanoseconds.addingReportingOverflow(delay)
    if isOver || sum > Self.limit {
      log.add(finding(.overLimit, "the time is beyond 100 years; it was left as it was"))
      return
    }
    nanoseconds = sum
  }
}

/// Seconds in decimal, as timing files have them.
enum DecimalSeconds {
  /// Nanoseconds of digits with any number of decimals after a point or comma (sudo writes the locale's);
  /// nil for all else, and beyond 100 years.
  static func nanoseconds(_ digits: some Sequence<UInt8>) -> Int64? {
    var whole: Int64 = 0
    var fraction: Int64 = 0
    var unit: Int64 = 1_000_000_000
    var isFraction = false
    var digitCount = 0
    for byte in digits {
      switch byte {
      case 0x30...0x39:
        digitCount += 1
        if isFraction {
          unit /= 10
          fraction += Int64(byte - 0x30) * unit
        } else {
          whole = whole * 10 + Int64(byte - 0x30)
          if whole > EventLine.maximumMicroseconds / 1_000_000 { return nil }
        }
      case UInt8(ascii: "."), UInt8(ascii: ","):
        if isFraction { return nil }
        isFraction = true
      default: return nil
      }
    }
    return digitCount == 0 ? nil : whole * 1_000_000_000 + fraction
  }

  /// A number without a sign that fits; nil for all else.
  static func count(_ digits: some Collection<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 18 else { return nil }
    var value = 0
    for byte in digits {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }
}
