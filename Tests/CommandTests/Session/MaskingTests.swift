import Format
import Platform
import Testing

/// Programs that ask for secrets, recorded on a terminal: what they do not show is nowhere in the recording, in no
/// encoding; what they show is there to the last key.
@Suite struct MaskingTests {
  enum Step: Sendable {
    case wait(String)
    /// Typed and shown, then Return.
    case line(String)
    /// Typed and not shown, then Return.
    case secret
    /// Typed; what of it is shown depends on the program.
    case keys(String)
  }

  struct Program: Sendable, CustomTestStringConvertible {
    var name: String
    var needs: [String]
    var steps: [Step]
    /// Keys whose echo the test can foretell; nil: those of all lines, in order.
    var shown: [String]?
    var needsRoot = false
    var testDescription: String { name }
  }

  private static let secret = "Xq7!zebra-42"
  /// What bash sends before each prompt: pastes are to be bracketed.
  private static let prompt = "\u{1B}[?2004h"
  private static let asNobody = "setpriv --reuid=65534 --regid=65534 --clear-groups"

  static let programs: [Program] = [
    Program(
      name: "read -s", needs: ["bash"],
      steps: [.line("read -rsp 'Key: ' x; echo \"got ${#x}\""), .wait("Key: "), .secret, .wait("got 12")]),
    Program(
      name: "stty -echo", needs: ["stty"],
      steps: [
        .line("stty -echo; printf 'Schlüssel für %s: ' db; head -n 1 | wc -c; stty echo"),
        .wait("Schlüssel für db: "), .secret, .wait("13"),
      ]),
    Program(
      name: "stars", needs: ["bash"],
      steps: [
        .line(
          "printf '%s: ' PIN; while IFS= read -rsn1 c && [ -n \"$c\" ]; do printf '*'; done; echo; echo got-$((2+3))"
        ),
        .wait("PIN: "), .secret, .wait("got-5"),
      ]),
    Program(
      name: "Python getpass", needs: ["python3"],
      steps: [
        .line("python3 -c 'import getpass; print(len(getpass.getpass(\"パスワ%s: \" % \"ード\")) * 3)'"),
        .wait("パスワード: "),
        .secret, .wait("36"),
      ]),
    Program(
      name: "openssl", needs: ["openssl"],
      steps: [
        .line("openssl enc -aes-256-cbc -pbkdf2 -in /etc/hostname -out sealed; echo \"status $?\""),
        .wait("password:"), .secret, .wait("Verifying"), .secret, .wait("status 0"),
      ]),
    Program(
      name: "gpg, loopback", needs: ["gpg"],
      steps: [
        .line(
          "mkdir -m 700 g; gpg --homedir g --pinentry-mode loopback -o s.gpg -c /etc/hostname; echo \"status $?\""
        ),
        .wait("Enter passphrase:"), .secret, .wait("status 0"),
        .line("gpgconf --homedir g --kill all; echo off-$((1+1))"),
        .wait("off-2"),
      ]),
    Program(
      name: "gpg, pinentry-tty", needs: ["gpg", "pinentry-tty"],
      steps: [
        .line(
          "mkdir -m 700 g; echo pinentry-program /usr/bin/pinentry-tty > g/gpg-agent.conf; export GPG_TTY=$(tty)"
        ),
        .line("gpg --homedir g -o s.gpg -c /etc/hostname; echo \"status $?\""),
        .wait("Passphrase: "), .secret, .wait("Repeat:"), .secret, .wait("status 0"),
        .line("gpgconf --homedir g --kill all; echo off-$((1+1))"), .wait("off-2"),
      ]),
    Program(
      name: "psql", needs: ["psql"],
      steps: [
        .line("psql -h 127.0.0.1 -p 9 -U ann -W postgres; echo \"status $?\""), .wait("Password: "), .secret,
        .wait("status 2"),
      ]),
    Program(
      name: "mysql", needs: ["mysql"],
      steps: [
        .line("mysql --no-defaults -h 127.0.0.1 -P 9 -u ann -p; echo \"status $?\""),
        .wait("Enter password: "), .secret,
        .wait("status 1"),
      ]),
    Program(
      name: "ssh", needs: ["ssh", "/usr/sbin/sshd", "ssh-keygen"],
      steps: [
        .line("ssh-keygen -q -t ed25519 -N '' -f key; mkdir -p /run/sshd; port=$((20000 + $$ % 40000))"),
        .line(
          "/usr/sbin/sshd -D -f /dev/null -h $PWD/key -p $port -o ListenAddress=127.0.0.1 -o UsePAM=no 2>sshd.log & sleep 0.5"
        ),
        .line(
          "ssh -F /dev/null -o StrictHostKeyChecking=no -o UserKnownHostsFile=known -o NumberOfPasswordPrompts=1 "
            + "-o PubkeyAuthentication=no -o ConnectionAttempts=20 -p $port nobody@127.0.0.1; echo \"status $?\""
        ),
        .wait("nobody@127.0.0.1's password: "), .secret, .wait("status 255"),
        .line("kill %1; wait; echo off-$((1+1))"),
        .wait("off-2"),
      ], needsRoot: true),
    Program(
      name: "sudo", needs: ["sudo", "setpriv"],
      steps: [
        .line("\(asNobody) sudo -k id; echo \"status $?\""), .wait("password for nobody: "), .secret,
        .wait("try again"),
        .wait("password for nobody: "), .secret, .wait("try again"), .wait("password for nobody: "),
        .keys("\u{3}"), .wait("status "),
        .line("echo \"then $?\""), .wait("then "),
      ], needsRoot: true),
    Program(
      name: "su", needs: ["su", "setpriv"],
      steps: [
        .line("\(asNobody) su root -c id; echo \"status $?\""), .wait("Password: "), .secret,
        .wait("status 1"),
      ], needsRoot: true),
    Program(
      name: "passwd", needs: ["passwd"],
      steps: [
        .line("passwd root; echo \"status $?\""), .wait("New password: "), .secret,
        .wait("Retype new password: "),
        .keys("something else\r"), .wait("status 10"),
      ], needsRoot: true),
    Program(
      name: "vim :X", needs: ["vim"],
      steps: [
        .line("vim -u NONE -N notes.txt"), .wait("notes.txt"), .keys("i"), .wait("INSERT"),
        .wait("\u{1B}[1;1H"), .keys("hello"),
        .wait("hello"),
        .keys("\u{1B}"), .keys(":X\r"), .wait("Enter encryption key:"), .secret,
        .wait("Enter same key again:"), .secret,
        .keys(":wq\r"), .wait(prompt),
      ], shown: ["vim -u NONE -N notes.txt\r", "hello"]),
  ]

