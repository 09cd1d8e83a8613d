import Format
import Platform

/// What a redacted copy says of itself in its header (`ssm.redaction`, docs/format.md): which recording it is a copy
/// of, and what was removed where.
struct Redaction: Equatable {
  /// One removed stretch of an event's bytes, or of a text of the header.
  struct Removal: Equatable {
    enum Place: Equatable {
      /// The event's number, from 0, as both recordings have them.
      case event(Int)
      /// The path of a text in the header, `title` or `ssm.reason`.
      case header(String)
    }
    var place: Place
    var offset: Int
    /// nil: everything, whose length is not told (typed keys).
    var byteCount: Int?
    /// How many `*` stand in its place.
    var marks: Int
    /// `pattern 1`, `range 1` or `input`, in the order of the command line.
    var cause: String
    /// HMAC-SHA256 of the removed bytes, with a key of its own.
    var commitment: [UInt8]
  }

  /// Most removals of one copy: the header must stay readable.
  static let removalLimit = 20_000

  /// Id of the original.
  var recording: String
  /// The original's last chain value: 64 hexadecimal digits.
  var chain: String
  /// Random bytes that go into the key of the commitments.
  var salt: [UInt8]
  var removals: [Removal] = []

  init(recording: String, chain: String, salt: [UInt8]) {
    (self.recording, self.chain, self.salt) = (recording, chain, salt)
  }
}

extension Redaction {
  /// As the header has it.
  var json: JSON {
    .object([
      JSON.Member("original", ["recording": .string(recording), "chain": .string(chain)]),
      JSON.Member("salt", .string(salt.hexadecimal)),
      JSON.Member("commitments", "hmac-sha256"),
      JSON.Member("removed", .array(removals.map(\.json))),
    ])
  }

  /// Reads a header's; nil where it has none, or one that makes no sense.
  init?(_ header: Header) {
    guard let json = header.session?["redaction"], let original = json["original"],
      let recording = original["recording"]?.string, let chain = original["chain"]?.string,
      let salt = json["salt"]?.string.flatMap(Hexadecimal.decode),
      json["commitments"]?.string == "hmac-sha256",
      let removed = json["removed"]?.array, removed.count <= Self.removalLimit
    else { return nil }
    self.init(recording: recording, chain: chain, salt: salt)
    for json in removed {
      guard let removal = Removal(json) else { return nil }
      removals.append(removal)
    }
  }
}

extension Redaction.Removal {
  var json: JSON {
    var members: [JSON.Member] = []
    switch place {
    case .event(let number): members.append(JSON.Member("event", JSON(number)))
    case .header(let path): members.append(JSON.Member("header", .string(path)))
    }
    if let byteCount {
      members += [JSON.Member("from", JSON(offset)), JSON.Member("bytes", JSON(byteCount))]
      members.append(JSON.Member("marks", JSON(marks)))
    }
    members += [
      JSON.Member("by", .string(cause)), JSON.Member("commitment", .string(commitment.hexadecimal)),
    ]
    return .object(members)
  }

  init?(_ json: JSON) {
    guard let cause = json["by"]?.string,
      let commitment = json["commitment"]?.string.flatMap(Hexadecimal.decode)
    else { return nil }
    if let number = json["event"]?.integer, number >= 0, number <= 1 << 40 {
      place = .event(Int(number))
    } else if let path = json["header"]?.string {
      place = .header(path)
    } else {
      return nil
    }
    self.cause = cause
    self.commitment = commitment
    guard let count = json["bytes"]?.integer else {
      (offset, byteCount, marks) = (0, nil, 0)
      return
    }
    guard let from = json["from"]?.integer, let marks = json["marks"]?.integer,
      [from, count, marks].allSatisfy({ 0...(1 << 30) ~= $0 })
    else { return nil }
    (offset, byteCount, self.marks) = (Int(from), Int(count), Int(marks))
  }
}

extension [Redaction.Removal] {
  /// The bytes without what these remove; nil where they do not fit them.
  func apply(to bytes: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var index = 0
    for removal in sorted(by: { $0.offset < $1.offset }) {
      guard let count = removal.byteCount else { return [] }
      guard removal.offset >= index, removal.offset + count <= bytes.count else { return nil }
      result += bytes[index..<removal.offset]
      result += Array<UInt8>(repeating: UInt8(ascii: "*"), count: removal.marks)
      index = removal.offset + count
    }
    return result + bytes[index...]
  }
}

/// The keys of a redaction's commitments. The original is the key: who has all its bytes can make them and open each
/// commitment; who has the copy alone cannot try out what may have stood there.
struct CommitmentKeys {
  private let key: [UInt8]

  /// - Parameters:
  ///   - digest: SHA-256 of all bytes of the original's file, which nothing public tells.
  init(salt: [UInt8], digest: [UInt8]) {
    key = HMACSHA256.authenticate(Array("ssmcast redaction 1".utf8) + digest, key: salt)
  }

  /// The commitment to what the removal with this number removed.
  func commitment(to bytes: [UInt8], number: Int) -> [UInt8] {
    let spanKey = HMACSHA256.authenticate(Array("\(number)".utf8), key: key)
    return HMACSHA256.authenticate(bytes, key: spanKey)
  }
}

/// Pairs of hexadecimal digits.
enum Hexadecimal {
  static func decode(_ text: String) -> [UInt8]? {
    let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count == text.utf8.count, digits.count.isMultiple(of: 2), digits.count <= 128 else {
      return nil
    }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
