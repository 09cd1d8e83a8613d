import Platform

/// Runs a profile's `credential_process` and reads the credentials it prints.
enum CredentialProcess {
  /// Longest time the program may take, in microseconds: it may ask its user for a second factor.
  private static let timeLimit: Int64 = 60_000_000
  private static let outputLimit = 1 << 20

  /// - Throws: `.processFailed`; what the program printed is left out, for it may be secret.
  static func run(
    _ command: String, profile: String, environment: Environment
  ) throws(CredentialError) -> Credentials {
    guard let words = words(of: command), let program = words.first else {
      throw .processFailed(profile: profile, reason: "its quotes do not match")
    }
    let invocation = ProgramInvocation(program, arguments: Array(words.dropFirst()), environment: environment)
    let outcome: Outcome
    do throws(Errno) {
      outcome = try capture(invocation)
    } catch {
      throw .processFailed(profile: profile, reason: "\(program): \(error)")
    }
    switch outcome {
    case .printed(let output): return try credentials(parsing: output, profile: profile)
    case .failed(let status):
      throw .processFailed(profile: profile, reason: "\(program) ended with \(status)")
    case .tooMuch: throw .processFailed(profile: profile, reason: "\(program) printed more than 1 MiB")
    case .tooLate: throw .processFailed(profile: profile, reason: "\(program) gave no answer within 60 s")
    }
  }

  private enum Outcome {
    case printed([UInt8])
    /// The status as a shell would show it.
    case failed(Int32)
    case tooMuch
    case tooLate
  }

  /// Runs a program to its end; its standard error is this process's own, where it may ask for a second
  /// factor.
  private static func capture(_ invocation: ProgramInvocation) throws(Errno) -> Outcome {
    let time = SystemTime()
    let deadline = time.instant.advanced(byMicroseconds: timeLimit)
    let pipe = try DescriptorPair.pipe()
    try pipe.first.setNonBlocking(true)
    let child = try ChildProcess.spawn(
      invocation,
      streams: .init(input: nil, output: pipe.second.rawValue, error: Descriptor.standardError.rawValue))
    var output: [UInt8] = []
    while true {
      // The end is asked for first: what was printed before it is then in the pipe.
      let ready = try Poll.wait(
        [.init(child.exitDescriptor.rawValue, .readable), .init(pipe.first.rawValue, .readable)],
        microseconds: deadline.microseconds(since: time.instant))
      let hasEnded = !ready[0].isEmpty
      while case .bytes(let bytes) = try pipe.first.read(upTo: 1 << 16), output.count <= outputLimit {
        output += bytes
      }
      let isTooMuch = output.count > outputLimit
      if !hasEnded && (isTooMuch || time.instant >= deadline) {
        try? Signal.kill.send(to: child.processID)  // one that is gone already is what was wanted
        _ = try child.waitForExit()
        return isTooMuch ? .tooMuch : .tooLate
      }
      if hasEnded {
        let status = try child.waitForExit()
        if status != .exited(0) { return .failed(status.shellCode) }
        return isTooMuch ? .tooMuch : .printed(output)
      }
    }
  }

  /// Splits a command as a POSIX shell does, without expansions; nil where a quote is not closed.
  static func words(of command: String) -> [String]? {
    var words: [[UInt8]] = []
    var word: [UInt8]?
    var quote: UInt8?
    var isEscaped = false
    for byte in command.utf8 {
      if isEscaped {
        if quote != nil, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
          word?.append(UInt8(ascii: "\\"))
        }
        word?.append(byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'") {
        word = word ?? []
        isEscaped = true
      } else if byte == quote {
        quote = nil
      } else if quote == nil, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        word = word ?? []
        quote = byte
      } else if quote == nil, ASCII.isBlank(byte) || byte == 0x0A {
        if let word { words.append(word) }
        word = nil
      } else {
        word = (word ?? []) + [byte]
      }
    }
    if quote != nil || isEscaped { return nil }
    if let word { words.append(word) }
    return words.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Reads `{"Version":1,"AccessKeyId":…,"SecretAccessKey":…,"SessionToken":…,"Expiration":…}`.
  static func credentials(parsing output: [UInt8], profile: String) throws(CredentialError) -> Credentials {
    guard let json = try? JSON(parsing: output) else {  // the program's mistake is all there is to say
      throw .processFailed(profile: profile, reason: "it printed no JSON")
    }
    guard json["Version"]?.integer == 1 else {
      throw .processFailed(profile: profile, reason: "what it printed is not of Version 1")
    }
    guard
      let found = Credentials(
        json, key: "AccessKeyId", secret: "SecretAccessKey", token: "SessionToken", expiration: "Expiration")
    else {
      throw .processFailed(profile: profile, reason: "what it printed lacks AccessKeyId or SecretAccessKey")
    }
    if let text = json["Expiration"]?.string, found.expiration == nil {
      throw .processFailed(
        profile: profile, reason: "its Expiration \(ASCII.excerpt(Array(text.utf8))) is no date")
    }
    return found
  }
}