  @Test(arguments: programs) func aSecretIsNotInTheRecording(program: Program) throws {
    if program.needsRoot, Host.user != "root" {
      print("\(program.name): skipped, only root can run it without a password")
      return
    }
    let missing = program.needs.filter { !isThere($0) }
    if !missing.isEmpty {
      #expect(Environment.current["CI"] != "true", "\(program.name): \(missing) not installed")
      print("\(program.name): skipped, \(missing) not installed (scripts/install-needs test)")
      return
    }
    let workspace = try Workspace()
    let path = workspace.path("secret.cast.gz")
    // Some programs ask first and turn the echo off then: what is typed in between, the terminal itself shows.
    var lines: [String] = []
    for attempt in 1...5 {
      let (shown, typed) = try run(program, in: workspace, path: path, pause: Int64(attempt) * 200_000)
      lines = typed
      if !shown.contains(Self.secret) { break }
      print("\(program.name): typed before the program had turned echo off; once more, slower")
    }

    let recording = try Recording(path, in: workspace)
    let text = try workspace.run("gzip", ["-dc", path]).output
    let leaked = Self.forms(of: Self.secret).filter { text.contains($0) }
    #expect(leaked == [], "\(program.name)")
    for code in ["i", "o", "e", "s"] {
      #expect(!recording.text(code).contains(Self.secret), "\(program.name)")
    }
    let typed = recording.text("i")
    if let shown = program.shown {
      for part in shown { #expect(typed.contains(part), "\(program.name): \(typed.debugDescription)") }
    } else {
      // Between the lines stand the keys that carry no text: Return, Ctrl-C.
      let kept = typed.split(whereSeparator: { $0 == "\r" || $0 == "\u{3}" })
      #expect(kept == lines.map { $0.dropLast() }, "\(program.name): \(typed.debugDescription)")
    }
    #expect(recording.states.contains("withheld"), "\(program.name)")
    let lost = lines.filter { !typed.contains($0.dropLast()) }.count
    print("| \(program.name) | \(leaked.count) leaked | \(lost) of \(lines.count) lines lost |")
  }

  /// Runs a program in a recorded session; gives what the terminal showed, and the lines that were typed.
  private func run(
    _ program: Program, in workspace: Workspace, path: String, pause: Int64
  ) throws -> (shown: String, lines: [String]) {
    let run = try TerminalRun(
      workspace.invocation("ssmrec", ["start", "--target", "local", "-q", "--overwrite", "-o", path]))
    try run.wait(for: Self.prompt)
    var lines: [String] = []
    for step in program.steps {
      switch step {
      case .wait(let text): try run.wait(for: text)
      case .line(let text):
        lines.append(text + "\r")
        try run.enter(text)
      case .secret:
        _ = try Poll.wait([], microseconds: pause)
        try run.enter(Self.secret)
      case .keys(let text): try run.type(text)
      }
    }
    try run.enter("exit")
    try run.waitForEnd()
    return (run.text, lines + ["exit\r"])
  }

  private func isThere(_ program: String) -> Bool {
    if program.contains("/") { return File.isExecutable(program) }
    return ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin"].contains {
      File.isExecutable($0 + "/" + program)
    }
  }

  /// The secret as it may stand in text: itself, and what base64 makes of it at each of its three offsets.
  private static func forms(of secret: String) -> [String] {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    return [secret]
      + (0..<3).map { offset in
        let bits = (Array(repeating: UInt8(0), count: offset) + Array(secret.utf8)).flatMap { byte in
          (0..<8).map { byte >> (7 - $0) & 1 }
        }
        // Digits that hold bits of the secret alone.
        let first = (offset * 8 + 5) / 6
        let digits = (first..<bits.count / 6).map { digit in
          alphabet[Int(bits[digit * 6..<digit * 6 + 6].reduce(0) { $0 << 1 | $1 })]
        }
        return String(decoding: digits, as: UTF8.self)
      }
  }
}
