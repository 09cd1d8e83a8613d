import Platform

/// A program that did not do in time what the test waited for, with what it had printed until then.
enum RunFailure: Error, CustomStringConvertible {
  case tookTooLong(waitingFor: String, program: String, output: String)
  case endedEarly(waitingFor: String, program: String, status: ExitStatus, output: String)

  var description: String {
    switch self {
    case .tookTooLong(let what, let program, let output):
      "\(program): waited in vain for \(what); it printed:\n\(output)"
    case .endedEarly(let what, let program, let status, let output):
      "\(program): ended with \(status) before \(what); it printed:\n\(output)"
    }
  }
}

/// A running program with pipes for standard input, output and error. It is killed with the value.
final class ProgramRun {
  private(set) var output: [UInt8] = []
  private(set) var error: [UInt8] = []
  /// nil while it runs.
  private(set) var status: ExitStatus?

  let name: String
  private let child: ChildProcess
  private var input: Descriptor?
  private let outputPipe: Descriptor
  private let errorPipe: Descriptor
  private var openPipes = 2

  var text: String { String(decoding: output, as: UTF8.self) }
  var errorText: String { String(decoding: error, as: UTF8.self) }
  /// Both streams, for messages and for searches that do not care.
  var allText: String { text + errorText }
  var exitCode: Int32? { status?.shellCode }
  var processID: Int32 { child.processID }

  static func start(_ invocation: ProgramInvocation) throws -> ProgramRun {
    Signal.pipe.ignore()  // a program that stops reading is a result, not the end of the tests
    let input = try DescriptorPair.pipe()
    let output = try DescriptorPair.pipe()
    let error = try DescriptorPair.pipe()
    let child = try ChildProcess.spawn(
      invocation,
      streams: .init(
        input: input.first.rawValue, output: output.second.rawValue, error: error.second.rawValue))
    // Copies stay open; the pairs, and with them the child's ends, are closed as this returns.
    return ProgramRun(
      name: String(invocation.program.split(separator: "/").last ?? ""), child: child,
      input: try input.second.duplicate(), output: try output.first.duplicate(),
      error: try error.first.duplicate())
  }

  private init(
    name: String, child: consuming ChildProcess, input: consuming Descriptor, output: consuming Descriptor,
    error: consuming Descriptor
  ) {
    self.name = name
    self.child = child
    self.input = consume input
    outputPipe = output
    errorPipe = error
  }

  deinit { if status == nil { end(with: .kill) } }

  /// Writes to the program's standard input, reading what it prints meanwhile. A closed input is no error.
  func type(_ text: String) throws { try type(Array(text.utf8)) }

  func type(_ bytes: [UInt8]) throws {
    var written = 0
    while written < bytes.count, let number = input?.rawValue {
      let end = min(bytes.count, written + 4096)  // a pipe that polls writable takes a page
      _ = try drain(microseconds: 0)
      let ready = try Poll.wait([.init(number, [.writable])], microseconds: 1000)
      guard ready[0] != [] else { continue }
      do throws(Errno) {
        if case .wrote(let count) = try input?.write(Array(bytes[written..<end])) { written += count }
      } catch {
        return  // the program no longer reads
      }
    }
  }

  func endInput() { input = nil }

  func send(_ signal: Signal) throws { try signal.send(to: child.processID) }

  /// Waits until the program and all that hold its streams have ended.
  func waitForEnd(within seconds: Int = 60) throws {
    try wait(until: "its end", within: seconds) { $0.status != nil && $0.openPipes == 0 }
  }

  /// Waits until standard output or standard error holds `text`.
  func wait(for text: String, within seconds: Int = 60) throws {
    try wait(until: "\"\(text)\"", within: seconds) { $0.output.contains(text) || $0.error.contains(text) }
  }

  /// Waits until `condition` holds; once the program has ended, its streams have one more second to end.
  func wait(until what: String, within seconds: Int, _ condition: (ProgramRun) throws -> Bool) throws {
    let time = SystemTime()
    let deadline = time.instant.advanced(byMicroseconds: Int64(seconds) * 1_000_000)
    var ended: Instant?
    while try !condition(self) {
      if time.instant > deadline {
        end(with: .kill)
        throw RunFailure.tookTooLong(waitingFor: what, program: name, output: allText)
      }
      _ = try drain(microseconds: 20_000)
      if status == nil { status = try child.status() }
      guard let status else { continue }
      ended = ended ?? time.instant
      if openPipes == 0 || time.instant.microseconds(since: ended ?? time.instant) > 1_000_000 {
        if try openPipes == 0 && condition(self) { return }
        openPipes = 0  // a grandchild that keeps the stream is not waited for
        if try condition(self) { return }
        throw RunFailure.endedEarly(waitingFor: what, program: name, status: status, output: allText)
      }
    }
  }

  /// Sends a signal and waits for the end.
  @discardableResult func end(with signal: Signal = .terminate, within seconds: Int = 20) -> ExitStatus? {
    guard status == nil else { return status }
    // It may have ended by itself between the question and the signal.
    try? signal.send(to: child.processID)
    if signal == .kill {
      status = try? child.waitForExit()  // cannot fail for a child nobody else waits for
    } else {
      try? waitForEnd(within: seconds)  // late ones are killed, and the status says so
    }
    return status
  }

  /// Takes what the program has printed; false where nothing came in time.
  private func drain(microseconds: Int64) throws -> Bool {
    guard openPipes > 0 else {
      _ = try Poll.wait([.init(child.exitDescriptor.rawValue, [.readable])], microseconds: microseconds)
      return false
    }
    let ready = try Poll.wait(
      [.init(outputPipe.rawValue, [.readable]), .init(errorPipe.rawValue, [.readable])],
      microseconds: microseconds)
    var ends = 0
    for (index, readiness) in ready.enumerated() where readiness != [] {
      switch try index == 0 ? outputPipe.read(upTo: 1 << 16) : errorPipe.read(upTo: 1 << 16) {
      case .bytes(let bytes): if index == 0 { output += bytes } else { error += bytes }
      case .endOfFile: ends += 1
      case .wouldBlock: break
      }
    }
    if ends == 2 { openPipes = 0 }
    return ready.contains { $0 != [] }
  }
}

extension [UInt8] {
  /// Whether the bytes of `text` occur in a row.
  func contains(_ text: String) -> Bool {
    let wanted = Array(text.utf8)
    guard let first = wanted.first, count >= wanted.count else { return wanted.isEmpty }
    return (0...count - wanted.count).contains { start in
      self[start] == first && self[start..<start + wanted.count].elementsEqual(wanted)
    }
  }
}
