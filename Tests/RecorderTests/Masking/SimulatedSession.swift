import Platform

@testable import Recorder

/// A person, a link and a machine: what is typed when, and what comes back when, all from one seed.
///
/// The machine answers each key at once; the link delivers its output in pieces of any size, in order, after delays
/// of up to two seconds. The person waits for prompts, or types ahead of them.
struct SimulatedSession {
  struct Key {
    var bytes: [UInt8]
    var typedAt: Int64
    /// It is a character that the session showed as itself.
    var isEchoed: Bool
    /// It is a character that the session did not show.
    var isSecret: Bool
  }
  enum Happening {
    case typed([UInt8])
    case shown([UInt8])
  }

  private(set) var keys: [Key] = []
  private(set) var happenings: [(at: Int64, Happening)] = []

  private var random: WireRandom
  private var now: Int64 = 0
  private var delivered: Int64 = 0
  private let delay: Int64
  private let gap: Int64
  private var column = 0
  private let style: Style

  /// How the machine's line editor echoes.
  enum Style: CaseIterable {
    /// The kernel's terminal: the character.
    case cooked
    /// bash: inserts, wraps with a blank and a carriage return.
    case readline
    /// zsh with colors: the word is drawn again with each key.
    case highlighted
    /// fish: a suggestion in gray behind the cursor, which goes back.
    case suggesting
    /// mosh: underlined first, and again without.
    case predicted
  }

  static let prompts = [
    "[sudo] password for ann: ", "Password: ", "ann@db1's password: ",
    "Enter passphrase for key '/home/ann/.ssh/id':",
    "Passwort: ", "Mot de passe : ", "パスワード: ", "[sudo] пароль для ann: ", "密码：", "Enter PEM pass phrase:",
  ]
  /// Words of the prompts and of what follows them are secrets too: no coincidence may give them away.
  static let secretWords = [
    "hunter2", "password", "a", "ann", "Last", "total", "again.", "pass", "$ ls", "root", "t",
    "geheim wörter", "пароль",
    "*a*b", "Pa$$w0rd", "ls", "correct horse battery staple", "xterm", "ok", "for",
  ]
  static let commands = [
    "ls -la", "whoami", "cd /var/log", "rm *.tmp", "echo password again", "grep -r 'total' /etc | head",
    "ü ö 日本 x", "true",
    "psql -h db1 -U ann",
    "tail -n 20 /var/log/syslog.1 | sort -u | uniq -c | sort -rn | head -n 5 | cat -A | less -R",
  ]
  static let outputs = [
    "", "total 12\r\n-rw-r--r-- 1 root root 4 Nov 24 a\r\n", "Sorry, try again.\r\n",
    "Last login: Tue from a\r\nok\r\n",
    "a\r\n", "root\r\n", "password\r\n$ lsof\r\n", "\u{1B}[32mok\u{1B}[0m\r\n",
  ]

  init(seed: UInt64, style: Style) {
    random = WireRandom(seed: seed)
    self.style = style
    delay = Int64(random.next(below: 2_000_001))
    gap = Int64([20_000, 80_000, 180_000, 400_000][random.next(below: 4)])
    emit("ann@web1:~$ ")
    for _ in 0..<random.next(below: 6) + 4 { step() }
  }

  private mutating func step() {
    if random.next(below: 4) > 0 {  // the person looks at the prompt first
      now = max(now, delivered) + Int64(random.next(below: 900_000)) + 100_000
    } else {
      now += Int64(random.next(below: 200_000))
    }
    switch random.next(below: 6) {
    case 0, 1: secretPrompt(stars: false)
    case 2: secretPrompt(stars: true)
    case 3 where style != .suggesting: editedLine()
    default:
      line(pick(Self.commands))
      emit("\r\n" + pick(Self.outputs) + "ann@web1:~$ ")
    }
  }

  private mutating func line(_ text: String) {
    var shown = ""
    for character in text {
      type(Array(String(character).utf8), isEchoed: true)
      shown.append(character)
      echo(character, after: shown.dropLast())
    }
    type([0x0D])
  }

  private mutating func secretPrompt(stars: Bool) {
    line("sudo -k id")
    emit("\r\n" + pick(Self.prompts))
    if random.next(below: 3) > 0 { now = max(now, delivered) + Int64(random.next(below: 900_000)) + 100_000 }
    let secret = pick(Self.secretWords)
    for character in secret {
      type(Array(String(character).utf8), isSecret: true)
      if stars { emit(["*", "•"][random.next(below: 8) == 0 ? 1 : 0]) }
    }
    type([0x0D])
    emit("\r\n" + pick(Self.outputs) + "ann@web1:~$ ")
  }

