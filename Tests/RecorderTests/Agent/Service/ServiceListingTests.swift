import Platform
import Testing

@testable import Recorder

@Suite struct ServiceListingTests {
  /// Ten sessions, one a minute, the even ones ended.
  private func tenSessions() throws -> (test: TestService, ids: [String]) {
    var test = TestService()
    var ids: [String] = []
    for number in 0..<10 {
      let body: JSON = ["Target": "local", "Reason": .string("number \(number)")]
      ids.append(try test.call(.startSession, body)["SessionId"]!.string!)  // every answer has one
      test.now.microseconds += 60_000_000
    }
    for number in stride(from: 0, to: 10, by: 2) {
      test.service.sessions.end(ids[number], details: "ended", at: test.now)
    }
    return (test, ids)
  }

  private func ids(_ answer: JSON) -> [String] {
    (answer["Sessions"]?.array ?? []).compactMap { $0["SessionId"]?.string }
  }

  @Test func statesAndFiltersChooseSessionsNewestFirst() throws {
    let (made, ids) = try tenSessions()
    let cases: [(String, [Int])] = [
      (#""State":"Active""#, [9, 7, 5, 3, 1]),
      (#""State":"History""#, [8, 6, 4, 2, 0]),
      (#""State":"Active","Filters":[{"key":"Target","value":"local"}]"#, [9, 7, 5, 3, 1]),
      (#""State":"Active","Filters":[{"key":"Target","value":"i-1"}]"#, []),
      (#""State":"Active","Filters":[{"key":"Status","value":"Connecting"}]"#, [9, 7, 5, 3, 1]),
      (#""State":"Active","Filters":[{"key":"Status","value":"Connected"}]"#, []),
      (#""State":"History","Filters":[{"key":"SessionId","value":"\#(ids[4])"}]"#, [4]),
      (#""State":"Active","Filters":[{"key":"SessionId","value":"\#(ids[4])"}]"#, []),
      (#""State":"Active","Filters":[{"key":"InvokedAfter","value":"2026-11-21T06:05:00Z"}]"#, [9, 7]),
      (
        #""State":"History","Filters":[{"key":"InvokedBefore","value":"2026-11-21T06:05:00Z"},"#
          + #"{"key":"InvokedAfter","value":"2026-11-21T06:01:00Z"}]"#, [4, 2]
      ),
      (
        #""State":"Active","Filters":[{"key":"Owner","value":"arn:aws:iam::000000000000:user/alice"}]"#,
        [9, 7, 5, 3, 1]
      ),
      (#""State":"Active","Filters":[{"key":"AccessType","value":"JustInTime"}]"#, []),
    ]
    for (body, expected) in cases {
      var test = made
      let answer = try test.call(.describeSessions, try JSON(parsing: "{\(body)}"))
      #expect(self.ids(answer) == expected.map { ids[$0] }, "\(body)")
    }
  }

  @Test func pagesFollowEachOtherWithoutGapsWhileSessionsEnd() throws {
    var (test, ids) = try tenSessions()
    let first = try test.call(.describeSessions, ["State": "Active", "MaxResults": 2])
    #expect(self.ids(first) == [ids[9], ids[7]])
    test.service.sessions.end(ids[7], details: "", at: test.now)
    let next = try #require(first["NextToken"]?.string)
    let second = try test.call(
      .describeSessions, ["State": "Active", "MaxResults": 2, "NextToken": .string(next)])
    #expect(self.ids(second) == [ids[5], ids[3]])
    let last = try #require(second["NextToken"]?.string)
    let third = try test.call(.describeSessions, ["State": "Active", "NextToken": .string(last)])
    #expect(self.ids(third) == [ids[1]])
    #expect(third["NextToken"] == nil)
  }

  @Test func anEntryTellsWhoWhatAndWhen() throws {
    var (test, ids) = try tenSessions()
    let answer = try test.call(.describeSessions, ["State": "History", "MaxResults": 1])
    #expect(
      answer["Sessions"]?.array?.first == [
        "SessionId": .string(ids[8]), "Target": "local", "Status": "Terminated",
        "StartDate": .number("1795241280.000"), "EndDate": .number("1795241400.000"),
        "DocumentName": "SSM-SessionManagerRunShell", "Owner": "arn:aws:iam::000000000000:user/alice",
        "Reason": "number 8", "Details": "ended", "AccessType": "Standard",
      ])
  }

  @Test func datesThatAreNoneAreRefused() throws {
    for date in ["2026-11-21", "2026-13-01T00:00:00Z", "2026-11-21T00:00:00+01:00", "2026-1a-21T00:00:00Z"] {
      var test = TestService()
      let body = #"{"State":"Active","Filters":[{"key":"InvokedAfter","value":"\#(date)"}]}"#
      #expect(test.fault(.describeSessions, body)?.name == "ValidationException", "\(date)")
    }
  }
}
