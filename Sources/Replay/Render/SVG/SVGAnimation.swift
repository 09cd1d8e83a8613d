/// Frames of a recording as one SVG that plays by itself, in pages and readmes, without a script.
///
/// Each different row is drawn once; a frame is a list of them. CSS moves a film of all frames past a window, one step a
/// frame. People who ask for less motion (`prefers-reduced-motion`) see the last frame.
struct SVGAnimation {
  /// More frames than this make a picture that browsers open slowly: what comes later is left out.
  static let frameLimit = 4000
  /// How long the last frame stays before the film begins anew, in microseconds.
  static let rest: Int64 = 2_000_000

  private let columns: Int
  private let rows: Int
  private let theme: Theme
  private let title: String?
  private var numbers: [[UInt8]: Int] = [:]
  private var definitions: [UInt8] = []
  private var frames: [UInt8] = []
  private var times: [Int64] = []
  private var last: [UInt8] = []
  /// Whether frames had to be left out.
  private(set) var isCut = false

  /// - Parameter columns: size of the window; larger frames are cut.
  init(columns: Int, rows: Int, _ theme: Theme, title: String?) {
    (self.columns, self.rows, self.theme, self.title) = (columns, rows, theme, title)
  }

  var frameCount: Int { times.count }

  /// Adds the picture that is shown from `microseconds` on, in order of time.
  mutating func append(_ canvas: Canvas, at microseconds: Int64) {
    guard times.count < Self.frameLimit else {
      isCut = true
      return
    }
    let top = times.count * SVG.y(rows)
    var drawn: [(row: Int, bytes: [UInt8])] = []
    for row in 0..<min(rows, canvas.rows) {
      let bytes = SVGRow.encode(
        canvas.row(row).prefix(columns), theme, isReversed: canvas.isReversed, size: canvas.sizes[row])
      if !bytes.isEmpty { drawn.append((row, bytes)) }
    }
    var frame: [UInt8] = []
    for (row, bytes) in drawn {
      frame += "<use href=\"#r\(number(of: bytes))\" y=\"\(top + SVG.y(row))\"/>".utf8
    }
    let cursor = SVG.cursor(canvas, theme)
    if !cursor.isEmpty { frame += "<g transform=\"translate(0 \(top))\">\(cursor)</g>".utf8 }
    // What looks the same but for its place in the film is the same frame.
    var look = drawn.flatMap { [UInt8(truncatingIfNeeded: $0.row)] + $0.bytes }
    look += cursor.utf8
    if look == last, !times.isEmpty { return }
    last = look
    frames += frame
    frames.append(0x0A)
    times.append(microseconds)
  }

  private mutating func number(of row: [UInt8]) -> Int {
    if let number = numbers[row] { return number }
    let number = numbers.count
    numbers[row] = number
    definitions += "<g id=\"r\(number)\">".utf8
    definitions += row
    definitions += "</g>\n".utf8
    return number
  }

  /// The whole picture; `end` is when the last frame's own time ends.
  func encode(until end: Int64) -> [UInt8] {
    let start = times.first ?? 0
    let total = max(1, max(end, times.last ?? 0) - start + Self.rest)
    var bytes = Array(SVG.open(columns: columns, rows: rows, title: title, theme).utf8)
    var steps = ""
    for (index, time) in times.enumerated() {
      let percent = Double(time - start) / Double(total) * 100
      let millionths = Int(percent * 1_000_000)
      steps += "\(millionths / 1_000_000).\(Self.pad(millionths % 1_000_000))%"
      steps += "{transform:translateY(\(-index * SVG.y(rows))px)}"
    }
    let lastTop = -max(0, times.count - 1) * SVG.y(rows)
    let seconds = Double(total) / 1_000_000
    bytes +=
      """
      <style>@keyframes film{\(steps)100%{transform:translateY(\(lastTop)px)}}
      .film{animation:film \(SVG.number(seconds))s infinite step-end}
      @media(prefers-reduced-motion:reduce){.film{animation:none;transform:translateY(\(lastTop)px)}}</style>
      <defs>

      """.utf8
    bytes += definitions
    bytes +=
      """
      </defs>
      <svg x="\(SVG.padding)" y="\(SVG.padding)" width="\(SVG.x(columns))" height="\(SVG.y(rows))" \
      viewBox="0 0 \(SVG.x(columns)) \(SVG.y(rows))"><g class="film">

      """.utf8
    bytes += frames
    bytes += "</g></svg>\n</svg>\n".utf8
    return bytes
  }

  private static func pad(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 6 - digits.count) + digits
  }
}
