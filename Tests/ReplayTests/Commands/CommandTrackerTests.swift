import Format
import Platform
import Testing

@testable import Replay

@Suite struct CommandTrackerTests {
  private func commands(_ texts: [String], columns: Int = 40) -> [TypedCommand] {
    var session = SessionLines(Header(size: WindowSize(columns: columns, rows: 6)))
    var commands: [TypedCommand] = []
    for (second, text) in texts.enumerated() {
      session.append(Event(microseconds: Int64(second) * 1_000_000, code: .output, text: text))
      commands += session.takeCommands()
    }
    session.finish()
    return commands + session.takeCommands()
  }

  private func words(_ commands: [TypedCommand]) -> [String] {
    commands.map { String(decoding: $0.text, as: UTF8.self) }
  }

  private let on = "\u{1B}[?2004h"
  private let off = "\r\n\u{1B}[?2004l\r"

  @Test func marksOfTheShellTellEverything() {
    let mark = { (text: String) in "\u{1B}]133;\(text)\u{7}" }
    let found = commands([
      mark("A") + "me$ " + mark("B"), "make x", "\r\n" + mark("C"),
      "error\r\n" + mark("D;2") + mark("A") + "me$ " + mark("B"),
      "ls\r\n" + mark("C") + "a b\r\n" + mark("D;0"),
    ])
    #expect(words(found) == ["make x", "ls"])
    #expect(found.map(\.exitCode) == [2, 0])
    #expect(found[0].start == 2000 && found[0].end == 3000 && found[0].evidence == .marks)
  }

  @Test func bracketsRoundEditingTellCommands() {
    let found = commands([
      on + "me$ ", "l", "s -l", off, "total 0\r\n" + on + "me$ ", "pws\u{8}d", off, on + "me$ ",
    ])
    #expect(words(found) == ["ls -l", "pwd"])
    #expect(found[0].start == 3000 && found[0].end == 4000 && found[0].evidence == .brackets)
  }

  @Test func wrapsAndPastesInOnePieceDoNotHideACommand() {
    let long = "echo " + String(repeating: "x", count: 60)
    #expect(words(commands([on + "me$ ", long, off])) == [long])
    let burst = commands([
      on + "me$ ", on + "date" + off + "Tue\r\n" + on + "me$ id" + off + "uid=0\r\n" + on + "me$ ",
    ])
    #expect(words(burst) == ["date", "id"])
    let scrolled = commands([on + "$ ", "seq 50" + off + (1...50).map { "\($0)\r\n" }.joined() + on + "$ "])
    #expect(words(scrolled) == ["seq 50"])
  }

  @Test func promptsAreLearntWhereTheShellTellsNothing() {
    let found = commands([
      "sh-4.2$ ", "w", "ho\r\n", "root pts/0\r\nsh-4.2$ ", "\r\nsh-4.2$ ", "exit", "\r\n",
    ])
    #expect(words(found) == ["who", "exit"])
    #expect(found[0].evidence == .prompt)
  }

