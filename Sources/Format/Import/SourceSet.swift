import Platform

/// The files that make one recording: mostly one, but script(1) and sudo spread a session over several.
public struct SourceSet: Sendable, Equatable {
  /// What messages call it: the path of the main file or the folder.
  public let name: String
  /// All files of it, the main one first.
  public let paths: [String]
  let kind: Kind

  enum Kind: Sendable, Equatable {
    case file
    /// The first path is the typescript, the second its timing, a third one the input log.
    case script
    /// Beginning of the paths of all files.
    case sudoLog(prefix: String)
    case folder
  }

  /// One file by itself.
  init(file path: String) { (name, paths, kind) = (path, [path], .file) }

  init(data: String, timing: String, input: String?) {
    (name, kind) = (data, .script)
    paths = [data, timing] + (input.map { [$0] } ?? [])
  }

  init(sudoLog prefix: String) {
    let separators = "/_-."
    name = String(prefix.reversed().drop { separators.contains($0) }.reversed())
    kind = .sudoLog(prefix: prefix)
    paths = SudoParts.all.map { prefix + $0 }.filter { File.exists($0) }
  }

  init(folder path: String) { (name, paths, kind) = (path, [path], .folder) }

  /// Sorts files into sets. A file whose other half has a usual name needs not be given with it: `NAME` and
  /// `NAME.timing`, the files of a sudo I/O log. A file that fits nothing is a set by itself, and opening it
  /// tells what is wrong.
  public static func gather(_ paths: [String]) -> [SourceSet] {
    let contents = Dictionary(paths.map { ($0, FileContent.of($0)) }) { first, _ in first }
    let scriptFiles = ScriptFiles(given: paths, contents)
    var sets: [SourceSet] = []
    var taken: Set<String> = []
    for path in paths where !taken.contains(path) {
      let set = SourceSet(path, contents[path] ?? .unknown, scriptFiles)
      taken.formUnion(set.paths)
      taken.insert(path)
      if !sets.contains(where: { $0.name == set.name && $0.kind == set.kind }) { sets.append(set) }
    }
    return sets
  }

  private init(_ path: String, _ content: FileContent, _ scriptFiles: ScriptFiles) {
    if content == .folder {
      let prefix = path.hasSuffix("/") ? path : path + "/"
      self = SudoParts.isLog(prefix) ? SourceSet(sudoLog: prefix) : SourceSet(folder: path)
    } else if let prefix = SudoParts.prefix(of: path) {
      self = SourceSet(sudoLog: prefix)
    } else if content == .content(.scriptTiming) {
      self = scriptFiles.set(timing: path) ?? SourceSet(file: path)
    } else if content.mayBeTypescript {
      self = scriptFiles.set(data: path) ?? SourceSet(file: path)
    } else {
      self = SourceSet(file: path)
    }
  }
}

/// What is at a path.
enum FileContent: Equatable {
  case folder
  case content(SourceContent)
  /// Something else, or nothing.
  case unknown

  var mayBeTypescript: Bool {
    switch self {
    case .unknown, .content(.recording(.script)), .content(.recording(.raw)): true
    default: false
    }
  }

  static func of(_ path: String) -> FileContent {
    do throws(Errno) {
      let status = try File.status(path)
      if status.kind == .directory { return .folder }
      if status.kind != .regular { return .unknown }
    } catch {
      return .unknown  // opening it tells
    }
    do throws(ImportError) {
      let source = try SourceBytes(path: path)
      let isLong = try source.fill(to: SourceContent.sniffedByteCount)
      let head = Array(source.front.prefix(SourceContent.sniffedByteCount))
      return SourceContent(head, isWhole: !isLong).map { .content($0) } ?? .unknown
    } catch {
      return .unknown  // likewise
    }
  }
}

/// The names of a sudo I/O log's files.
enum SudoParts {
  static let all = ["timing", "log", "log.json", "ttyout", "ttyin", "stdin", "stdout", "stderr"]

  /// What the paths of a log's files have in common, if `path` is one of them: its folder, or also the
  /// beginning of the name up to a separator.
  static func prefix(of path: String) -> String? {
    for part in all where path.hasSuffix(part) {
      let prefix = String(path.dropLast(part.count))
      if prefix.isEmpty || "/_-.".contains(prefix.last ?? "/"), isLog(prefix) { return prefix }
    }
    return nil
  }

  static func isLog(_ prefix: String) -> Bool {
    guard File.exists(prefix + "log") || File.exists(prefix + "log.json") else { return false }
    return FileContent.of(prefix + "timing") == .content(.sudoPart) || isEmpty(prefix + "timing")
  }

  /// A command that printed nothing has an empty timing.
  private static func isEmpty(_ path: String) -> Bool {
    do throws(Errno) { return try File.status(path).size == 0 } catch { return false }
  }
}
