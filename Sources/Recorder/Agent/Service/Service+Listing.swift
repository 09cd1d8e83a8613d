import Platform

/// DescribeSessions: filters, pages, and the form of one session in the answer.
extension Service {
  /// One condition of a listing; all must hold.
  private enum Filter {
    case invokedAfter(Timestamp), invokedBefore(Timestamp)
    case target(String), owner(String), status(String), sessionID(String), accessType(String)

    func admits(_ entry: SessionEntry) -> Bool {
      switch self {
      case .invokedAfter(let moment): entry.started > moment
      case .invokedBefore(let moment): entry.started < moment
      case .target(let text): entry.target == text
      case .owner(let text): entry.owner == text
      case .status(let text): entry.status.rawValue == text
      case .sessionID(let text): entry.id == text
      case .accessType(let text): text == "Standard"
      }
    }
  }

  static let defaultPage = 50

  /// Sessions of a state, newest first. A page's `NextToken` names its last session.
  func describeSessions(_ input: inout ServiceInput) throws(ServiceFault) -> JSON {
    let state = try input.string("State", required: true)
    if let state, state != "Active" && state != "History" {
      input.note("'\(state)'", "State", "Member must satisfy enum value set: [Active, History]")
    }
    let limit = try input.integer("MaxResults", in: 1...200)
    let next = try input.string("NextToken")
    let filters = try filters(&input)
    try input.finish()

    var rest = sessions.order.reversed().compactMap { sessions[$0] }.filter { entry in
      (entry.status == .terminated) == (state == "History") && filters.allSatisfy { $0.admits(entry) }
    }
    if let next {
      // A session that ended or was forgotten since is no longer listed: go on after those not older.
      guard let last = sessions.order.firstIndex(where: { Self.pageToken(after: $0) == next }) else {
        throw .invalidNextToken
      }
      let older = Set(sessions.order[..<last])
      rest = rest.filter { older.contains($0.id) }
    }
    let page = rest.prefix(limit.map(Int.init) ?? Self.defaultPage)
    var answer: [JSON.Member] = [.init("Sessions", .array(page.map(Self.listed)))]
    if page.count < rest.count, let last = page.last {
      answer.append(.init("NextToken", .string(Self.pageToken(after: last.id))))
    }
    return .object(answer)
  }

  private static func pageToken(after id: String) -> String { "after/" + id }

  private static func listed(_ entry: SessionEntry) -> JSON {
    var members: [JSON.Member] = [
      .init("SessionId", .string(entry.id)), .init("Target", .string(entry.target)),
      .init("Status", .string(entry.status.rawValue)), .init("StartDate", seconds(entry.started)),
    ]
    if let ended = entry.ended { members.append(.init("EndDate", seconds(ended))) }
    members.append(.init("DocumentName", .string(entry.document.name)))
    members.append(.init("Owner", .string(entry.owner)))
    if let reason = entry.reason { members.append(.init("Reason", .string(reason))) }
    if !entry.details.isEmpty { members.append(.init("Details", .string(entry.details))) }
    members.append(.init("AccessType", "Standard"))
    return .object(members)
  }

  /// Seconds since 1970 with milliseconds, as the API writes dates.
  private static func seconds(_ timestamp: Timestamp) -> JSON {
    let milliseconds = Int(timestamp.microseconds / 1000)
    return .number("\(milliseconds / 1000).\(pad(milliseconds % 1000, 3))")
  }

  private func filters(_ input: inout ServiceInput) throws(ServiceFault) -> [Filter] {
    guard let value = input["Filters"] else { return [] }
    guard let elements = value.array else {
      throw .serialization("Start of structure or map found where not expected.")
    }
    if !(1...6).contains(elements.count) {
      input.note("'[\(elements.count) filters]'", "Filters", "Member must have length between 1 and 6")
    }
    var filters: [Filter] = []
    for element in elements {
      guard element.members != nil, let keyValue = element["key"], let textValue = element["value"] else {
        input.note("null", "Filters.member.key", "Member must not be null")
        continue
      }
      let key = try ServiceInput.string(keyValue)
      let text = try ServiceInput.string(textValue)
      input.check(text, "Filters.member.value", length: 1...400)
      switch key {
      case "InvokedAfter", "InvokedBefore":
        guard let moment = Self.moment(text) else {
          throw .validation([
            "The filter value \(text.prefix(400)) is no date of the form 2026-11-21T00:00:00Z"
          ])
        }
        filters.append(key == "InvokedAfter" ? .invokedAfter(moment) : .invokedBefore(moment))
      case "Target": filters.append(.target(text))
      case "Owner": filters.append(.owner(text))
      case "Status": filters.append(.status(text))
      case "SessionId": filters.append(.sessionID(text))
      case "AccessType": filters.append(.accessType(text))
      default: throw .invalidFilterKey
      }
    }
    return filters
  }

  /// A date in the one form the API documents: `2026-11-21T06:31:02Z`.
  private static func moment(_ text: String) -> Timestamp? {
    let bytes = Array(text.utf8)
    let separators: [Int: UInt8] = [4: 0x2D, 7: 0x2D, 10: 0x54, 13: 0x3A, 16: 0x3A, 19: 0x5A]
    guard bytes.count == 20, separators.allSatisfy({ bytes[$0.key] == $0.value }) else { return nil }
    let places = [0..<4, 5..<7, 8..<10, 11..<13, 14..<16, 17..<19]
    let numbers = places.compactMap { place -> Int? in
      bytes[place].allSatisfy { (0x30...0x39).contains($0) }
        ? bytes[place].reduce(0) { $0 * 10 + Int($1) - 0x30 } : nil
    }
    guard numbers.count == 6, (1...12).contains(numbers[1]), (1...31).contains(numbers[2]), numbers[3] < 24,
      numbers[4] < 60, numbers[5] < 61
    else { return nil }
    return CalendarDate(
      year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
      second: numbers[5]
    ).timestamp
  }
}
