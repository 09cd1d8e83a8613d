import Format
import Platform

/// What reading a recording from front to back tells of it.
struct RecordingContents: Equatable, Sendable {
  /// A pause counts as active time up to this length, in microseconds.
  static let activePause: Int64 = 2_000_000
  /// More markers than this are counted but not kept.
  static let markerLimit = 100_000

  /// Time of the last event.
  var microseconds: Int64 = 0
  /// Time without the pauses longer than `activePause`.
  var activeMicroseconds: Int64 = 0
  /// Events by their code.
  var eventCounts: [Event.Code: Int] = [:]
  var outputByteCount: Int64 = 0
  var markers: [MomentScale.Marker] = []
  var exitStatus: String?
  /// The connections of a port session.
  var ports = PortStreams()
  var findings: [Finding] = []
  var uncountedFindings = 0

  static func read(_ reader: RecordingReader) throws(ReplayError) -> RecordingContents {
    var contents = RecordingContents()
    do throws(FormatError) {
      while let event = try reader.nextEvent() { contents.add(event) }
    } catch {
      throw .recording(error)
    }
    contents.findings = reader.findings
    contents.uncountedFindings = reader.uncountedFindings
    return contents
  }

  mutating func add(_ event: Event) {
    let pause = max(0, event.microseconds - microseconds)
    activeMicroseconds += pause <= Self.activePause ? pause : 0
    microseconds = max(microseconds, event.microseconds)
    eventCounts[event.code, default: 0] += 1
    switch event.code {
    case .output, .standardError: outputByteCount += Int64(event.bytes.count)
    case .marker where markers.count < Self.markerLimit:
      markers.append(.init(microseconds: event.microseconds, label: event.text))
    case .port: ports.add(event)
    case .exit: exitStatus = event.text
    default: break
    }
  }
}
