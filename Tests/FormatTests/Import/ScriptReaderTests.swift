import Platform
import Testing

@testable import Format

@Suite struct ScriptReaderTests {
  static func read(timing: String, typescript: String = ForeignSamples.typescript, input: String? = nil)
    throws
    -> ForeignSamples.Result
  {
    let reader = try ScriptReader(
      data: try ForeignSamples.source(Array(typescript.utf8), "typescript"),
      timing: try ForeignSamples.source(Array(timing.utf8), "timing"),
      input: try input.map { try ForeignSamples.source(Array($0.utf8), "input") })
    return try ForeignSamples.read(reader, .script)
  }

  @Test func classicTimingCutsTheTypescript() throws {
    let read = try Self.read(timing: ForeignSamples.classicTiming)
    #expect(read.codes == "oox")
    #expect(read.events.map(\.text) == ["one\r\n", "two\r\n", "3"])
    #expect(read.times == [12_128, 213_437, 213_437])
    #expect(read.header.command == #"echo "a b"; exit 3"#)
    #expect(read.header.terminalType == "xterm")
    #expect(read.header.size == WindowSize(columns: 100, rows: 30))
    #expect(read.started == WallClockText.parse("2026-11-21T06:24:38Z"))
    #expect(read.findings == [])
  }

  @Test func advancedTimingTellsOfInputSignalsAndTheEnd() throws {
    let read = try Self.read(timing: ForeignSamples.advancedTiming, input: ForeignSamples.inputLog)
    #expect(read.codes == "iorsox")
    #expect(read.input == "ls\r" && read.output == "one\r\ntwo\r\n")
    #expect(read.events[2].text == "100x30")
    #expect(read.events[3].text == #"{"state":"signal","signal":"SIGTERM"}"#)
    #expect(read.times == [500_000, 750_000, 1_750_000, 2_250_000, 2_250_001, 9_500_000])
    #expect(read.header.size == WindowSize(columns: 90, rows: 25))
    #expect(read.header.terminalType == "xterm-256color")
    #expect(read.findings == [])
  }

  @Test func inputInTheTypescriptItselfIsTakenFromThere() throws {
    let timing = ForeignSamples.advancedTiming.split(separator: "\n").map {
      $0.contains("INPUT_LOG") ? "H 0.000000 INPUT_LOG out.log" : $0.hasPrefix("I ") ? "I 0.1 5" : String($0)
    }
    let read = try Self.read(timing: timing.dropLast(3).joined(separator: "\n"))
    #expect(read.input == "one\r\n" && read.output == "two\r\n")
  }

  @Test func aMissingInputLogIsSaidOnce() throws {
    let read = try Self.read(timing: ForeignSamples.advancedTiming)
    #expect(read.codes == "orsox")
    #expect(read.findings.map(\.kind) == [.missing])
    #expect(read.findings[0].words.contains("in.log"))
  }

  @Test func outputWithoutTimingComesAtTheEnd() throws {
    let read = try Self.read(timing: "0.5 5\n")
    #expect(read.output == "one\r\ntwo\r\n" && read.times == [500_000, 500_000, 500_000])
    #expect(read.findings.map(\.kind) == [.deviation])
  }

  @Test func timingWithoutOutputIsSaid() throws {
    let read = try Self.read(timing: "0.5 5\n0.5 5000\n0.5 7\n")
    #expect(read.findings.map(\.kind) == [.unfinished] && read.findings[0].line == 2)
    #expect(read.output.hasPrefix("one\r\ntwo\r\n"))
  }

  @Test func linesThatAreNoTimingAreLeftOut() throws {
    let read = try Self.read(timing: "0.5 5\nlol!\nO 1\n-1 5\n0.5 5\n")
    #expect(read.output == "one\r\ntwo\r\n")
    #expect(read.findings.map(\.line) == [2, 3, 4] && read.findings.allSatisfy { $0.file == "timing" })
  }

  static let footers: [(String, Int?)] = [
    ("\nScript done on x\n", nil), ("\nScript done on x [COMMAND_EXIT_CODE=\"130\"]\n", 130),
    ("\nSkript beendet: x [COMMAND_EXIT_CODE=\"1\"]\n", 1), ("\n[END TYPESCRIPT]\n", nil),
    ("\nScript done on x [<max output size exceeded>]\n", nil), ("\nScript done on x", nil),
  ]

  @Test func aTypescriptAloneIsOutputBetweenItsFirstAndLastLine() throws {
    for (footer, code) in Self.footers {
      let read = try ForeignSamples.read(Array(("Script started on x\nout\nput" + footer).utf8))
      #expect(read.format == .script)
      #expect(read.output == "out\nput", "\(footer)")
      #expect(read.events.last { $0.code == .exit }?.text == code.map { String($0) }, "\(footer)")
      #expect(read.findings.map(\.kind) == [.deviation])
    }
    let open = try ForeignSamples.read(Array("Script started on x\nout\nput\n".utf8))
    #expect(open.output == "out\nput\n")
  }

  @Test func aLongTypescriptComesWhole() throws {
    let text = Samples.output(byteCount: 3 << 20, seed: 11)
    for footer in ["", "\nScript done on x\n"] {
      let read = try ForeignSamples.read(Array("Script started on x\n".utf8) + text + Array(footer.utf8))
      #expect(Samples.bytes(.output, of: read.events) == text)
    }
  }

  @Test func momentsOfScriptAndAWSAreRead() {
    let cases: [(String, Int64?)] = [
      ("2026-11-21 08:24:38+00:00", 1_795_249_478), ("2026-11-21 08:24:38+02:00", 1_795_242_278),
      ("2026-11-21 08:24:38-0130 [x", 1_795_254_878), ("2026-11-21T08:24:38Z", 1_795_249_478),
      ("Tue 05 May 2020", nil), ("2026-13-21 08:24:38", nil), ("", nil),
    ]
    for (text, seconds) in cases { #expect(WallClockText.parse(text)?.seconds == seconds, "\(text)") }
    #expect(WallClockText.parse("2026-11-21T08:24:38.125Z")?.microseconds == 1_795_249_478_125_000)
  }
}
