import Platform
import Testing

@testable import Format

/// util-linux on this machine: our exports in scriptreplay, what script writes in our importer.
@Suite struct ScriptPeerTests {
  static func path(of program: String) -> String? {
    (Environment.current["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
      .first { File.isExecutable($0) }
  }

  static let isAbsent: Comment = "util-linux's script and scriptreplay are not on PATH"
  static let isThere = path(of: "script") != nil && path(of: "scriptreplay") != nil

  /// A program's standard output; its input is empty.
  static func run(_ program: String, _ arguments: [String], in folder: String) throws -> [UInt8] {
    let pipe = try DescriptorPair.pipe()
    let child = try ChildProcess.spawn(
      ProgramInvocation(
        program, arguments: arguments, environment: .current, workingDirectory: folder),
      streams: ChildProcess.Streams(input: nil, output: pipe.second.rawValue, error: nil))
    // Nothing printed here fills a pipe.
    let status = try child.waitForExit()
    #expect(status == .exited(0), "\(program) \(arguments)")
    try pipe.first.setNonBlocking(true)
    guard case .bytes(let bytes) = try pipe.first.read(upTo: 1 << 16) else { return [] }
    return bytes
  }

  static let events: [Event] = [
    Event(microseconds: 1000, code: .output, text: "one \u{1B}[1mbold\u{1B}[0m\r\n"),
    Event(microseconds: 2000, code: .input, text: "ls\r"),
    Event(microseconds: 3000, code: .resize, text: "100x30"),
    Event(microseconds: 4000, code: .output, bytes: [0xFF, 0xC3]),
    Event(microseconds: 5000, code: .output, bytes: [0xA9, 0x0A]),
    Event(microseconds: 9000, code: .exit, text: "3"),
  ]

  @Test(.enabled(if: isThere, isAbsent)) func scriptreplayPlaysOurExports() throws {
    let folder = try SourceSetTests.Folder([:])
    for format in [Exporter.Format.script, .scriptClassic] {
      let exported = RoundTripTests.export(
        format, Header(size: Samples.size, terminalType: "xterm"), Self.events, started: Samples.started)
      for (name, bytes) in [
        ("name", exported.main), ("name.timing", exported.companions.timing),
        ("name.input", exported.companions.input),
      ] { try File.write(bytes, to: folder.path + "/" + name, permissions: 0o600) }
      let played = try Self.run("scriptreplay", ["-t", "name.timing", "-O", "name"], in: folder.path)
      let output = Samples.bytes(.output, of: Self.events)
      #expect(played == output || played == output + [0x0A], "\(format): \(played)")
      if format == .scriptClassic { continue }
      let typed = try Self.run(
        "scriptreplay", ["-t", "name.timing", "-I", "name.input", "-x", "in", "-c", "never"], in: folder.path)
      #expect(typed.starts(with: Array("ls\r".utf8)), "\(typed)")
      let summary = try Self.run("scriptreplay", ["-t", "name.timing", "--summary"], in: folder.path)
      let line = String(decoding: summary, as: UTF8.self).split(separator: "\n").first {
        $0.contains("EXIT_CODE:")
      }
      #expect(line?.hasSuffix(" 3") == true)
    }
  }

  @Test(.enabled(if: isThere, isAbsent)) func whatScriptWritesIsRead() throws {
    let folder = try SourceSetTests.Folder([:])
    let command = "printf 'caf\\303\\251 \\377\\n'; sleep 0.05; echo done; exit 3"
    _ = try Self.run(
      "script", ["-q", "-c", command, "-O", "adv.log", "-T", "adv.timing", "-m", "advanced"], in: folder.path)
    _ = try Self.run(
      "script", ["-q", "-c", command, "-B", "both.log", "-T", "both.timing"], in: folder.path)
    _ = try Self.run(
      "script", ["-q", "-c", command, "-T", "old.timing", "-m", "classic", "old"], in: folder.path)
    for (name, hasDuration) in [("adv.timing", true), ("both.timing", true), ("old", false)] {
      let reader = try SourceReader(path: folder.path + "/" + name, options: ForeignSamples.options)
      let read = try ForeignSamples.read(reader)
      #expect(read.format == .script && read.findings == [], "\(name): \(read.findings)")
      let output = Samples.bytes(.output, of: read.events)
      #expect(output == Array("café ".utf8) + [0xFF] + Array("\r\ndone\r\n".utf8), "\(name)")
      #expect(read.events.last?.text == "3" && read.header.command == command, "\(name)")
      #expect(read.started != nil && (read.times.last ?? 0 >= 50_000 || !hasDuration))
    }
  }
}
