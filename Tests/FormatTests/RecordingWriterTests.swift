import Platform
import Testing

@testable import Format

/// The writer on real files, and other programs reading them.
@Suite struct RecordingWriterTests {
  /// Writes a session with flushes in between.
  static func write(_ events: [Event], to file: consuming Descriptor) throws -> RecordingSummary {
    let writer = try RecordingWriter(
      file, header: Samples.header, recording: Samples.recording, started: Samples.started, options: .live)
    for event in events {
      while let due = writer.flushDueAt, due <= event.microseconds { try writer.flush(at: due) }
      try writer.append(event)
    }
    return try writer.close(.closed, at: events.last?.microseconds ?? 0)
  }

  static let events = Samples.events(
    of: Samples.output(byteCount: 40_000, seed: 21), pieceByteCount: 700, interval: 900_000)

  /// The v3 text of the events, as the writer makes it.
  static var text: [UInt8] {
    var text: [UInt8] = []
    Samples.header.append(to: &text)
    var encoder = LineEncoder(.v3, precision: .milliseconds)
    for event in events { encoder.append(event, to: &text) }
    _ = encoder.finish(at: events.last?.microseconds ?? 0, to: &text)
    return text
  }

  /// What a program prints; nil where it is not installed.
  static func output(of program: String, _ arguments: [String]) throws -> (
    output: [UInt8], status: Platform.ExitStatus
  )? {
    let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-output-")
    defer { try? File.removeTree(folder) }
    let output = try File.open(folder + "/output", for: .creating(permissions: 0o600))
    let invocation = ProgramInvocation(
      program, arguments: arguments, environment: .current, workingDirectory: nil)
    let child: ChildProcess
    do throws(Errno) {
      child = try ChildProcess.spawn(
        invocation, streams: ChildProcess.Streams(input: nil, output: output.rawValue, error: nil))
    } catch {
      return nil
    }
    let status = try child.waitForExit()
    return (try File.read(folder + "/output"), status)
  }

  /// The reading end of a pipe that holds all that was written, and ends there.
  static func filledPipe(_ write: (consuming Descriptor) throws -> Void) throws -> Descriptor {
    let pair = try DescriptorPair.pipe()
    try write(try pair.second.duplicate())
    return try pair.first.duplicate()
  }

  @Test func aFileIsAsSmallAsItsTextAllowsAndReadsBack() throws {
    let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-writer-")
    defer { try? File.removeTree(folder) }
    let path = folder + "/a.cast.gz"
    let summary = try Self.write(Self.events, to: try File.open(path, for: .creating(permissions: 0o600)))
    let reader = try RecordingReader(path: path)
    #expect(reader.summary == summary)
    var output: [UInt8] = []
    while let event = try reader.nextEvent() { output += event.bytes }
    #expect(output == Samples.bytes(.output, of: Self.events))
    #expect(reader.findings == [])
    let size = try File.status(path).size
    let plain = MemberCompressor().deflate(Self.text, level: 9).count + 18
    #expect(size <= Int64(plain + 108))
  }

  @Test func zcatGzipAndPythonReadWhatIsWritten() throws {
    let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-writer-")
    defer { try? File.removeTree(folder) }
    let path = folder + "/a.cast.gz"
    _ = try Self.write(Self.events, to: try File.open(path, for: .creating(permissions: 0o600)))
    let script = "import gzip,sys; sys.stdout.buffer.write(gzip.open(sys.argv[1]).read())"
    for (program, arguments) in [("zcat", [path]), ("python3", ["-c", script, path])] {
      guard let (output, status) = try Self.output(of: program, arguments) else { continue }
      #expect(status == .exited(0))
      #expect(output == Self.text, "\(program)")
    }
    if let (_, status) = try Self.output(of: "gzip", ["-t", path]) { #expect(status == .exited(0)) }
  }

  @Test func appendOnlyFilesAndPipesAreWrittenWithoutGoingBack() throws {
    let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-writer-")
    defer { try? File.removeTree(folder) }
    let path = folder + "/a.cast.gz"
    _ = try Self.write(Self.events, to: try File.open(path, for: .appending(permissions: 0o600)))
    let (read, findings) = try Samples.read(try File.read(path))
    #expect(Samples.bytes(.output, of: read) == Samples.bytes(.output, of: Self.events))
    #expect(findings == [])
    let pipe = try Self.filledPipe { _ = try Self.write(Samples.events, to: $0) }
    let reader = try RecordingReader(pipe, name: "pipe")
    #expect(reader.summary == nil)
    var events: [Event] = []
    while let event = try reader.nextEvent() { events.append(event) }
    #expect(events == RecordingTests.expected)
    #expect(reader.findings == [])
    #expect(throws: FormatError.cannotSeek(name: "pipe")) { try reader.seek(toMicroseconds: 0) }
  }

  @Test func aFileThatCannotBeWrittenEndsWithOneError() throws {
    let full = try File.open("/dev/full", for: .readingAndWriting)
    #expect(throws: FormatError.cannotWrite(offset: 0, .noSpace)) {
      _ = try RecordingWriter(
        try full.duplicate(), header: Samples.header, recording: Samples.recording, started: Samples.started,
        options: .live)
    }
  }

  @Test func nothingIsTakenAfterTheClose() throws {
    let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-writer-")
    defer { try? File.removeTree(folder) }
    let writer = try RecordingWriter(
      try File.open(folder + "/a", for: .creating(permissions: 0o600)), header: Samples.header,
      recording: Samples.recording, started: Samples.started, options: .live)
    #expect(writer.flushDueAt == nil)
    try writer.append(Samples.events[1])
    #expect(writer.flushDueAt == 1_500_400)
    try writer.flush(at: 1_500_400)
    #expect(writer.flushDueAt == nil)
    _ = try writer.close(.interrupted, at: 2_000_000)
    #expect(throws: FormatError.closed) { try writer.append(Samples.events[0]) }
    #expect(throws: FormatError.closed) { _ = try writer.close(.closed, at: 0) }
  }
}
