import Testing

@testable import Recorder

/// The keys that speak to the program and not to the session.
@Suite struct EscapeKeysTests {
  private func steps(_ typed: String...) -> [EscapeKeys.Step] {
    var escapes = EscapeKeys()
    return typed.flatMap { escapes.take(Array($0.utf8)) }
  }

  private func keys(_ text: String) -> EscapeKeys.Step { .keys(Array(text.utf8)) }

  @Test(
    arguments: [
      ("~.", [EscapeKeys.Step.end]), ("ls\r~.", [.keys(Array("ls\r".utf8)), .end]),
      ("ls\n~.more", [.keys(Array("ls\n".utf8)), .end]), ("~?", [.help]), ("~?~.", [.help, .end]),
      ("~~", [.keys([0x7E])]), ("~~.", [.keys(Array("~.".utf8))]), ("~x", [.keys(Array("~x".utf8))]),
      ("~\r~.", [.keys(Array("~\r".utf8)), .end]), ("a~.", [.keys(Array("a~.".utf8))]),
      ("~-~.", [.off, .keys(Array("~.".utf8))]), ("", []), ("~", []),
    ] as [(String, [EscapeKeys.Step])])
  func aTildeAtTheBeginningOfALineAsksForSomething(_ typed: String, _ expected: [EscapeKeys.Step]) {
    #expect(steps(typed) == expected)
  }

  @Test func keysMayComeOneByOne() {
    #expect(steps("l", "\r", "~", ".") == [keys("l"), keys("\r"), .end])
    #expect(steps("~", "u", "~", ".") == [keys("~u"), keys("~"), keys(".")])
    #expect(steps("cd ~", "/x\r", "~", "~", "\r") == [keys("cd ~"), keys("/x\r"), keys("~"), keys("\r")])
  }

  @Test func everythingButEscapesGoesOnUnchanged() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let typed = (0..<50).map { _ in UInt8.random(in: 0...255, using: &random) }.filter { $0 != 0x7E }
      var escapes = EscapeKeys()
      let passed = escapes.take(typed).flatMap { step -> [UInt8] in
        if case .keys(let keys) = step { keys } else { [] }
      }
      #expect(passed == typed)
    }
  }
}
