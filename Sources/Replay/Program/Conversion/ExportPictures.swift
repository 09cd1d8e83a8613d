import Format
import Platform

/// `ssmplay export --to svg` and `--to html`
enum ExportPictures {
  static func export(
    _ format: PictureFormat, _ arguments: Arguments, _ environment: Environment
  ) throws(ReplayError) -> Int32 {
    let workplace = try Workplace(environment)
    let place = Place(arguments.positionals[0], exists: File.exists)
    let reader = try workplace.open(place.name)
    let part = try Conversion.Part(arguments, place, reader, workplace)
    let path = arguments.text("output").flatMap { $0 == "-" ? nil : $0 }
    if format == .segments {
      guard let path else { throw .needsOutputFolder(format: format.rawValue) }
      return try exportSegments(reader, to: path, arguments, workplace)
    }
    let file = try path.map { path throws(ReplayError) in
      try OutputFile(path, overwrites: arguments.has("overwrite"))
    }
    let output = StandardOutput()
    let progress = ProgressBar(
      "Exporting", unit: .bytes, time: workplace.time, environment: environment, isActive: file != nil)
    func write(_ bytes: [UInt8]) throws(ReplayError) {
      if let file { try file.write(bytes) } else { output.write(bytes) }
    }
    let name = place.name == "-" ? "recording" : place.name.split(separator: "/").last.map(String.init) ?? ""
    let idle = arguments.number("idle-limit") ?? 2
    var export = PictureExport(
      reader: reader, part: part, name: name, idleLimit: idle > 0 ? Int64(min(idle, 1e9) * 1e6) : nil)
    export.progress = { progress.update(reader.byteOffset, of: reader.byteCount) }
    if place.name != "-" {
      export.addedMarkers = MarkerFile(recording: try workplace.path(of: place.name)).read()
    }
    switch format {
    case .svg:
      let (bytes, isCut) = try export.svg()
      try write(bytes)
      if isCut {
        StandardError.say(
          "the picture ends after \(SVGAnimation.frameLimit) frames; choose a part with --from and --until")
      }
    case .html:
      try export.html(
        path: place.name, verification: try verification(place.name, workplace),
        zone: LocalTime.offsetMinutes
      ) { bytes throws(ReplayError) in try write(bytes) }
    case .segments: break
    }
    progress.finish()
    try file?.keep()
    FindingMessages.tell(reader.findings, uncounted: reader.uncountedFindings, of: reader.name)
    return output.finish(0)
  }

  /// What the seals of a file prove; nil where there is nothing to be proved.
  private static func verification(
    _ name: String, _ workplace: Workplace
  ) throws(ReplayError) -> Verification? {
    guard name != "-" else { return nil }
    let path = try workplace.path(of: name)
    do throws(FormatError) {
      return try Verifier.verify(path: path, keys: [])
    } catch {
      throw .recording(error)
    }
  }

  /// Writes a folder of segments; the index is last, so that what has one is whole.
  private static func exportSegments(
    _ reader: RecordingReader, to folder: String, _ arguments: Arguments, _ workplace: Workplace
  ) throws(ReplayError) -> Int32 {
    let index = folder + "/index.json"
    let overwrites = arguments.has("overwrite")
    if !overwrites, File.exists(index) { throw .outputExists(index) }
    do throws(Errno) { try File.makeDirectory(folder, permissions: 0o700) } catch {
      throw .cannotWrite(path: folder, error)
    }
    func write(_ name: String, _ bytes: [UInt8]) throws(ReplayError) {
      let file = try OutputFile("\(folder)/\(name)", overwrites: overwrites)
      try file.write(bytes)
      try file.keep()
    }
    let progress = ProgressBar(
      "Exporting", unit: .bytes, time: workplace.time, environment: workplace.environment)
    var export = SegmentExport(reader.header)
    var length = reader.summary?.microseconds ?? 0
    var count = 0
    while true {
      let event: Event?
      do throws(FormatError) { event = try reader.nextEvent() } catch { throw .recording(error) }
      guard let event else { break }
      length = max(length, event.microseconds)
      count += 1
      if count % 256 == 0 { progress.update(reader.byteOffset, of: reader.byteCount) }
      if let segment = export.take(event) { try write(segment.name, segment.bytes) }
    }
    if let segment = export.finish() { try write(segment.name, segment.bytes) }
    try write("index.json", export.index(length: length))
    progress.finish()
    FindingMessages.tell(reader.findings, uncounted: reader.uncountedFindings, of: reader.name)
    return 0
  }
}

extension PictureFormat {
  /// As `--to` says, or the output's name; nil: another format is meant.
  init?(_ arguments: Arguments) {
    if let name = arguments.text("to") {
      self.init(rawValue: name)
    } else if let output = arguments.text("output"), !output.hasSuffix("/"),
      let format = Self.allCases.first(where: { output.hasSuffix("." + $0.rawValue) })
    {
      self = format
    } else {
      return nil
    }
  }
}

extension Conversion.Part {
  /// The part that `--from`, `--until` and FILE@TIME name.
  init(
    _ arguments: Arguments, _ place: Place, _ reader: RecordingReader, _ workplace: Workplace
  ) throws(ReplayError) {
    let from = try arguments.moment("from") ?? place.moment
    let until = try arguments.moment("until")
    let scale = try workplace.scale(for: [from, until], of: reader, name: place.name)
    self.init(start: try scale.place(from) ?? 0, end: try scale.place(until))
    if let end, end < start { throw .emptyRange(from: TimeText.clock(start), until: TimeText.clock(end)) }
  }
}
