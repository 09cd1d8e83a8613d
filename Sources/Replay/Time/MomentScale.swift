import Platform

/// What is known of one recording's time, to find a moment in it.
struct MomentScale: Equatable, Sendable {
  struct Marker: Equatable, Sendable {
    var microseconds: Int64
    var label: String
  }

  /// Microseconds; nil for a pipe.
  var length: Int64?
  /// Wall clock at the start.
  var started: Timestamp?
  /// In order of time.
  var markers: [Marker]

  /// Microseconds from the recording's start to `moment`. Later than the end is allowed: it is the end.
  func microseconds(of moment: Moment) throws(MomentError) -> Int64 {
    switch moment {
    case .offset(let value): return value
    case .percent(let percent):
      guard let length else { throw .lengthUnknown("\(percent)%") }
      return Int64(Double(length) * percent / 100)
    case .end:
      guard let length else { throw .lengthUnknown("end") }
      return length
    case .marker(let label):
      guard let marker = markers.first(where: { $0.label == label }) else {
        throw .noMarker(label, known: markers.map(\.label))
      }
      return marker.microseconds
    case .wallClock(let timestamp):
      let text = CalendarDate(timestamp).rfc3339
      guard let started else { throw .startUnknown(text) }
      guard timestamp >= started else { throw .beforeStart(text, start: CalendarDate(started).rfc3339) }
      return timestamp.microseconds - started.microseconds
    }
  }
}

extension Moment {
  /// Whether the moment can be found without reading the recording: by its header and summary alone.
  var needsMarkers: Bool { if case .marker = self { true } else { false } }
  var needsLength: Bool {
    switch self {
    case .percent, .end: true
    default: false
    }
  }
}
