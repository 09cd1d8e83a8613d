import Format
import Platform

/// `ssmplay import`
enum ImportCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "import", summary: "Convert recordings of other tools",
      discussion: """
        Reads asciicast v1, v2 and v3, ttyrec, script's typescripts with their timing, sudo I/O logs, tlog's JSON, \
        Session Manager's logs from S3 and CloudWatch, and raw terminal output; plain or gzip, and with bzip2, zstd or \
        xz where these are installed. What a file is, its content tells. Files that belong together are found by their \
        usual names, else give them together: a typescript and its timing, a sudo log's folder.

        Writes sealed recordings: into the recordings folder, or as -o says. Times keep their microseconds; the \
        source's name, format and SHA-256 are kept in the header. What is wrong with a source is told with file and \
        line, and the others go on.
        """,
      options: [
        Option(
          "output", short: "o", .file("FILE|DIR"),
          help: "File to write, or folder for all (default: the recordings folder)"),
        Option("overwrite", help: "Replace files that exist"),
        Option(
          "format", .choice(SourceFormat.allCases.map(\.rawValue)),
          help: "What the sources are, whatever they look like"),
        Option("lax", help: "Import tlog recordings of which messages are missing"),
      ],
      positionals: [
        Positional(
          "SRC", help: "A file, a sudo I/O log's folder, or - for standard input", arity: .atLeastOne,
          value: .file)
      ],
      examples: [
        Example("ssmplay import old/*.cast", "Into the recordings folder, where ls and grep find them."),
        Example("ssmplay import demo.cast -o demo.cast.gz", "To a file."),
        Example("ssmplay import typescript typescript.timing", "What script(1) wrote."),
        Example("ssmplay import /var/log/sudo-io/00/00/01", "What sudo wrote."),
      ],
      sections: [
        Command.Section("Exit status", "0 all sources imported, 1 one or more failed, 2 wrong arguments.")
      ],
      run: { arguments in run(arguments, environment) })
  }

  private static func run(_ arguments: Arguments, _ environment: Environment) -> Int32 {
    let output = arguments.text("output")
    let isFolder = output.map { $0.hasSuffix("/") || isDirectory($0) } ?? true
    let sources = ImportSource.gather(arguments.positionals)
    if !isFolder, sources.count > 1 {
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
      let progress = ProgressBar(
        "Importing", unit: .items("files"), time: workplace.time, environment: environment)
      for (index, source) in sources.enumerated() {
        progress.update(Int64(index), of: Int64(sources.count))
        do throws(ReplayError) {
          let path = try convert(source, to: output, isFolder: isFolder, arguments, workplace)
          progress.finish()
          StandardError.say("\(source.name.printable): imported as \(path.printable)")
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
    _ source: ImportSource, to output: String?, isFolder: Bool, _ arguments: Arguments, _ workplace: Workplace
  ) throws(ReplayError) -> String {
    let importer = try open(source, arguments, workplace)
    guard let output else { return try convert(importer, source, into: workplace) }
    let path = isFolder ? "\(withoutSlash(output))/\(source.stem).cast.gz" : output
    let file = try OutputFile(path, overwrites: arguments.has("overwrite"))
    try write(importer, source, to: try file.descriptorForWriter(), workplace)
    try file.keep()
    return path
  }

  private static func open(
    _ source: ImportSource, _ arguments: Arguments, _ workplace: Workplace
  ) throws(ReplayError) -> Importer {
    let options = ImportOptions(
      isLax: arguments.has("lax"), format: arguments.text("format").flatMap { SourceFormat(rawValue: $0) },
      environment: workplace.environment)
    var bytes: [UInt8] = []
    if case .standardInput = source {
      do throws(Errno) { bytes = try File.read(.standardInput) } catch {
        throw .cannotRead(path: source.name, error)
      }
    }
    do throws(ImportError) {
      switch source {
      case .standardInput: return try Importer(bytes, name: source.name, options: options)
      case .files(let set): return try Importer(set, options: options)
      }
    } catch {
      throw .importing(error)
    }
  }

  /// Into the recordings folder, named by the time, target and session id the source has, or by its own name.
  private static func convert(
    _ importer: Importer, _ source: ImportSource, into workplace: Workplace
  ) throws(ReplayError) -> String {
    let session = importer.header.session
    let file: RecordingFolder.NewFile
    do throws(FormatError) {
      file = try workplace.ownFolder.newFile(
        started: importer.started ?? source.modified ?? workplace.time.timestamp,
        target: session?["target"]?.string ?? "import",
        sessionID: session?["session_id"]?.string ?? source.stem)
    } catch {
      throw .recording(error)
    }
    let path = file.path
    do throws(ReplayError) {
      try write(importer, source, to: file.takeDescriptor(), workplace)
    } catch {
      try? File.remove(path)  // the first error is the one worth telling
      throw error
    }
    return path
  }

  private static func write(
    _ importer: Importer, _ source: ImportSource, to file: consuming Descriptor, _ workplace: Workplace
  ) throws(ReplayError) {
    let key = try workplace.signingKey()
    let outcome: Importer.Outcome
    do throws(ImportError) {
      outcome = try importer.write(to: file, recording: .random(), signingKey: key)
    } catch {
      throw .importing(error)
    }
    FindingMessages.tell(outcome.findings, uncounted: outcome.uncountedFindings, of: source.name)
  }
}
