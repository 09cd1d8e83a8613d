import Format
import Platform

/// A recording as one page that plays from a file: no network, no other file, nothing of the recording run as code.
///
/// Written in the order things are known: the beginning, the pictures as they come, then what was learned on the way.
/// All but the recording's facts is one deflated stream, which `PageLoader` opens. A content security policy lets only
/// the page's own two scripts run, by their hashes.
struct Page {
  /// A moment with a name.
  struct Chapter: Equatable, Sendable {
    var microseconds: Int64
    var label: String
  }

  /// How the verdict is colored.
  enum Mood: String { case good, bad, unknown }

  /// What is known once all was read.
  struct Facts {
    var microseconds: Int64 = 0
    var started: Timestamp?
    var markers: [Chapter] = []
    var commands: [Chapter] = []
    var damage: [Chapter] = []
    /// Typed keys, where the recording has them.
    var keys: [Chapter] = []
    /// Names and values to be shown.
    var rows: [(String, String)] = []
    var verdict = ""
    var mood = Mood.unknown
  }

  /// Pauses longer than this are folded, in microseconds.
  static let foldedPause: Int64 = 2_000_000
  /// Of each kind of chapters and of keys, so many are kept.
  static let chapterLimit = 20_000

  private var frames = FrameStream()
  private let deflate = DeflateStream(level: 9)
  private var encoder = Base91()
  /// What stands before the pictures in the stream: the player.
  private var player: [UInt8]
  private var gaps: [(Int64, Int64)] = []
  private var lastFrame: Int64 = 0

  /// - Parameter theme: the recording's own colors; nil: light or dark, as the reader likes it.
  init(theme: Theme?) {
    player = Array(
      "\(PageStyle.text)\n\(PageStyle.colors(own: theme))\0\(PageMarkup.text)\0\(PageScript.text)\0".utf8)
  }

  /// The page up to the pictures.
  func opening(title: String) -> [UInt8] {
    let hashes = [PageLoader.text, PageScript.text].map {
      "'sha256-\(Base64.encode(SHA256.hash(Array($0.utf8))))'"
    }
    return Array(
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src \(hashes.joined(separator: " ")); \
      style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
      <meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width">
      <title>\(SVG.escaped(title))</title></head>
      <body>
      <h1>\(SVG.escaped(title))</h1>
      <noscript><p>The recording is in this page, but only a script can play it.</p></noscript>
      <script type="text/plain" id="data">
      """.utf8)
  }

  /// Adds the picture shown from `microseconds` on, and gives what of the page is ready.
  mutating func append(_ canvas: Canvas, at microseconds: Int64) -> [UInt8] {
    let count = frames.frameCount
    frames.append(canvas, at: microseconds)
    if frames.frameCount > count {
      if microseconds - lastFrame > Self.foldedPause { gaps.append((lastFrame, microseconds)) }
      lastFrame = microseconds
    }
    return frames.waitingCount >= 1 << 18 ? encoder.append(deflate.append(takeStream())) : []
  }

  /// What of the stream was not taken yet.
  private mutating func takeStream() -> [UInt8] {
    defer { player = [] }
    return player + frames.take()
  }

  /// The end of the page.
  mutating func closing(_ facts: Facts) -> [UInt8] {
    if facts.microseconds - lastFrame > Self.foldedPause { gaps.append((lastFrame, facts.microseconds)) }
    // The last 255 of the stream: JSON in UTF-8 has none.
    let last = takeStream() + [0xFF] + Array(metadata(facts).text.utf8)
    var bytes = encoder.append(deflate.append(last) + deflate.finish()) + encoder.finish()
    bytes += "</script>\n".utf8
    bytes +=
      "<p class=\"verdict\"><span class=\"\(facts.mood.rawValue)\">\(SVG.escaped(facts.verdict))</span></p>\n"
      .utf8
    bytes += "<details open><summary>About this recording</summary><dl>\n".utf8
    for (name, value) in facts.rows {
      bytes += "<dt>\(SVG.escaped(name))<dd>\(SVG.escaped(value.printable))\n".utf8
    }
    bytes += "</dl></details>\n<script>\(PageLoader.text)</script>\n</body></html>\n".utf8
    return bytes
  }

  private func metadata(_ facts: Facts) -> JSON {
    func chapters(_ list: [Chapter]) -> JSON {
      .array(
        list.prefix(Self.chapterLimit).map { .array([JSON($0.microseconds / 1000), .string($0.label)]) })
    }
    return .object([
      .init("duration", JSON(max(facts.microseconds / 1000, frames.milliseconds))),
      .init("started", facts.started.map { JSON($0.microseconds / 1000) } ?? .null),
      .init("keyframes", .array(frames.keyframes.map { .array([JSON($0.milliseconds), JSON($0.offset)]) })),
      .init("styles", .array(frames.styles.map(Self.json))),
      .init("gaps", .array(gaps.map { .array([JSON($0.0 / 1000), JSON($0.1 / 1000)]) })),
      .init("markers", chapters(facts.markers)), .init("commands", chapters(facts.commands)),
      .init("damage", chapters(facts.damage)), .init("keys", chapters(facts.keys)),
    ])
  }

  /// Foreground, background, flags, underline, its color.
  private static func json(_ style: CellStyle) -> JSON {
    func color(_ color: CellColor) -> JSON {
      switch color.meaning {
      case .standard: .null
      case .indexed(let index) where index < 16: JSON(Int(index))
      case .indexed(let index): .string(Look.hex(Theme.fixed(index)))
      case .rgb: .string(Look.hex(color.raw & 0xFF_FFFF))
      }
    }
    return .array([
      color(style.foreground), color(style.background), JSON(Int(style.flags.rawValue)),
      JSON(Int(style.underline.rawValue)), color(style.underlineColor),
    ])
  }
}
