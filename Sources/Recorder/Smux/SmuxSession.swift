import Platform

/// Many connections over the one stream of bytes of a port session, from either end (protocol.md §8.4): bytes
/// in, what happened and bytes to send out.
///
/// A stream is closed in each direction by the end that sends: `finish` says that nothing more is sent, and
/// `.finished` that nothing more comes. AWS's ends close both directions at once.
struct SmuxSession {
  /// Clients open streams 3, 5, 7 and so on; servers open none.
  enum Role: Sendable { case client, server }

  enum Happening: Equatable, Sendable {
    /// Only at a server.
    case opened(UInt32)
    case data(UInt32, [UInt8])
    /// The other end sends no more on this stream.
    case finished(UInt32)
  }

  /// Microseconds.
  private enum Limit {
    static let keepalive: Int64 = 10_000_000
    static let silence: Int64 = 30_000_000
  }

  /// Streams a server holds at a time; more are closed as they open.
  static let maximumStreams = 1024

  private struct Stream {
    var hasFinished = false
    var isFinishedByPeer = false
  }

  private let role: Role
  /// Whether both ends say regularly that they are there (§7.3).
  private let keepsAlive: Bool
  private var lastID: UInt32 = 1
  private var streams: [UInt32: Stream] = [:]
  private var outgoing: [UInt8] = []
  /// The beginning of a header.
  private var partialHeader: [UInt8] = []
  /// The stream and count of data bytes that are still to come of the present frame.
  private var arriving: (stream: UInt32, byteCount: Int)?
  private var heardAt: Instant
  private var nextKeepalive: Instant

  init(_ role: Role, keepsAlive: Bool, now: Instant) {
    self.role = role
    self.keepsAlive = keepsAlive
    heardAt = now
    nextKeepalive = now.advanced(byMicroseconds: Limit.keepalive)
  }

  var streamCount: Int { streams.count }

  /// The bytes to send since the last call.
  mutating func takeOutgoing() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &outgoing)
    return taken
  }

  /// Opens a stream to the other end.
  mutating func open() -> UInt32 {
    precondition(role == .client, "servers open no streams")
    repeat { lastID &+= 2 } while streams[lastID] != nil
    streams[lastID] = Stream()
    SmuxFrame.Header(.synchronize, stream: lastID).append(to: &outgoing)
    return lastID
  }

  /// Sends bytes on a stream that this end has not finished.
  mutating func send(_ bytes: [UInt8], on id: UInt32) {
    guard let stream = streams[id], !stream.hasFinished else { return }
    var start = 0
    while start < bytes.count {
      let end = min(start + SmuxFrame.maximumDataByteCount, bytes.count)
      SmuxFrame.Header(.push, byteCount: end - start, stream: id).append(to: &outgoing)
      outgoing += bytes[start..<end]
      start = end
    }
  }

  /// Says that nothing more is sent on a stream; once.
  mutating func finish(_ id: UInt32) {
    guard var stream = streams[id], !stream.hasFinished else { return }
    stream.hasFinished = true
    streams[id] = stream.isFinishedByPeer ? nil : stream
    SmuxFrame.Header(.finish, stream: id).append(to: &outgoing)
  }

  /// Takes bytes of the session, cut anywhere.
  mutating func receive(_ bytes: [UInt8], now: Instant) throws(SmuxError) -> [Happening] {
    if !bytes.isEmpty { heardAt = now }
    var happenings: [Happening] = []
    var position = 0
    while position < bytes.count {
      if let frame = arriving {
        let count = min(frame.byteCount, bytes.count - position)
        // Data of streams that nobody knows any more is dropped, as by AWS's ends.
        if let stream = streams[frame.stream], !stream.isFinishedByPeer {
          happenings.append(.data(frame.stream, Array(bytes[position..<position + count])))
        }
        position += count
        arriving = count == frame.byteCount ? nil : (frame.stream, frame.byteCount - count)
      } else {
        let count = min(SmuxFrame.headerByteCount - partialHeader.count, bytes.count - position)
        partialHeader += bytes[position..<position + count]
        position += count
        guard partialHeader.count == SmuxFrame.headerByteCount else { break }
        let header = try SmuxFrame.Header(parsing: partialHeader)
        partialHeader.removeAll(keepingCapacity: true)
        take(header, &happenings)
      }
    }
    return happenings
  }

  private mutating func take(_ header: SmuxFrame.Header, _ happenings: inout [Happening]) {
    switch header.command {
    case .push, .nothing:
      if header.byteCount > 0 { arriving = (header.stream, header.byteCount) }
    case .synchronize:
      // For an id that is in use it changes nothing.
      guard role == .server, streams[header.stream] == nil else { return }
      guard streams.count < Self.maximumStreams else {
        SmuxFrame.Header(.finish, stream: header.stream).append(to: &outgoing)
        return
      }
      streams[header.stream] = Stream()
      happenings.append(.opened(header.stream))
    case .finish:
      guard var stream = streams[header.stream], !stream.isFinishedByPeer else { return }
      stream.isFinishedByPeer = true
      streams[header.stream] = stream.hasFinished ? nil : stream
      happenings.append(.finished(header.stream))
    }
  }

  /// When to call `tick(now:)`; nil when nothing is due.
  var deadline: Instant? {
    keepsAlive ? min(nextKeepalive, heardAt.advanced(byMicroseconds: Limit.silence)) : nil
  }

  /// Says that this end is there, and looks whether the other one is.
  mutating func tick(now: Instant) throws(SmuxError) {
    guard keepsAlive else { return }
    let silence = now.microseconds(since: heardAt)
    if silence >= Limit.silence { throw .silent(seconds: Int(silence / 1_000_000)) }
    guard nextKeepalive <= now else { return }
    nextKeepalive = now.advanced(byMicroseconds: Limit.keepalive)
    SmuxFrame.Header(.nothing, stream: 0).append(to: &outgoing)
  }
}
