import Format
import Platform

/// Markers that viewers added: a file beside the recording, `NAME.markers`, one `[SECONDS,"m","LABEL"]` a line as in
/// an asciicast. The recording itself is never changed.
struct MarkerFile: Equatable, Sendable {
  static let byteLimit = 4 << 20
  let path: String

  init(recording: String) { path = recording + ".markers" }

  /// The markers, in order of time; lines that are none are passed over.
  func read() -> [MomentScale.Marker] {
    guard let bytes = try? File.read(path, limit: Self.byteLimit) else { return [] }  // mostly there is none
    return Self.parse(bytes)
  }

  /// Markers in lines; what is none is left out.
  static func parse(_ bytes: [UInt8]) -> [MomentScale.Marker] {
    var markers: [MomentScale.Marker] = []
    for line in bytes.split(separator: 0x0A) {
      guard let fields = (try? JSON(parsing: Array(line)))?.array, fields.count == 3,
        fields[1].string == "m", let label = fields[2].string, case .number(let digits) = fields[0],
        let time = Moment.microseconds(decimal: digits[...])
      else { continue }
      markers.append(.init(microseconds: time, label: label))
    }
    return markers.sorted { $0.microseconds < $1.microseconds }
  }

  func append(_ marker: MomentScale.Marker) throws(Errno) {
    let line = JSON.array([TimeText.json(marker.microseconds), .string("m"), .string(marker.label)])
    let file = try File.open(path, for: .appending(permissions: 0o600))
    try file.writeAll(Array((line.text + "\n").utf8))
  }
}
