import Platform
import Testing

@testable import Recorder

/// What counts as an echo, case by case.
@Suite struct EchoMaskerTests {
  enum Step: Sendable {
    case typed(String)
    case shown(String)
    /// Milliseconds.
    case pause(Int64)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var steps: [Step]
    /// All keys that are recorded.
    var kept: String
    /// Prompts of what was withheld.
    var prompts: [String] = []
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(
      name: "a command that the shell shows",
      steps: [.shown("$ "), .typed("ls"), .shown("ls"), .typed("\r"), .shown("\r\na\r\n$ ")], kept: "ls\r"),
    Case(
      name: "a password",
      steps: [.shown("Password: "), .typed("hunter2\r"), .shown("\r\nok\r\n$ "), .pause(31_000)], kept: "\r",
      prompts: ["Password:"]),
    Case(
      name: "output that begins with the password's letter, on the next row",
      steps: [.shown("Password: "), .typed("a\r"), .shown("\r\na\r\nall right\r\n$ "), .pause(31_000)],
      kept: "\r",
      prompts: ["Password:"]),
    Case(
      name: "output that begins with the password's letter, where its echo would stand",
      steps: [.shown("Password: "), .typed("a\r"), .shown("accepted\r\n$ "), .pause(31_000)], kept: "\r",
      prompts: ["Password:"]),
    Case(
      name: "a prompt that begins with what was typed ahead of it",
      steps: [
        .shown("$ "), .typed("ssh db\r"), .shown("ssh db\r\n"), .typed("b"), .shown("bob@db's password: "),
        .pause(900),
        .typed("ob\r"), .shown("\r\n$ "), .pause(31_000),
      ], kept: "ssh db\r\r", prompts: ["bob@db's password:"]),
    Case(
      name: "a password that is the prompt's last word, typed ahead",
      steps: [
        .shown("$ "), .typed("sudo id\rpassword:\r"), .shown("sudo id\r\n[sudo] password: \r\nSorry\r\n$ "),
        .pause(31_000),
      ], kept: "sudo id\r\r", prompts: ["[sudo] password:"]),
    Case(
      name: "stars are no echo, not even of stars",
      steps: [
        .shown("PIN: "), .typed("*"), .shown("*"), .pause(900), .typed("1"), .shown("*"), .pause(900),
        .typed("*"),
        .shown("*"), .pause(4000), .typed("\r"), .shown("\r\n$ "), .pause(31_000),
      ], kept: "\r", prompts: ["PIN:"]),
    Case(
      name: "a star in a command",
      steps: [
        .shown("$ "), .typed("rm "), .shown("rm "), .pause(900), .typed("*"), .shown("*"), .pause(900),
        .typed("\r"),
        .shown("\r\n$ "),
      ], kept: "rm *\r"),
    Case(
      name: "keys without text are kept as they come",
      steps: [.shown("$ "), .typed("\u{1B}[A"), .shown("ls"), .typed("\r"), .shown("\r\n$ ")],
      kept: "\u{1B}[A\r"),
    Case(
      name: "corrections within a password go with it",
      steps: [.shown("Password: "), .typed("hux\u{7F}nter2\r"), .shown("\r\n$ "), .pause(31_000)], kept: "\r",
      prompts: ["Password:"]),
    Case(
      name: "an answer seconds later",
      steps: [.shown("$ "), .typed("ls\r"), .pause(9000), .shown("ls\r\n$ ")], kept: "ls\r"),
    Case(
      name: "typed before the first prompt, echoed by the kernel and again by the shell",
      steps: [.typed("ls\nexit\n"), .shown("ls\r\nexit\r\n$ ls\r\na\r\n$ exit\r\n")], kept: "ls\nexit\n"),
    Case(
      name: "typed while output runs, shown behind the prompt",
      steps: [.shown("$ "), .typed("a\rb\r"), .shown("a\r\nx\r\nyy\r\n$ b\r\nz\r\n$ ")], kept: "a\rb\r"),
    Case(
      name: "a bracketed paste that the shell shows highlighted",
      steps: [
        .shown("$ "), .typed("\u{1B}[200~echo hi\u{1B}[201~"), .shown("\u{1B}[7mecho hi\u{1B}[27m"),
        .pause(900),
        .typed("\r"), .shown("\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}echo hi\r\nhi\r\n$ "),
      ], kept: "\u{1B}[200~echo hi\u{1B}[201~\r"),
    Case(
      name: "a bracketed paste at a password prompt",
      steps: [
        .shown("Password: "), .typed("\u{1B}[200~s3cret\u{1B}[201~\r"), .shown("\r\n$ "), .pause(31_000),
      ],
      kept: "\u{1B}[200~\r", prompts: ["Password:"]),
    Case(
      name: "Ctrl-C at a password prompt",
      steps: [.shown("Password: "), .typed("hun\u{3}"), .shown("\r\n$ "), .pause(31_000)], kept: "\u{3}",
      prompts: ["Password:"]),
    Case(
      name: "Ctrl-C behind a command",
      steps: [.shown("$ "), .typed("sleep 5\u{3}"), .shown("sleep 5^C\r\n$ ")], kept: "sleep 5\u{3}"),
    Case(
      name: "a full-screen editor shows what is inserted, not its commands",
      steps: [
        .shown("\u{1B}[?1049h\u{1B}[H\u{1B}[2J~\u{1B}[H"), .typed("i"),
        .shown("\u{1B}[24;1H-- INSERT --\u{1B}[1;1H"),
        .pause(900), .typed("hi"), .shown("hi"), .pause(900), .typed("\u{1B}"),
        .shown("\u{1B}[24;1H\u{1B}[K\u{1B}[1;2H"),
        .typed(":"), .shown("\u{1B}[24;1H:"), .pause(900), .typed("q"), .shown("q"), .pause(900),
        .typed("\r"),
        .shown("\r\u{1B}[?1049l$ "),
      ], kept: "hi\u{1B}:q\r", prompts: [""]),
    Case(
      name: "keys that never get an answer",
      steps: [.shown("$ "), .typed("abc"), .pause(31_000)], kept: "", prompts: ["$"]),
  ]

