import Platform

@testable import Format

/// Recordings made in memory, and what their writer would have done to a file.
enum Samples {
  static let recording = RecordingID(checked: Array(0..<16))
  static let started = Timestamp(microseconds: 1_763_700_000_123_456)
  static let size = WindowSize(columns: 80, rows: 24)

  /// Limits that give a few members for each 50 KB.
  static let smallMembers = MemberAssembler.Limits(
    textTarget: 8 << 10, textLimit: 64 << 10, compressedFloor: 1 << 10, idleTextFloor: 2 << 10)

  /// A generator whose numbers are the same in every run (SplitMix64).
  struct Numbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return value ^ (value >> 31)
    }
  }

  static var header: Header {
    var header = Header(
      size: size, timestamp: Timestamp(microseconds: 1_763_700_000_000_000), title: "a \"title\"",
      command: "/bin/sh -l", terminalType: "xterm-256color",
      environment: [Header.Variable("SHELL", "/bin/sh"), Header.Variable("LANG", "C.UTF-8")],
      idleTimeLimit: 2.5, session: ["session": "user-0123", "target": "i-0123"])
    header.otherKeys = [JSON.Member("tags", ["a", "b"])]
    return header
  }

  /// A short session with all codes, bytes that are no UTF-8, and characters cut in two.
  static let events: [Event] = [
    Event(microseconds: 0, code: .output, text: "$ "),
    Event(microseconds: 500_400, code: .input, text: "ls\r"),
    Event(microseconds: 1_000_600, code: .output, bytes: [0x1B, 0x5B, 0x33, 0x31, 0x6D, 0xE2, 0x94]),
    Event(microseconds: 1_001_000, code: .output, bytes: [0x80, 0x0D, 0x0A]),
    Event(microseconds: 1_500_000, code: .resize, text: "120x40"),
    Event(microseconds: 2_000_000, code: .standardError, bytes: [0xFF, 0x41, 0xC0, 0xAF]),
    Event(microseconds: 2_000_000, code: .state, text: "{\"state\":\"gap\"}"),
    Event(microseconds: 3_000_000, code: .marker, text: ""),
    Event(microseconds: 4_000_000, code: Event.Code(rawValue: UInt8(ascii: "z")), text: "kept"),
    Event(microseconds: 5_000_000, code: .exit, text: "0"),
  ]

  /// Terminal-like output: repetitive, coloured, now and then random.
  static func output(byteCount: Int, seed: UInt64) -> [UInt8] {
    var numbers = Numbers(state: seed)
    let words = [
      "drwxr-xr-x", "root", "\u{1B}[34m", "\u{1B}[0m", "swift", "├──", "total", "12:07", "\r\n", " ",
    ]
    var bytes: [UInt8] = []
    while bytes.count < byteCount {
      bytes += words.randomElement(using: &numbers)!.utf8
      if Int.random(in: 0..<6, using: &numbers) == 0 {
        bytes += String(Int.random(in: 0..<100_000, using: &numbers)).utf8
      }
    }
    return Array(bytes.prefix(byteCount))
  }

  /// One event for each `pieceByteCount` bytes, `interval` microseconds apart.
  static func events(of bytes: [UInt8], pieceByteCount: Int, interval: Int64) -> [Event] {
    stride(from: 0, to: bytes.count, by: pieceByteCount).enumerated().map { index, start in
      Event(
        microseconds: Int64(index) * interval, code: .output,
        bytes: Array(bytes[start..<min(start + pieceByteCount, bytes.count)]))
    }
  }

  /// What a writer does to its file, with `flush` called as a loop would.
  static func steps(
    _ events: [Event], options: RecordingWriter.Options, closing reason: EndReason? = .closed,
    mayRewrite: Bool = true, limits: MemberAssembler.Limits = MemberAssembler.Limits()
  ) -> [FileStep] {
    var assembler = MemberAssembler(
      header: header, recording: recording, started: started, options: options, limits: limits)
    var steps = assembler.takeSteps()
    for event in events {
      while let due = assembler.flushDueAt, due <= event.microseconds {
        assembler.flush(at: due) { mayRewrite }
        steps += assembler.takeSteps()
      }
      assembler.append(event) { mayRewrite }
      steps += assembler.takeSteps()
    }
    if let reason {
      _ = assembler.close(reason, at: events.last?.microseconds ?? 0) { mayRewrite }
      steps += assembler.takeSteps()
    }
    return steps
  }

  /// The bytes of a whole recording.
  static func file(
    _ events: [Event], options: RecordingWriter.Options = .live, closing reason: EndReason? = .closed,
    limits: MemberAssembler.Limits = MemberAssembler.Limits()
  ) -> [UInt8] {
    var file: [UInt8] = []
    for step in steps(events, options: options, closing: reason, limits: limits) { step.apply(to: &file) }
    return file
  }

  /// All events of a source and its findings.
  static func read(_ bytes: [UInt8]) throws -> (events: [Event], findings: [Finding]) {
    let reader = try RecordingReader(bytes, name: "sample")
    var events: [Event] = []
    while let event = try reader.nextEvent() { events.append(event) }
    return (events, reader.findings)
  }

  /// The bytes of one code, all events together.
  static func bytes(_ code: Event.Code, of events: [Event]) -> [UInt8] {
    events.filter { $0.code == code }.flatMap(\.bytes)
  }
}

extension FileStep {
  /// Does the step to a file in memory; with `cut`, only its first bytes, as a kill in mid-write leaves it.
  func apply(to file: inout [UInt8], cut: Int? = nil) {
    switch self {
    case .append(let bytes): file += bytes.prefix(cut ?? bytes.count)
    case .overwrite(let bytes, let offset):
      let part = bytes.prefix(cut ?? bytes.count)
      file.replaceSubrange(Int(offset)..<Int(offset) + part.count, with: part)
    case .synchronize: break
    case .truncate(let length): file.removeSubrange(Int(length)...)
    }
  }

  /// Bytes it writes.
  var byteCount: Int {
    switch self {
    case .append(let bytes), .overwrite(let bytes, _): bytes.count
    case .synchronize, .truncate: 0
    }
  }
}
