import Testing

@testable import Format

/// A writer that is killed between any two bytes it writes loses nothing it had flushed, and doubles nothing.
@Suite struct MemberAssemblerTests {
  @Test(arguments: [1, 2, 3]) func aKillAtAnyPointOfTheRewriteLosesNothing(seed: Int) throws {
    let bytes = Samples.output(byteCount: 8_000, seed: UInt64(seed))
    let events = Samples.events(of: bytes, pieceByteCount: 500, interval: 700_000)
    var file: [UInt8] = []
    var flushed = 0
    var wrong: [String] = []
    var rewrites = 0
    let steps = Samples.steps(events, options: .live)
    for (number, step) in steps.enumerated() {
      if case .overwrite = step { rewrites += 1 }
      let cuts =
        step.byteCount < 100
        ? Array(0...step.byteCount) : Array(stride(from: 0, through: step.byteCount, by: 97))
      for cut in cuts {
        var killed = file
        step.apply(to: &killed, cut: cut)
        guard !killed.isEmpty, let read = try? Samples.read(killed) else {
          if flushed > 0 { wrong.append("step \(number) cut \(cut): unreadable") }
          continue
        }
        let output = Samples.bytes(.output, of: read.events)
        if output.count < flushed || output != Array(bytes.prefix(output.count)) {
          wrong.append("step \(number) cut \(cut): \(output.count) of \(flushed)")
        }
        let kinds = Set(read.findings.map(\.kind))
        if !kinds.isSubset(of: [.unfinished]) { wrong.append("step \(number) cut \(cut): \(read.findings)") }
      }
      step.apply(to: &file)
      let read = try Samples.read(file)
      flushed = max(flushed, Samples.bytes(.output, of: read.events).count)
    }
    #expect(wrong.prefix(5) == [])
    #expect(rewrites == 1)
    #expect(flushed == bytes.count)
    #expect(try Samples.read(file).findings == [])
  }

  @Test func aFileThatMayNotBeRewrittenEndsItsStreamAsItIs() throws {
    let events = Samples.events(
      of: Samples.output(byteCount: 20_000, seed: 9), pieceByteCount: 500, interval: 700_000)
    let steps = Samples.steps(events, options: .live, mayRewrite: false)
    var file: [UInt8] = []
    for step in steps {
      if case .overwrite = step { Issue.record("a file that may not be changed was changed") }
      step.apply(to: &file)
    }
    let (read, findings) = try Samples.read(file)
    #expect(Samples.bytes(.output, of: read) == Samples.bytes(.output, of: events))
    #expect(findings == [])
  }
}
