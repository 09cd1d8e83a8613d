/// A date and time of day in UTC, as people and file names write it (proleptic Gregorian calendar).
public struct CalendarDate: Equatable, Sendable {
  /// Of the Gregorian calendar.
  public var year: Int
  /// 1 to 12.
  public var month: Int
  /// 1 to 31.
  public var day: Int
  /// 0 to 23.
  public var hour: Int
  /// 0 to 59.
  public var minute: Int
  /// 0 to 59: POSIX time has no leap seconds.
  public var second: Int
  /// 0 to 999,999.
  public var microsecond: Int

  /// A date from its fields, which are not checked.
  public init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, microsecond: Int = 0
  ) {
    (self.year, self.month, self.day) = (year, month, day)
    (self.hour, self.minute, self.second, self.microsecond) = (hour, minute, second, microsecond)
  }

  /// The date of a moment, shifted by `offsetMinutes` east of UTC. Any moment has one, in the years -290,308
  /// to 294,247.
  public init(_ timestamp: Timestamp, offsetMinutes: Int = 0) {
    let offset = Int64(clamping: offsetMinutes).saturatingProduct(60_000_000)
    let local = Timestamp(microseconds: timestamp.microseconds.saturatingSum(offset))
    let seconds = local.seconds
    let dayNumber = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let ofDay = Int(seconds - dayNumber * 86_400)
    // Days are counted in 400-year eras that start on 1 March, so that the leap day is a year's last.
    let shifted = dayNumber + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = Int(shifted - era * 146_097)
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * ofYear + 2) / 153
    day = ofYear - (153 * marchMonth + 2) / 5 + 1
    month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
    (hour, minute, second) = (ofDay / 3600, ofDay / 60 % 60, ofDay % 60)
    microsecond = Int((local.microseconds % 1_000_000 + 1_000_000) % 1_000_000)
  }

  /// The moment this date names when it is read as UTC; the first or last there is where it lies beyond
  /// (years -290,308 to 294,247). Fields past their range count on: 32 January is 1 February.
  public var timestamp: Timestamp {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let ofEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + ofYear
    let days = Int64(era * 146_097 + ofEra - 719_468)
    let seconds = days * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    return Timestamp(microseconds: seconds.saturatingProduct(1_000_000).saturatingSum(Int64(microsecond)))
  }

  /// `2026-11-21`; years before 0 have a minus sign (ISO 8601).
  public var dateText: String { "\(pad(year, 4))-\(pad(month))-\(pad(day))" }

  /// `06:31:02`.
  public var timeText: String { "\(pad(hour)):\(pad(minute)):\(pad(second))" }

  /// RFC 3339 in UTC, with six digits of fraction only where it is not zero: `2026-11-21T06:31:02.000125Z`.
  public var rfc3339: String {
    "\(dateText)T\(timeText)\(microsecond == 0 ? "" : "." + pad(microsecond, 6))Z"
  }

  /// The form SigV4 signs: `20261121T063102Z`.
  public var compact: String {
    "\(pad(year, 4))\(pad(month))\(pad(day))T\(pad(hour))\(pad(minute))\(pad(second))Z"
  }
}

/// `number` in decimal, with zeros in front up to `width` digits; a sign stands before them.
public func pad(_ number: Int, _ width: Int = 2) -> String {
  let digits = String(number.magnitude)
  return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension Int64 {
  /// The product, or the number nearest to it.
  fileprivate func saturatingProduct(_ other: Int64) -> Int64 {
    let (product, overflows) = multipliedReportingOverflow(by: other)
    return overflows ? ((self < 0) == (other < 0) ? .max : .min) : product
  }

  /// The sum, or the number nearest to it.
  fileprivate func saturatingSum(_ other: Int64) -> Int64 {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? (other < 0 ? .min : .max) : sum
  }
}
