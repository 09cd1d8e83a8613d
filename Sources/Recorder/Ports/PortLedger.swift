import Format
import Platform

/// What a recording keeps of the bytes that ports carry (`port_payload`). Counts and digests are always kept.
enum PortPayload: Equatable, Sendable {
  case none
  /// The first bytes of each direction of each stream.
  case head(Int)
  case full

  /// Reads `none`, `head:BYTES` or `full`; nil for anything else.
  init?(_ text: String) {
    switch text {
    case "none": self = .none
    case "full": self = .full
    default:
      guard text.hasPrefix("head:"), let count = Int(text.dropFirst(5)), (1...1 << 30).contains(count) else {
        return nil
      }
      self = .head(count)
    }
  }

  /// Bytes of one direction that are kept.
  fileprivate var limit: Int {
    switch self {
    case .none: 0
    case .head(let count): count
    case .full: .max
    }
  }
}

/// The books of a port session: turns what became of its streams into `p` events (docs/format.md).
///
/// ```
/// {"stream":3,"event":"open","from":"127.0.0.1:53422"}
/// {"stream":3,"event":"data","direction":"sent","bytes":78,"base64":"R0VU…"}          with port_payload
/// {"stream":3,"event":"refused"}
/// {"stream":3,"event":"close","sent":{"bytes":78,"sha256":"…"},"received":{"bytes":5120,"sha256":"…"}}
/// ```
struct PortLedger {
  private struct Tally {
    let hash = SHA256()
    var byteCount: Int64 = 0
    /// Bytes that stand in the recording.
    var keptCount = 0

    /// Ends the count.
    func json() -> JSON {
      let members = [
        JSON.Member("bytes", JSON(byteCount)), JSON.Member("sha256", .string(hash.finish().hexadecimal)),
      ]
      return .object(members + (keptCount > 0 ? [JSON.Member("kept", JSON(keptCount))] : []))
    }
  }

  private struct Stream {
    var sent = Tally()
    var received = Tally()
  }

  private let payload: PortPayload
  private var streams: [UInt32: Stream] = [:]
  private(set) var openedCount = 0

  init(payload: PortPayload) { self.payload = payload }

  /// The events that a happening makes.
  mutating func take(_ happening: PortHappening) -> [JSON] {
    switch happening {
    case .opened(let id, let from):
      openedCount += 1
      streams[id] = Stream()
      return [event("open", id, [JSON.Member("from", .string(from))])]
    case .refused(let id): return [event("refused", id, [])]
    case .sent(let id, let bytes):
      guard var stream = streams[id] else { return [] }
      streams[id] = nil  // one owner: counting must not copy
      let events = count(bytes, "sent", id, &stream.sent)
      streams[id] = stream
      return events
    case .received(let id, let bytes):
      guard var stream = streams[id] else { return [] }
      streams[id] = nil
      let events = count(bytes, "received", id, &stream.received)
      streams[id] = stream
      return events
    case .closed(let id): return close(id, [])
    }
  }

  /// The events of streams that the session's end has closed.
  mutating func closeAll() -> [JSON] {
    streams.keys.sorted().flatMap { close($0, [JSON.Member("by", "session")]) }
  }

  private mutating func close(_ id: UInt32, _ more: [JSON.Member]) -> [JSON] {
    guard let stream = streams.removeValue(forKey: id) else { return [] }
    let sums = [
      JSON.Member("sent", stream.sent.json()), JSON.Member("received", stream.received.json()),
    ]
    return [event("close", id, sums + more)]
  }

  private func count(_ bytes: [UInt8], _ direction: String, _ id: UInt32, _ tally: inout Tally) -> [JSON] {
    tally.hash.update(bytes)
    tally.byteCount += Int64(bytes.count)
    let kept = min(bytes.count, payload.limit - tally.keptCount)
    guard kept > 0 else { return [] }
    tally.keptCount += kept
    let data = kept == bytes.count ? bytes : Array(bytes[..<kept])
    return [
      event(
        "data", id,
        [
          JSON.Member("direction", .string(direction)), JSON.Member("bytes", JSON(bytes.count)),
          JSON.Member("base64", .string(Base64.encode(data))),
        ])
    ]
  }

  private func event(_ name: String, _ id: UInt32, _ details: [JSON.Member]) -> JSON {
    .object([JSON.Member("stream", JSON(Int64(id))), JSON.Member("event", .string(name))] + details)
  }
}
