// Drives the Format library alone, for scripts/benchmarks/recording-file: what a recorder and a player do, without a
// network, a terminal or a screen.
import Format
import Glibc
import Platform

@main struct RecordingFile {
  static func main() throws {
    let words = CommandLine.arguments
    switch words[1] {
    case "write": try write(to: words[2], megabytes: Int(words[3])!, isLive: true)
    case "make": try write(to: words[2], megabytes: Int(words[3])!, isLive: false)
    case "read": try read(words[2])
    case "jump": try jump(words[2], times: Int(words[3])!)
    case "idle": try idle(words[2])
    default: fatalError("unknown mode")
    }
  }

  static let time = SystemTime()

  /// Colored output of an imaginary build, a megabyte of it, different for each number.
  static func output(_ number: Int) -> [UInt8] {
    var state = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1
    func random(_ limit: UInt64) -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state % limit
    }
    let text = Array("the quick brown fox jumps over the lazy dog and runs home".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(1 << 20)
    var line = number * 9000
    while bytes.count < 1_000_000 {
      line += 1
      bytes += "\u{1B}[32m[\(line)]\u{1B}[0m compiling \u{1B}[1msource_\(String(random(65536), radix: 16)).c".utf8
      bytes += "\u{1B}[0m  \(random(900)) ms  ".utf8
      let start = Int(random(20))
      bytes += text[start..<start + 24]
      bytes += [0x0D, 0x0A]
    }
    return bytes
  }

  /// Writes as fast as the writer takes it. Live: by the clock, as a recorder does; else 20 MB are a second, so that
  /// the length does not depend on the machine.
  static func write(to path: String, megabytes: Int, isLive: Bool) throws {
    let writer = try RecordingWriter(
      try File.open(path, for: .creating(permissions: 0o600)),
      header: Header(size: WindowSize(columns: 120, rows: 40)), recording: .random(), started: time.timestamp,
      options: .live)
    let pool = (0..<16).map(output)
    var written = 0
    let start = time.instant
    for index in 0..<megabytes {
      let bytes = pool[index % pool.count]
      for offset in stride(from: 0, to: bytes.count, by: 4096) {
        let now = isLive ? time.instant.microseconds(since: start) : Int64(written / 20)
        while let due = writer.flushDueAt, due <= now { try writer.flush(at: now) }
        let piece = Array(bytes[offset..<min(offset + 4096, bytes.count)])
        written += piece.count
        try writer.append(Event(microseconds: now, code: .output, bytes: piece))
      }
    }
    let end = isLive ? time.instant.microseconds(since: start) : Int64(written / 20)
    _ = try writer.close(.closed, at: end)
    print(written, time.instant.microseconds(since: start))
  }

  /// All events; prints bytes of output and microseconds of this thread's processor time.
  static func read(_ path: String) throws {
    let start = processorMicroseconds
    let reader = try RecordingReader(path: path)
    var byteCount = 0
    while let event = try reader.nextEvent() { byteCount += event.bytes.count }
    precondition(reader.findings.isEmpty, "\(reader.findings)")
    print(byteCount, processorMicroseconds - start)
  }

  /// Opens the file and jumps to a random time, each time anew; prints median and worst, in microseconds.
  static func jump(_ path: String, times: Int) throws {
    guard let length = try RecordingReader(path: path).summary?.microseconds else { fatalError("no end") }
    var generator = SystemRandomNumberGenerator()
    var spent: [Int64] = []
    for _ in 0..<times {
      let wanted = Int64.random(in: 0..<length, using: &generator)
      let start = time.instant
      let reader = try RecordingReader(path: path)
      try reader.seek(toMicroseconds: wanted)
      guard let event = try reader.nextEvent(), event.microseconds >= wanted else { fatalError("jumped wrong") }
      spent.append(time.instant.microseconds(since: start))
    }
    spent.sort()
    print(spent[spent.count / 2], spent[spent.count - 1])
  }

  /// Two seconds of a session in which nothing happens; prints microseconds of processor time.
  static func idle(_ path: String) throws {
    let writer = try RecordingWriter(
      try File.open(path, for: .creating(permissions: 0o600)),
      header: Header(size: WindowSize(columns: 80, rows: 24)), recording: .random(), started: time.timestamp,
      options: .live)
    try writer.append(Event(microseconds: 0, code: .output, text: "$ "))
    if let due = writer.flushDueAt { try writer.flush(at: due) }
    let start = processorMicroseconds
    let nothing = try DescriptorPair.pipe()
    let limit = writer.flushDueAt.map { min($0, 2_000_000) } ?? 2_000_000
    _ = try Poll.wait([Poll.Interest(nothing.first.rawValue, [.readable])], microseconds: limit)
    print(processorMicroseconds - start)
  }

  static var processorMicroseconds: Int64 {
    var now = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
    return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
  }
}
