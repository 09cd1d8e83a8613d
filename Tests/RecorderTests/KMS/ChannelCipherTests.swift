import Format
import Testing

@testable import Recorder

@Suite struct ChannelCipherTests {
  static func key(_ bytes: [UInt8] = Array(0..<64)) throws -> DataKey {
    var bytes = bytes
    return try #require(DataKey(taking: &bytes))
  }

  /// Both official ends' ciphertexts, made again and opened.
  @Test func theOfficialCiphertextsAreMadeAndOpenedAtBothEnds() throws {
    let vectors: [(name: String, plain: [UInt8])] = [
      ("kms_client_to_agent_ciphertext", [0x6C, 0x73, 0x0D]),
      ("kms_agent_to_client_ciphertext", Array("sh-4.2$ ".utf8)),
    ]
    for (name, plain) in vectors {
      let vector = try ChannelVector.named(name)
      let key = try Self.key(ChannelVector.bytes(vector.string("dataKeyPlaintextHex")))
      let nonce = ChannelVector.bytes(vector.string("nonceHex"))
      let client = ChannelCipher.client(key, nonce: nonce)
      let agent = ChannelCipher.agent(key, nonce: nonce)
      let (sender, receiver) = name.hasPrefix("kms_client") ? (client, agent) : (agent, client)
      #expect(sender.seal(plain) == vector.bytes, "\(name)")
      #expect(receiver.open(vector.bytes) == plain, "\(name)")
      #expect(sender.open(vector.bytes) == nil, "each direction has its own half of the key")
    }
  }

  @Test func noncesCountUpAsTheOfficialAgents() throws {
    let vector = try ChannelVector.named("kms_agent_to_client_ciphertext")
    let cases: [(start: String, next: String)] = [
      (vector.string("nonceHex"), vector.string("nextNonceHex")),
      ("ff0000000000000000000000", "000100000000000000000000"),
      ("ffffffffffffffffffffffff", "000000000000000000000000"),
    ]
    for (start, next) in cases {
      var counter = NonceCounter(start: ChannelVector.bytes(start))
      #expect(counter.next().hexadecimal == start)
      #expect(counter.next().hexadecimal == next)
    }
  }

  @Test func aKeyHas64BytesAndIsTakenOver() {
    for count in [0, 1, 32, 63, 65, 128] {
      var bytes = [UInt8](repeating: 1, count: count)
      #expect(DataKey(taking: &bytes) == nil && bytes.isEmpty)
    }
    var bytes = [UInt8](repeating: 1, count: 64)
    #expect(DataKey(taking: &bytes) != nil && bytes.isEmpty)
  }
}
