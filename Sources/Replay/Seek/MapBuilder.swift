import Format

/// Makes a map of a recording: events in, keyframes and facts out.
struct MapBuilder {
  private(set) var map = RecordingMap()
  private var terminal: TerminalScreen
  private var sinceKeyframe = 0
  private var lastKeyframe: Int64 = 0
  private var position: Int64 = -1
  private var offset: Int64

  /// - Parameter offset: where the first keyframe's bytes will stand.
  init(_ header: Header, offset: Int64) {
    let size = header.screenSize
    terminal = TerminalScreen(columns: size.columns, rows: size.rows, scrollbackLimit: 0)
    self.offset = offset
  }

  /// Takes the next event. Where a keyframe is due before it, its bytes are returned: they stand after all earlier ones.
  mutating func take(_ event: Event, makesKeyframes: Bool = true) -> [UInt8]? {
    var keyframe: [UInt8]?
    if makesKeyframes, event.microseconds > position, isDue {
      let bytes = KeyframeCoding.pack(terminal)
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
      terminal.take(event)
      sinceKeyframe += event.bytes.count
      map.addActivity(event.bytes.count, at: event.microseconds)
    default: break
    }
    return keyframe
  }

  /// What stands on the screen.
  var screen: Screen { terminal.screen }

  /// After some output, and not in the middle of a sequence unless that never ends.
  private var isDue: Bool {
    guard position >= 0, sinceKeyframe > 0 else { return false }
    let isEnough =
      sinceKeyframe >= Tape.keyframeBytes
      || position - lastKeyframe >= Tape.keyframeTime && sinceKeyframe >= Tape.keyframeBytes / 16
    return isEnough && (terminal.parser.isAtRest || sinceKeyframe >= 4 * Tape.keyframeBytes)
  }
}
