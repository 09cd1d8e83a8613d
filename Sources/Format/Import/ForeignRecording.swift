import Platform

/// A recording of another program, read where it lies: what makes every command that takes a recording take these too.
final class ForeignRecording {
  let name: String
  let formatName: String
  let header: Header
  let started: Timestamp?
  /// Bytes of the main file; nil for pipes.
  let byteCount: Int64?

  private var reader: SourceReader
  /// Opens the source again; nil where it can be read only once.
  private let open: (() throws(ImportError) -> SourceReader)?
  private var microseconds: Int64 = 0

  /// How much of a text is looked at for a header.
  private static let lookByteCount = 4096

  /// Opens a path; nil where it is an asciicast, a recording of ours, or nothing that is known: `RecordingReader` then
  /// tells what is wrong with it.
  init?(path: String) throws(FormatError) {
    guard let set = try Self.set(path) else { return nil }
    let open = { () throws(ImportError) in
      try SourceReader(set, options: ImportOptions(environment: .current))
    }
    do throws(ImportError) { reader = try open() } catch { throw Self.formatError(error) }
    self.open = open
    (name, formatName, header, started) = (path, reader.formatName, reader.header, reader.started)
    byteCount = set.paths.first.flatMap { path in
      do throws(Errno) { return try File.status(path).size } catch { return nil }
    }
  }

  /// What belongs to a path, if it is of another program.
  private static func set(_ path: String) throws(FormatError) -> SourceSet? {
    let head: [UInt8]
    let isFolder: Bool
    do throws(Errno) {
      let status = try File.status(path)
      isFolder = status.kind == .directory
      if isFolder {
        head = []
      } else {
        guard status.kind == .regular else { return nil }
        head = try File.open(path, for: .reading).read(upTo: lookByteCount, at: 0)
      }
    } catch {
      return nil  // opening it tells
    }
    if isFolder {
      guard RecordingFolder.isRecording(folder: path) else { throw .importing(.unknownFolder(name: path)) }
      return SourceSet.gather([path]).first
    }
    if isOwn(head) { return nil }
    if Decompression.Method.of(head[...]) == nil {
      switch FileContent.of(path) {
      case .content(.recording(.asciicast)), .unknown, .folder: return nil
      case .content: break
      }
    }
    return SourceSet.gather([path]).first
  }

  /// Whether the first bytes are a sealed recording or an asciicast header: the common case, told without more reading.
  private static func isOwn(_ head: [UInt8]) -> Bool {
    // What is no gzip header may be anything else.
    if let header = try? GzipHeader(parsing: head, at: 0) {
      if header.seal != nil { return true }
      var text: [UInt8] = []
      _ = Inflater().inflate(head, header.byteCount..<head.count, limit: lookByteCount, into: &text)
      return isAsciicast(text)
    }
    return isAsciicast(head)
  }

  private static func isAsciicast(_ head: [UInt8]) -> Bool {
    let first = head.first { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    return first == UInt8(ascii: "{") && ByteSearch.first(Array("\"version\"".utf8), in: head) != nil
  }

  /// Reads a pipe, or bytes in memory, if they are of another program.
  init?(_ window: InputWindow) throws(FormatError) {
    try window.fill(to: 1)
    // A header line comes at once, and no more is waited for than it takes.
    if window.count > 0, window.bytes[window.start] == UInt8(ascii: "{") {
      while window.count < Self.lookByteCount, !window.isAtEnd,
        !window.bytes[window.start...].contains(0x0A)
      {
        try window.fill(to: window.count + 1)
      }
      if Self.isOwn(Array(window.bytes[window.start...].prefix(Self.lookByteCount))) { return nil }
    }
    try window.fill(to: SourceContent.sniffedByteCount)
    let head = Array(window.bytes[window.start...].prefix(SourceContent.sniffedByteCount))
    if head.isEmpty || Self.isOwn(head) { return nil }
    let options = ImportOptions(environment: .current)
    do throws(ImportError) {
      if Decompression.Method.of(head[...]) == nil {
        let format = try SourceOpening.recognize(window, options)
        if format == nil || format == .asciicast { return nil }
      }
      reader = try SourceReader(window, options: options)
    } catch {
      throw Self.formatError(error)
    }
    (name, formatName, header, started) = (window.name, reader.formatName, reader.header, reader.started)
    (open, byteCount) = (nil, window.size)
  }

  var findings: [Finding] { reader.findings }
  var uncountedFindings: Int { reader.uncountedFindings }

  func nextEvent() throws(FormatError) -> Event? {
    do throws(ImportError) {
      let event = try reader.nextEvent()
      if let event { microseconds = event.microseconds }
      return event
    } catch {
      throw Self.formatError(error)
    }
  }

  /// The first event at or after a time: read on to, or from the start again.
  func seek(toMicroseconds wanted: Int64) throws(FormatError) -> Event? {
    if wanted <= microseconds {
      guard let open else { throw .cannotSeek(name: name) }
      do throws(ImportError) { reader = try open() } catch { throw Self.formatError(error) }
      microseconds = 0
    }
    while let event = try nextEvent() {
      if event.microseconds >= wanted { return event }
    }
    return nil
  }

  private static func formatError(_ error: ImportError) -> FormatError {
    if case .recording(let error) = error { return error }
    return .importing(error)
  }
}
