import Glibc

/// The time zone of the person at the keyboard: `TZ`, else the machine's.
public enum LocalTime {
  /// Minutes east of UTC at a moment, daylight saving time included (localtime_r(3)); rounded to whole
  /// minutes.
  public static func offsetMinutes(at timestamp: Timestamp) -> Int {
    tzset()  // localtime_r alone need not read TZ
    var seconds = time_t(timestamp.seconds)
    var fields = tm()
    guard localtime_r(&seconds, &fields) != nil else { return 0 }
    return fields.tm_gmtoff / 60
  }
}
