import Platform
import Testing

@testable import Format

/// The corpus through the importer: what its manifest counts comes out, or a clear refusal.
@Suite struct CorpusImportTests {
  @Test(.enabled(if: CorpusTests.folder != nil, CorpusTests.isAbsent))
  func everyFileImportsWithTheEventsTheManifestCounts() throws {
    let entries = try CorpusTests.entries()
    let sets = SourceSet.gather(entries.map(\.path))
    #expect(sets.count == 48)
    var counted = 0
    for set in sets {
      let read = try ForeignSamples.read(try SourceReader(set, options: ForeignSamples.options))
      guard let entry = entries.first(where: { $0.path == set.name }) else { continue }
      var counts: [String: Int64] = [:]
      for event in read.events { counts[event.code.description, default: 0] += 1 }
      let expected = entry.json["by_code"]?.members ?? []
      for member in expected { #expect(counts[member.name] == member.value.integer, "\(set.name)") }
      #expect(counts.count == expected.count, "\(set.name)")
      #expect(read.formatName.hasPrefix(entry.format.replacing("-alacritty", "")), "\(read.formatName)")
      counted += 1
    }
    #expect(counted == 46)
  }

  @Test(.enabled(if: CorpusTests.folder != nil, CorpusTests.isAbsent))
  func sudoLogsAreFoundByAnyOfTheirFiles() throws {
    let paths = try CorpusTests.entries().map(\.path).filter { $0.contains("iolog_filter") }
    let counts = [("test1", 44, 142, 35), ("test2", 73, 88, 38)]
    for (name, events, output, input) in counts {
      for path in paths where path.contains(name) {
        let sets = SourceSet.gather([path])
        #expect(sets.count == 1 && sets[0].paths.count == 4)
        let read = try ForeignSamples.read(try SourceReader(sets[0], options: ForeignSamples.options))
        #expect(read.format == .sudoLog && read.findings == [])
        #expect(read.events.count == events, "\(name): \(read.events.count)")
        #expect(read.output.utf8.count == output && read.input.utf8.count == input)
      }
    }
  }

  @Test(.enabled(if: CorpusTests.folder != nil, CorpusTests.isAbsent))
  func whatIsNoRecordingIsRefusedWithItsName() throws {
    let folder = CorpusTests.folder ?? ""
    for name in ["README.md", "LICENSES.txt", "manifest.json"] {
      #expect(throws: ImportError.unrecognized(name: "\(folder)/\(name)")) {
        try SourceReader(path: "\(folder)/\(name)", options: ForeignSamples.options)
      }
    }
    #expect(throws: ImportError.unknownFolder(name: folder)) {
      try SourceReader(path: folder, options: ForeignSamples.options)
    }
  }
}
