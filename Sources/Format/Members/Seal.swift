import Platform

/// The `SC` subfield of a member: what it is, where it stands in its recording, and the chain up to it.
///
/// Layout: `docs/format.md`, section 4.
struct Seal: Equatable {
  enum Contents: Equatable {
    /// The member with the header line.
    case first(First)
    /// A later member with events.
    case events(Events)
    /// Entries of the table that did not fit the end.
    case table(Table)
    case end(End)
  }

  var contents: Contents
  /// SHA-256 over the chain value before, the bytes of the member before, and this subfield up to the value.
  /// The first member has none.
  var chain: [UInt8]?
  /// Ed25519 signature of the chain value; of the first member: of the hash of its fields.
  var signature: [UInt8]?
  /// Bytes after the last field that is known.
  var excessByteCount = 0

  struct First: Equatable {
    var recording: RecordingID
    /// Wall clock at time zero, microseconds since 1970; 0 where unknown.
    var started: Int64
    var size: WindowSize
    /// The key that signs every member; nil in recordings that are not signed.
    var publicKey: VerificationKey?
  }

  struct Events: Equatable {
    var recording: RecordingID
    /// 1 for the second member with events.
    var number: Int
    var started: Int64
    /// Time of the last line before this member: what its first interval is counted from.
    var microseconds: Int64
    /// Terminal size at its start.
    var size: WindowSize
    /// Bytes of the member before.
    var previousByteCount: Int64
  }

  struct Table: Equatable {
    var entries: [MemberTable.Entry]
  }

  struct End: Equatable {
    /// Members with events.
    var memberCount: Int
    var microseconds: Int64
    var eventCount: Int
    var outputByteCount: Int64
    var reason: EndReason
    /// The table, where it fits and says more than the totals.
    var entries: [MemberTable.Entry]
    /// Bytes of the table members directly before; 0 where there are none.
    var tableByteCount: Int64
  }

  static let layout: UInt8 = 1
  static let signatureByteCount = 64
  /// Stands for a signature while the fields are hashed, which tell that there is one.
  static let noSignature = [UInt8](repeating: 0, count: signatureByteCount)
  static let zeroChain = [UInt8](repeating: 0, count: SHA256.byteCount)
  /// Largest terminal that is believed.
  static let maximumSide = 65_535
  static let maximumMembers = 1 << 20

  /// The recording it names, and the number of an events member.
  var identity: (recording: RecordingID, number: Int)? {
    switch contents {
    case .first(let first): (first.recording, 0)
    case .events(let events): (events.recording, events.number)
    case .table, .end: nil
    }
  }
}
