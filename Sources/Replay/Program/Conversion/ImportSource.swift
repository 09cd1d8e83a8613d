import Format
import Platform

/// One thing to import: standard input, or files that make one recording.
enum ImportSource {
  case standardInput
  case files(SourceSet)

  /// What the words of a command line name, in their order.
  static func gather(_ names: [String]) -> [ImportSource] {
    let sets = SourceSet.gather(names.filter { $0 != "-" }).map { ImportSource.files($0) }
    return (names.contains("-") ? [.standardInput] : []) + sets
  }

  var name: String {
    switch self {
    case .standardInput: "standard input"
    case .files(let set): set.name
    }
  }

  /// When the main file was last changed.
  var modified: Timestamp? {
    guard case .files(let set) = self, let path = set.paths.first else { return nil }
    do throws(Errno) { return try File.status(path).modified } catch { return nil }
  }

  /// The name without folders and the suffixes of recordings.
  var stem: String {
    guard case .files(let set) = self else { return "stdin" }
    var name = String(set.name.split(separator: "/").last ?? "recording")
    for suffixes in [
      [".gz", ".bz2", ".zst", ".xz"], [".cast", ".json", ".asciicast", ".ttyrec", ".log", ".raw"],
    ] {
      for suffix in suffixes where name.hasSuffix(suffix) && name.count > suffix.count {
        name = String(name.dropLast(suffix.count))
        break
      }
    }
    return name
  }
}
