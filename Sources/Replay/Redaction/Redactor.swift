import Format
import Platform

/// Makes redacted copies, and proves that a copy is its original but for what it says it removed.
///
/// Both read the original twice or more, so it must be a file. Memory: the removals.
struct Redactor {
  enum Problem: Error, Equatable, CustomStringConvertible {
    /// The original has no seals to name.
    case unsealed(path: String)
    /// The original is not intact, so it is no evidence to copy from.
    case notIntact(path: String, String)
    case tooMany(Int)

    var description: String {
      switch self {
      case .unsealed(let path):
        "\(path.printable) has no seals that a copy could refer to; make a recording of it first (ssmplay import)"
      case .notIntact(let path, let words):
        "\(path.printable): \(words); a redacted copy must have an intact original (ssmplay repair makes one)"
      case .tooMany(let count):
        "\(count) stretches would be removed, and a header holds \(Redaction.removalLimit); use --range"
      }
    }
  }

  let path: String
  private let verification: Verification
  private let digest: [UInt8]

  /// Reads and checks the original.
  init(original path: String) throws(ReplayError) {
    self.path = path
    let result: Verification?
    do throws(FormatError) { result = try Verifier.verify(path: path, keys: []) } catch {
      throw .recording(error)
    }
    guard let result else { throw .redaction(.unsealed(path: path)) }
    verification = result
    if verification.verdict == .altered || verification.signature.isBad {
      let report = VerificationReport(path: path, verification: verification)
      throw .redaction(.notIntact(path: path, report.summary))
    }
    digest = try Self.digest(of: path)
  }

  private static func digest(of path: String) throws(ReplayError) -> [UInt8] {
    do throws(Errno) {
      let file = try File.open(path, for: .reading)
      let hash = SHA256()
      while case .bytes(let bytes) = try file.read(upTo: 1 << 20) { hash.update(bytes) }
      return hash.finish()
    } catch {
      throw .cannotRead(path: path, error)
    }
  }

  private func open() throws(ReplayError) -> RecordingReader {
    do throws(FormatError) { return try RecordingReader(path: path) } catch { throw .recording(error) }
  }

  // MARK: - Making

  /// Writes the copy into an empty file.
  func write(
    _ rules: RedactionRules, to file: consuming Descriptor, signingKey: SigningKey?
  ) throws(ReplayError) -> Redaction {
    var redaction = Redaction(
      recording: verification.recording.description, chain: verification.chainValue.hexadecimal,
      salt: RandomBytes.make(16))
    let first = try open()
    var (header, removed) = rules.redact(first.header)
    do throws(FormatError) {
      var search = RedactionRules.Search(rules)
      while let event = try first.nextEvent() { search.see(event) }
      search.finish()
      removed += search.removals
    } catch {
      throw .recording(error)
    }
    if removed.count > Redaction.removalLimit { throw .redaction(.tooMany(removed.count)) }
    let keys = CommitmentKeys(salt: redaction.salt, digest: digest)
    for (number, (removal, bytes)) in removed.enumerated() {
      var removal = removal
      removal.commitment = keys.commitment(to: bytes, number: number)
      redaction.removals.append(removal)
    }
    header.setSession("redaction", redaction.json)
    do throws(FormatError) {
      try copy(redaction, header: header, to: file, signingKey: signingKey)
    } catch {
      throw .recording(error)
    }
    return redaction
  }

  private func copy(
    _ redaction: Redaction, header: Header, to file: consuming Descriptor, signingKey: SigningKey?
  ) throws(FormatError) {
    let reader = try RecordingReader(path: path)
    let writer = try RecordingWriter(
      file, header: header, recording: .random(), started: reader.started ?? Timestamp(microseconds: 0),
      options: .import, signingKey: signingKey)
    let byEvent = redaction.byEvent
    var (number, end) = (0, Int64(0))
    while let event = try reader.nextEvent() {
      var event = event
      if let removals = byEvent[number] { event.bytes = removals.map(\.removal).apply(to: event.bytes) ?? [] }
      try writer.append(event)
      end = event.microseconds
      number += 1
    }
    end = max(end, reader.summary?.microseconds ?? 0)
    _ = try writer.close(reader.summary?.reason ?? .interrupted, at: end)
  }

