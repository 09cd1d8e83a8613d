import Testing

@testable import Platform

@Suite struct StandardOutputTests {
  @Test func gathersAndWritesAtTheEnd() throws {
    let pipe = try DescriptorPair.pipe()
    try pipe.first.setNonBlocking(true)
    let output = StandardOutput(try pipe.second.duplicate(), capacity: 8)
    #expect(output.write("abc") && output.state == .open)
    #expect(try pipe.first.read(upTo: 100) == .wouldBlock)
    #expect(output.write("defgh"))
    #expect(try pipe.first.read(upTo: 100) == .bytes(Array("abcdefgh".utf8)))
    output.writeLine("rest")
    #expect(output.finish(3) == 3)
    #expect(try pipe.first.read(upTo: 100) == .bytes(Array("rest\n".utf8)))
  }

  @Test func aTerminalGetsEachPieceAtOnce() throws {
    let pty = try TestTerminal(WindowSize(columns: 80, rows: 24))
    let output = StandardOutput(try pty.terminal.duplicate())
    output.write("now")
    #expect(try pty.output() == "now")
  }

  @Test func aClosedPipeIsAQuietEnd() async {
    let result = await #expect(
      processExitsWith: .exitCode(141), observing: [\.standardErrorContent, \.standardOutputContent]
    ) {
      let pipe = try DescriptorPair.pipe()
      let output = StandardOutput(try pipe.second.duplicate(), capacity: 4)
      try dropReader(pipe)
      let answers = [output.write("more than four"), output.write("x"), output.flush()]
      if answers != [false, false, false] || output.state != .closed { Exit.now(1) }
      Exit.now(output.finish(0))
    }
    #expect(
      String(decoding: result?.standardErrorContent ?? [], as: UTF8.self).contains("cannot write") == false)
  }

  @Test func aFullDiskIsSaidOnStandardError() async throws {
    let result = await #expect(processExitsWith: .exitCode(2), observing: [\.standardErrorContent]) {
      let output = StandardOutput(try File.open("/dev/full", for: .readingAndWriting))
      output.write("data")
      Exit.now(output.finish(0, failureCode: 2))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains(": cannot write to standard output: no space left on device\n"))
  }
}

/// Closes both ends the pair holds; a duplicate of the writing end lives on.
private func dropReader(_ pair: consuming DescriptorPair) throws {}
