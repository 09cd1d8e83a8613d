import Platform

/// Why the embedded service could not start. What goes wrong in one session is told to that session's client.
enum AgentError: Error, Equatable, Sendable {
  /// The text after `--listen` is no `HOST:PORT`.
  case badAddress(String)
  /// The text after `--access-key` is no `ID:SECRET`. The text itself is a secret and not kept.
  case badAccessKey
  /// An address that other machines can reach, without the word that this is meant.
  case notLoopback(address: String)
  case badFault(FaultRuleError)
  case unknownHost(host: String, reason: String)
  case cannotListen(address: String, Errno)
  case shellMissing(path: String)
  case commandMissing(String)
  case cannotRun(program: String, Errno)
  /// A command whose quotes do not match, or that has no word.
  case badCommand
  case cannotWrite(path: String, Errno)
  /// The certificate of the loopback service could not be made.
  case noCertificate(reason: String)
  case system(doing: String, Errno)
}

extension AgentError: CustomStringConvertible {
  var description: String {
    switch self {
    case .badAddress(let text):
      "\"\(text)\" is no address to listen at: write HOST:PORT, for example 127.0.0.1:8022 (port 0: any free one)"
    case .badAccessKey:
      "the access key is not of the form ID:SECRET: an id of up to 128 letters, digits, - and _, a colon, "
        + "and a secret without spaces"
    case .notLoopback(let address):
      "\(address) can be reached from other machines, and whoever has the access key gets a shell here: "
        + "listen at 127.0.0.1 or ::1, or say --force if this is meant"
    case .badFault(let error): "\(error)"
    case .unknownHost(let host, let reason):
      "cannot listen at \(host): \(reason)"
    case .cannotListen(let address, let error) where error == .addressInUse:
      "\(address) is in use by another program: choose another port, or 0 for any free one"
    case .cannotListen(let address, let error):
      "cannot listen at \(address): \(error)"
    case .shellMissing(let path):
      "there is no program at \(path) to run as the shell: set the user's shell to one that exists"
    case .commandMissing(let program): "\(program.printable): there is no such command here"
    case .cannotRun(let program, let error): "\(program.printable): cannot be run: \(error)"
    case .badCommand:
      "the command cannot be run: it has no word, or its quotes do not match; for anything a shell does, ask for "
        + "sh -c '…'"
    case .cannotWrite(let path, let error):
      "cannot write \(path): \(error); choose a folder that this user may write to"
    case .noCertificate(let reason):
      "cannot make the certificate of the loopback service: \(reason)"
    case .system(let doing, let error):
      "cannot \(doing): \(error)"
    }
  }
}
