import Platform
import Testing

@testable import Format

/// Our files, read by a program that knows nothing but `docs/format.md`.
@Suite struct SpecificationTests {
  static let reader = """
    import hashlib, struct, sys, zlib

    data = open(sys.argv[1], "rb").read()

    def varint(bytes, position):
        value = shift = 0
        while True:
            byte = bytes[position]
            position += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value, position

    position, chain, last, lengths, text = 0, bytes(32), b"", [], b""
    while position < len(data):
        assert data[position:position + 10] == bytes([0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 2, 255]), position
        extra, = struct.unpack("<H", data[position + 10:position + 12])
        assert data[position + 12:position + 14] == b"SC"
        length, = struct.unpack("<H", data[position + 14:position + 16])
        assert length + 4 == extra
        start = position + 16 + length
        seal = data[position + 16:start]
        inflater = zlib.decompressobj(-15)
        piece = inflater.decompress(data[start:])
        assert inflater.eof
        end = len(data) - len(inflater.unused_data) + 8
        checksum, size = struct.unpack("<II", data[end - 8:end])
        assert checksum == zlib.crc32(piece) and size == len(piece)
        assert not piece or piece.endswith(b"\\n")
        kind = seal[0] & 7
        assert seal[0] >> 4 == 1
        if kind != 0:
            fields = seal[:-32]
            chain = hashlib.sha256(chain + last + fields).digest()
            assert chain == seal[-32:], "chain"
        if kind == 3:
            members, at = varint(seal, 1)
            _, at = varint(seal, at)
            events, at = varint(seal, at)
            _, at = varint(seal, at)
            at += 1
            if members >> 1 > 1:
                for index in range(members >> 1):
                    entry = []
                    for _ in range(5):
                        value, at = varint(seal, at)
                        entry.append(value)
                    assert entry[0] == lengths[index]
            assert members >> 1 == len(lengths) and at == len(seal) - 32 and end == len(data)
            assert events == sum(1 for line in text.split(b"\\n") if line.startswith(b"[") and b',"b",' not in line)
        lengths.append(end - position)
        last, position = data[position:end], end
        text += piece
    sys.stdout.buffer.write(text)
    """

  @Test func aReaderMadeFromTheSpecificationAloneAgrees() throws {
    let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-specification-")
    defer { try? File.removeTree(folder) }
    let long = Samples.events(
      of: Samples.output(byteCount: 60_000, seed: 31), pieceByteCount: 300, interval: 400_000)
    for (number, file) in [
      Samples.file(Samples.events), Samples.file(long, limits: Samples.smallMembers),
      Samples.file(long, options: .import, limits: Samples.smallMembers),
    ].enumerated() {
      let path = "\(folder)/\(number).cast.gz"
      try File.write(file, to: path, permissions: 0o600)
      guard let (output, status) = try RecordingWriterTests.output(of: "python3", ["-c", Self.reader, path])
      else {
        return  // no Python here
      }
      #expect(status == .exited(0), "file \(number)")
      #expect(try Samples.read(output).events == Samples.read(file).events)
    }
  }
}
