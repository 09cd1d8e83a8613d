import Platform
import Testing

@testable import Recorder

/// The whole way: API, TLS, WebSocket, data channel and a shell, as a client meets them.
@Suite struct LocalAgentTests {
  @Test func aShellEchoesAndEndsWithChannelClosed() throws {
    let agent = try LocalAgent.forTests()
    let client = try AgentTestClient(agent)
    try client.run(untilPrinted: "$ ")
    client.type("printf 'h%sllo\\n' e\n")
    try client.run(untilPrinted: "hello")
    let status = { () throws -> String? in
      let body: JSON = [
        "State": "Active", "Filters": [["key": "SessionId", "value": .string(client.sessionID)]],
      ]
      let answer = try AgentTestClient.call(agent, "DescribeSessions", body).json(status: 200)
      return answer["Sessions"]?.array?.first?["Status"]?.string
    }
    #expect(try status() == "Connected")
    client.type("exit\n")
    try client.run { client.closeCode != nil }
    #expect(client.closed == "")
    #expect(client.closeCode == 1000)
    #expect(try status() == nil)
    #expect(try client.resume() == false)
    agent.stop()
  }

  @Test func theTerminalHasTheClientsSizeAndTheAgentsSettings() throws {
    let agent = try LocalAgent.forTests()
    let client = try AgentTestClient(agent)
    try client.run(untilPrinted: "$ ")
    client.type("stty size; echo $TERM $LANG\n")
    try client.run(untilPrinted: "24 80\r\nxterm-256color C.UTF-8")
    client.resize(132, 43)
    client.type("stty size\n")
    try client.run(untilPrinted: "43 132")
    client.type("echo secr'e'ts $(env | grep -c AWS_)\n")
    try client.run(untilPrinted: "secrets 0")
    agent.stop()
  }

  @Test func fiveMegabytesArriveByteForByte() throws {
    let agent = try LocalAgent.forTests()
    let count = 5 << 20
    // Without output processing the terminal passes every byte on as it is.
    let command = "stty raw -echo; head -c \(count) /dev/zero | tr '\\0' '\\251'; sleep 0.1"
    let client = try AgentTestClient(agent, running: command)
    try client.run { client.closeCode != nil }
    #expect(client.output.count == count)
    #expect(client.output.allSatisfy { $0 == 0o251 })
    #expect(client.closed == "")
    agent.stop()
  }

