import Platform

/// A program on a pty of its own, driven as a person would: type, and wait for what appears. Killed with the value.
final class TerminalRun {
  /// Everything that came out of the pty.
  private(set) var output: [UInt8] = []
  private(set) var status: ExitStatus?

  let name: String
  private let process: TerminalProcess
  private var seen = 0
  private var isOpen = true

  var text: String { String(decoding: output, as: UTF8.self) }
  var exitCode: Int32? { status?.shellCode }
  var processID: Int32 { process.child.processID }

  init(_ invocation: ProgramInvocation, columns: Int = 80, rows: Int = 24) throws {
    name = String(invocation.program.split(separator: "/").last ?? "")
    process = try ChildProcess.spawn(invocation, onTerminalOfSize: WindowSize(columns: columns, rows: rows))
  }

  deinit {
    if status == nil {
      try? Signal.kill.send(to: -processID)  // the whole session; gone is as good
      try? Signal.kill.send(to: processID)
      _ = try? process.child.waitForExit()  // cannot fail for a child nobody else waits for
    }
  }

  func type(_ text: String) throws { try process.terminal.writeAll(Array(text.utf8)) }

  /// Types a line and Return.
  func enter(_ line: String) throws { try type(line + "\r") }

  /// Interrupts a program of the session by Ctrl-C, which must end it and nothing else.
  func interruptAProgram() throws {
    // One process from the word on: a shell between two commands may swallow an interrupt.
    try enter("sh -c 'echo asleep-$((1+1)); exec sleep 100'")
    try wait(for: "asleep-2")
    try type("\u{03}")
    try wait(for: "^C")
    try enter("echo alive-$((1+2))")
    try wait(for: "alive-3")
  }

  func resize(columns: Int, rows: Int) throws {
    try Terminal.setSize(WindowSize(columns: columns, rows: rows), of: process.terminal)
  }

  /// Waits for `text` in what came since the last wait, and goes on behind it.
  func wait(for text: String, within seconds: Int = 60) throws {
    let wanted = Array(text.utf8)
    try wait(until: "\"\(text)\"", within: seconds) { run in
      guard let end = run.end(of: wanted) else { return false }
      run.seen = end
      return true
    }
  }

  /// Waits until the program has ended and its last words are read.
  @discardableResult func waitForEnd(within seconds: Int = 60) throws -> ExitStatus? {
    try wait(until: "its end", within: seconds) { $0.status != nil && !$0.isOpen }
    return status
  }

  /// The settings of a new pty, as `stty -g` prints them: what a program finds, and what it must leave. Asked of the
  /// program's own pty it would be a race with the program.
  static let newSettings: String = {
    do {
      let stty = try TerminalRun(ProgramInvocation("stty", arguments: ["-g"], environment: .current))
      try stty.waitForEnd()
      return String(decoding: stty.output.filter { $0 != 0x0D }, as: UTF8.self)
    } catch {
      return "\(error)"
    }
  }()

  /// The pty's settings as `stty -g` prints them.
  func settings() throws -> String {
    let pipe = try DescriptorPair.pipe()
    let stty = try ChildProcess.spawn(
      ProgramInvocation("stty", arguments: ["-g"], environment: .current),
      streams: .init(input: process.terminal.rawValue, output: pipe.second.rawValue, error: nil))
    _ = try stty.waitForExit()
    guard case .bytes(let bytes) = try pipe.first.read(upTo: 4096) else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  func wait(until what: String, within seconds: Int, _ condition: (TerminalRun) -> Bool) throws {
    let time = SystemTime()
    let deadline = time.instant.advanced(byMicroseconds: Int64(seconds) * 1_000_000)
    while !condition(self) {
      if let status, !isOpen {
        throw RunFailure.endedEarly(waitingFor: what, program: name, status: status, output: text)
      }
      if time.instant > deadline {
        throw RunFailure.tookTooLong(waitingFor: what, program: name, output: text)
      }
      try drain()
      if status == nil { status = try process.child.status() }
    }
  }

  private func drain() throws {
    guard isOpen else {
      _ = try Poll.wait([.init(process.child.exitDescriptor.rawValue, [.readable])], microseconds: 20_000)
      return
    }
    _ = try Poll.wait([.init(process.terminal.rawValue, [.readable])], microseconds: 20_000)
    switch try process.terminal.read(upTo: 1 << 16) {
    case .bytes(let bytes): output += bytes
    case .endOfFile: isOpen = false
    case .wouldBlock: if status != nil { isOpen = false }
    }
  }

  private func end(of wanted: [UInt8]) -> Int? {
    guard output.count >= seen + wanted.count else { return nil }
    return (seen...output.count - wanted.count).first { start in
      output[start] == wanted[0] && output[start..<start + wanted.count].elementsEqual(wanted)
    }.map { $0 + wanted.count }
  }
}
