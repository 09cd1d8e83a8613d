/// Sizes for people.
public enum ByteCount {
  /// `0 B`, `1023 B`, `1.0 KiB`, `2.3 GiB`: powers of 1024 with one decimal, rounded down.
  public static func text(_ bytes: Int64) -> String {
    let names = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var (size, tenths, unit) = (bytes.magnitude, UInt64(0), 0)
    while size >= 1024, unit < names.count - 1 {
      tenths = size % 1024 * 10 / 1024
      size /= 1024
      unit += 1
    }
    return (bytes < 0 ? "-" : "") + (unit == 0 ? "\(size) B" : "\(size).\(tenths) \(names[unit])")
  }
}
