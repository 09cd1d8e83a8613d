import Platform
import Testing

@testable import Recorder

@Suite struct SessionFactsTests {
  private let started = Timestamp(microseconds: 1_700_000_000_123_456)

  @Test func masksParametersNamedLikeASecret() {
    var facts = SessionFacts(sessionID: "me@corp.com-0abc", target: "i-1", program: "ssmrec start")
    facts.parameters = [
      SessionRequest.Parameter(name: "portNumber", values: ["22"]),
      SessionRequest.Parameter(name: "db-Password", values: ["hunter2"]),
      SessionRequest.Parameter(name: "API_KEY", values: ["hunter2"]),
    ]
    let text = facts.json(started: started).text
    #expect(!text.contains("hunter2") && text.contains(#""portNumber":["22"]"#))
  }

  @Test(arguments: [
    ("true --password hunter2 x", "true --password ******* x"),
    ("DB_TOKEN='hunter2' y", "DB_TOKEN='*******' y"),
    ("mysql://a:hunter2@h/", "mysql://a:*******@h/"), ("ls /passwords", "ls /passwords"),
    ("reset the password for ann", "reset the password for ann"),
    ("one\ntwo secret=hunter2", "one\ntwo secret=*******"),
  ])
  func masksValuesThatLookLikeASecret(value: String, masked: String) {
    #expect(SessionFacts.masked(value) == masked)
  }

  @Test func namesTheOwnerByTheSessionID() {
    let facts = SessionFacts(sessionID: "me@corp-x.com-0abc", target: "i-1", program: "p")
    let json = facts.json(started: started)
    #expect(json["owner"]?.string == "me@corp-x.com")
    #expect(json["started"]?.string == "2023-11-14T22:13:20.123456Z")
  }

  @Test(arguments: [
    ("password", true), ("DbPasswd", true), ("x-token", true), ("keyboard", false), ("host", false),
  ])
  func knowsNamesOfSecrets(name: String, isSecret: Bool) {
    #expect(SecretName.matches(name) == isSecret)
  }
}
