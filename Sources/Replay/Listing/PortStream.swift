import Format
import Platform

/// One connection of a port session, put together from its `p` events (docs/format.md).
struct PortStream: Equatable, Sendable {
  /// More streams than this are counted but not kept.
  static let limit = 10_000

  /// Bytes of one direction, and their SHA-256 in hexadecimal; nil where the recording has no end of the stream.
  struct Side: Equatable, Sendable {
    var byteCount: Int64
    var digest: String

    init?(_ json: JSON?) {
      guard let count = json?["bytes"]?.integer, let digest = json?["sha256"]?.string else { return nil }
      (byteCount, self.digest) = (count, digest)
    }

    var json: JSON { ["bytes": JSON(byteCount), "sha256": .string(digest)] }
  }

  var number: Int64
  /// Microseconds from the recording's start.
  var opened: Int64
  var closed: Int64?
  var from: String?
  var isRefused = false
  var sent: Side?
  var received: Side?

  /// For people, one line.
  var text: String {
    var parts = ["stream \(number)", TimeText.clock(opened)]
    if let closed { parts[1] += "–" + TimeText.clock(closed) }
    if let from { parts.append("from \(from)") }
    if isRefused { parts.append("refused") }
    if let sent, let received {
      parts.append("sent \(ByteCount.text(sent.byteCount)), received \(ByteCount.text(received.byteCount))")
    } else {
      parts.append("not closed")
    }
    return parts.joined(separator: "  ")
  }

  var json: JSON {
    var members = [JSON.Member("stream", JSON(number)), JSON.Member("opened", TimeText.json(opened))]
    if let closed { members.append(JSON.Member("closed", TimeText.json(closed))) }
    if let from { members.append(JSON.Member("from", .string(from))) }
    if isRefused { members.append(JSON.Member("refused", true)) }
    if let sent { members.append(JSON.Member("sent", sent.json)) }
    if let received { members.append(JSON.Member("received", received.json)) }
    return .object(members)
  }
}

/// The streams of a recording as its events come. Events that are none of ours change nothing.
struct PortStreams: Equatable, Sendable {
  private(set) var streams: [PortStream] = []
  private(set) var uncounted = 0
  /// Where the open stream of a number stands; numbers may come again.
  private var open: [Int64: Int] = [:]

  mutating func add(_ event: Event) {
    // What is no JSON, or of another writer, is not for this list.
    guard let json = try? JSON(parsing: event.bytes), let number = json["stream"]?.integer else { return }
    switch json["event"]?.string {
    case "open":
      guard streams.count < PortStream.limit else {
        uncounted += 1
        return
      }
      open[number] = streams.count
      streams.append(PortStream(number: number, opened: event.microseconds, from: json["from"]?.string))
    case "refused": if let index = open[number] { streams[index].isRefused = true }
    case "close":
      guard let index = open.removeValue(forKey: number) else { return }
      streams[index].closed = event.microseconds
      streams[index].sent = PortStream.Side(json["sent"])
      streams[index].received = PortStream.Side(json["received"])
    default: break
    }
  }
}
