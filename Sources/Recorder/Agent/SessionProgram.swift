import Platform

/// The program of a session, on a terminal or on pipes, with what is on its way to it.
///
/// The loop says when a stream is ready; what the program prints goes to whoever calls `serve`.
final class SessionProgram {
  /// Where a program prints. On a terminal there is only output.
  enum Stream: CaseIterable, Sendable { case output, error }

  private enum Kind {
    case terminal(Shell)
    case pipes(PipedCommand)
  }

  /// Most bytes read from one stream in one turn of the loop.
  private static let readBudget = 64 << 10
  /// A pty gives at most this much at once.
  private static let readSize = 4096

  private let kind: Kind
  private var prefixes: [Stream: LinePrefix] = [:]
  private var endedStreams: Set<Stream> = []
  /// Typed, not yet taken by the terminal.
  private var input: [UInt8] = []
  /// Whether the client is told the exit code, as of commands whose streams are apart (protocol.md §8.2).
  let reportsExitCode: Bool

  /// Starts what the session's document asks for.
  init(_ entry: SessionEntry, _ configuration: AgentConfiguration) throws(AgentError) {
    let isPiped = entry.document.kind == .nonInteractiveCommands
    let isSeparated = isPiped && entry.value(of: .separateOutputStream) == "True"
    reportsExitCode = isSeparated
    let program = try Shell.program(for: entry, configuration)
    kind =
      isPiped ? .pipes(try PipedCommand(program, isSeparated: isSeparated)) : .terminal(try Shell(program))
    if isSeparated {
      prefixes[.output] = LinePrefix(entry.value(of: .outputPrefix))
      prefixes[.error] = LinePrefix(entry.value(of: .errorPrefix))
    }
  }

  /// How the program ended; nil while it runs.
  var exit: ExitStatus? {
    switch kind {
    case .terminal(let shell): shell.exit
    case .pipes(let command): command.exit
    }
  }

  /// To be watched until the program has ended.
  var exitNumber: Int32? {
    switch kind {
    case .terminal(let shell): shell.exitNumber
    case .pipes(let command): command.exitNumber
    }
  }

  /// Typed bytes that the program has not taken.
  var inputByteCount: Int { input.count }

  /// Whether nothing more can come from it.
  var hasEndedOutput: Bool { Stream.allCases.allSatisfy { number(of: $0) == nil } }

  /// The streams with what to wait for.
  /// - Parameter reading: whether there is room for what the program prints.
  func interests(reading: Bool) -> [(stream: Stream, interest: Poll.Interest)] {
    Stream.allCases.compactMap { stream in
      guard let number = number(of: stream) else { return nil }
      var readiness: Poll.Readiness = reading ? [.readable] : []
      if !input.isEmpty { readiness.insert(.writable) }
      return readiness.isEmpty ? nil : (stream, Poll.Interest(number, readiness))
    }
  }

  private func number(of stream: Stream) -> Int32? {
    if endedStreams.contains(stream) { return nil }
    return switch kind {
    case .terminal(let shell): stream == .output ? shell.terminalNumber : nil
    case .pipes(let command): command.number(of: stream)
    }
  }

  /// Takes what the client typed.
  func type(_ bytes: [UInt8]) {
    switch kind {
    case .pipes(let command): command.type(bytes)
    case .terminal:
      input += bytes
      passOnInput()
    }
  }

  /// Hands the terminal what it takes now.
  func passOnInput() {
    guard !input.isEmpty, case .terminal(let shell) = kind else { return }
    let count = shell.write(input)
    if count > 0 { input.removeFirst(count) }
  }

  /// Drops what was typed and not taken.
  func dropInput() { input = [] }

  func resize(_ size: WindowSize) {
    if case .terminal(let shell) = kind { shell.resize(size) }
  }

  /// Reads one stream as far as it is there, within a budget.
  func read(_ stream: Stream, _ take: ([UInt8]) -> Void) {
    var budget = Self.readBudget
    let size = prefixes[stream]?.readSize ?? Self.readSize
    while budget > 0 {
      let output =
        switch kind {
        case .terminal(let shell): shell.read(upTo: size)
        case .pipes(let command): command.read(stream, upTo: size)
        }
      switch output {
      case .bytes(let bytes):
        take(prefixes[stream]?.apply(to: bytes) ?? bytes)
        budget -= bytes.count
      case .nothingNow: return
      case .end:
        endedStreams.insert(stream)
        return
      }
    }
  }

  /// Notes the end of the program if it came.
  func reap() {
    switch kind {
    case .terminal(let shell): shell.reap()
    case .pipes(let command): command.reap()
    }
  }

  /// Closes its streams and tells the program, stopped or not, that its user is gone.
  func hangUp() {
    switch kind {
    case .terminal(let shell): shell.hangUp()
    case .pipes(let command): command.hangUp()
    }
  }

  /// Ends the program for good.
  func kill() {
    switch kind {
    case .terminal(let shell): shell.kill()
    case .pipes(let command): command.kill()
    }
  }
}

/// What stands before pieces of output that begin a line, as AWS's agent puts it there (protocol.md §8.2).
struct LinePrefix: Equatable, Sendable {
  private let prefix: [UInt8]
  private var isAtLineStart = true

  /// nil where there is nothing to put anywhere.
  init?(_ text: String) {
    if text.isEmpty { return nil }
    prefix = Array(text.utf8)
  }

  /// So that prefix and piece fit into one message.
  var readSize: Int { AgentMessage.maximumPayloadByteCount - prefix.count }

  mutating func apply(to piece: [UInt8]) -> [UInt8] {
    defer { isAtLineStart = piece.last == UInt8(ascii: "\n") }
    return isAtLineStart ? prefix + piece : piece
  }
}
