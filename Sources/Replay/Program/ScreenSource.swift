import Format
import Platform

/// What a screen is made from: a recording, or raw terminal output.
struct ScreenSource {
  /// A size from the command line; nil: the source's own.
  struct Size: Equatable {
    var columns: Int?
    var rows: Int?
    /// Whether lines are broken anew when the width changes.
    var reflows = false
    /// Whether what tmux would pass through is obeyed.
    var unwrapsTmux = false
    var isGiven: Bool { columns != nil || rows != nil }
  }

  private enum Contents {
    case recording(RecordingReader)
    case raw(RawOutput)
  }

  private let contents: Contents
  private let name: String
  private let size: Size

  /// Opens what a name stands for. Raw output is what is no recording of any format.
  init(_ name: String, _ size: Size, _ workplace: Workplace) throws(ReplayError) {
    self.name = name
    self.size = size
    guard name != "-" else {
      contents = try Self.standardInput()
      return
    }
    let path = try workplace.path(of: name)
    let head = try Self.beginning(of: path)
    if Self.isRecording(head) {
      contents = .recording(try Self.open { () throws(FormatError) in try RecordingReader(path: path) })
    } else if let reader = try Self.foreign(path) {
      contents = .recording(reader)
    } else {
      contents = .raw(RawOutput(path: path, head: head))
    }
  }

  private static func standardInput() throws(ReplayError) -> Contents {
    var bytes: [UInt8]
    do throws(Errno) {
      bytes = try RawOutput.beginningOfStandardInput()
      guard isRecording(bytes) else { return .raw(RawOutput(path: nil, head: bytes)) }
      bytes += try File.read(.standardInput)
    } catch {
      throw .cannotRead(path: "standard input", error)
    }
    return .recording(
      try open { () throws(FormatError) in try RecordingReader(bytes, name: "standard input") })
  }

  /// The reader of a recording of another program that tells times; nil: it is none, or raw.
  private static func foreign(_ path: String) throws(ReplayError) -> RecordingReader? {
    do throws(FormatError) {
      let reader = try RecordingReader(path: path)
      return reader.formatName == SourceFormat.raw.rawValue ? nil : reader
    } catch .importing(.missingTool(let name, let tool)) {
      throw .importing(.missingTool(name: name, tool: tool))
    } catch {
      // What no reader takes is drawn as it is.
      return nil
    }
  }

  private static func open(
    _ open: () throws(FormatError) -> RecordingReader
  ) throws(ReplayError) -> RecordingReader {
    do throws(FormatError) { return try open() } catch { throw .recording(error) }
  }

  private var header: Header? {
    switch contents {
    case .recording(let reader): reader.header
    case .raw: nil
    }
  }

  /// What pictures are called.
  var title: String? { header?.title ?? (name == "-" ? nil : name) }
  var theme: Theme { header.map { Theme($0) } ?? .dark }

  /// The first bytes of a regular file; none of what can be read only once.
  private static func beginning(of path: String) throws(ReplayError) -> [UInt8] {
    do throws(Errno) {
      guard try File.status(path).kind == .regular else { return [] }
      return try File.open(path, for: .reading).read(upTo: 1 << 16, at: 0)
    } catch {
      throw .cannotRead(path: path, error)
    }
  }

  /// Whether bytes begin as gzip or as an asciicast does: a JSON object with a version.
  static func isRecording(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: [0x1F, 0x8B]) { return true }
    let beginning = Array(bytes.prefix(1 << 16))
    let first = beginning.first { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }
    return first == UInt8(ascii: "{") && ByteSearch.first(Array("\"version\"".utf8), in: beginning) != nil
  }

  /// The terminal as it stood after everything up to `moment`, or to the end.
  func terminal(at moment: Moment?, _ workplace: Workplace) throws(ReplayError) -> TerminalScreen {
    switch contents {
    case .raw(let output):
      if moment != nil { throw .rawHasNoTimes(name) }
      let own = Self.leadingSize(output.head)
      var terminal = TerminalScreen(
        columns: size.columns ?? own?.columns ?? 80, rows: size.rows ?? own?.rows ?? 24)
      terminal.unwrapsTmux = size.unwrapsTmux
      try output.feed(&terminal)
      return terminal
    case .recording(let reader):
      let end = try workplace.scale(for: [moment], of: reader, name: name).place(moment)
      if !size.isGiven, !size.unwrapsTmux, let end, name != "-" {
        let path = try workplace.path(of: name)
        // From the keyframe before it, where the recording was read through once.
        if let map = MapCache(workplace.environment).map(for: reader, at: path) {
          let tape = Tape(reader, for: .playing, keyframes: map)
          do throws(FormatError) { try tape.seek(to: end) } catch { throw .recording(error) }
          return tape.terminal
        }
      }
      return try replay(reader, until: end, workplace)
    }
  }

  private func replay(
    _ reader: RecordingReader, until end: Int64?, _ workplace: Workplace
  ) throws(ReplayError) -> TerminalScreen {
    let progress = ProgressBar(
      "Reading", unit: .bytes, time: workplace.time, environment: workplace.environment)
    var count = 0
    let own = reader.header.screenSize
    var terminal = TerminalScreen(columns: size.columns ?? own.columns, rows: size.rows ?? own.rows)
    terminal.screen.reflows = size.reflows
    terminal.unwrapsTmux = size.unwrapsTmux
    while true {
      let event: Event?
      do throws(FormatError) { event = try reader.nextEvent() } catch { throw .recording(error) }
      guard let event, event.microseconds <= end ?? .max else { break }
      terminal.take(event, keepsSize: size.isGiven)
      count += 1
      if count % 256 == 0 { progress.update(reader.byteOffset, of: reader.byteCount) }
    }
    progress.finish()
    FindingMessages.tell(reader.findings, uncounted: reader.uncountedFindings, of: reader.name)
    return terminal
  }

  /// The size in a resize event, `COLSxROWS`.
  static func size(_ bytes: [UInt8]) -> (columns: Int, rows: Int)? {
    let parts = bytes.split(separator: UInt8(ascii: "x"), omittingEmptySubsequences: false)
    guard parts.count == 2, let columns = OperatingSystemCommand.number(parts[0]),
      let rows = OperatingSystemCommand.number(parts[1])
    else { return nil }
    return (columns, rows)
  }

  /// The size that raw output begins with, as our exporter writes it: `CSI 8 ; rows ; columns t`.
  static func leadingSize(_ bytes: [UInt8]) -> (columns: Int, rows: Int)? {
    guard bytes.starts(with: "\u{1B}[8;".utf8) else { return nil }
    let rest = bytes[4...].prefix(16)
    guard let end = rest.firstIndex(of: UInt8(ascii: "t")) else { return nil }
    let parts = rest[..<end].split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
    guard parts.count == 2, let rows = OperatingSystemCommand.number(parts[0]),
      let columns = OperatingSystemCommand.number(parts[1])
    else { return nil }
    return (columns, rows)
  }
}