  /// A word in the middle is corrected, as readline shows it.
  private mutating func editedLine() {
    for character in "ech" {
      type(Array(String(character).utf8), isEchoed: true)
      emit(String(character))
    }
    type([0x7F])
    emit("\u{8}\u{1B}[K")
    for character in "ho hi" {
      type(Array(String(character).utf8), isEchoed: true)
      emit(String(character))
    }
    type(Array("\u{1B}[D".utf8))
    emit("\u{8}")
    // Here a person looks where the cursor is.
    now = max(now, delivered) + 700_000
    type(Array("X".utf8), isEchoed: true)
    emit("Xi\u{8}")
    now = max(now, delivered) + 700_000
    type([0x0D])
    emit("\u{1B}[C\r\nhXi\r\nann@web1:~$ ")
  }

  private mutating func type(_ bytes: [UInt8], isEchoed: Bool = false, isSecret: Bool = false) {
    now += gap / 2 + Int64(random.next(below: Int(gap))) + 1
    keys.append(Key(bytes: bytes, typedAt: now, isEchoed: isEchoed, isSecret: isSecret))
    happenings.append((now, .typed(bytes)))
  }

  private mutating func echo(_ character: Character, after before: Substring) {
    let width = String(character).columnCount
    switch style {
    case .cooked: emit(String(character))
    case .readline:
      let start = "ann@web1:~$ ".count + String(before).columnCount
      emit(String(character))
      if (start + width) % 80 == 0 { emit(" \r") }
    case .highlighted:
      let word = before.split(separator: " ", omittingEmptySubsequences: false).last ?? ""
      let columns = String(word).columnCount
      let start = "ann@web1:~$ ".count + String(before).columnCount
      if columns > 0, columns < 20, start % 80 > columns, start % 80 < 78 {
        emit(
          String(repeating: "\u{8}", count: columns) + "\u{1B}[32m" + word + String(character) + "\u{1B}[39m")
      } else {
        emit(String(character))
      }
    case .suggesting:
      let start = "ann@web1:~$ ".count + String(before).columnCount
      emit(String(character))
      if start % 80 < 60 { emit("\u{1B}[90m lax\u{1B}[0m\u{1B}[4D") }
    case .predicted:
      let back = String(repeating: "\u{8}", count: width)
      let start = "ann@web1:~$ ".count + String(before).columnCount
      if start % 80 < 70 {
        emit("\u{1B}[4m\(character)\u{1B}[24m\(back)\(character)")
      } else {
        emit(String(character))
      }
    }
  }

  /// The machine puts this out now; the link brings it in pieces.
  private mutating func emit(_ text: String) {
    var bytes = Array(text.utf8)
    while !bytes.isEmpty {
      let count = min(bytes.count, random.next(below: 40) + 1)
      let jitter =
        random.next(below: 5) == 0 ? Int64(random.next(below: 300_000)) : Int64(random.next(below: 3000))
      delivered = max(delivered + 1, now + delay + jitter)
      happenings.append((delivered, .shown(Array(bytes.prefix(count)))))
      bytes.removeFirst(count)
    }
  }

  private mutating func pick(_ words: [String]) -> String { words[random.next(below: words.count)] }

  /// What was typed, secrets in brackets.
  var text: String {
    keys.map {
      $0.isSecret
        ? "[\(String(decoding: $0.bytes, as: UTF8.self))]" : String(decoding: $0.bytes, as: UTF8.self)
    }
    .joined()
  }

  /// Runs it through a masker and gives what it notes.
  func run() -> [EchoMasker.Note] {
    var masker = EchoMasker(size: WindowSize(columns: 80, rows: 24))
    var notes: [EchoMasker.Note] = []
    let order = happenings.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
    for (_, (at, happening)) in order {
      while let deadline = masker.deadline, deadline < at { notes += masker.advance(to: deadline) }
      switch happening {
      case .typed(let bytes): notes += masker.typed(bytes, at: at)
      case .shown(let bytes): notes += masker.shown(bytes, at: at)
      }
    }
    return notes + masker.finish()
  }
}

extension [EchoMasker.Note] {
  /// All keys that are recorded.
  var bytes: [UInt8] {
    flatMap { note -> [UInt8] in if case .keys(let bytes, _) = note { bytes } else { [] } }
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension WireRandom {
  /// A number from 0 to `limit - 1`.
  mutating func next(below limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
