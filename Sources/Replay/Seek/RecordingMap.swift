import Format
import Platform

/// What one reading of a recording tells a player: where to start from for any time, and what is where.
struct RecordingMap: Equatable, Sendable {
  /// Buckets of `activity`.
  static let activityCount = 240
  static let chapterLimit = 100_000

  /// Time of the last event, in microseconds.
  var microseconds: Int64 = 0
  var keyframes = KeyframeList()
  var markers: [MomentScale.Marker] = []
  /// Typed commands, where the recording tells them.
  var commands: [MomentScale.Marker] = []
  /// Bytes of output in equal parts of the recording.
  var activity: [Int64] = []
  /// Microseconds of a part.
  var activityStep: Int64 = 1_000_000

  /// Adds output to its part; parts are joined two by two when there are too many.
  mutating func addActivity(_ byteCount: Int, at microseconds: Int64) {
    while microseconds / activityStep >= Int64(Self.activityCount) {
      activityStep *= 2
      activity = stride(from: 0, to: activity.count, by: 2).map {
        activity[$0] + ($0 + 1 < activity.count ? activity[$0 + 1] : 0)
      }
    }
    let place = Int(microseconds / activityStep)
    while activity.count <= place { activity.append(0) }
    activity[place] += Int64(byteCount)
  }
}

extension RecordingMap {
  /// As JSON, for the sidecar.
  var json: JSON {
    func list(_ markers: [MomentScale.Marker]) -> JSON {
      .array(markers.map { .array([JSON($0.microseconds), .string($0.label)]) })
    }
    return .object([
      .init("microseconds", JSON(microseconds)),
      .init(
        "keyframes",
        .array(
          keyframes.places.map { .array([JSON($0.microseconds), JSON($0.offset), JSON($0.byteCount)]) })),
      .init("markers", list(markers)), .init("commands", list(commands)),
      .init("activity_step", JSON(activityStep)), .init("activity", .array(activity.map { JSON($0) })),
    ])
  }

  /// nil where the JSON is no map, or its keyframes are out of order or out of `byteCount` bytes.
  init?(_ json: JSON, byteCount: Int64) {
    guard let microseconds = json["microseconds"]?.integer, let step = json["activity_step"]?.integer,
      step > 0,
      let places = json["keyframes"]?.array, let markers = Self.markers(json["markers"]),
      let commands = Self.markers(json["commands"]), let activity = json["activity"]?.array,
      activity.count <= Self.activityCount
    else { return nil }
    (self.microseconds, activityStep) = (microseconds, step)
    (self.markers, self.commands) = (markers, commands)
    self.activity = activity.map { $0.integer ?? 0 }
    for place in places {
      guard let fields = place.array, fields.count == 3, let time = fields[0].integer,
        let offset = fields[1].integer, let length = fields[2].integer, length > 0, offset >= 0,
        length <= byteCount, offset <= byteCount - length, time > keyframes.places.last?.microseconds ?? -1
      else { return nil }
      keyframes.places.append(
        KeyframePlace(microseconds: time, offset: offset, byteCount: Int(length)))
    }
  }

  private static func markers(_ json: JSON?) -> [MomentScale.Marker]? {
    guard let list = json?.array else { return nil }
    var markers: [MomentScale.Marker] = []
    for one in list {
      guard let fields = one.array, fields.count == 2, let time = fields[0].integer,
        let label = fields[1].string
      else { return nil }
      markers.append(.init(microseconds: time, label: label))
    }
    return markers
  }
}

extension JSON {
  /// A whole number; nil for all else.
  fileprivate var integer: Int64? {
    if case .number(let digits) = self { Int64(digits) } else { nil }
  }
}
