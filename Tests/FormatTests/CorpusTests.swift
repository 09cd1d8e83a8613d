import Platform
import Testing

@testable import Format

/// Real recordings that nobody here made (`../shared/corpus` beside the package, with a manifest of facts).
@Suite struct CorpusTests {
  static let folder: String? = {
    let package = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
      separator: "/")
    let candidates = [
      Environment.current.nonEmpty("SSMCAST_CORPUS"), package + "/../shared/corpus",
    ]
    return candidates.compactMap { $0 }.first { File.exists($0 + "/manifest.json") }
  }()

  static let isAbsent: Comment =
    "the corpus is not here: put it at ../shared/corpus or name it in SSMCAST_CORPUS"

  struct Entry {
    let path: String
    let json: JSON
    var format: String { json["format"]?.string ?? "" }
    var isAsciicast: Bool { format.hasPrefix("asciicast") }
  }

  static func entries() throws -> [Entry] {
    guard let folder else { return [] }
    let manifest = try JSON(parsing: try File.read(folder + "/manifest.json"))
    return (manifest.array ?? []).compactMap { json in
      json["file"]?.string.map { Entry(path: folder + "/" + $0, json: json) }
    }
  }

  @Test(.enabled(if: folder != nil, isAbsent))
  func everyAsciicastReadsWithTheRightEvents() throws {
    for entry in try Self.entries() where entry.isAsciicast {
      let reader = try RecordingReader(path: entry.path)
      var counts: [String: Int] = [:]
      var last: Int64 = 0
      while let event = try reader.nextEvent() {
        counts[event.code.description, default: 0] += 1
        #expect(event.microseconds >= last)
        last = event.microseconds
      }
      let expected = entry.json["by_code"]?.members ?? []
      for member in expected {
        #expect(counts[member.name] == member.value.integer.map { Int($0) }, "\(entry.path) \(member.name)")
      }
      #expect(counts.count == expected.count, "\(entry.path)")
      #expect(entry.json["version"]?.integer == Int64(reader.asciicastVersion), "\(entry.path)")
      let deviations = entry.json["deviations"]
      // The manifest adds up times that are no intervals in the one file whose notes say so.
      let isAbsolute =
        entry.json["notes"]?.string?.utf8.count ?? 0 > 0 && reader.findings.contains { $0.kind == .deviation }
      if isAbsolute { #expect(last == 91_559_000 && entry.path.hasSuffix("demo_v2.cast")) }
      let duration = isAbsolute ? 0 : entry.json["duration"]?.double ?? 0
      if duration > 0 {
        #expect(abs(Double(last) / 1e6 - duration) < 0.000_01, "\(entry.path): \(last) \(duration)")
      }
      let isOdd =
        deviations?["bad-json-line"] != nil || deviations?["non-monotonic-time"] != nil || isAbsolute
      #expect(reader.findings.isEmpty != isOdd, "\(entry.path): \(reader.findings)")
    }
  }

  @Test(.enabled(if: folder != nil, isAbsent))
  func everyOtherFormatReadsThroughTheSameDoor() throws {
    for set in SourceSet.gather(try Self.entries().filter { !$0.isAsciicast }.map(\.path)) {
      let path = set.paths.first ?? set.name
      let wanted = try ForeignSamples.read(try SourceReader(set, options: ForeignSamples.options)).events
      let reader = try RecordingReader(path: path)
      #expect(reader.container == .foreign && reader.formatName != nil)
      var events: [Event] = []
      while let event = try reader.nextEvent() { events.append(event) }
      #expect(events == wanted, "\(path)")
      // And back: a source is opened again.
      let middle = wanted[wanted.count / 2].microseconds
      try reader.seek(toMicroseconds: middle)
      #expect(try reader.nextEvent() == wanted.first { $0.microseconds >= middle })
    }
  }

  @Test(.enabled(if: folder != nil, isAbsent))
  func whatIsNoRecordingIsRefusedWithFileLineAndCause() throws {
    for name in ["README.md", "LICENSES.txt"] {
      let path = (Self.folder ?? "") + "/" + name
      do {
        _ = try RecordingReader(path: path)
        Issue.record("\(path) was taken for a recording")
      } catch {
        guard case .notARecording(path, 1, _) = error else {
          Issue.record("\(path): \(error)")
          continue
        }
      }
    }
  }

  @Test(.enabled(if: folder != nil, isAbsent))
  func anImportGivesTheSameEventsBack() throws {
    let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-import-")
    defer { try? File.removeTree(folder) }
    for (number, entry) in try Self.entries().enumerated() where entry.isAsciicast {
      if (entry.json["bytes"]?.integer ?? 0) > 250_000 { continue }  // slow without optimization
      let path = "\(folder)/\(number).cast.gz"
      let importer = try Importer(path: entry.path)
      #expect(importer.header.session?["source"]?["sha256"]?.string == entry.json["sha256"]?.string)
      let outcome = try importer.write(
        to: try File.open(path, for: .creating(permissions: 0o600)), recording: .random())
      let source = try RecordingReader(path: entry.path)
      let copy = try RecordingReader(path: path)
      #expect(copy.container == .sealed)
      #expect(copy.summary == outcome.summary)
      while let event = try source.nextEvent() {
        let again = try copy.nextEvent()
        if again != event {
          Issue.record("\(entry.path): \(event) became \(String(describing: again))")
          break
        }
      }
      #expect(try copy.nextEvent() == nil)
      #expect(copy.findings == [])
    }
  }
}
