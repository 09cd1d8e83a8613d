import Platform
import Testing

@testable import Format

/// What `Verifier` says of whole, cut, changed and forged recordings.
@Suite struct VerifierTests {
  static let key = try! SigningKey(parsing: [UInt8](repeating: 7, count: 32), name: "test")  // any 32 bytes
  static let otherKey = try! SigningKey(parsing: [UInt8](repeating: 8, count: 32), name: "test")

  static let longEvents = Samples.events(
    of: Samples.output(byteCount: 60_000, seed: 51), pieceByteCount: 300, interval: 100_000)

  static func file(
    _ events: [Event], signedBy key: SigningKey? = nil, closing: EndReason? = .closed,
    options: RecordingWriter.Options = .import
  ) -> [UInt8] {
    var assembler = MemberAssembler(
      header: Samples.header, recording: Samples.recording, started: Samples.started, options: options,
      signingKey: key, limits: Samples.smallMembers)
    for event in events {
      assembler.append(event) { true }
      if let due = assembler.flushDueAt { assembler.flush(at: due) { true } }
    }
    if let closing { _ = assembler.close(closing, at: events.last?.microseconds ?? 0) { true } }
    var file: [UInt8] = []
    for step in assembler.takeSteps() { step.apply(to: &file) }
    return file
  }

  static func verify(_ bytes: [UInt8], _ keys: [VerificationKey] = []) throws -> Verification {
    try #require(try Verifier.verify(bytes, name: "sample", keys: keys))
  }

  @Test func aFinishedRecordingIsIntactWithEveryMember() throws {
    let result = try Self.verify(Self.file(Self.longEvents))
    #expect(result.verdict == .intact)
    #expect(result.signature == .none)
    #expect(result.members.count > 3)
    #expect(result.members.allSatisfy { $0.verdict == .intact && !$0.isSigned })
    #expect(result.members.last?.kind == .end)
    #expect(result.provedByteCount == result.byteCount)
    #expect(result.recording == Samples.recording)
    #expect(result.started == Samples.started)
    #expect(result.isGood(allowingUnfinished: false))
  }

  @Test func signaturesAreComparedWithTheKeysThatWereGiven() throws {
    let file = Self.file(Self.longEvents, signedBy: Self.key)
    let (right, wrong) = (Self.key.publicKey, Self.otherKey.publicKey)
    #expect(try Self.verify(file).signature == .valid(right))
    #expect(try Self.verify(file, [wrong, right]).signature == .trusted(right))
    #expect(try Self.verify(file, [wrong]).signature == .untrusted(right))
    #expect(try Self.verify(Self.file(Self.longEvents), [right]).signature == .missing)
    #expect(try Self.verify(file).members.allSatisfy { $0.isSigned })
    #expect(try !Self.verify(file, [wrong]).isGood(allowingUnfinished: true))
    #expect(try Samples.read(file).findings == [])
  }

  @Test func aRecordingMadeAnewWithAnotherKeyDoesNotPassForTheOld() throws {
    let forged = Self.file(Array(Self.longEvents.dropLast()), signedBy: Self.otherKey)
    let result = try Self.verify(forged, [Self.key.publicKey])
    #expect(result.verdict == .intact)
    #expect(!result.isGood(allowingUnfinished: true))
  }

  @Test func aSignatureTakenFromAnotherPlaceIsWrong() throws {
    // The key's bytes in the first member are replaced, and the chain made right again: what only its owner can sign.
    let honest = Self.file(Samples.events, signedBy: Self.key)
    let other = Self.file(Samples.events, signedBy: Self.otherKey)
    var forged = other
    let signature = honest.count - GzipTrailer.emptyBody.count - 64
    forged.replaceSubrange(signature..<signature + 64, with: honest[signature..<signature + 64])
    #expect(try Self.verify(forged).signature == .wrong(Self.otherKey.publicKey))
  }

  @Test(arguments: [false, true]) func everyPrefixIsUnfinishedOrRefusedAndNeverIntact(isSigned: Bool) throws {
    let file = Self.file(Samples.events, signedBy: isSigned ? Self.key : nil)
    var verdicts: [Verification.Verdict: Int] = [:]
    for length in 1..<file.count {
      // Too short for the first seal: nothing to check.
      guard let result = try Verifier.verify(Array(file.prefix(length)), name: "sample", keys: []) else {
        continue
      }
      verdicts[result.verdict, default: 0] += 1
      #expect(result.provedByteCount <= Int64(length))
    }
    #expect(verdicts[.intact] == nil)
    #expect(verdicts[.unfinished] ?? 0 > 100)
  }

