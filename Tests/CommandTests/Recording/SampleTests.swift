import Platform
import Testing

/// The recordings in samples/: what each is said to hold is in it.
@Suite struct SampleTests {
  private let workspace: Workspace
  init() throws { workspace = try Workspace() }

  private func sample(_ name: String) -> String { "\(Products.checkout)/samples/\(name).cast.gz" }

  @Test func everySampleIsListedWholeAndExplained() throws {
    let folder = Products.checkout + "/samples"
    let readme = String(decoding: try File.read(folder + "/README.md"), as: UTF8.self)
    let names = try File.names(in: folder).filter { $0.hasSuffix(".cast.gz") }
    #expect(names.count >= 6)
    for name in names {
      #expect(readme.contains("`\(name)`"), "samples/README.md has no line on \(name)")
      let shown = try workspace.run("ssmplay", ["show", "\(folder)/\(name)"])
      #expect(shown.status == .exited(0) && shown.text.contains("closed"), "\(shown.allText)")
      let recording = try Recording("\(folder)/\(name)", in: workspace)
      #expect(recording.complaint == "" && recording.states.last == "closed", "\(name)")
      #expect(recording.header["ssm"]?["recorder"]?["host"]?.string == "demo", "\(name)")
    }
  }

  @Test func samplesHoldWhatTheirNamesSay() throws {
    let cases: [(name: String, code: String, texts: [String])] = [
      ("shell-with-a-typo", "o", ["\u{08}\u{1B}[K", "command not found", "\u{1B}[01;34m", "status 1"]),
      ("vim-edits-a-file", "o", ["\u{1B}[?1049h", "-- INSERT --", "\u{1B}[?1049l", "hello, world"]),
      ("top-for-five-seconds", "o", ["load average", "%Cpu(s)", "\u{1B}[31m"]),
      ("build-log", "o", ["module_240.c", "warning:", "\r\u{1B}[KLinking", "100%"]),
      ("unicode-and-wide-characters", "o", ["日本語", "žluťoučký", "👨‍👩‍👧‍👦", "שלום", "┌──┬──┐"]),
      ("resize-in-the-middle", "r", ["120x40", "60x15"]), ("resize-in-the-middle", "o", ["40 120", "15 60"]),
    ]
    for (name, code, texts) in cases {
      let held = try Recording(sample(name), in: workspace).text(code)
      for text in texts { #expect(held.contains(text), "\(name) has no \(text)") }
    }
    let raw = try workspace.run("ssmplay", ["export", "--to", "raw", sample("bytes-that-are-not-utf8")])
    #expect(
      raw.output.split(separator: [UInt8]("gr".utf8) + [0xFC, 0xDF] + "e".utf8, maxSplits: 1).count == 2)
    #expect(raw.output.split(separator: [0x7F] + [UInt8]("ELF".utf8), maxSplits: 1).count == 2)
  }
}
