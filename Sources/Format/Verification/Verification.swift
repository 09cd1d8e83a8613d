public import Platform

/// What the seals of a recording prove, member by member and for the whole file.
public struct Verification: Sendable, Equatable {
  /// What is proved of the whole file.
  public enum Verdict: String, Sendable {
    /// Every byte from the first member to the end is as its writer sealed it.
    case intact
    /// So are all members but the last, which nothing seals yet: the writer is at work, or was killed, or the
    /// file was cut at a member's end, which looks the same.
    case unfinished
    /// Something was changed, is missing, or does not belong there.
    case altered
  }

  /// What its signatures prove.
  public enum Signature: Sendable, Equatable {
    /// Nothing was signed. Whoever can write the file can make it anew, chain and all.
    case none
    /// The key that the recording names has signed it; nobody said whether that key is the right one.
    case valid(VerificationKey)
    /// One of the keys that were asked for has signed it.
    case trusted(VerificationKey)
    /// Signed rightly, with a key that is none of those asked for.
    case untrusted(VerificationKey)
    /// A key was asked for, and the recording is not signed.
    case missing
    /// A signature is wrong or absent where the recording says there is one.
    case wrong(VerificationKey)

    /// Whether it speaks against the recording.
    public var isBad: Bool {
      switch self {
      case .none, .valid, .trusted: false
      case .untrusted, .missing, .wrong: true
      }
    }
  }

  /// One piece of the file.
  public struct Member: Sendable, Equatable {
    /// What a gzip member is for.
    public enum Kind: String, Sendable {
      /// Lines of events, the table of members, or the last member with the summary.
      case events, table, end
      /// Bytes that are no member of this recording.
      case other
    }
    /// What is true of one member.
    public enum Verdict: String, Sendable {
      /// Its bytes are those that were sealed.
      case intact
      /// The last of an unfinished recording: its seal is the member after it.
      case unsealed
      /// Its bytes are not those that were sealed.
      case altered
      /// The seals around it tell of a member that is not there.
      case missing
      /// Of another recording, or no member at all.
      case foreign
    }

    /// What the member is for.
    public var kind: Kind
    /// Of members with events, from 0.
    public var number: Int?
    /// Where it begins in the file, in bytes.
    public var offset: Int64
    /// 0 where it is missing.
    public var byteCount: Int64
    /// What its first interval is counted from; nil where it is unknown.
    public var microseconds: Int64?
    /// Whether its seal is signed.
    public var isSigned: Bool
    /// What is true of it.
    public var verdict: Verdict
    /// Why, in a sentence, unless it is intact.
    public var cause: String?
  }

  /// What is true of the recording as a whole.
  public internal(set) var verdict = Verdict.intact
  /// What is true of its signatures.
  public internal(set) var signature = Signature.none
  /// In the order of the file. A missing one stands where it should be.
  public internal(set) var members: [Member] = []
  /// Which recording it is.
  public internal(set) var recording: RecordingID
  /// Wall clock at time zero; nil where it is unknown.
  public internal(set) var started: Timestamp?
  /// The totals; nil without an end.
  public internal(set) var summary: RecordingSummary?
  /// The last chain value that was read: it stands for all bytes before its member. 32 bytes; empty where there is none.
  public internal(set) var chainValue: [UInt8] = []
  /// Bytes of the file.
  public internal(set) var byteCount: Int64 = 0

  /// Bytes from the start that the seals prove.
  public var provedByteCount: Int64 {
    guard let first = members.first(where: { $0.verdict != .intact }) else { return byteCount }
    return first.offset
  }

  /// The first member that is not intact.
  public var firstProblem: Member? { members.first { $0.verdict != .intact } }

  /// Whether nothing speaks against the recording; one without an end is good only where `allowingUnfinished`.
  public func isGood(allowingUnfinished: Bool) -> Bool {
    if signature.isBad { return false }
    switch verdict {
    case .intact: return true
    case .unfinished: return allowingUnfinished
    case .altered: return false
    }
  }
}
