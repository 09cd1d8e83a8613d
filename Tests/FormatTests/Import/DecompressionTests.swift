import Platform
import Testing

@testable import Format

@Suite struct DecompressionTests {
  static let options = ForeignSamples.options

  /// The output of a program that compresses; nil where it is not installed.
  static func compressed(_ bytes: [UInt8], with tool: String) throws -> [UInt8]? {
    guard ScriptPeerTests.path(of: tool) != nil else { return nil }
    let folder = try SourceSetTests.Folder([:])
    try File.write(bytes, to: folder.path + "/in", permissions: 0o600)
    let input = try File.open(folder.path + "/in", for: .reading)
    let output = try File.open(folder.path + "/out", for: .creating(permissions: 0o600))
    let child = try ChildProcess.spawn(
      ProgramInvocation(tool, arguments: ["-c"], environment: .current),
      streams: ChildProcess.Streams(input: input.rawValue, output: output.rawValue, error: nil))
    guard try child.waitForExit() == .exited(0) else { return nil }
    return try File.read(folder.path + "/out")
  }

  @Test(arguments: ["bzip2", "zstd", "xz"]) func otherProgramsDecompress(tool: String) throws {
    guard let bytes = try Self.compressed(ForeignSamples.ttyrec, with: tool) else {
      print("\(tool) is not installed: not tested")
      return
    }
    let read = try ForeignSamples.read(bytes)
    #expect(read.formatName == "ttyrec+" + tool && read.events.count == 3 && read.findings == [])
    let cast = try Self.compressed(
      Array("{\"version\":2,\"width\":8,\"height\":2}\n[1,\"o\",\"x\"]\n".utf8), with: tool)
    #expect(try ForeignSamples.read(cast ?? []).formatName == "asciicast-v2+" + tool)
    // From a file, and cut off.
    let folder = try SourceSetTests.Folder([:])
    try File.write(Array(bytes.dropLast(6)), to: folder.path + "/cut", permissions: 0o600)
    do {
      let cut = try ForeignSamples.read(try SourceReader(path: folder.path + "/cut", options: Self.options))
      #expect(cut.findings.contains { $0.kind == .damaged && $0.words.contains(tool) })
    } catch {
      #expect("\(error)".contains(tool))
    }
  }

  @Test func aMissingProgramIsNamed() {
    let options = ImportOptions(environment: Environment(["PATH": "/nowhere"]))
    for method in Decompression.Method.all {
      #expect(throws: ImportError.missingTool(name: "sample", tool: method.tool)) {
        try ForeignSamples.read(method.magic + [0, 0, 0], options: options)
      }
    }
  }

  @Test func gzipIsUndoneHere() throws {
    let samples: [(SourceFormat, [UInt8])] = HostileSourceTests.single
    for (format, bytes) in samples {
      let plain = try ForeignSamples.read(bytes)
      let read = try ForeignSamples.read(GzipSample.of(bytes))
      #expect(read.format == format && read.events == plain.events)
      #expect(read.formatName == plain.formatName + "+gzip")
      let cut = try ForeignSamples.read(
        Array(GzipSample.of(bytes).dropLast(9)), options: ImportOptions(format: format, environment: .current)
      )
      #expect(cut.findings.contains { $0.kind == .unfinished || $0.kind == .damaged })
    }
  }
}
