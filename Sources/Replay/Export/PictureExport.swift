import Format
import Platform

/// A recording, or a part of it, as something to look at.
enum PictureFormat: String, CaseIterable {
  case svg, html
  /// For asciinema-player: a folder.
  case segments = "asciinema-segments"

  /// Shortest time between two pictures, in microseconds: 30 and 12 a second.
  var interval: Int64 { self == .svg ? 83_333 : 33_333 }
}

/// Writes pictures of a recording: reads its events once, and gives bytes as they are ready.
struct PictureExport {
  let reader: RecordingReader
  let part: Conversion.Part
  /// What the file is called in the picture.
  let name: String
  /// Pauses are cut to this length, in microseconds; nil: shown as they were. Pages fold theirs by themselves.
  let idleLimit: Int64?
  /// Markers that viewers added beside the recording: chapters of the page, as its own are.
  var addedMarkers: [MomentScale.Marker] = []
  /// Is called every now and then while the recording is read.
  var progress: () -> Void = {}

  private var title: String { reader.header.title ?? name }
  private var size: ScreenSize { reader.header.screenSize }

  /// Reads all events of the part: `take` gets each, `show` each picture with its time from the part's start.
  private func read(
    _ interval: Int64, _ take: (Event) -> Void,
    _ show: (Screen, Int64) throws(ReplayError) -> Void
  ) throws(ReplayError) -> Int64 {
    var sampler = FrameSampler(size, interval: interval)
    var last: Int64 = 0
    func shifted(_ screen: Screen, _ time: Int64) throws(ReplayError) {
      if time >= part.start { try show(screen, time - part.start) }
    }
    var isBefore = true
    var count = 0
    while let event = try next(), event.microseconds <= part.end ?? .max {
      if isBefore, event.microseconds >= part.start {
        isBefore = false
        try show(sampler.terminal.screen, 0)
      }
      count += 1
      if count % 256 == 0 { progress() }
      take(event)
      last = max(last, event.microseconds)
      try sampler.take(event) { screen, time throws(ReplayError) in try shifted(screen, time) }
    }
    if isBefore { try show(sampler.terminal.screen, 0) }
    try sampler.finish { screen, time throws(ReplayError) in try shifted(screen, time) }
    return max(0, last - part.start)
  }

  private func next() throws(ReplayError) -> Event? {
    do throws(FormatError) { return try reader.nextEvent() } catch { throw .recording(error) }
  }

  /// The whole picture in SVG, and whether frames were left out because there were too many.
  func svg() throws(ReplayError) -> (bytes: [UInt8], isCut: Bool) {
    var largest = size
    var animation: SVGAnimation?
    var waiting: [(Canvas, Int64)] = []
    var shown: Int64 = 0
    var before: Int64 = 0
    let theme = Theme(reader.header)
    let end = try read(PictureFormat.svg.interval) { event in
      guard event.code == .resize, let size = ScreenSource.size(event.bytes) else { return }
      let wanted = ScreenSize(columns: size.columns, rows: size.rows)
      if waiting.count < SVGAnimation.frameLimit {
        largest = ScreenSize(
          columns: max(largest.columns, wanted.columns), rows: max(largest.rows, wanted.rows))
      }
    } _: { screen, time throws(ReplayError) in
      shown += min(time - before, idleLimit ?? .max)
      before = time
      if waiting.count <= SVGAnimation.frameLimit { waiting.append((Canvas(screen), shown)) }
    }
    animation = SVGAnimation(columns: largest.columns, rows: largest.rows, theme, title: title)
    for (canvas, time) in waiting { animation?.append(canvas, at: time) }
    let rest = min(max(0, end - before), idleLimit ?? .max)
    return (animation?.encode(until: shown + rest) ?? [], animation?.isCut ?? false)
  }

  /// The page that plays the recording, in pieces.
  func html(
    path: String, verification: Verification?, zone: (Timestamp) -> Int,
    _ write: ([UInt8]) throws(ReplayError) -> Void
  ) throws(ReplayError) {
    var page = Page(theme: reader.header.theme == nil ? nil : Theme(reader.header))
    var contents = RecordingContents()
    var facts = Page.Facts()
    var lines = SessionLines(reader.header)
    var commands: [MomentScale.Marker] = []
    try write(page.opening(title: title))
    facts.microseconds = try read(PictureFormat.html.interval) { event in
      contents.add(event)
      lines.append(event)
      commands += lines.takeCommandMarkers()
      if event.code == .input, facts.keys.count < Page.chapterLimit {
        facts.keys.append(.init(microseconds: event.microseconds - part.start, label: event.text.printable))
      }
    } _: { screen, time throws(ReplayError) in
      let bytes = page.append(Canvas(screen), at: time)
      if !bytes.isEmpty { try write(bytes) }
    }
    contents.findings = reader.findings
    contents.uncountedFindings = reader.uncountedFindings
    var report = RecordingReport(reader, contents, path: path)
    report.verification = verification
    report.addedMarkers = addedMarkers
    facts.started = reader.started.map {
      Timestamp(microseconds: $0.microseconds + part.start)
    }
    facts.rows = report.rows(zone: zone)
    facts.verdict = report.verdict
    if let verification {
      facts.verdict += "; " + VerificationReport(path: path, verification: verification).summary
    }
    switch report.state {
    case .finished:
      let isBad = verification.map { $0.verdict == .altered || $0.signature.isBad } ?? false
      facts.mood = isBad ? .bad : .good
    case .damaged: facts.mood = .bad
    case .unfinished, .unsealed: facts.mood = .unknown
    }
    let markers = (contents.markers + addedMarkers).sorted { $0.microseconds < $1.microseconds }
    facts.markers = inPart(markers.map { .init(microseconds: $0.microseconds, label: $0.label) })
    lines.finish()
    commands += lines.takeCommandMarkers()
    facts.commands = inPart(
      commands.sorted { $0.microseconds < $1.microseconds }.map {
        .init(microseconds: $0.microseconds, label: $0.label)
      })
    facts.damage = inPart(
      reader.findings.compactMap { finding in
        finding.microseconds.map { .init(microseconds: $0.lowerBound, label: finding.description.printable) }
      })
    try write(page.closing(facts))
  }

  private func inPart(_ chapters: [Page.Chapter]) -> [Page.Chapter] {
    chapters.compactMap { chapter in
      guard chapter.microseconds >= part.start, chapter.microseconds <= part.end ?? .max else { return nil }
      return Page.Chapter(microseconds: chapter.microseconds - part.start, label: chapter.label.printable)
    }
  }
}