  // MARK: - Proving

  /// Why a copy is not what it says.
  enum Difference: Equatable, CustomStringConvertible {
    case otherOriginal(found: String, named: String)
    case header
    case event(number: Int, microseconds: Int64)
    case eventCount
    case commitment(number: Int)

    var description: String {
      switch self {
      case .otherOriginal(let found, let named):
        "it is a copy of another recording (chain \(named), not \(found))"
      case .header: "its header differs in more than what it says was removed"
      case .event(let number, let time):
        "event \(number) (at \(TimeText.clock(time))) differs in more than what it says was removed"
      case .eventCount: "it has not as many events as the original"
      case .commitment(let number): "commitment \(number + 1) does not fit what the original has there"
      }
    }
  }

  /// Whether a copy is the original but for its removals: nil where it is.
  func difference(to copy: RecordingReader, _ redaction: Redaction) throws(ReplayError) -> Difference? {
    let chain = verification.chainValue.hexadecimal
    guard redaction.chain == chain, redaction.recording == verification.recording.description else {
      return .otherOriginal(found: chain, named: redaction.chain)
    }
    let original = try open()
    let keys = CommitmentKeys(salt: redaction.salt, digest: digest)
    if let difference = headerDifference(original.header, copy.header, redaction, keys) { return difference }
    do throws(FormatError) {
      return try eventDifference(original, copy, redaction, keys)
    } catch {
      throw .recording(error)
    }
  }

  private func headerDifference(
    _ original: Header, _ copy: Header, _ redaction: Redaction, _ keys: CommitmentKeys
  ) -> Difference? {
    var expected = original
    var problem: Difference?
    expected.mapTexts { path, text in
      let own = redaction.removals.enumerated().filter { $0.element.place == .header(path) }
      if own.isEmpty { return text }
      let bytes = Array(text.utf8)
      guard let masked = own.map(\.element).apply(to: bytes) else {
        problem = .header
        return text
      }
      for (number, removal) in own where !isKept(removal, number, in: bytes, keys) {
        problem = problem ?? .commitment(number: number)
      }
      return String(decoding: masked, as: UTF8.self)
    }
    expected.setSession("redaction", redaction.json)
    return problem ?? (expected == copy ? nil : .header)
  }

  private func eventDifference(
    _ original: RecordingReader, _ copy: RecordingReader, _ redaction: Redaction, _ keys: CommitmentKeys
  ) throws(FormatError) -> Difference? {
    let byEvent = redaction.byEvent
    var number = 0
    while let event = try original.nextEvent() {
      guard let other = try copy.nextEvent() else { return .eventCount }
      let removals = byEvent[number] ?? []
      guard other.code == event.code, other.microseconds == event.microseconds,
        removals.map(\.removal).apply(to: event.bytes) == other.bytes
      else { return .event(number: number, microseconds: event.microseconds) }
      for (index, removal) in removals where !isKept(removal, index, in: event.bytes, keys) {
        return .commitment(number: index)
      }
      number += 1
    }
    return try copy.nextEvent() == nil ? nil : .eventCount
  }

  private func isKept(
    _ removal: Redaction.Removal, _ number: Int, in bytes: [UInt8], _ keys: CommitmentKeys
  ) -> Bool {
    let removed = removal.byteCount.map { Array(bytes[removal.offset..<removal.offset + $0]) } ?? bytes
    return equalInConstantTime(keys.commitment(to: removed, number: number), removal.commitment)
  }
}

extension Redaction {
  /// The removals of each event, with their numbers.
  fileprivate var byEvent: [Int: [(number: Int, removal: Removal)]] {
    var result: [Int: [(number: Int, removal: Removal)]] = [:]
    for (index, removal) in removals.enumerated() {
      if case .event(let number) = removal.place { result[number, default: []].append((index, removal)) }
    }
    return result
  }
}
