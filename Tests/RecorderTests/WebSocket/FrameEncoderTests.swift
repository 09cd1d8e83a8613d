import Platform
import Testing

@testable import Recorder

@Suite struct FrameEncoderTests {
  /// Gives the same number for ever.
  struct Constant: RandomNumberGenerator {
    let number: UInt64
    mutating func next() -> UInt64 { number }
  }

  @Test func writesTheExamplesOfTheStandard() {
    let hello = Array("Hello".utf8)
    var server = FrameEncoder(role: .server, random: Constant(number: 0))
    var bytes: [UInt8] = []
    server.append(.text, isFinal: false, payload: Array(hello.prefix(3)), to: &bytes)
    server.append(.continuation, payload: Array(hello.suffix(2)), to: &bytes)
    #expect(bytes == [0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F])

    var client = FrameEncoder(role: .client, random: Constant(number: 0x0000_0000_37FA_213D))
    bytes = []
    client.append(.text, payload: hello, to: &bytes)
    #expect(bytes == [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
  }

  @Test func whatIsWrittenCanBeReadAtEveryLengthClass() throws {
    for role in [WebSocket.Role.client, .server] {
      var encoder = FrameEncoder(role: role, random: WireRandom(seed: 3))
      var bytes: [UInt8] = []
      var frames: [FrameDecoderTests.Frame] = []
      for count in [0, 1, 7, 8, 9, 15, 124, 125, 126, 127, 255, 256, 1144, 65534, 65535, 65536, 70001] {
        let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        encoder.append(.binary, payload: payload, to: &bytes)
        frames.append(FrameDecoderTests.Frame(isFinal: true, opcode: .binary, payload: payload))
      }
      var random = WireRandom(seed: 4)
      let pieces = random.pieces(of: bytes, longest: 3000)
      #expect(try FrameDecoderTests.decode(pieces, role: role == .client ? .server : .client) == frames)
    }
  }

  @Test func eachFrameHasAKeyOfItsOwn() {
    var encoder = FrameEncoder(role: .client, random: WireRandom(seed: 5))
    var keys: Set<[UInt8]> = []
    for _ in 0..<100 {
      var bytes: [UInt8] = []
      encoder.append(.binary, payload: [0, 0, 0, 0], to: &bytes)
      keys.insert(Array(bytes[2..<6]))
    }
    #expect(keys.count == 100)
  }
}