  @Test func aSlowClientHoldsThePrintingProgramBack() throws {
    let agent = try LocalAgent.forTests()
    let command = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); echo line $i; done"
    let client = try AgentTestClient(agent, running: command)
    try client.run(untilPrinted: "line 1\r\n")
    let pause = SystemTime().instant.advanced(byMicroseconds: 300_000)
    while SystemTime().instant < pause { _ = try Poll.wait([], microseconds: 50_000) }
    try client.run { client.closeCode != nil }
    let lines = client.output.split(separator: 0x0A)
    #expect(lines.count == 200_000)
    #expect(lines.last.map { String(decoding: $0, as: UTF8.self) } == "line 200000\r")
    agent.stop()
  }

  @Test func inputWaitsForAProgramThatReadsLate() throws {
    let agent = try LocalAgent.forTests()
    let command = "stty raw -echo; echo ready; sleep 0.3; head -c 1000000 | cksum"
    let client = try AgentTestClient(agent, running: command)
    try client.run(untilPrinted: "ready")
    let line = (0..<100).map { "\($0 % 10)" }.joined()
    for _ in 0..<10_000 { client.type(line) }
    try client.run { client.closeCode != nil }
    // cksum(1) of ten thousand times those hundred digits.
    #expect(client.text.contains("2881818396 1000000"))
    agent.stop()
  }

  @Test func inputThatNobodyReadsDoesNotStopTheOutput() throws {
    let agent = try LocalAgent.forTests()
    let command = "stty raw -echo; echo ready; sleep 0.3; head -c 3000000 /dev/zero"
    let client = try AgentTestClient(agent, running: command)
    try client.run(untilPrinted: "ready")
    let block = String(repeating: "x", count: 1000)
    for _ in 0..<2000 { client.type(block) }
    try client.run { client.closeCode != nil }
    #expect(client.output.filter { $0 == 0 }.count == 3_000_000)
    agent.stop()
  }

  @Test func aWrongTokenIsRefusedAndTheRightOneStillOpens() throws {
    let agent = try LocalAgent.forTests()
    let answer = try AgentTestClient.call(agent, "StartSession", ["Target": "local"]).json(status: 200)
    let right = try StartSessionResponse(json: answer)
    let wrong = StartSessionResponse(
      sessionID: right.sessionID, tokenValue: "guessed", streamURL: right.streamURL)
    let thief = try AgentTestClient(agent, wrong)
    try thief.run { thief.closeCode != nil }
    #expect(thief.closeCode == 1003)
    let reason = "Channel \(right.sessionID): request to open data channel does not contain valid token."
    #expect(thief.closeReason == reason)
    let owner = try AgentTestClient(agent, right)
    try owner.run(untilPrinted: "$ ")
    let second = try AgentTestClient(agent, right)
    try second.run { second.closeCode != nil }
    #expect(second.closeCode == 1003)
    agent.stop()
  }

  @Test func callsThatAreNotAllowedGetAWSsErrors() throws {
    let agent = try LocalAgent.forTests()
    let stranger = Credentials(accessKeyID: "AKIASTRANGER", secretAccessKey: "x")
    let forger = Credentials(accessKeyID: agent.credentials.accessKeyID, secretAccessKey: "x")
    let cases: [(String, JSON, Credentials?, String)] = [
      ("StartSession", ["Target": "i-0123456789abcdef0"], nil, "TargetNotConnected"),
      ("StartSession", [:], nil, "ValidationException"),
      ("StartSession", ["Target": "local"], stranger, "UnrecognizedClientException"),
      ("StartSession", ["Target": "local"], forger, "InvalidSignatureException"),
      ("RunCommand", [:], nil, "UnknownOperationException"),
    ]
    for (operation, body, credentials, type) in cases {
      for secure in [false, true] {
        let response = try AgentTestClient.call(
          agent, operation, body, credentials: credentials, secure: secure)
        let error = ServiceError(response)
        #expect(error.type == type)
        #expect(response.fields["x-amzn-RequestId"]?.utf8.count == 36)
      }
    }
    agent.stop()
  }

  @Test func terminateSessionHangsTheShellUp() throws {
    let agent = try LocalAgent.forTests()
    let client = try AgentTestClient(agent)
    try client.run(untilPrinted: "$ ")
    client.type("trap '' HUP; echo p'i'd $$\n")
    try client.run(untilPrinted: "pid ")
    try client.run { client.text.split(separator: "pid ").last?.contains("\r\n") == true }
    let digits = client.text.split(separator: "pid ").last?.prefix { $0.isNumber } ?? ""
    let process = try #require(Int32(digits))
    let body: JSON = ["SessionId": .string(client.sessionID)]
    let answer = try AgentTestClient.call(agent, "TerminateSession", body).json(status: 200)
    #expect(answer == body)
    try client.run { client.closeCode != nil }
    #expect(client.closed == "")
    agent.stop()
    // The shell that ignores SIGHUP is gone as well.
    #expect(throws: Errno.self) { try Signal(rawValue: 0).send(to: process) }
  }

  @Test func aCutConnectionGoesOnWhereItStopped() throws {
    let agent = try LocalAgent.forTests()
    let client = try AgentTestClient(agent)
    try client.run(untilPrinted: "$ ")
    client.type(
      "stty -echo; i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo line $i; done; echo all d'on'e\n")
    try client.run(untilPrinted: "line 500\r\n")
    client.cut()
    #expect(try client.resume())
    try client.run(untilPrinted: "line 9000\r\n")
    client.cut()
    #expect(try client.resume())
    try client.run(untilPrinted: "all done")
    let lines = client.text.split(separator: "\r\n").filter { $0.hasPrefix("line ") }
    let wrong = zip(lines, 1...).first { $0.0 != "line \($0.1)" }
    #expect(wrong == nil && lines.count == 20_000, "\(lines.count) lines, first wrong \(wrong as Any)")
    client.type("exit\n")
    try client.run { client.closeCode != nil }
    agent.stop()
  }

  @Test func aSessionWhoseClientStaysAwayEnds() throws {
    let agent = try LocalAgent.forTests { $0.orphanTimeoutMicroseconds = 50_000 }
    let client = try AgentTestClient(agent)
    try client.run(untilPrinted: "$ ")
    client.cut()
    var status = ""
    for _ in 0..<200 where status != "Terminated" {
      _ = try Poll.wait([], microseconds: 50_000)
      let answer = try AgentTestClient.call(agent, "DescribeSessions", ["State": "History"]).json(status: 200)
      status = answer["Sessions"]?.array?.first?["Status"]?.string ?? ""
    }
    #expect(status == "Terminated")
    #expect(try client.resume() == false)
    agent.stop()
  }

  @Test func aChildThatKeepsTheTerminalDoesNotKeepTheSession() throws {
    let agent = try LocalAgent.forTests()
    let client = try AgentTestClient(agent, running: "(trap '' HUP; sleep 5) & echo bye")
    try client.run { client.closeCode != nil }
    #expect(client.text == "bye\r\n")
    #expect(client.closed == "")
    agent.stop()
  }

  @Test func aShellThatExitsWhileNobodyIsThereIsReadToItsEndLater() throws {
    let agent = try LocalAgent.forTests()
    let client = try AgentTestClient(agent, running: "echo first; read line; echo second; exit 3")
    try client.run(untilPrinted: "first")
    client.type("\n")
    try client.turn(waiting: 0)
    client.cut()
    _ = try Poll.wait([], microseconds: 200_000)
    #expect(try client.resume())
    try client.run { client.closeCode != nil }
    #expect(client.text.hasSuffix("second\r\n"))
    #expect(client.closed == "")
    agent.stop()
  }

  @Test func stoppingTheAgentTellsItsClients() throws {
    let agent = try LocalAgent.forTests()
    let client = try AgentTestClient(agent)
    try client.run(untilPrinted: "$ ")
    agent.stop()
    try client.run { client.closeCode != nil }
    #expect(client.closed == "The local agent was stopped.")
  }

  @Test func fiftySessionsRunSideBySide() throws {
    let agent = try LocalAgent.forTests()
    let clients = try (0..<50).map { _ in try AgentTestClient(agent) }
    for (number, client) in clients.enumerated() {
      try client.run(untilPrinted: "$ ")
      client.type("echo session $((\(number) + 1000)); exit\n")
    }
    for (number, client) in clients.enumerated() {
      try client.run { client.closeCode != nil }
      #expect(client.text.contains("session \(number + 1000)"))
    }
    agent.stop()
  }
}