  @Test(arguments: [false, true]) func everyFlippedBitIsSeen(isSigned: Bool) throws {
    let file = Self.file(Samples.events, signedBy: isSigned ? Self.key : nil)
    var unseen: [Int] = []
    for index in file.indices {
      for bit in 0..<8 {
        var changed = file
        changed[index] ^= 1 << UInt8(bit)
        guard let result = try? Verifier.verify(changed, name: "sample", keys: []) else { continue }
        if result.isGood(allowingUnfinished: false) { unseen.append(index * 8 + bit) }
      }
    }
    #expect(unseen == [])
  }

  @Test func aChangedByteIsLaidToItsMember() throws {
    let file = Self.file(Self.longEvents)
    let members = try Self.verify(file).members
    for member in members where member.kind == .events {
      var changed = file
      changed[Int(member.offset + member.byteCount / 2)] ^= 1
      let result = try Self.verify(changed)
      #expect(result.verdict == .altered)
      #expect(result.firstProblem?.number == member.number)
      #expect(result.provedByteCount == member.offset)
    }
  }

  @Test func droppedDoubledAndAddedMembersAreNamed() throws {
    let file = Self.file(Self.longEvents)
    let members = try Self.verify(file).members
    let parts = members.map { Array(file[Int($0.offset)..<Int($0.offset + $0.byteCount)]) }
    func joined(_ parts: [[UInt8]]) -> [UInt8] { Array(parts.joined()) }
    let dropped = try Self.verify(joined(Array(parts[..<1] + parts[2...])))
    #expect(dropped.verdict == .altered)
    #expect(dropped.firstProblem?.verdict == .missing && dropped.firstProblem?.number == 1)
    let doubled = try Self.verify(joined(Array(parts[..<2] + parts[1...])))
    #expect(doubled.members.contains { $0.verdict == .foreign })
    let withTail = try Self.verify(file + [1, 2, 3])
    #expect(withTail.firstProblem?.kind == .other && withTail.firstProblem?.offset == Int64(file.count))
    let foreign = Array("hello".utf8)
    let between = try Self.verify(joined(Array(parts[..<1] + [foreign] + parts[1...])))
    #expect(between.firstProblem?.verdict == .foreign)
    let withoutEnd = try Self.verify(joined(parts.dropLast()))
    #expect(withoutEnd.verdict == .unfinished)
    #expect(withoutEnd.members.last?.verdict == .unsealed)
    #expect(!withoutEnd.isGood(allowingUnfinished: false) && withoutEnd.isGood(allowingUnfinished: true))
    for file in [dropped, doubled, withTail, between] { #expect(file.verdict == .altered) }
  }

  @Test func bytesHiddenInTheEndAreSeen() throws {
    let file = Self.file(Samples.events)
    let end = try #require(try Self.verify(file).members.last)
    let header = try GzipHeader(parsing: file, at: Int(end.offset))
    let seal = try #require(header.seal) + Array("hidden".utf8)
    let changed = Array(file[..<Int(end.offset)]) + GzipHeader.encode(seal: seal) + GzipTrailer.emptyBody
    #expect(try Self.verify(changed).verdict == .altered)
  }

  @Test func aRunningRecordingIsUnfinishedAndItsSealedPartProved() throws {
    let result = try Self.verify(
      Self.file(Self.longEvents, signedBy: Self.key, closing: nil, options: .live), [Self.key.publicKey])
    #expect(result.verdict == .unfinished)
    #expect(result.signature == .trusted(Self.key.publicKey))
    #expect(result.members.count > 2)
    #expect(result.members.dropLast().allSatisfy { $0.verdict == .intact })
    #expect(result.members.last?.verdict == .unsealed)
  }

  @Test func whatHasNoSealsCannotBeChecked() throws {
    let text = Array("{\"version\":3,\"term\":{\"cols\":80,\"rows\":24}}\n".utf8)
    #expect(try Verifier.verify(text, name: "sample", keys: []) == nil)
    #expect(throws: FormatError.empty(name: "sample")) { try Verifier.verify([], name: "sample", keys: []) }
  }
}
