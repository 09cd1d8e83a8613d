import Platform

/// The formats of others that can be imported.
public enum SourceFormat: String, Sendable, CaseIterable {
  /// asciicast v1, v2 or v3, or a recording of ours; plain or gzip.
  case asciicast
  /// Frames of time, length and bytes, as ttyrec and ovh-ttyrec write them.
  case ttyrec
  /// What util-linux script(1) writes: a typescript, mostly with a timing file beside it.
  case script
  /// sudo's I/O log: a folder, or its files with a common prefix.
  case sudoLog = "sudo-iolog"
  /// tlog's JSON messages, one a line.
  case tlog = "tlog-json"
  /// What the SSM agent streams to CloudWatch Logs: JSON with lines of text.
  case cloudWatch = "aws-cloudwatch-json"
  /// Terminal output as it is, without times.
  case raw
}

/// What one file is, as its first bytes tell.
enum SourceContent: Equatable, Sendable {
  /// A recording by itself.
  case recording(SourceFormat)
  /// The timing file of script(1).
  case scriptTiming
  /// sudo's `log`, `log.json` or `timing`.
  case sudoPart

  /// How many bytes are looked at.
  static let sniffedByteCount = 64 << 10

  /// Tells what the file is that begins with `head`; `isWhole`: that is all of it. nil: no recording.
  init?(_ head: [UInt8], isWhole: Bool) {
    if let content = Self.json(head, isWhole: isWhole) {
      self = content
    } else if TtyrecFrame.isPlausible(head, isWhole: isWhole) {
      self = .recording(.ttyrec)
    } else if head.starts(with: TypescriptMarks.start) || head.starts(with: TypescriptMarks.guacamoleStart) {
      self = .recording(.script)
    } else if let content = Self.part(head) {
      self = content
    } else if Self.looksLikeTerminalOutput(head) {
      self = .recording(.raw)
    } else {
      return nil
    }
  }

  /// What a JSON text is, by the names in it; a long first line need not be whole here.
  private static func json(_ head: [UInt8], isWhole: Bool) -> SourceContent? {
    let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]  // a byte order mark
    let text = (head.starts(with: mark) ? head.dropFirst(3) : head[...]).drop { blanks.contains($0) }
    guard let first = text.first else { return nil }
    func has(_ name: String) -> Bool { ByteSearch.first(Array("\"\(name)\"".utf8), in: head) != nil }
    if first == UInt8(ascii: "[") {
      return has("sessionData") || has("message") ? .recording(.cloudWatch) : nil
    }
    if first != UInt8(ascii: "{") { return TlogReader.begins(head) ? .recording(.tlog) : nil }
    if has("timing"), has("ver"), has("rec") || has("out_txt") { return .recording(.tlog) }
    if has("sessionData") || has("eventVersion") { return .recording(.cloudWatch) }
    if has("submituser"), has("timestamp") { return .sudoPart }
    if has("version") { return .recording(.asciicast) }
    if has("events"), has("message") { return .recording(.cloudWatch) }
    // An object that says nothing: the asciicast reader tells what is missing.
    return .recording(.asciicast)
  }

  private static func part(_ head: [UInt8]) -> SourceContent? {
    let line = head.prefix { $0 != 0x0A }
    if line.count > 4096 { return nil }
    if ScriptTiming(parsing: line) != nil { return .scriptTiming }
    if SudoTiming(parsing: line) != nil { return .sudoPart }
    return SudoLogFacts(log: Array(head.prefix(4096))) == nil ? nil : .sudoPart
  }

  /// Whether there are escape sequences, and little that no terminal would get.
  private static func looksLikeTerminalOutput(_ head: [UInt8]) -> Bool {
    var escapes = 0
    var strange = 0
    for (index, byte) in head.enumerated() {
      switch byte {
      case 0x1B:
        let next = index + 1 < head.count ? head[index + 1] : 0
        // The letters and signs that follow ESC in what programs print (ECMA-48 §5.4, §5.5; DEC).
        if "[]()P=>78MDEcNOZ#%*+-./^_X\\Hnlmo|}~".utf8.contains(next) { escapes += 1 }
      case 0x00..<0x07, 0x10..<0x1B, 0x1C..<0x20: strange += 1
      default: break
      }
    }
    return escapes > 0 && strange * 50 <= head.count
  }
}
