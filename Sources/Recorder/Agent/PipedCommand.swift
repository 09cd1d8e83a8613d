import Platform

/// One command without a terminal, its standard output and standard error on pipes, from its start until the
/// kernel has forgotten it. Nothing here waits.
///
/// It leads a session of its own: its children can be ended with it, and Ctrl-C at this program's terminal is
/// not for it.
final class PipedCommand {
  /// The reading ends; nil once they have ended. Without `error`, both streams come as output.
  private var output: Descriptor?
  private var error: Descriptor?
  private let child: ChildProcess
  /// How the command ended; nil while it runs.
  private(set) var exit: ExitStatus?

  /// - Parameter isSeparated: whether standard error comes apart from standard output.
  init(_ program: ProgramInvocation, isSeparated: Bool) throws(AgentError) {
    do throws(Errno) {
      let outputPipe = try DescriptorPair.pipe()
      let errorPipe = try DescriptorPair.pipe()
      try outputPipe.first.setNonBlocking(true)
      try errorPipe.first.setNonBlocking(true)
      output = try outputPipe.first.duplicate()
      if isSeparated { error = try errorPipe.first.duplicate() }
      let streams = ChildProcess.Streams(
        input: nil, output: outputPipe.second.rawValue,
        error: isSeparated ? errorPipe.second.rawValue : outputPipe.second.rawValue)
      child = try ChildProcess.spawn(program, streams: streams, inNewSession: true)
    } catch {
      throw error == .noSuchFile
        ? .commandMissing(program.program) : .cannotRun(program: program.program, error)
    }
  }

  /// The code a shell gives where a command cannot be run (POSIX, "Exit Status for Commands").
  static func exitCode(of error: AgentError) -> Int32 {
    if case .cannotRun = error { 126 } else { 127 }
  }

  func number(of stream: SessionProgram.Stream) -> Int32? {
    stream == .output ? output?.rawValue : error?.rawValue
  }

  /// To be watched for reading: it becomes readable when the command ends. nil once that is known.
  var exitNumber: Int32? { exit == nil ? child.exitDescriptor.rawValue : nil }

  func read(_ stream: SessionProgram.Stream, upTo count: Int) -> Shell.Output {
    // A pipe that cannot be read brings no more.
    let result = try? stream == .output ? output?.read(upTo: count) : error?.read(upTo: count)
    switch result {
    case .bytes(let bytes): return .bytes(bytes)
    case .wouldBlock: return .nothingNow
    case .endOfFile, nil:
      if stream == .output { output = nil } else { error = nil }
      return .end
    }
  }

  /// Ctrl-C and Ctrl-\ interrupt and quit, as on a terminal; there is nobody to read anything else
  /// (protocol.md §8.2).
  func type(_ bytes: [UInt8]) {
    for byte in bytes {
      if byte == 0x03 { signalGroup(.interrupt) }
      if byte == 0x1C { signalGroup(.quit) }
    }
  }

  /// Notes the end of the command if it came.
  func reap() {
    guard exit == nil else { return }
    do throws(Errno) {
      exit = try child.status()
    } catch {
      exit = .exited(0)  // somebody else waits for this process's children: it is over, how is not known
    }
  }

  /// Closes the pipes and tells the command's group, stopped or not, that its user is gone.
  func hangUp() {
    output = nil
    error = nil
    signalGroup(.hangup)
    signalGroup(.continue)
  }

  /// Ends the command's group for good.
  func kill() { signalGroup(.kill) }

  private func signalGroup(_ signal: Signal) {
    guard exit == nil else { return }  // its number may be another's by now
    try? signal.send(to: -child.processID)  // a group that is gone already is what was wanted
  }
}
