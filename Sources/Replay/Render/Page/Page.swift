import Format
import Platform

/// A recording as one page that plays from a file: no network, no other file, nothing of the recording run as code.
///
/// Written in the order things are known: the beginning, the pictures as they come, then what was learned on the way.
/// A content security policy lets only the page's own script run, by its hash.
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
  /// Deflated bytes that are no whole group of three yet.
  private var rest: [UInt8] = []
  private var gaps: [(Int64, Int64)] = []
  private var lastFrame: Int64 = 0
  private let ownTheme: Theme?

  /// - Parameter theme: the recording's own colors; nil: light or dark, as the reader likes it.
  init(theme: Theme?) { ownTheme = theme }

  /// The page up to the pictures.
  func opening(title: String) -> [UInt8] {
    let hash = Base64.encode(SHA256.hash(Array(PageScript.text.utf8)))
    return Array(
      """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-\(hash)'; \
      style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
      <meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">
      <title>\(SVG.escaped(title))</title>
      <style>\(PageStyle.text)
      \(PageStyle.colors(own: ownTheme))</style></head>
      <body>
      <h1>\(SVG.escaped(title))</h1>
      <main>
      <div id="frame"><div id="screen" role="region" aria-label="Terminal screen" tabindex="0"></div></div>
      <div id="keys" aria-label="Typed keys" hidden></div>
      <div class="row">
      <button id="play" aria-pressed="false">Play</button>
      <button id="back" aria-label="One picture back" title="One picture back (,)">‹</button>
      <button id="next" aria-label="One picture on" title="One picture on (.)">›</button>
      <div id="track"><div id="marks" aria-hidden="true"></div>
      <input id="bar" type="range" min="0" value="0" step="any" aria-label="Time"></div>
      <span id="time"></span>
      <select id="speed" aria-label="Speed">\(Self.speeds)</select>
      <label><input id="fold" type="checkbox" checked> fold pauses</label>
      </div>
      <div class="row"><span id="wall"></span> <code id="command"></code></div>
      <form id="search" class="row" role="search">
      <input id="find" type="search" placeholder="Search (regular expression)" aria-label="Search what was on the screen">
      <button>Find</button> <span id="found" role="status"></span>
      <button type="button" id="copy">Copy text</button> <button type="button" id="share">Link to this moment</button>
      <button type="button" id="theme">Light / dark</button></form>
      <ol id="hits" aria-label="Hits"></ol>
      <details id="parts" open hidden><summary>Chapters</summary><ol id="chapters"></ol></details>
      <details id="help"><summary>Keys</summary><p><kbd>space</kbd> play, pause · <kbd>,</kbd> <kbd>.</kbd> one picture · \
      <kbd>←</kbd> <kbd>→</kbd> 5 s, with Shift a tenth · <kbd>↑</kbd> <kbd>↓</kbd> speed · <kbd>[</kbd> <kbd>]</kbd> markers · \
      <kbd>{</kbd> <kbd>}</kbd> commands · <kbd>0</kbd>–<kbd>9</kbd> tenths · <kbd>g</kbd> <kbd>G</kbd> start, end · \
      <kbd>/</kbd> search, <kbd>n</kbd> <kbd>N</kbd> next, previous hit · <kbd>i</kbd> fold pauses · <kbd>k</kbd> typed keys · \
      <kbd>c</kbd> copy text · <kbd>y</kbd> link</p></details>
      <p id="say" class="silent" aria-live="polite"></p>
      </main>
      <noscript><p>The recording is in this page, but only a script can play it.</p></noscript>
      <script type="text/plain" id="data">
      """.utf8)
  }

  private static let speeds = ["0.25", "0.5", "1", "2", "4", "8", "16", "32", "64"].map {
    "<option value=\"\($0)\"\($0 == "1" ? " selected" : "")>\($0)×</option>"
  }.joined()

  /// Adds the picture shown from `microseconds` on, and gives what of the page is ready.
  mutating func append(_ canvas: Canvas, at microseconds: Int64) -> [UInt8] {
    let count = frames.frameCount
    frames.append(canvas, at: microseconds)
    if frames.frameCount > count {
      if microseconds - lastFrame > Self.foldedPause { gaps.append((lastFrame, microseconds)) }
      lastFrame = microseconds
    }
    return frames.waitingCount >= 1 << 18 ? encode(deflate.append(frames.take()), isLast: false) : []
  }

  private mutating func encode(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
    rest += bytes
    let count = isLast ? rest.count : rest.count / 3 * 3
    var text: [UInt8] = []
    Base64.encode(Array(rest[..<count]), into: &text)
    rest.removeFirst(count)
    return text
  }

  /// The end of the page.
  mutating func closing(_ facts: Facts) -> [UInt8] {
    var bytes = encode(deflate.append(frames.take()) + deflate.finish(), isLast: true)
    if facts.microseconds - lastFrame > Self.foldedPause { gaps.append((lastFrame, facts.microseconds)) }
    bytes += "</script>\n<script type=\"application/json\" id=\"meta\">".utf8
    // The only character that could end the element: a JSON text has it in strings alone.
    for byte in metadata(facts).text.utf8 {
      if byte == UInt8(ascii: "<") { bytes += "\\u003c".utf8 } else { bytes.append(byte) }
    }
    bytes += "</script>\n".utf8
    bytes +=
      "<p class=\"verdict\"><span class=\"\(facts.mood.rawValue)\">\(SVG.escaped(facts.verdict))</span></p>\n"
      .utf8
    bytes += "<details open><summary>About this recording</summary><dl>\n".utf8
    for (name, value) in facts.rows {
      bytes += "<dt>\(SVG.escaped(name))</dt><dd>\(SVG.escaped(value.printable))</dd>\n".utf8
    }
    bytes += "</dl></details>\n<script>\(PageScript.text)</script>\n</body></html>\n".utf8
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
