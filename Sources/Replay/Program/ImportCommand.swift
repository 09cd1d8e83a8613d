import Format
import Platform

/// `ssmplay import`
enum ImportCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "import", summary: "Convert recordings of other tools",
      discussion: """
        Reads asciicast v1, v2 and v3, plain or gzip, and writes a sealed recording: into the recordings folder, or as -o \
        says. Times keep their microseconds; the source's name, format and SHA-256 are kept in the header. What is \
        wrong with a source is told with file and line, and the others go on.
        """,
      options: [
        Option(
          "output", short: "o", .file("FILE|DIR"),
          help: "File to write, or folder for all (default: the recordings folder)"),
        Option("overwrite", help: "Replace files that exist"),
      ],
      positionals: [
        Positional("SRC", help: "A file, or - for standard input", arity: .atLeastOne, value: .file)
      ],
      examples: [
        Example("ssmplay import old/*.cast", "Into the recordings folder, where ls and grep find them."),
        Example("ssmplay import demo.cast -o demo.cast.gz", "To a file."),
      ],
      sections: [
        Command.Section("Exit status", "0 all sources imported, 1 one or more failed, 2 wrong arguments.")
      ],
      run: { arguments in run(arguments, environment) })
  }

  private static func run(_ arguments: Arguments, _ environment: Environment) -> Int32 {
    let output = arguments.text("output")
    let isFolder = output.map { $0.hasSuffix("/") || isDirectory($0) } ?? true
    if !isFolder, arguments.positionals.count > 1 {
      return arguments.refuse("-o must name a folder for several sources; end it with / to make one")
    }
    return arguments.perform { () throws(ReplayError) in
      let workplace = try Workplace(environment)
      if let output, isFolder {
        do throws(Errno) { try File.makeDirectory(withoutSlash(output), permissions: 0o700) } catch {
          throw .cannotWrite(path: output, error)
        }
      }
      var failures = 0
      let sources = arguments.positionals
      let progress = ProgressBar(
        "Importing", unit: .items("files"), time: workplace.time, environment: environment)
      for (index, source) in sources.enumerated() {
        progress.update(Int64(index), of: Int64(sources.count))
        do throws(ReplayError) {
          let path = try convert(source, to: output, isFolder: isFolder, arguments, workplace)
          progress.finish()
          StandardError.say("\(source.printable): imported as \(path.printable)")
        } catch {
          progress.finish()
          StandardError.say(error.description)
          failures += 1
        }
      }
      return failures == 0 ? 0 : 1
    }
  }

  private static func isDirectory(_ path: String) -> Bool {
    do throws(Errno) { return try File.status(path).kind == .directory } catch { return false }
  }

  private static func withoutSlash(_ path: String) -> String {
    path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  /// - Returns: the path of the new recording.
  private static func convert(
    _ source: String, to output: String?, isFolder: Bool, _ arguments: Arguments, _ workplace: Workplace
  ) throws(ReplayError) -> String {
    let importer = try open(source)
    guard let output else { return try convert(importer, source, into: workplace) }
    let path = isFolder ? "\(withoutSlash(output))/\(stem(source)).cast.gz" : output
    let file = try OutputFile(path, overwrites: arguments.has("overwrite"))
    try write(importer, source, to: try file.descriptorForWriter())
    try file.keep()
    return path
  }

  private static func open(_ source: String) throws(ReplayError) -> Importer {
    var bytes: [UInt8] = []
    if source == "-" {
      do throws(Errno) { bytes = try File.read(.standardInput) } catch {
        throw .cannotRead(path: "standard input", error)
      }
    }
    do throws(FormatError) {
      return source == "-" ? try Importer(bytes, name: "standard input") : try Importer(path: source)
    } catch {
      throw .recording(error)
    }
  }

  /// Into the recordings folder, named by the time, target and session id the source has, or by its own name.
  private static func convert(
    _ importer: Importer, _ source: String, into workplace: Workplace
  ) throws(ReplayError) -> String {
    let session = importer.header.session
    let file: RecordingFolder.NewFile
    do throws(FormatError) {
      file = try workplace.folder.newFile(
        started: importer.started ?? modified(source) ?? workplace.time.timestamp,
        target: session?["target"]?.string ?? "import",
        sessionID: session?["session_id"]?.string ?? stem(source))
    } catch {
      throw .recording(error)
    }
    let path = file.path
    do throws(ReplayError) {
      try write(importer, source, to: file.takeDescriptor())
    } catch {
      try? File.remove(path)  // the first error is the one worth telling
      throw error
    }
    return path
  }

  private static func modified(_ source: String) -> Timestamp? {
    do throws(Errno) { return source == "-" ? nil : try File.status(source).modified } catch { return nil }
  }

  /// A file's name without folders and the suffixes of recordings.
  private static func stem(_ source: String) -> String {
    if source == "-" { return "stdin" }
    var name = String(source.split(separator: "/").last ?? "recording")
    for suffix in [".gz", ".cast", ".json", ".asciicast"]
    where name.hasSuffix(suffix) && name.count > suffix.count {
      name = String(name.dropLast(suffix.count))
    }
    return name
  }

  private static func write(
    _ importer: Importer, _ source: String, to file: consuming Descriptor
  ) throws(ReplayError) {
    let outcome: Importer.Outcome
    do throws(FormatError) {
      outcome = try importer.write(to: file, recording: .random())
    } catch {
      throw .recording(error)
    }
    FindingMessages.tell(outcome.findings, uncounted: outcome.uncountedFindings, of: source)
  }
}
