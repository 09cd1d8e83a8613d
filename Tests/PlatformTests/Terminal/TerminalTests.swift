import Glibc
import Platform
import Testing

@Suite struct TerminalTests {
  @Test func sizesAreSetAndRead() throws {
    let pty = try TestTerminal(WindowSize(columns: 101, rows: 33))
    #expect(Terminal.size(of: pty.terminal) == WindowSize(columns: 101, rows: 33))
    try Terminal.setSize(WindowSize(columns: 1_000_000, rows: 0), of: pty.terminal)
    #expect(Terminal.size(of: pty.master) == WindowSize(columns: 65_535, rows: 1))
    #expect(Terminal.isTerminal(pty.terminal) && "\(WindowSize(columns: 80, rows: 24))" == "80x24")
  }

  @Test func whatIsNoTerminalSaysSo() throws {
    let pipe = try DescriptorPair.pipe()
    #expect(
      !Terminal.isTerminal(pipe.first) && Terminal.size(of: pipe.first) == nil && RawMode(pipe.first) == nil)
    #expect(throws: Errno.self) { try Terminal.setSize(WindowSize(columns: 1, rows: 1), of: pipe.first) }
  }

  private func settings(_ pty: TestTerminal) -> [UInt32] {
    var raw = termios()
    tcgetattr(pty.terminal.rawValue, &raw)
    return [raw.c_iflag, raw.c_oflag, raw.c_cflag, raw.c_lflag]
  }

  @Test func rawModeTakesEveryKeyAndGivesTheOldSettingsBack() throws {
    let pty = try TestTerminal(WindowSize(columns: 80, rows: 24))
    let before = settings(pty)
    let mode = RawMode(pty.terminal)
    let raw = try #require(mode)
    #expect(settings(pty) != before)
    try pty.master.writeAll([3, 13, 4, 26])
    #expect(try pty.terminal.read(upTo: 10) == .bytes([3, 13, 4, 26]))
    #expect(try pty.output() == "")
    raw.restore()
    #expect(settings(pty) == before)
    tcflow(pty.terminal.rawValue, TCOON)
    raw.restore()
    #expect(settings(pty) == before)
  }

  @Test func rawModeIsGivenBackWhenItGoesAway() throws {
    let pty = try TestTerminal(WindowSize(columns: 80, rows: 24))
    let before = settings(pty)
    do { let raw = RawMode(pty.terminal); withExtendedLifetime(raw) {} }
    #expect(settings(pty) == before)
  }

  @Test func theLastWritersEndIsTheEndOfFile() throws {
    var pty: TestTerminal? = try TestTerminal(WindowSize(columns: 80, rows: 24))
    let master = try #require(pty).master.duplicate()
    #expect(try master.read(upTo: 10) == .wouldBlock)
    pty = nil
    var result = try master.read(upTo: 10)
    if result == .wouldBlock {
      _ = try Poll.wait([Poll.Interest(master.rawValue, .readable)], microseconds: 10_000_000)
      result = try master.read(upTo: 10)
    }
    #expect(result == .endOfFile)
  }
}
