/// What came out of one member's deflate stream.
struct InflatedMember {
  enum Outcome: Equatable {
    case whole
    /// The file ends inside the member.
    case cutOff
    /// The stream breaks off where the compact form of the same member begins: its writer was killed then.
    case beingRewritten
    /// The stream is broken.
    case damaged
    case wrongChecksum
    case overLimit
  }

  var outcome: Outcome
  var text: [UInt8]
  /// Bytes of the member, if it is whole.
  var byteCount: Int
}

extension MemberReader {
  /// Largest text of one member: twice what the writer makes.
  static let textLimit = 8 << 20
  /// Largest member: deflate never adds more than this.
  static let byteLimit = 9 << 20
  private static let step = 64 << 10

  /// Inflates the member at the front of the window, whose header is `header`, without taking it away.
  func inflate(_ header: GzipHeader) throws(FormatError) -> InflatedMember {
    let inflater = Inflater()
    var text: [UInt8] = []
    var taken = header.byteCount
    while true {
      if taken >= window.count { try window.fill(to: taken + Self.step) }
      let from = window.start + taken
      let (outcome, count) = inflater.inflate(
        window.bytes, from..<window.bytes.count, limit: Self.textLimit - text.count, into: &text)
      taken += count
      switch outcome {
      case .needsInput:
        if taken > Self.byteLimit { return InflatedMember(outcome: .overLimit, text: text, byteCount: 0) }
        if taken == window.count, window.isAtEnd {
          return InflatedMember(outcome: .cutOff, text: text, byteCount: 0)
        }
      case .outputFull: return InflatedMember(outcome: .overLimit, text: text, byteCount: 0)
      case .damaged:
        let isRewriting = try repeatsHeader(header, at: taken - 1)
        return InflatedMember(
          outcome: isRewriting ? .beingRewritten : .damaged, text: text, byteCount: 0)
      case .ended: return try checked(text, trailerAt: taken)
      }
    }
  }

  private func checked(_ text: [UInt8], trailerAt taken: Int) throws(FormatError) -> InflatedMember {
    let byteCount = taken + GzipTrailer.byteCount
    guard try window.fill(to: byteCount) else {
      return InflatedMember(outcome: .cutOff, text: text, byteCount: 0)
    }
    let trailer = window.bytes[window.start + taken..<window.start + byteCount]
    let isRight = trailer.elementsEqual(GzipTrailer.encode(text))
    return InflatedMember(outcome: isRight ? .whole : .wrongChecksum, text: text, byteCount: byteCount)
  }

  /// Whether the bytes at `position` of the window are this member's header again, or its beginning at the
  /// end of the file. A header begins with 0x1F, which no deflate block does.
  private func repeatsHeader(_ header: GzipHeader, at position: Int) throws(FormatError) -> Bool {
    try window.fill(to: position + header.byteCount)
    let again = window.bytes[(window.start + position)...].prefix(header.byteCount)
    return window.bytes[window.start...].starts(with: again) && !again.isEmpty
  }
}
