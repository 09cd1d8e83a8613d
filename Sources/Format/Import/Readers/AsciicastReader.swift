import Platform

/// Reads an asciicast or a recording of ours, and sees the mistakes other writers make.
final class AsciicastReader: EventSource {
  private(set) var header: Header
  let started: Timestamp?
  let reader: RecordingReader
  private var toldCount = 0
  private var deviations: [Finding] = []

  init(_ reader: RecordingReader) {
    self.reader = reader
    header = reader.header
    started = reader.started
    if reader.header.size.columns == 0 || reader.header.size.rows == 0 {
      deviations.append(
        Finding(
          .deviation, line: 1,
          "the size is \(header.size.columns)x\(header.size.rows), which says nothing; players take 80x24"))
    }
  }

  /// For the source's description: `asciicast-v2`, `asciicast-v1+gzip`, `ssmcast`.
  var formatName: String {
    switch reader.container {
    case .sealed: "ssmcast"
    case .gzip: "asciicast-v\(reader.asciicastVersion)+gzip"
    case .plain, .foreign: "asciicast-v\(reader.asciicastVersion)"
    }
  }

  func next(_ log: inout FindingLog) throws(ImportError) -> Event? {
    for finding in deviations { log.add(finding) }
    deviations = []
    do throws(FormatError) {
      let event = try reader.nextEvent()
      if reader.findings.count > toldCount {
        for finding in reader.findings[toldCount...] { log.add(finding) }
        toldCount = reader.findings.count
      }
      return event
    } catch {
      throw .recording(error)
    }
  }
}
