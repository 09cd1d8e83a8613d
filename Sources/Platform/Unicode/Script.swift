/// The scripts that code points belong to (UAX #24), by name: `Greek` or `Grek`.
public enum Script {
  /// Every script's long and short name, in the order of its number.
  static let all: [(long: String, short: String)] = names.description.split(separator: ";").map { pair in
    let parts = pair.split(separator: " ")
    return (String(parts[0]), String(parts[parts.count - 1]))
  }

  /// The code points of a script, in order and apart from each other; nil: there is no such script.
  /// Letter case, spaces, hyphens and low lines in the name do not matter (UAX #44 §5.9.3).
  public static func ranges(named name: String) -> [ClosedRange<UInt32>]? {
    let name = PropertyName.folded(name)
    let number = all.firstIndex {
      PropertyName.folded($0.long) == name || PropertyName.folded($0.short) == name
    }
    guard let number else { return nil }
    return RunReader.ranges(of: runs) { $0 == number }
  }
}
