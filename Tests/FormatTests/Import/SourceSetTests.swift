import Platform
import Testing

@testable import Format

@Suite struct SourceSetTests {
  /// A folder with files, gone with the suite.
  final class Folder {
    let path: String
    init(_ files: [String: String]) throws {
      path = try File.makeTemporaryDirectory(prefix: "ssmcast-set-")
      for (name, text) in files {
        if let slash = name.lastIndex(of: "/") {
          try File.makeDirectory(path + "/" + name[..<slash], permissions: 0o700)
        }
        try File.write(Array(text.utf8), to: path + "/" + name, permissions: 0o600)
      }
    }
    deinit { try? File.removeTree(path) }

    /// The sets of some files, as lists of names.
    func gather(_ names: [String]) -> [[String]] {
      SourceSet.gather(names.map { path + "/" + $0 }).map { set in
        set.paths.map { String($0.dropFirst(path.count + 1)) }
      }
    }
  }

  static let files = [
    "a": ForeignSamples.typescript, "a.timing": ForeignSamples.classicTiming,
    "old/typescript": ForeignSamples.typescript, "old/timing": ForeignSamples.classicTiming,
    "odd.log": ForeignSamples.typescript, "times.txt": ForeignSamples.classicTiming,
    "adv/out.log": ForeignSamples.typescript, "adv/in.log": ForeignSamples.inputLog,
    "adv/t": ForeignSamples.advancedTiming, "x.cast": "{\"version\":2}",
  ]

  @Test func filesThatBelongTogetherAreOneSet() throws {
    let folder = try Folder(Self.files)
    let cases: [([String], [[String]])] = [
      (["a"], [["a", "a.timing"]]), (["a.timing"], [["a", "a.timing"]]),
      (["a", "a.timing"], [["a", "a.timing"]]), (["a.timing", "x.cast"], [["a", "a.timing"], ["x.cast"]]),
      (["old/typescript"], [["old/typescript", "old/timing"]]),
      (["old/timing"], [["old/typescript", "old/timing"]]),
      (["odd.log"], [["odd.log"]]), (["odd.log", "times.txt"], [["odd.log", "times.txt"]]),
      (["times.txt", "odd.log"], [["odd.log", "times.txt"]]),
      (["adv/t"], [["adv/out.log", "adv/t", "adv/in.log"]]),
      (["adv/in.log", "adv/t", "adv/out.log"], [["adv/out.log", "adv/t", "adv/in.log"]]),
      (["x.cast", "x.cast"], [["x.cast"]]), (["nothing"], [["nothing"]]),
    ]
    for (given, expected) in cases { #expect(folder.gather(given) == expected, "\(given)") }
  }

  @Test func halfOfAPairIsRefusedWithWhatIsMissing() throws {
    let folder = try Folder([
      "t.timing": ForeignSamples.classicTiming, "ttyout": "\u{1B}[1m", "timing": "4 0.1 3\n",
    ])
    for (name, words) in [("t.timing", "typescript"), ("timing", "sudo I/O log")] {
      #expect {
        try SourceReader(path: folder.path + "/" + name, options: ForeignSamples.options)
      } throws: { error in
        guard case ImportError.missingCompanion(_, let what, _) = error else { return false }
        return what.contains(words)
      }
    }
  }

  @Test func sudoFoldersAreReadPlainAndCompressed() throws {
    let folder = try Folder(Dictionary(uniqueKeysWithValues: ForeignSamples.sudo.map { ("io/" + $0, $1) }))
    func read() throws -> ForeignSamples.Result {
      try ForeignSamples.read(try SourceReader(path: folder.path + "/io", options: ForeignSamples.options))
    }
    let plain = try read()
    #expect(plain.codes == "oioerssio" && plain.findings.map(\.kind) == [.unfinished])
    for name in ["timing", "ttyout", "ttyin", "stderr"] {
      let path = folder.path + "/io/" + name
      let text = Array((ForeignSamples.sudo[name] ?? "").utf8)
      try File.write(GzipSample.of(text), to: path, permissions: 0o600)
    }
    let compressed = try read()
    #expect(compressed.events == plain.events)
  }
}

/// Gzip files made here.
enum GzipSample {
  static func of(_ text: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    Deflater(level: 6).deflate(text, flush: .finish, into: &bytes)
    return bytes + GzipTrailer.encode(text)
  }
}
