import Platform

/// Finds out what one file is, and opens the reader for it.
struct SourceOpening {
  let name: String
  private(set) var format: SourceFormat
  private(set) var source: any EventSource
  private(set) var decompression: Decompression?
  /// What a reader takes its bytes from, for the findings of the compression; nil for asciicasts.
  private(set) var bytes: SourceBytes?
  private(set) var formatName: String

  init(path: String, _ options: ImportOptions) throws(ImportError) {
    try self.init(InputWindow(try SourceBytes.open(path), name: path), options) {
      method throws(ImportError) in
      let file = try SourceBytes.open(path)
      return try Decompression(method, of: file, name: path, environment: options.environment)
    }
  }

  init(_ bytes: [UInt8], name: String, _ options: ImportOptions) throws(ImportError) {
    try self.init(InputWindow(bytes, name: name), options) { method throws(ImportError) in
      try Decompression(method, of: bytes, name: name, environment: options.environment)
    }
  }

  /// What came through a pipe is decompressed by no other program: its first bytes are taken already.
  init(_ window: InputWindow, _ options: ImportOptions) throws(ImportError) {
    let name = window.name
    try self.init(window, options) { method throws(ImportError) in
      throw .refused(
        name: name, .byte(0),
        cause: "it is compressed with \(method.tool); decompress it first, or give the file")
    }
  }

  private init(
    _ window: InputWindow, _ options: ImportOptions,
    decompressing: (Decompression.Method) throws(ImportError) -> Decompression
  ) throws(ImportError) {
    name = window.name
    var window = window
    try Self.fill(window)
    if window.count == 0 { throw .recording(.empty(name: name)) }
    var compression: String?
    if let method = Decompression.Method.of(window.bytes[window.start...]) {
      let decompression = try decompressing(method)
      self.decompression = decompression
      window = decompression.window
      compression = method.tool
      try Self.fill(window)
      if window.count == 0 {
        let cause = decompression.failure() ?? "there is nothing in it"
        throw .refused(name: name, .byte(0), cause: cause)
      }
    }
    let head = Head(window)
    if head.isGzip { compression = compression.map { "gzip+" + $0 } ?? "gzip" }
    guard let format = try Self.format(head, options, window) else {
      throw .unrecognized(name: name)
    }
    self.format = format
    if format == .asciicast {
      let reader = AsciicastReader(
        try SourceBytes.reading { () throws(FormatError) in try RecordingReader(window) })
      source = reader
      formatName = reader.formatName + (decompression.map { "+" + $0.method.tool } ?? "")
      return
    }
    let bytes = try SourceBytes(window)
    self.bytes = bytes
    formatName = format.rawValue + (compression.map { "+" + $0 } ?? "")
    source =
      switch format {
      case .ttyrec: try TtyrecReader(bytes)
      case .script: try TypescriptReader(bytes)
      case .tlog: try TlogReader(bytes, isLax: options.isLax)
      case .cloudWatch: try CloudWatchReader(bytes)
      case .raw, .asciicast: try RawReader(bytes)
      case .sudoLog: throw .refused(name: name, .line(1), cause: "a sudo I/O log is a folder; give its path")
      }
  }

  /// What the bytes of a window are, none of which are taken; nil where nothing tells.
  static func recognize(
    _ window: InputWindow, _ options: ImportOptions
  ) throws(ImportError) -> SourceFormat? {
    try fill(window)
    return try format(Head(window), options, window)
  }

  private static func fill(_ window: InputWindow) throws(ImportError) {
    _ = try SourceBytes.reading { () throws(FormatError) in
      try window.fill(to: SourceContent.sniffedByteCount)
    }
  }

  /// The first bytes, gzip undone.
  private struct Head {
    let bytes: [UInt8]
    let isWhole: Bool
    let isGzip: Bool
    /// A member of ours, perhaps damaged.
    var isSealed = false

    init(_ window: InputWindow) {
      let front = Array(window.bytes[window.start...].prefix(SourceContent.sniffedByteCount))
      isGzip = front.starts(with: GzipHeader.magic)
      guard isGzip else {
        bytes = front
        isWhole = window.isAtEnd && front.count == window.count
        return
      }
      var text: [UInt8] = []
      var isEnd = false
      if let header = try? GzipHeader(parsing: front, at: 0) {  // else it is told when it is read
        isSealed = header.seal != nil
        let (outcome, _) = Inflater().inflate(
          front, header.byteCount..<front.count, limit: SourceContent.sniffedByteCount, into: &text)
        isEnd = outcome == .ended || window.isAtEnd && outcome == .needsInput
      }
      (bytes, isWhole) = (text, isEnd)
    }
  }

  /// What the source is; nil where nothing tells.
  private static func format(
    _ head: Head, _ options: ImportOptions, _ window: InputWindow
  ) throws(ImportError) -> SourceFormat? {
    if let format = options.format { return format }
    if head.isSealed { return .asciicast }
    let name = window.name
    switch SourceContent(head.bytes, isWhole: head.isWhole) {
    case .recording(let format): return format
    case .scriptTiming:
      throw .missingCompanion(
        name: name, what: "this is a timing file of script; the typescript",
        wanted: ScriptFiles.dataPaths(of: name))
    case .sudoPart:
      throw .missingCompanion(
        name: name, what: "this is a part of a sudo I/O log; what else", wanted: ["log", "timing", "ttyout"])
    case nil:
      // A recording of ours whose beginning is damaged is found by its members.
      guard head.bytes.contains(0) || head.isGzip || window.bytes[window.start...].contains(0x1F) else {
        return nil
      }
      let isFound = try SourceBytes.reading { () throws(FormatError) in
        try RecordingOpening.findsSeal(window)
      }
      return isFound || head.isGzip ? .asciicast : nil
    }
  }
}
