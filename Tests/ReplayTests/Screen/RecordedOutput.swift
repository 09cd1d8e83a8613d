import Platform

@testable import Format
@testable import Replay

/// Output and sizes of a recording, for tests that feed it in their own portions.
struct RecordedOutput {
  enum Piece {
    case output([UInt8], at: Int64)
    case resize(columns: Int, rows: Int)
  }

  let name: String
  let columns: Int
  let rows: Int
  private(set) var pieces: [Piece] = []

  /// The first `limit` bytes of a recording, or of raw bytes; nil for what is neither.
  init?(_ path: String, limit: Int) {
    name = String(path.split(separator: "/").last ?? "")
    // What the reader refuses is no recording, or a damaged one of the corpus.
    if path.hasSuffix(".recording"), let bytes = try? File.read(path) {
      (columns, rows) = (80, 24)
      pieces = stride(from: 0, to: bytes.count, by: 4096).map {
        .output(Array(bytes[$0..<min($0 + 4096, bytes.count)]), at: Int64($0))
      }
      return
    }
    guard let reader = try? RecordingReader(path: path) else { return nil }
    (columns, rows) = (reader.header.size.columns, reader.header.size.rows)
    var count = 0
    while count < limit, let event = try? reader.nextEvent() {
      count += event.bytes.count
      switch event.code {
      case .output: pieces.append(.output(event.bytes, at: event.microseconds))
      case .resize:
        if let size = ScreenSource.size(event.bytes) {
          pieces.append(.resize(columns: size.columns, rows: size.rows))
        }
      default: continue
      }
    }
  }

  private static let package = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
    .joined(separator: "/")

  /// The folder of foreign recordings; nil: not on this machine.
  static let corpus: String? = {
    let candidates = [Environment.current.nonEmpty("SSMCAST_CORPUS"), package + "/../shared/corpus"]
    return candidates.compactMap { $0 }.first { File.exists($0 + "/manifest.json") }
  }()

  /// Our samples, and the corpus where it is here.
  static func all(limit: Int) throws -> [RecordedOutput] {
    try ([package + "/samples"] + [corpus].compactMap { $0 }).flatMap { folder in
      try File.names(in: folder).sorted().compactMap { RecordedOutput(folder + "/" + $0, limit: limit) }
    }
  }
}

extension TerminalScreen {
  mutating func take(_ piece: RecordedOutput.Piece) {
    switch piece {
    case .output(let bytes, let time): feed(bytes, at: time)
    case .resize(let columns, let rows): resize(columns: columns, rows: rows)
    }
  }
}
