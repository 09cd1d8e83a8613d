import Format
import Platform

/// One recording as the index keeps it: what it is, and its lines in compressed blocks.
struct IndexedSession: Sendable {
  /// Path below the indexed folder.
  var path: [UInt8]
  /// Tells the file apart from any other, and from itself after a change.
  var identity: UInt64
  var facts: Facts
  var blocks: [IndexedBlock]

  /// What filters and headings ask of a recording.
  struct Facts: Equatable, Sendable {
    /// Microseconds since 1970; nil where the recording does not tell.
    var started: Int64?
    /// Bytes of the file.
    var byteCount: Int64
    var title: String?
    /// The session's part of the header, as far as filters need it.
    var session: JSON?
    /// What was wrong with the recording when it was read.
    var damage: String?
  }

  var textByteCount: Int { blocks.reduce(0) { $0 + $1.text.count } }

  /// About how much memory it takes: for short recordings most of it are the trigrams, and what comes with any array.
  var memoryByteCount: Int {
    blocks.reduce(1024) {
      $0 + $1.text.count + $1.flags.count + $1.facts.count + 4 * $1.trigrams.count
        + MemoryLayout<IndexedBlock>.stride + 128
    }
  }
}

/// A block of lines of one recording.
struct IndexedBlock: Sendable {
  /// Which text the lines are of. Typed input and output as it came are not indexed: the one may hold what nobody
  /// should keep twice, the other is read from the recording as fast.
  enum Kind: UInt8, Sendable, CaseIterable { case screen, commands, title }

  var kind: Kind
  var lineCount: Int
  /// Times of its lines in milliseconds.
  var low: Int64
  var high: Int64
  /// The lines' texts, a line feed after each; packed when the segment's dictionary is known.
  var text: [UInt8]
  /// `LineBlock.encodedFlags()`.
  var flags: [UInt8]
  /// Raw deflate (RFC 1951) of `LineBlock.encodedFacts()`.
  var facts: [UInt8]
  var factByteCount: Int
  /// Its distinct trigrams.
  var trigrams: [UInt32]
}

extension IndexedSession.Facts {
  init(_ header: Header, started: Timestamp?, byteCount: Int64) {
    self.started = started?.microseconds
    self.byteCount = byteCount
    title = header.title
    session = Self.wanted(header.session)
  }

  /// A header that filters and headings understand.
  var header: Header {
    Header(size: WindowSize(columns: 80, rows: 24), title: title, session: session)
  }

  private static func wanted(_ session: JSON?) -> JSON? {
    guard let session else { return nil }
    var members: [JSON.Member] = []
    for name in ["session_id", "target", "document", "reason", "owner", "user"] {
      if let text = session[name]?.string { members.append(JSON.Member(name, .string(text))) }
    }
    if let user = session["recorder"]?["user"]?.string {
      members.append(JSON.Member("recorder", .object([JSON.Member("user", .string(user))])))
    }
    return .object(members)
  }

  var json: JSON {
    var members: [JSON.Member] = []
    if let started { members.append(JSON.Member("started", JSON(started))) }
    members.append(JSON.Member("bytes", JSON(byteCount)))
    if let title { members.append(JSON.Member("title", .string(title))) }
    if let session { members.append(JSON.Member("session", session)) }
    if let damage { members.append(JSON.Member("damage", .string(damage))) }
    return .object(members)
  }

  init(_ json: JSON) {
    started = json["started"]?.integer
    byteCount = json["bytes"]?.integer ?? 0
    title = json["title"]?.string
    session = json["session"]
    damage = json["damage"]?.string
  }
}
