import Platform

/// Finds the typescript of a timing file and the other way round: by usual names, else among the files given.
struct ScriptFiles {
  private let timings: [String]
  private let others: [String]

  init(given paths: [String], _ contents: [String: FileContent]) {
    timings = paths.filter { contents[$0] == .content(.scriptTiming) }
    others = paths.filter { contents[$0]?.mayBeTypescript ?? false }
  }

  private static let timingSuffixes = [".timing", ".time", ".tm"]

  /// Paths at which the timing of a typescript is looked for.
  static func timingPaths(of data: String) -> [String] {
    let (folder, name) = split(data)
    var paths = timingSuffixes.map { data + $0 } + timingSuffixes.map { stem(data) + $0 }
    if name.hasPrefix("typescript") { paths += [folder + "timing", folder + "timing.log"] }
    return paths
  }

  /// Paths at which the typescript of a timing file is looked for.
  static func dataPaths(of timing: String) -> [String] {
    let (folder, name) = split(timing)
    var paths: [String] = []
    if let logged = logName("OUTPUT_LOG", timing) { paths.append(folder + logged) }
    for suffix in timingSuffixes where name.hasSuffix(suffix) && name.count > suffix.count {
      paths += ["", ".log", ".typescript", ".out"].map { timing.dropLast(suffix.count) + $0 }
    }
    return paths + [folder + "typescript"]
  }

  func set(data: String) -> SourceSet? {
    let named = Self.timingPaths(of: data).first { FileContent.of($0) == .content(.scriptTiming) }
    let isOnlyPair = timings.count == 1 && others.count <= 2
    guard let timing = named ?? (isOnlyPair ? timings.first : nil) else { return nil }
    return pair(data: data, timing: timing)
  }

  func set(timing: String) -> SourceSet? {
    let named = Self.dataPaths(of: timing).first {
      $0 != timing && FileContent.of($0).mayBeTypescript && File.exists($0)
    }
    let isOnlyPair = timings.count == 1 && others.count <= 2
    guard let data = named ?? (isOnlyPair ? others.first : nil) else { return nil }
    return pair(data: data, timing: timing)
  }

  /// Of two other files given, one may be the input log; the timing file or the order tells which.
  private func pair(data: String, timing: String) -> SourceSet {
    let folder = Self.split(timing).folder
    let outputName = Self.logName("OUTPUT_LOG", timing)
    let inputName = Self.logName("INPUT_LOG", timing)
    var data = data
    if others.count == 2, timings.count == 1, let inputName, Self.split(data).name == inputName,
      outputName != inputName, let other = others.first(where: { $0 != data })
    {
      data = other
    }
    guard let inputName, inputName != outputName else {
      return SourceSet(data: data, timing: timing, input: nil)
    }
    let candidates = [folder + inputName, data + ".input"] + others
    let input = candidates.first { $0 != data && $0 != timing && File.exists($0) }
    return SourceSet(data: data, timing: timing, input: input)
  }

  /// The name, without folders, of a log that advanced timing tells in its first lines.
  private static func logName(_ key: String, _ timing: String) -> String? {
    do throws(ImportError) {
      let source = try SourceBytes(path: timing)
      while case .line(let line) = try source.line(limit: ScriptTiming.lineLimit),
        case .header(let name, let value)? = ScriptTiming(parsing: line)
      {
        if name == key { return value.isEmpty ? nil : split(value).name }
      }
    } catch {
      return nil  // opening the set tells what is wrong
    }
    return nil
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    return (String(path[...slash]), String(path[path.index(after: slash)...]))
  }

  /// A path without the suffix of its name.
  private static func stem(_ path: String) -> String {
    let (folder, name) = split(path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return path }
    return folder + name[..<dot]
  }
}
