import Platform
import Testing

@testable import Format

@Suite struct SudoLogReaderTests {
  static func read(_ changes: [String: String?] = [:]) throws -> ForeignSamples.Result {
    var parts = ForeignSamples.sudo
    for (name, text) in changes { parts[name] = text }
    return try ForeignSamples.read(try ForeignSamples.sudoReader(parts), .sudoLog)
  }

  @Test func theTimingTellsWhichStreamComesWhen() throws {
    let read = try Self.read()
    #expect(read.codes == "oioerssio")
    #expect(
      read.events.map(\.text) == [
        "Pass:", "x", "out", "er", "120x40", #"{"state":"suspended","signal":"SIGTSTP"}"#,
        #"{"state":"resumed","signal":"SIGCONT"}"#, "in", "done",
      ])
    #expect(
      read.times == [
        87_089, 187_090, 1_187_090, 1_687_090, 1_937_090, 2_062_090, 5_062_090, 5_062_091, 5_062_092,
      ])
    #expect(read.started?.seconds == 1_645_151_020)
    #expect(read.header.command == "/usr/bin/passwd -x")
    #expect(read.header.size == WindowSize(columns: 80, rows: 24))
    #expect(read.header.session?["owner"]?.string == "millert")
    #expect(read.findings == [])
  }

  @Test func logJSONIsPreferred() throws {
    let json = #"""
      {"timestamp": {"seconds": 1645151020, "nanoseconds": 123456789}, "columns": 132, "lines": 50,
       "command": "/usr/bin/id", "runargv": ["id", "-u"], "runenv": ["SECRET=1", "TERM=vt220"],
       "submituser": "jo", "submithost": "box", "runuser": "root", "ttyname": "/dev/pts/1"}
      """#
    let read = try Self.read(["log.json": json, "log": nil])
    #expect(read.started?.microseconds == 1_645_151_020_123_456)
    #expect(read.header.size == WindowSize(columns: 132, rows: 50))
    #expect(read.header.command == "/usr/bin/id -u" && read.header.terminalType == "vt220")
    #expect(read.header.environment == [] && read.header.session?["target"]?.string == "box")
  }

  @Test func brokenOutputOfOldVersionsIsRefusedWithItsLine() throws {
    #expect {
      try Self.read(["timing": "4 0.1 5\n6 0.1 3\n"])
    } throws: { error in
      guard case ImportError.refused(_, .line(2), let cause) = error else { return false }
      return cause.contains("event 6")
    }
  }

  @Test func whatTheStreamsLackOrHaveTooMuchIsSaid() throws {
    let short = try Self.read(["ttyout": "Pa", "stderr": nil])
    #expect(short.findings.map(\.kind) == [.missing, .missing])
    #expect(short.output == "Paout")
    let long = try Self.read(["ttyout": "Pass:done and more"])
    #expect(long.findings.map(\.kind) == [.deviation] && long.findings[0].file == "ttyout")
    #expect(long.output.hasSuffix(" and more"))
  }

  @Test func aLogOfNobodyIsRefused() throws {
    #expect(throws: ImportError.self) { try Self.read(["log": "hello\n"]) }
    #expect(throws: ImportError.self) { try Self.read(["log": nil]) }
    #expect(throws: ImportError.self) { try Self.read(["timing": nil]) }
  }
}
