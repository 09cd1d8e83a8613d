import Format
import Platform

/// `ssmplay export`
enum ExportCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "export", summary: "Write a recording in another format",
      discussion: """
        v1, v2 and v3 are asciicasts (asciinema 2 plays v2), raw is the exact output after a sequence that sets the \
        size, txt is the text line by line, with corrections applied and without escape sequences, ttyrec is for \
        ttyplay. script is for scriptreplay: OUT, OUT.timing and, where keys were recorded, OUT.input; \
        script-classic has the timing of older versions. Without --to the name after -o decides: .cast is v2, .raw is \
        raw, .txt is txt, .ttyrec is ttyrec.

        asciinema-segments is a folder from which asciinema-player shows recordings of any size: index.json, and \
        segments that each begin with a picture; --from and --until do not apply to it.

        svg is a picture that plays by itself in pages and readmes, html one page that plays from a file without a \
        network: timeline, search, chapters, links to a moment (#t=SECONDS). Markers of FILE.markers are \
        chapters of the page, too.

        With --from the part begins with the picture of that moment: earlier output comes at once. What a format cannot \
        hold is told on standard error.
        """,
      options: [
        Option(
          "to", .choice(Exporter.Format.allCases.map(\.rawValue) + PictureFormat.allCases.map(\.rawValue)),
          help: "Format"),
        Option("output", short: "o", .file("OUT"), help: "File to write (default: standard output)"),
        Option("from", .text("TIME"), help: "Begin at this moment"),
        Option("until", .text("TIME"), help: "End at this moment"),
        Option(
          "idle-limit", short: "i", .number("SECONDS"), help: "svg: cut pauses to this (default 2; 0: keep)"),
        Option("overwrite", help: "Replace OUT if it exists"),
      ],
      positionals: [
        Positional("FILE", help: "A recording, a session id or its beginning, or -", value: .file)
      ],
      examples: [
        Example("ssmplay export demo.cast.gz -o demo.cast", "For asciinema 2."),
        Example("ssmplay export --to txt demo.cast.gz | less", "Read it as text."),
        Example("ssmplay export demo.cast.gz -o demo.html", "A page for people without this program."),
        Example("ssmplay export --to svg --from 10 --until 30 demo.cast.gz -o demo.svg", "For a readme."),
        Example(
          "ssmplay export --from 1:20 --until marker:done demo.cast.gz -o part.cast", "A part."),
      ],
      run: { arguments in export(arguments, environment) })
  }

  private static func export(_ arguments: Arguments, _ environment: Environment) -> Int32 {
    if let format = PictureFormat(arguments) {
      return arguments.perform { () throws(ReplayError) in
        try ExportPictures.export(format, arguments, environment)
      }
    }
    guard let format = format(arguments) else {
      return arguments.refuse(
        "--to is missing, and the output's name does not tell (.cast, .raw, .txt, .ttyrec, .svg, .html do)")
    }
    return arguments.perform { () throws(ReplayError) in
      let workplace = try Workplace(environment)
      let place = Place(arguments.positionals[0], exists: File.exists)
      let reader = try workplace.open(place.name)
      let from = try arguments.moment("from") ?? place.moment
      let until = try arguments.moment("until")
      let scale = try workplace.scale(for: [from, until], of: reader, name: place.name)
      let part = Conversion.Part(start: try scale.place(from) ?? 0, end: try scale.place(until))
      if let end = part.end, end < part.start {
        throw .emptyRange(from: TimeText.clock(part.start), until: TimeText.clock(end))
      }
      return try export(reader, format, part, arguments, workplace)
    }
  }

  private static func format(_ arguments: Arguments) -> Exporter.Format? {
    if let name = arguments.text("to") { return Exporter.Format(rawValue: name) }
    guard let output = arguments.text("output") else { return nil }
    let suffixes: [(String, Exporter.Format)] = [
      (".cast", .v2), (".txt", .txt), (".raw", .raw), (".ttyrec", .ttyrec),
    ]
    return suffixes.first { output.hasSuffix($0.0) }?.1
  }

  private static func export(
    _ reader: RecordingReader, _ format: Exporter.Format, _ part: Conversion.Part, _ arguments: Arguments,
    _ workplace: Workplace
  ) throws(ReplayError) -> Int32 {
    let path = arguments.text("output").flatMap { $0 == "-" ? nil : $0 }
    let files = try ExportFiles(path, format, overwrites: arguments.has("overwrite"))
    let progress = ProgressBar(
      "Exporting", unit: .bytes, time: workplace.time, environment: workplace.environment,
      isActive: !files.isStandardOutput)
    func write(_ bytes: [UInt8], _ companions: Exporter.Companions) throws(ReplayError) -> Bool {
      try files.write(bytes, companions)
    }
    let losses = try convert(reader, format, part, name: files.name, write) {
      progress.update(reader.byteOffset, of: reader.byteCount)
    }
    progress.finish()
    try files.keep()
    FindingMessages.tell(reader.findings, uncounted: reader.uncountedFindings, of: reader.name)
    if let words = losses.words(format) { StandardError.say(words) }
    return files.finish()
  }

  private static func convert(
    _ reader: RecordingReader, _ format: Exporter.Format, _ part: Conversion.Part, name: String?,
    _ write: ([UInt8], Exporter.Companions) throws(ReplayError) -> Bool, progress: () -> Void
  ) throws(ReplayError) -> Conversion.Losses {
    var count = 0
    var bytes: [UInt8] = []
    var conversion = Conversion(
      format, part, reader.header, started: reader.started, name: name, into: &bytes)
    while true {
      let event: Event?
      do throws(FormatError) { event = try reader.nextEvent() } catch { throw .recording(error) }
      // What is before --from is read, too, and writes nothing.
      count += 1
      if count % 256 == 0 { progress() }
      guard let event, conversion.append(event, into: &bytes) else { break }
      if bytes.count >= 1 << 16 {
        guard try write(bytes, conversion.takeCompanions()) else { break }
        bytes.removeAll(keepingCapacity: true)
      }
    }
    let losses = conversion.finish(into: &bytes)
    _ = try write(bytes, conversion.takeCompanions())
    return losses
  }
}
