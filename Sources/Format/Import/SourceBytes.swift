import Platform

/// The bytes of a source, gzip undone, in a window that moves on.
final class SourceBytes {
  private enum Supply {
    case plain(InputWindow)
    case gzip(GzipText)
  }

  let name: String
  private var supply: Supply
  /// What is in memory; bytes before `start` are done with.
  private(set) var bytes: [UInt8] = []
  private(set) var start = 0
  private var base: Int64 = 0
  private(set) var isAtEnd = false
  /// Number of the last line `line` returned, from 1.
  private(set) var lineNumber = 0
  /// Whether the source is a gzip file.
  let isGzip: Bool
  /// What was wrong with the compression.
  private(set) var log = FindingLog()

  init(_ window: InputWindow) throws(ImportError) {
    name = window.name
    try Self.reading { () throws(FormatError) in _ = try window.fill(to: 18) }
    isGzip = window.bytes[window.start...].starts(with: GzipHeader.magic)
    supply = isGzip ? .gzip(GzipText(window)) : .plain(window)
  }

  /// Opens a file.
  convenience init(path: String) throws(ImportError) {
    try self.init(InputWindow(try Self.open(path), name: path))
  }

  /// Offset of the first byte not done with.
  var offset: Int64 { base + Int64(start) }
  /// Bytes in memory that are not done with.
  var count: Int { bytes.count - start }
  var front: ArraySlice<UInt8> { bytes[start...] }

  /// Reads on until `wanted` bytes are there, or the source ends.
  /// - Returns: whether they are there.
  @discardableResult
  func fill(to wanted: Int) throws(ImportError) -> Bool {
    while count < wanted, !isAtEnd {
      if start > 1 << 18 || start > 0 && start == bytes.count {
        base += Int64(start)
        bytes.removeFirst(start)
        start = 0
      }
      guard let piece = try piece() else {
        isAtEnd = true
        break
      }
      bytes += piece
    }
    return count >= wanted
  }

  private func piece() throws(ImportError) -> [UInt8]? {
    switch supply {
    case .plain(let window):
      try Self.reading { () throws(FormatError) in _ = try window.fill(to: 1) }
      if window.count == 0 { return nil }
      let piece = Array(window.bytes[window.start...])
      window.discard(piece.count)
      return piece
    case .gzip(var text):
      var log = log
      let piece = try Self.reading { () throws(FormatError) in try text.next(&log) }
      self.log = log
      supply = .gzip(text)
      return piece
    }
  }

  /// Does something of ours, whose errors become an import's.
  static func reading<Result>(_ body: () throws(FormatError) -> Result) throws(ImportError) -> Result {
    do throws(FormatError) { return try body() } catch { throw .recording(error) }
  }

  static func open(_ path: String) throws(ImportError) -> Descriptor {
    do throws(Errno) { return try File.open(path, for: .reading) } catch {
      throw .recording(.cannotOpen(path: path, error))
    }
  }

  /// Is done with the next `count` bytes.
  func discard(_ count: Int) { start += min(count, self.count) }

  /// The next bytes, as many as there are of `wanted`.
  func take(_ wanted: Int) throws(ImportError) -> [UInt8] {
    try fill(to: wanted)
    let bytes = Array(front.prefix(wanted))
    discard(bytes.count)
    return bytes
  }

  enum Line: Equatable {
    /// Without its line feed.
    case line([UInt8])
    /// Longer than the limit; it was skipped.
    case tooLong
    case end
  }

  /// The next line; the last one needs no line feed.
  func line(limit: Int) throws(ImportError) -> Line {
    var searched = 0
    var isTooLong = false
    while true {
      if let end = ByteSearch.first(0x0A, in: bytes, start + searched..<bytes.count) {
        let line = isTooLong || end - start > limit ? nil : Array(bytes[start..<end])
        discard(end + 1 - start)
        lineNumber += 1
        return line.map { .line($0) } ?? .tooLong
      }
      searched = count
      if searched > limit {
        isTooLong = true
        discard(searched)
        searched = 0
      }
      if try !fill(to: searched + 1) { break }
    }
    if count == 0, !isTooLong { return .end }
    lineNumber += 1
    let rest = Array(front)
    discard(rest.count)
    return isTooLong || rest.count > limit ? .tooLong : .line(rest)
  }
}