  @Test func aProgramThatLeftTheOtherScreenOnHidesNoCommand() {
    let editor = "\u{1B}[?1049h\u{1B}[?2004h\u{1B}[H\u{1B}[2Jtext of a file$ \r\n~\r\n~\r\n"
    // The editor was killed: no mode was taken back.
    let found = commands([
      on + "me$ ", "vim x", off, editor, "Killed\r\n" + on + "me$ ", "ls", off, on + "me$ ", "id", off,
      on + "me$ ",
    ])
    #expect(words(found) == ["vim x", "ls", "id"])
    let ended = commands([
      on + "me$ ", "vim x", off, editor, "\u{1B}[?2004l\u{1B}[?1049l" + on + "me$ ", "ls", off,
    ])
    #expect(words(ended) == ["vim x", "ls"])
    let left = "\u{1B}[?1049h\u{1B}[2J\u{1B}[1;1Hme$ satt services\u{1B}[1;1H"
    #expect(
      words(commands([on + "me$ ", "less x", off, left, on + "me$ ", "ex", "it", off])) == ["less x", "exit"])
  }

  @Test func whatWasCorrectedBeforeItWasEnteredIsNoCommand() {
    let found = commands([
      "$ ", "termm", "t", "\u{8}\u{1B}[K", "\u{8}\u{1B}[K", "top", "\r\n$ ", "git push", "\r$ ls -l\u{1B}[K",
      "\r\n",
    ])
    #expect(words(found) == ["termtop", "ls -l"])
  }

  @Test func whatLooksLikeAPromptBehindOneIsPartOfTheCommand() {
    let found = commands(["$ ", "# ", "a comment", "\r\n$ ", "cat > ", "x", "\r\n$ "])
    #expect(words(found) == ["# a comment", "cat > x"])
  }

  /// fish draws its right prompt behind the mark, zsh its prompts before it begins to edit.
  @Test func aPromptAtTheRightIsNoPartOfACommand() {
    let mark = { (text: String) in "\u{1B}]133;\(text)\u{7}" }
    let right = "\r\u{1B}[32C 13:39\r"
    let fish = [
      mark("A") + "~/work\r\n" + mark("B") + "\u{1B}[K" + right, "h" + right + "\u{1B}[C",
      "x  ." + right + "\u{1B}[5C", "\r\n" + mark("C") + "x\r\n" + mark("D;0"),
    ]
    #expect(words(commands(fish)) == ["hx  ."])
    let zsh = "\r\u{1B}[Jmac% \u{1B}[K\u{1B}[30C13:39\r\u{1B}[5C" + on
    #expect(words(commands([zsh, "ls", off, "a\r\n" + zsh, "pwd", off, "/\r\n" + zsh])) == ["ls", "pwd"])
    // What needs the room has the shell take the prompt away.
    let long = "echo one two three four five six se  ven"
    #expect(words(commands([zsh, "\u{1B}[K" + long, off, zsh])) == [long])
  }

  @Test func wideGapsInWhatWasTypedStay() {
    let typed = "cut -c 1-4      x"
    #expect(words(commands([on + "me$ ", typed, off, on + "me$ "])) == [typed])
    #expect(words(commands([on + "me$ " + typed, off, on + "me$ "])) == [typed])
  }

  @Test(arguments: [
    // The last letter is that which stood there; behind it is what a list of processes left.
    ("\u{1B}[2;1Hme$ satssservices\u{1B}[2;1H", ["e", "xit", "s"], "exits"),
    ("\u{1B}[2;33Habcdefgt\u{1B}[2;33H", ["ex", "i", "t"], "exit"),
    ("\u{1B}[2;1Ha row that ends", ["exit"], "exit"),
    ("\u{1B}[2;1H" + String(repeating: "x", count: 40), ["ex", "it"], "exit"),
  ])
  func whatAProgramLeftInTheRowIsNoPartOfACommand(_ screen: String, _ keys: [String], _ command: String) {
    #expect(words(commands([screen, on + "me$ "] + keys + [off])) == [command])
  }

  @Test func thePromptOfAShellThatWasKilledIsNoPartOfACommand() {
    let found = commands([on + "root# ", on + "me$ ", "ls", off, on + "me$ ", "id", off])
    #expect(words(found) == ["ls", "id"])
  }

  @Test func aBracketThatOpensBehindThePromptTellsTheCommandToo() {
    let found = commands(["me% " + on, "echo 5 > ", "x", off, "me% " + on, "ls", off])
    #expect(words(found) == ["echo 5 > x", "ls"])
  }

  @Test func topCountsByTheFirstWord() {
    func key(_ text: String) -> String {
      CommandsCommand.key(
        TypedCommand(text: Array(text.utf8), start: 0, evidence: .marks), isWhole: false)
    }
    #expect(key("sudo -n systemctl status x") == "systemctl")
    #expect(key("A=1 make") == "make")
    #expect(key("ls") == "ls")
  }
}
