import Platform
import Testing

@testable import Format

/// Every prefix, flipped bytes and random bytes for each reader: it may refuse, but not crash, hang or grow.
@Suite struct HostileSourceTests {
  static let single: [(SourceFormat, [UInt8])] = [
    (.ttyrec, ForeignSamples.ttyrec), (.script, Array(ForeignSamples.typescript.utf8)),
    (.tlog, Array(ForeignSamples.tlog.utf8)), (.cloudWatch, Array(ForeignSamples.cloudWatch.utf8)),
    (.raw, Array("\u{1B}[8;24;80t\u{1B}[1mx".utf8)),
  ]

  /// Reads a source; what it gives must be in order, and no larger than what went in allows.
  static func survive(_ bytes: [UInt8], _ format: SourceFormat?) {
    let options = ImportOptions(isLax: true, format: format, environment: .current)
    // refusing is an answer
    guard let read = try? ForeignSamples.read(bytes, options: options) else { return }
    check(read, bytes.count)
  }

  static func check(_ read: ForeignSamples.Result, _ byteCount: Int) {
    var last: Int64 = 0
    for event in read.events {
      if event.microseconds < last { Issue.record("time steps back to \(event.microseconds)") }
      last = event.microseconds
    }
    let total = read.events.reduce(0) { $0 + $1.bytes.count }
    if total > byteCount * 8 + 100 { Issue.record("\(total) bytes out of \(byteCount)") }
    if last > EventLine.maximumMicroseconds { Issue.record("beyond 100 years: \(last)") }
  }

  @Test(arguments: [0, 1, 2, 3, 4])
  func everyPrefixAndEveryFlippedByteIsSurvived(number: Int) {
    let (format, bytes) = Self.single[number]
    for length in 0...bytes.count {
      Self.survive(Array(bytes.prefix(length)), format)
      Self.survive(Array(bytes.prefix(length)), nil)
    }
    for index in bytes.indices {
      for mask in [0x01, 0x80, 0xFF] as [UInt8] {
        var flipped = bytes
        flipped[index] ^= mask
        Self.survive(flipped, format)
      }
    }
  }

  @Test func randomBytesAreSurvived() {
    var numbers = Samples.Numbers(state: 21)
    for round in 0..<1500 {
      let bytes = (0..<Int.random(in: 1...300, using: &numbers)).map { _ in
        UInt8.random(in: 0...255, using: &numbers)
      }
      Self.survive(bytes, SourceFormat.allCases[round % SourceFormat.allCases.count])
      Self.survive(bytes, nil)
    }
  }

  @Test func scriptFilesAreSurvivedInEveryState() throws {
    let timing = Array(ForeignSamples.advancedTiming.utf8)
    func survive(_ timing: [UInt8], _ data: [UInt8]) throws {
      do {
        let reader = try ScriptReader(
          data: try ForeignSamples.source(data), timing: try ForeignSamples.source(timing),
          input: try ForeignSamples.source(Array(ForeignSamples.inputLog.utf8)))
        Self.check(try ForeignSamples.read(reader, .script), timing.count + data.count)
      } catch is ImportError { return }
    }
    let data = Array(ForeignSamples.typescript.utf8)
    for length in 0...timing.count { try survive(Array(timing.prefix(length)), data) }
    for length in 0...data.count { try survive(timing, Array(data.prefix(length))) }
    for index in timing.indices {
      for mask in [0x01, 0x08, 0x80] as [UInt8] {
        var flipped = timing
        flipped[index] ^= mask
        try survive(flipped, data)
      }
    }
    try survive(Array("0.5 999999999999999999\n".utf8), data)
    try survive(Array("99999999999999999999.5 5\n3155760000.0 1\n3155760000.0 1\n".utf8), data)
  }

  @Test func sudoFilesAreSurvivedInEveryState() throws {
    for name in ForeignSamples.sudo.keys {
      let whole = Array((ForeignSamples.sudo[name] ?? "").utf8)
      var variants = (0...whole.count).map { Array(whole.prefix($0)) }
      for index in whole.indices {
        var flipped = whole
        flipped[index] ^= 0x05
        variants.append(flipped)
      }
      for bytes in variants {
        var parts = ForeignSamples.sudo
        parts[name] = String(decoding: bytes, as: UTF8.self)
        do {
          Self.check(try ForeignSamples.read(try ForeignSamples.sudoReader(parts), .sudoLog), 400)
        } catch is ImportError { continue }
      }
    }
  }

  @Test func lengthsThatLieCostNothing() throws {
    // A frame that claims 16 MiB, a timing that claims an exabyte, a line without an end.
    let frame: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] + [UInt8](repeating: 0x41, count: 1000)
    Self.survive(frame, .ttyrec)
    Self.survive([UInt8](repeating: 0x41, count: 1 << 20), .tlog)
    Self.survive([UInt8](repeating: 0x41, count: 1 << 20), .script)
    Self.survive([UInt8](repeating: UInt8(ascii: "["), count: 1 << 16), .cloudWatch)
    let tlog = ForeignSamples.tlog.utf8String.replacing("+10>2", "+99999999999999999>2")
    Self.survive(Array(tlog.utf8), .tlog)
  }
}
