import Testing

@testable import Recorder

@Suite struct ResponseSourceTests {
  static let object = #"{"SessionId":"a-\"}{","x":[{"y":1}],"StreamUrl":"wss://h/p?q=1","TokenValue":"t"}"#

  @Test func findsTheEndOfTheObjectHoweverItArrives() {
    let bytes = Array("  \(Self.object)\nls\n".utf8)
    for cut in 0...bytes.count {
      var scanner = JSONObjectScanner()
      scanner.append(Array(bytes[..<cut]))
      scanner.append(Array(bytes[cut...]))
      #expect(scanner.object == Array("  \(Self.object)".utf8) && scanner.rest == Array("ls\n".utf8))
    }
  }

  @Test func anObjectThatNeverEndsIsNotWhole() {
    let bytes = Array(Self.object.utf8)
    for cut in 0..<bytes.count {
      var scanner = JSONObjectScanner()
      scanner.append(Array(bytes[..<cut]))
      #expect(scanner.end == nil)
    }
  }

  @Test func errorsNeverHoldTheResponse() {
    for text in ["{\"TokenValue\":\"hidden\"}", "{\"TokenValue\":\"hidden\",", "hidden", "[\"hidden\"]"] {
      do throws(ResponseSourceError) {
        _ = try ResponseSource.parse(Array(text.utf8), name: "here")
        Issue.record("\(text) was taken for a response")
      } catch {
        #expect(!"\(error)".contains("hidden") && "\(error)".contains("here"))
      }
    }
  }

  @Test func takesTheSessionOfAnECSAnswer() throws {
    let text = #"{"taskArn":"x","session":{"sessionId":"s","streamUrl":"wss://h/","tokenValue":"t"}}"#
    #expect(try ResponseSource.parse(Array(text.utf8), name: "here").sessionID == "s")
  }

  @Test func namesTheThreeSources() {
    #expect(ResponseSource(nil) == .standardInput && ResponseSource("-") == .standardInput)
    #expect(ResponseSource("ENV:X") == .environment("X") && ResponseSource("a.json") == .file("a.json"))
  }
}
