import Platform
import Testing

@testable import Recorder

@Suite struct FrameDecoderTests {
  /// A frame put together again.
  struct Frame: Equatable {
    var isFinal: Bool
    var opcode: WebSocket.Opcode
    var payload: [UInt8]
  }

  static func decode(
    _ pieces: [[UInt8]], role: WebSocket.Role, limit: Int = 1 << 20
  ) throws(WebSocketError) -> [Frame] {
    var decoder = FrameDecoder(role: role, limits: WebSocket.Limits(messageByteCount: limit))
    var frames: [Frame] = []
    for piece in pieces {
      var position = 0
      while let part = try decoder.next(in: piece, at: &position) {
        if part.isFirst {
          frames.append(Frame(isFinal: part.header.isFinal, opcode: part.header.opcode, payload: []))
        }
        var bytes = Array(piece[part.payload])
        if let key = part.header.maskingKey { bytes.mask(with: key, from: 0, phase: part.offset) }
        frames[frames.count - 1].payload += bytes
      }
    }
    return frames
  }

  /// The frames of RFC 6455 §5.7.
  @Test func readsTheExamplesOfTheStandard() throws {
    let hello = Array("Hello".utf8)
    let fromServer: [(bytes: [UInt8], frame: Frame)] = [
      ([0x81, 0x05] + hello, Frame(isFinal: true, opcode: .text, payload: hello)),
      (
        [0x01, 0x03] + hello.prefix(3), Frame(isFinal: false, opcode: .text, payload: Array(hello.prefix(3)))
      ),
      ([0x80, 0x02] + hello.suffix(2), Frame(isFinal: true, opcode: .continuation, payload: [0x6C, 0x6F])),
      ([0x89, 0x05] + hello, Frame(isFinal: true, opcode: .ping, payload: hello)),
      (
        [0x82, 0x7E, 0x01, 0x00] + [UInt8](repeating: 7, count: 256),
        Frame(isFinal: true, opcode: .binary, payload: [UInt8](repeating: 7, count: 256))
      ),
      (
        [0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0] + [UInt8](repeating: 7, count: 65536),
        Frame(isFinal: true, opcode: .binary, payload: [UInt8](repeating: 7, count: 65536))
      ),
    ]
    for (bytes, frame) in fromServer { #expect(try Self.decode([bytes], role: .client) == [frame]) }
    let masked: [UInt8] = [0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
    let frame = Frame(isFinal: true, opcode: .text, payload: hello)
    #expect(try Self.decode([masked], role: .server) == [frame])
    #expect(try Self.decode(masked.map { [$0] }, role: .server) == [frame])
    let pong: [UInt8] = [0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]
    #expect(try Self.decode([pong], role: .server) == [Frame(isFinal: true, opcode: .pong, payload: hello)])
  }

  @Test func refusesWhatTheStandardForbidsAtTheByteThatShowsIt() {
    let cases: [(bytes: [UInt8], role: WebSocket.Role, error: WebSocketError)] = [
      ([0xC1], .client, .reservedBits(4)), ([0xA1], .client, .reservedBits(2)),
      ([0x91], .client, .reservedBits(1)), ([0xF1], .client, .reservedBits(7)),
      ([0x83], .client, .reservedOpcode(3)), ([0x87], .client, .reservedOpcode(7)),
      ([0x8B], .client, .reservedOpcode(11)), ([0x8F], .client, .reservedOpcode(15)),
      ([0x09], .client, .fragmentedControlFrame(.ping)), ([0x08], .client, .fragmentedControlFrame(.close)),
      ([0x0A], .client, .fragmentedControlFrame(.pong)),
      ([0x89, 0x7E], .client, .longControlFrame(byteCount: 126)),
      ([0x88, 0x7F], .client, .longControlFrame(byteCount: 127)),
      ([0x81, 0x80], .client, .masked), ([0x81, 0x00], .server, .unmasked),
      ([0x82, 0x7E, 0x00, 0x7D], .client, .badLength(125)),
      ([0x82, 0x7F, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], .client, .badLength(65535)),
      ([0x82, 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 0], .client, .badLength(1 << 63)),
      (
        [0x82, 0x7F, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], .client,
        .messageTooLarge(byteCount: Int.max, limit: 1 << 20)
      ),
      (
        [0x82, 0x7F, 0, 0, 0, 0, 0, 0x10, 0, 1], .client,
        .messageTooLarge(byteCount: 1 << 20 + 1, limit: 1 << 20)
      ),
    ]
    for (bytes, role, error) in cases {
      #expect(throws: error, "\(bytes)") { try Self.decode([bytes], role: role) }
      let shorter = Array(bytes.dropLast())
      #expect(throws: Never.self, "\(bytes)") { try Self.decode([shorter], role: role) }
    }
  }

  @Test func randomBytesNeverCrash() {
    var random = WireRandom(seed: 2)
    for round in 0..<3000 {
      let bytes = random.bytes(Int.random(in: 0...300, using: &random))
      // Whatever comes out, it came without a trap.
      _ = try? Self.decode(random.pieces(of: bytes, longest: 40), role: round & 1 == 0 ? .client : .server)
    }
  }
}
