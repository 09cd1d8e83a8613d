public import Platform

/// Turns a recording into another format: `begin`, `append` for each event, `finish`; all bytes go to a buffer
/// that the caller writes out and empties as it likes. Formats of several files put the others' bytes into
/// `companions`.
public struct Exporter: Sendable {
  /// Formats that recordings are written in for other programs.
  public enum Format: String, Sendable, CaseIterable {
    /// asciicast v1: one JSON object with all output.
    case v1
    /// asciicast v2, as asciinema 2 reads it. Standard error becomes output.
    case v2
    /// asciicast v3, with our codes and the exact bytes: nothing is lost.
    case v3
    /// The bytes the terminal got, after a sequence that sets its size.
    case raw
    /// Lines of text without escape sequences.
    case txt
    /// Frames of time, length and bytes.
    case ttyrec
    /// What script(1) writes: a typescript, with advanced timing and an input log beside it.
    case script
    /// The same with the timing file of older versions: output alone.
    case scriptClassic = "script-classic"

    /// Whether there are files beside the main one.
    public var hasCompanions: Bool { self == .script || self == .scriptClassic }
  }

  /// Bytes of the files beside the main one; the caller appends them to those files and empties them.
  public struct Companions: Hashable, Sendable {
    /// The timing file, named like the main one with `.timing` after it.
    public var timing: [UInt8] = []
    /// The input log, with `.input`; it stays empty where the timing has no place for input.
    public var input: [UInt8] = []

    /// Without companions.
    public init() {}
  }

  /// What it writes.
  public let format: Format
  /// What the format could not hold so far.
  public private(set) var losses = Losses()
  /// What goes into files beside the main one.
  public var companions = Companions()
  private var encoder: LineEncoder
  private var plainText = PlainText()
  private var ttyrec = TtyrecWriter()
  private var script: ScriptWriter
  private var microseconds: Int64 = 0
  private var isFirst = true

  /// - Parameters:
  ///   - format: what to write.
  ///   - name: the main file's name without folders, which script's timing tells; nil: none.
  public init(_ format: Format, name: String? = nil) {
    self.format = format
    encoder = LineEncoder(format == .v1 ? .v1 : format == .v2 ? .v2 : .v3, precision: .microseconds)
    script = ScriptWriter(isClassic: format == .scriptClassic, name: name)
  }

  /// Appends what comes before the first event.
  /// - Parameters:
  ///   - header: the recording's.
  ///   - bytes: what is appended to.
  ///   - started: wall clock at time zero, if it is known better than the header's whole seconds.
  public mutating func begin(_ header: Header, started: Timestamp? = nil, into bytes: inout [UInt8]) {
    let started = started ?? header.timestamp
    switch format {
    case .v1: header.beginVersion1(&bytes)
    case .v2, .v3:
      header.json(version: format == .v2 ? 2 : 3).append(to: &bytes)
      bytes.append(0x0A)
    case .raw: bytes += header.sizeSequence ?? []
    case .txt: break
    case .ttyrec:
      losses.omittedFacts = header.facts(besides: [])
      ttyrec.begin(header, started: started, into: &bytes)
    case .script, .scriptClassic:
      losses.omittedFacts = header.facts(besides: ["command", "terminal type"])
      script.begin(header, started: started, into: &bytes, &companions)
    }
  }

  /// Appends one event, in order of time.
  public mutating func append(_ event: Event, into bytes: inout [UInt8]) {
    microseconds = max(microseconds, event.microseconds)
    if format == .v3 {
      encoder.append(event, to: &bytes)
      return
    }
    var event = event
    if event.code == .standardError {
      event.code = .output
      losses.mergedEvents += 1
    }
    if !write(event, into: &bytes) { losses.omit(event.code) }
  }

  /// - Returns: false where the format has no place for the event.
  private mutating func write(_ event: Event, into bytes: inout [UInt8]) -> Bool {
    switch format {
    case .v3: encoder.append(event, to: &bytes)
    case .v2:
      if event.code == .state || event.code == .port { return false }
      encoder.append(event, to: &bytes)
      losses.replacedEvents = encoder.repairedCount
    case .v1:
      guard event.code == .output else { return false }
      appendFrame(event, into: &bytes)
    case .raw:
      guard event.code == .output else { return false }
      bytes += event.bytes
    case .txt:
      guard event.code == .output else { return false }
      plainText.append(event.bytes, into: &bytes)
    case .ttyrec:
      guard event.code == .output else { return false }
      ttyrec.append(event, into: &bytes)
    case .script, .scriptClassic: return script.append(event, into: &bytes, &companions)
    }
    return true
  }

  private mutating func appendFrame(_ event: Event, into bytes: inout [UInt8]) {
    let start = bytes.count
    if encoder.append(event, to: &bytes) { separateFrame(at: start, in: &bytes) }
    losses.replacedEvents = encoder.repairedCount
  }

  /// Frames of version 1 stand in a list: each but the first has a comma before it, in place of a line's end.
  private mutating func separateFrame(at start: Int, in bytes: inout [UInt8]) {
    bytes.removeLast()
    bytes.insert(contentsOf: isFirst ? [0x0A] : [UInt8(ascii: ","), 0x0A], at: start)
    isFirst = false
  }

  /// Appends what still waited for more.
  public mutating func finish(into bytes: inout [UInt8]) {
    switch format {
    case .v1:
      let start = bytes.count
      if encoder.finish(at: microseconds, to: &bytes) > 0 { separateFrame(at: start, in: &bytes) }
      losses.replacedEvents = encoder.repairedCount
      bytes += "\n],\"duration\":".utf8
      DecimalText.appendSeconds(microseconds: microseconds, to: &bytes)
      bytes += "}\n".utf8
    case .v2, .v3:
      _ = encoder.finish(at: microseconds, to: &bytes)
      if format == .v2 { losses.replacedEvents = encoder.repairedCount }
    case .txt: plainText.finish(into: &bytes)
    case .raw, .ttyrec: break
    case .script, .scriptClassic: script.finish(at: microseconds, into: &bytes, &companions)
    }
  }
}

extension Header {
  /// Appends the beginning of a version 1 document, up to its list of frames.
  fileprivate func beginVersion1(_ bytes: inout [UInt8]) {
    json(version: 1).append(to: &bytes)
    bytes.removeLast()  // the object goes on
    bytes += ",\"stdout\":[".utf8
  }

  /// What tells a terminal the size; nil where the output itself does, or nothing did.
  var sizeSequence: [UInt8]? {
    guard sizeOrigin == .told, size.columns > 0, size.rows > 0 else { return nil }
    return SizeSequence.encode(size)
  }
}
