import Platform
import Testing

@testable import Format

/// Whole recordings made of broken ones.
@Suite struct RepairTests {
  private let folder: String

  init() throws { folder = try File.makeTemporaryDirectory(prefix: "ssmcast-repair-") }

  /// Repairs bytes; the new file and what was said of it.
  private func repaired(_ bytes: [UInt8]) throws -> (file: [UInt8], outcome: Repair.Outcome) {
    try File.write(bytes, to: folder + "/broken.cast.gz", permissions: 0o600)
    var repair = try Repair(path: folder + "/broken.cast.gz")
    let output = try File.open(folder + "/whole.cast.gz", for: .replacing(permissions: 0o600))
    let outcome = try repair.write(to: output, recording: .random())
    let file = try File.read(folder + "/whole.cast.gz")
    #expect(try File.read(folder + "/broken.cast.gz") == bytes, "the source stays as it is")
    return (file, outcome)
  }

  @Test func aKilledRecordingBecomesWhole() throws {
    defer { try? File.removeTree(folder) }
    let killed = VerifierTests.file(VerifierTests.longEvents, closing: nil, options: .live)
    let kept = try Samples.read(killed).events
    let (file, outcome) = try repaired(killed)
    #expect(try VerifierTests.verify(file).verdict == .intact)
    let (events, findings) = try Samples.read(file)
    #expect(findings == [])
    #expect(Array(events.dropLast()) == kept)
    let report = try JSON(parsing: events.last?.bytes ?? [])
    #expect(report["state"]?.string == "repaired")
    #expect(report["source"]?["sha256"]?.string == SHA256.hash(killed).hexadecimal)
    #expect(outcome.gapCount == 0)
    let header = try RecordingReader(file, name: "whole").header
    #expect(header.session?["repaired"]?["recording"]?.string == Samples.recording.bytes.hexadecimal)
    #expect(header.title == Samples.header.title)
  }

  @Test func whatIsLostIsAGapAtItsTime() throws {
    defer { try? File.removeTree(folder) }
    var file = VerifierTests.file(VerifierTests.longEvents)
    let whole = try Samples.read(file).events
    let table = try #require(try EndLocator.locate(InputWindow(file, name: "sample"))?.table)
    let lost = table.entries[1]
    file.removeSubrange(table.entries[0].byteCount..<table.entries[0].byteCount + lost.byteCount)
    let (repairedFile, outcome) = try repaired(file)
    #expect(outcome.gapCount == 1)
    let events = try Samples.read(repairedFile).events
    let gap = try #require(events.first { $0.code == .state && $0.text.contains("\"gap\"") })
    #expect(gap.microseconds == table.entries[2].microseconds)
    let kept = events.filter { $0.code == .output }
    #expect(kept.count == whole.count - lost.eventCount)
    #expect(try VerifierTests.verify(repairedFile).verdict == .intact)
  }

  @Test func everyPrefixThatCanBeReadCanBeRepaired() throws {
    defer { try? File.removeTree(folder) }
    let file = VerifierTests.file(Samples.events)
    for length in stride(from: 60, to: file.count, by: 23) {
      guard let kept = try? Samples.read(Array(file.prefix(length))).events else { continue }
      let events = try Samples.read(try repaired(Array(file.prefix(length))).file).events
      #expect(Array(events.dropLast()) == kept, "length \(length)")
    }
  }
}