  @Test(arguments: cases) func keepsWhatWasShown(of test: Case) {
    for whole in [true, false] {
      var masker = EchoMasker(size: WindowSize(columns: 80, rows: 24))
      var (now, notes) = (Int64(1_000_000), [EchoMasker.Note]())
      for step in test.steps {
        switch step {
        case .typed(let text): notes += masker.typed(Array(text.utf8), at: now)
        case .shown(let text):
          let bytes = Array(text.utf8)
          // In one piece, or byte by byte.
          for piece in whole ? [bytes] : bytes.map({ [$0] }) {
            now += 1000
            notes += masker.shown(piece, at: now)
          }
        case .pause(let milliseconds):
          let end = now + milliseconds * 1000
          while let deadline = masker.deadline, deadline < end {
            notes += masker.advance(to: max(now, deadline))
          }
          now = end
          notes += masker.advance(to: now)
        }
        now += 50_000
      }
      notes += masker.finish()
      let prompts = notes.compactMap { note -> String? in
        if case .withheld(_, let prompt) = note { prompt } else { nil }
      }
      #expect(notes.text == test.kept, "\(test.name), whole: \(whole)")
      #expect(prompts == test.prompts, "\(test.name), whole: \(whole)")
    }
  }

  @Test func countsAreSoCoarseThatLengthsDoNotShow() {
    #expect([1, 8, 32, 33, 64, 65].map(InputEntry.rounded) == [32, 32, 32, 64, 64, 128])
  }

  @Test func lateKeysSayWhenTheyWereTyped() {
    let notes: [EchoMasker.Note] = [
      .withheld(keys: 7, prompt: "Password:"), .keys([0x0D], typedAt: 1_000_000),
      .keys([0x61], typedAt: 1_500_000),
    ]
    #expect(
      InputEntry.entries(for: notes, at: 1_700_000) == [
        .state("withheld", [.init("keys_at_most", 32), .init("prompt", "Password:")]),
        .state("typed", [.init("ago_ms", [700, 200])]), .input([0x0D]), .input([0x61]),
      ])
    #expect(InputEntry.entries(for: [.keys([0x61], typedAt: 5)], at: 900) == [.input([0x61])])
  }

  @Test func memoryIsBoundedWhateverIsTyped() {
    var masker = EchoMasker(size: WindowSize(columns: 80, rows: 24))
    var kept: [EchoMasker.Note] = []
    for _ in 0..<100 { kept += masker.typed(Array(repeating: 0x78, count: 1000), at: 0) }
    kept += masker.finish()
    #expect(kept.bytes.isEmpty)
    // A sequence without an end, a string without an end.
    for text in [
      "\u{1B}[" + String(repeating: "1", count: 9000), "\u{1B}]" + String(repeating: "x", count: 9000),
    ] {
      _ = masker.typed(Array(text.utf8), at: 1)
    }
    _ = masker.finish()
  }

  @Test func anyBytesOnBothSidesAreTaken() {
    var random = WireRandom(seed: 7)
    for _ in 0..<300 {
      var masker = EchoMasker(
        size: WindowSize(columns: random.next(below: 90), rows: random.next(below: 30)))
      var (typed, notes, now) = ([UInt8](), [EchoMasker.Note](), Int64(0))
      for _ in 0..<30 {
        now += Int64(random.next(below: 2_000_000))
        // Control sequences are likelier than chance makes them.
        var bytes = random.bytes(random.next(below: 30))
        for index in bytes.indices where random.next(below: 4) == 0 {
          bytes[index] = [0x1B, 0x5B, 0x0D, 0x0A][index & 3]
        }
        switch random.next(below: 5) {
        case 0, 1:
          typed += bytes
          notes += masker.typed(bytes, at: now)
        case 2: masker.resize(to: WindowSize(columns: random.next(below: 300), rows: random.next(below: 99)))
        default: notes += masker.shown(random.next(below: 2) == 0 ? typed.suffix(20) + [] : bytes, at: now)
        }
      }
      notes += masker.finish()
      // What is kept was typed, in that order.
      var rest = typed[...]
      for byte in notes.bytes {
        guard let index = rest.firstIndex(of: byte) else {
          Issue.record("kept what was not typed")
          break
        }
        rest = rest[(index + 1)...]
      }
    }
  }
}
