import Platform

@testable import Recorder

/// Another program that a test talks with.
final class TestProgram {
  private let child: ChildProcess
  private let output: DescriptorPair
  private var collected: [UInt8] = []
  private var hasEnded = false

  /// Whether a program is on the PATH.
  static func exists(_ name: String) -> Bool {
    (Environment.current["PATH"] ?? "").split(separator: ":").contains { File.isExecutable("\($0)/\(name)") }
  }

  /// Starts a program with its output and errors in one pipe.
  init(_ program: String, _ arguments: [String], variables: [String: String] = [:]) throws {
    var environment = Environment.current
    for name in ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"] {
      environment.variables[name] = nil
    }
    environment.variables.merge(variables) { $1 }
    output = try DescriptorPair.pipe()
    try output.first.setNonBlocking(true)
    child = try ChildProcess.spawn(
      ProgramInvocation(program, arguments: arguments, environment: environment),
      streams: .init(input: nil, output: output.second.rawValue, error: output.second.rawValue))
  }

  deinit {
    if !hasEnded {
      try? Signal.kill.send(to: child.processID)  // it may have ended by itself
      _ = try? child.waitForExit()
    }
  }

  /// What it printed up to its end; waits at most 60 s.
  func outputAtEnd() throws -> (status: ExitStatus, text: String) {
    _ = try Poll.wait([.init(child.exitDescriptor.rawValue, .readable)], microseconds: 60_000_000)
    try collect()
    hasEnded = true
    return (try child.waitForExit(), String(decoding: collected, as: UTF8.self))
  }

  /// Waits until it has printed a line that begins with `prefix`; returns the line's rest.
  func line(beginning prefix: String) throws -> String? {
    let time = SystemTime()
    let deadline = time.instant.advanced(byMicroseconds: 30_000_000)
    while time.instant < deadline {
      try collect()
      for line in String(decoding: collected, as: UTF8.self).split(separator: "\n").dropLast(0)
      where line.hasPrefix(prefix) {
        if collected.last == 0x0A { return String(line.dropFirst(prefix.count)) }
      }
      _ = try Poll.wait([.init(output.first.rawValue, .readable)], microseconds: 100_000)
    }
    return nil
  }

  private func collect() throws {
    while case .bytes(let bytes) = try output.first.read(upTo: 1 << 16) { collected += bytes }
  }
}

/// A certificate authority and a server's certificate in files, for other programs.
final class TestCertificates {
  let folder: String
  var authority: String { folder + "/ca.pem" }
  var certificate: String { folder + "/cert.pem" }
  var key: String { folder + "/key.pem" }

  init() throws {
    folder = try File.makeTemporaryDirectory(prefix: "tls-")
    try File.write(TLSPair.authority.certificatePEM, to: authority, permissions: 0o600)
    try File.write(TLSPair.identity.certificateChainPEM, to: certificate, permissions: 0o600)
    try File.write(TLSPair.identity.privateKeyPEM, to: key, permissions: 0o600)
  }

  deinit { try? File.removeTree(folder) }  // left-overs in /tmp do no harm
}
