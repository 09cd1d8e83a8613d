import Format
import Platform
import Testing

@testable import Recorder

@Suite struct AgentMessageTests {
  @Test func readsAndWritesEveryMessageOfTheOfficialEnds() throws {
    let vectors = ChannelVector.messages
    #expect(vectors.count == 22)
    let hash = SHA256()
    for vector in vectors {
      let message = try AgentMessage(checking: vector.bytes, using: hash)
      #expect(message.type.description == vector.string("messageType"), "\(vector.name)")
      #expect(Int64(message.schemaVersion) == vector.integer("schemaVersion"))
      #expect(Int64(message.createdMilliseconds) == vector.integer("createdDate"))
      #expect(message.sequenceNumber == vector.integer("sequenceNumber"))
      #expect(Int64(message.flags.rawValue) == vector.integer("flags"))
      #expect(message.id.description == vector.string("messageId"))
      #expect(Int64(message.payloadType.rawValue) == vector.integer("payloadType"))
      #expect(message.payload == vector.payload)
      #expect(message.encoded(using: hash) == vector.bytes, "\(vector.name)")
    }
  }

  @Test func everyPrefixOfAHeaderIsTooShort() throws {
    let bytes = try ChannelVector.named("output_stream_data_exitcode").bytes
    for count in 0..<AgentMessage.headerByteCount {
      let prefix = Array(bytes.prefix(count))
      #expect(throws: AgentMessageError.tooShort(byteCount: count)) { try AgentMessage(parsing: prefix) }
    }
    // A message that ends in its payload can be told only by its digest: its length is not trusted.
    for count in AgentMessage.headerByteCount..<bytes.count {
      let prefix = Array(bytes.prefix(count))
      #expect(throws: AgentMessageError.digestMismatch(type: .outputStreamData, sequenceNumber: 3)) {
        try AgentMessage(checking: prefix, using: SHA256())
      }
    }
  }

  @Test func headerLengthsThatLieAreRefused() throws {
    let bytes = try ChannelVector.named("output_stream_data_exitcode").bytes
    for found in [0, 1, 115, 129, 0x7FFF_FFFF, 0xFFFF_FFFB, 0xFFFF_FFFC, 0xFFFF_FFFF] as [UInt32] {
      var changed: [UInt8] = []
      changed.appendBigEndian(found)
      changed += bytes.dropFirst(4)
      #expect(throws: AgentMessageError.headerLength(found: found, messageByteCount: 132)) {
        try AgentMessage(parsing: changed)
      }
    }
  }

  @Test func aLongerHeaderMovesThePayload() throws {
    var bytes = try ChannelVector.named("output_stream_data_exitcode").bytes
    bytes[3] += 2
    #expect(try AgentMessage(parsing: bytes).payload == Array("IT_CODE: 2".utf8))
  }

  @Test func thePayloadLengthIsNotTrusted() throws {
    let original = try ChannelVector.named("output_stream_data_exitcode")
    for lie in [1, 11, 13, 0x7FFF_FFFF, 0xFFFF_FFFF] as [UInt32] {
      var bytes = Array(original.bytes.prefix(116))
      bytes.appendBigEndian(lie)
      bytes += original.payload
      #expect(try AgentMessage(checking: bytes, using: SHA256()).payload == original.payload)
    }
  }

  @Test func everyFlippedBitGivesAnErrorOrAnotherMessage() throws {
    let bytes = try ChannelVector.named("input_stream_data_size_80x24").bytes
    let original = try AgentMessage(parsing: bytes)
    let hash = SHA256()
    var unnoticed: [Int] = []
    for index in bytes.indices {
      for bit in 0..<8 {
        var flipped = bytes
        flipped[index] ^= 1 << bit
        // An error is as good as a difference.
        if let message = try? AgentMessage(checking: flipped, using: hash), message == original {
          unnoticed.append(index)
        }
      }
    }
    // Only PayloadLength is not looked at, and white space in place of the padding.
    #expect(Set(unnoticed).isSubset(of: Set(116..<120).union(21..<36)))
  }

  @Test func randomBytesNeverCrash() {
    var random = WireRandom(seed: 11)
    let hash = SHA256()
    for _ in 0..<3000 {
      var bytes = random.bytes(Int.random(in: 0...300, using: &random))
      if bytes.count > 4 && Bool.random(using: &random) {
        bytes.replaceSubrange(0..<4, with: [0, 0, 0, 116])
      }
      _ = try? AgentMessage(checking: bytes, using: hash)  // no trap is all that is asked
    }
  }

  @Test func aMessageWithoutTypeOrDateIsRefusedUnlessItIsAPublication() throws {
    let message = AgentMessage(
      type: .startPublication, createdMilliseconds: 0, id: MessageID(high: 1, low: 2), payload: [])
    let bytes = message.encoded(using: SHA256())
    #expect(try AgentMessage(checking: bytes, using: SHA256()) == message)

    var output = message
    output.type = .outputStreamData
    let undated = output.encoded(using: SHA256())
    #expect(throws: AgentMessageError.noCreatedDate(type: .outputStreamData)) {
      try AgentMessage(parsing: undated)
    }
    for padding in [UInt8(0), 0x20] {
      var nameless = bytes
      nameless.replaceSubrange(4..<36, with: [UInt8](repeating: padding, count: 32))
      #expect(throws: AgentMessageError.noType) { try AgentMessage(parsing: nameless) }
    }
  }

  @Test func publicationsMayHaveAnyDigest() throws {
    var bytes = try ChannelVector.named("start_publication_synthetic").bytes
    bytes.replaceSubrange(80..<112, with: [UInt8](repeating: 0, count: 32))
    #expect(try AgentMessage(checking: bytes, using: SHA256()).type == .startPublication)
  }
}
