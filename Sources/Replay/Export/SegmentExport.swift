import Format
import Platform

/// A recording as segments for asciinema-player: `index.json`, and files that each begin with a picture of the screen,
/// so that the player in a browser reads only what it shows, of recordings of any size.
///
/// anchors: asciinema-player's segmented source, version 1. Times are seconds of the recording.
struct SegmentExport {
  /// A segment ends after so much output, in bytes, or so long, in microseconds, whichever comes first.
  static let byteLimit = 512 << 10
  static let timeLimit: Int64 = 120_000_000

  struct Segment: Equatable {
    var start: Int64
    var name: String
  }

  private(set) var segments: [Segment] = []
  private var markers: [MomentScale.Marker] = []
  private var terminal: TerminalScreen
  private let header: Header
  private var current: [UInt8] = []
  private var isOpen = false
  private var byteCount = 0
  private var last: Int64 = 0
  private var text = UTF8Text()

  init(_ header: Header) {
    self.header = header
    let size = header.screenSize
    terminal = TerminalScreen(columns: size.columns, rows: size.rows, scrollbackLimit: 0)
  }

  /// Takes the next event; a segment that it completes is returned with its name.
  mutating func take(_ event: Event) -> (name: String, bytes: [UInt8])? {
    var done: (String, [UInt8])?
    if event.microseconds > last, isDue(event.microseconds) { done = close() }
    last = max(last, event.microseconds)
    switch event.code {
    case .marker:
      markers.append(.init(microseconds: event.microseconds, label: event.text))
      return done
    case .output, .standardError:
      append(event.microseconds, "o", text.take(event.bytes))
    case .resize where ScreenSource.size(event.bytes) != nil:
      append(event.microseconds, "r", event.text)
    case .input: append(event.microseconds, "i", event.text)
    default: return done
    }
    terminal.take(event)
    byteCount += event.bytes.count
    return done
  }

  private func isDue(_ now: Int64) -> Bool {
    guard isOpen, terminal.parser.isAtRest, let start = segments.last?.start else { return false }
    return byteCount >= Self.byteLimit || now - start >= Self.timeLimit
  }

  private mutating func append(_ microseconds: Int64, _ code: String, _ data: String) {
    if !isOpen {
      begin(at: segments.isEmpty ? 0 : microseconds)
    } else if current.last != UInt8(ascii: "[") {
      current.append(UInt8(ascii: ","))
    }
    current += "[\(TimeText.json(microseconds).text),\"\(code)\",".utf8
    JSON.appendString(data, to: &current)
    current.append(UInt8(ascii: "]"))
  }

  private mutating func begin(at microseconds: Int64) {
    isOpen = true
    byteCount = 0
    let number = String(segments.count + 1)
    let name = "segment-" + String(repeating: "0", count: max(0, 5 - number.count)) + number + ".json"
    segments.append(Segment(start: microseconds, name: name))
    current = Array(
      "{\"snapshot\":{\"cols\":\(terminal.columns),\"rows\":\(terminal.rows),\"init\":".utf8)
    // A new terminal of this size is the first segment's picture.
    let picture = segments.count == 1 ? [] : StateDump.encode(terminal.screen)
    JSON.appendString(String(decoding: picture, as: UTF8.self), to: &current)
    current += "},\"events\":[".utf8
  }

  private mutating func close() -> (String, [UInt8])? {
    guard isOpen, let segment = segments.last else { return nil }
    isOpen = false
    return (segment.name, current + Array("]}\n".utf8))
  }

  /// The last segment, if it is not written yet.
  mutating func finish() -> (name: String, bytes: [UInt8])? {
    if segments.isEmpty { append(0, "o", "") }
    return close()
  }

  /// `index.json`, once all segments are known.
  func index(length: Int64) -> [UInt8] {
    // Every start must lie before the end.
    let duration = max(length, last, (segments.last?.start ?? 0) + 1000)
    var size: [JSON.Member] = [
      .init("cols", JSON(header.screenSize.columns)), .init("rows", JSON(header.screenSize.rows)),
    ]
    if let theme = header.theme { size.append(.init("theme", theme)) }
    let json: JSON = .object([
      .init("version", JSON(1)), .init("duration", TimeText.json(duration)), .init("term", .object(size)),
      .init(
        "segments",
        .array(segments.map { ["start": TimeText.json($0.start), "url": .string($0.name)] })),
      .init(
        "markers",
        .array(
          markers.sorted { $0.microseconds < $1.microseconds }.map {
            .array([TimeText.json(min($0.microseconds, duration)), .string($0.label)])
          })),
    ])
    return Array((json.text + "\n").utf8)
  }
}

/// Output as text: a character cut in two by the end of an event waits for the next one.
private struct UTF8Text {
  private var rest: [UInt8] = []

  mutating func take(_ bytes: [UInt8]) -> String {
    var all = rest + bytes
    rest = []
    // Up to three bytes at the end may be the beginning of a character.
    for count in 1...3 where count <= all.count {
      let lead = all[all.count - count]
      if lead & 0xC0 == 0x80 { continue }
      let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
      if length > count {
        rest = Array(all.suffix(count))
        all.removeLast(count)
      }
      break
    }
    return String(decoding: all, as: UTF8.self)
  }
}
