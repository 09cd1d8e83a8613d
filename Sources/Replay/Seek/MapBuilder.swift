import Format

/// Makes a map of a recording: events in, keyframes and facts out. The terminal that shows the events is the caller's:
/// it may be there for something else, too.
struct MapBuilder {
  private(set) var map = RecordingMap()
  private var sinceKeyframe = 0
  private var lastKeyframe: Int64 = 0
  private var position: Int64 = -1
  private var offset: Int64

  /// - Parameter offset: where the first keyframe's bytes will stand.
  init(offset: Int64) { self.offset = offset }

  /// A terminal for a map alone.
  static func terminal(for header: Header) -> TerminalScreen {
    TerminalScreen(columns: header.screenSize.columns, rows: header.screenSize.rows, scrollbackLimit: 0)
  }

  /// Takes the next event, which `terminal` has not shown yet. Where a keyframe is due before it, its bytes are
  /// returned: they stand after all earlier ones.
  mutating func take(
    _ event: Event, before terminal: borrowing TerminalScreen, makesKeyframes: Bool = true
  ) -> [UInt8]? {
    var keyframe: [UInt8]?
    if makesKeyframes, event.microseconds > position, isDue(terminal.parser.isAtRest) {
      let bytes = KeyframeCoding.pack(copy terminal)
      map.keyframes.places.append(
        KeyframePlace(microseconds: position, offset: offset, byteCount: bytes.count))
      offset += Int64(bytes.count)
      sinceKeyframe = 0
      lastKeyframe = position
      keyframe = bytes
    }
    position = max(position, event.microseconds)
    map.microseconds = max(map.microseconds, event.microseconds)
    switch event.code {
    case .marker:
      if map.markers.count < RecordingMap.chapterLimit {
        map.markers.append(.init(microseconds: event.microseconds, label: event.text))
      }
    case .output, .standardError, .resize:
      sinceKeyframe += event.bytes.count
      map.addActivity(event.bytes.count, at: event.microseconds)
    default: break
    }
    return keyframe
  }

  /// After some output, and not in the middle of a sequence unless that never ends.
  private func isDue(_ isAtRest: Bool) -> Bool {
    guard position >= 0, sinceKeyframe > 0 else { return false }
    let isEnough =
      sinceKeyframe >= Tape.keyframeBytes
      || position - lastKeyframe >= Tape.keyframeTime && sinceKeyframe >= Tape.keyframeBytes / 16
    return isEnough && (isAtRest || sinceKeyframe >= 4 * Tape.keyframeBytes)
  }
}
