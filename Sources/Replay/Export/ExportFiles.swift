import Format
import Platform

/// The files of one export: the main one, or standard output, and those some formats have beside it.
final class ExportFiles {
  private let main: OutputFile?
  private let timing: OutputFile?
  private var input: OutputFile?
  private let overwrites: Bool
  private let output = StandardOutput()

  /// - Parameter path: nil for standard output, which is one file only.
  init(_ path: String?, _ format: Exporter.Format, overwrites: Bool) throws(ReplayError) {
    if format.hasCompanions, path == nil { throw .needsOutputFile(format: format.rawValue) }
    self.overwrites = overwrites
    main = try path.map { path throws(ReplayError) in try OutputFile(path, overwrites: overwrites) }
    timing = try path.flatMap { path throws(ReplayError) in
      format.hasCompanions ? try OutputFile(path + ".timing", overwrites: overwrites) : nil
    }
  }

  /// The main file's name without folders.
  var name: String? { main.flatMap { $0.path.split(separator: "/").last.map(String.init) } }
  var isStandardOutput: Bool { main == nil }

  /// - Returns: false once nobody reads standard output any more.
  func write(_ bytes: [UInt8], _ companions: Exporter.Companions) throws(ReplayError) -> Bool {
    guard let main else { return output.write(bytes) }
    try main.write(bytes)
    try timing?.write(companions.timing)
    if !companions.input.isEmpty {
      if input == nil { input = try OutputFile(main.path + ".input", overwrites: overwrites) }
      try input?.write(companions.input)
    }
    return true
  }

  /// Gives the files their names, the main one last.
  func keep() throws(ReplayError) {
    try timing?.keep()
    try input?.keep()
    try main?.keep()
  }

  /// Writes what waits; the exit code, also where standard output failed.
  func finish() -> Int32 { output.finish(0) }
}
