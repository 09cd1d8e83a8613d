import Platform
import Testing

@testable import Format

/// Our files, read by a program that knows nothing but `docs/format.md`.
@Suite struct SpecificationTests {
  static let reader = """
    import hashlib, struct, subprocess, sys, zlib

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

    def verify(key, message, signature):
        # OpenSSL's program is the other implementation of Ed25519.
        folder = sys.argv[2]
        der = bytes.fromhex("302a300506032b6570032100") + key
        for name, contents in (("key", der), ("message", message), ("signature", signature)):
            open(folder + "/" + name, "wb").write(contents)
        subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", folder + "/key", "-rawin",
                        "-in", folder + "/message", "-sigfile", folder + "/signature"], check=True,
                       stdout=subprocess.DEVNULL)

    position, chain, last, lengths, text, signatures = 0, bytes(32), b"", [], b"", 0
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
        signed = 64 if seal[0] & 8 else 0
        if kind == 0:
            fields = seal[:len(seal) - signed]
            message = hashlib.sha256(bytes(32) + fields).digest()
            if signed:
                key = fields[-32:]
        else:
            fields = seal[:len(seal) - 32 - signed]
            chain = hashlib.sha256(chain + last + fields).digest()
            assert chain == seal[len(fields):len(fields) + 32], "chain"
            message = chain
        if signed:
            signatures += 1
            if len(sys.argv) > 2:
                verify(key, message, seal[-64:])
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
            assert members >> 1 == len(lengths) and at == len(fields) and end == len(data)
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
      VerifierTests.file(Samples.events, signedBy: VerifierTests.key),
      VerifierTests.file(long, signedBy: VerifierTests.key),
    ].enumerated() {
      let path = "\(folder)/\(number).cast.gz"
      try File.write(file, to: path, permissions: 0o600)
      let arguments = ["-c", Self.reader, path, folder]
      guard let (output, status) = try RecordingWriterTests.output(of: "python3", arguments) else {
        return  // no Python here
      }
      #expect(status == .exited(0), "file \(number)")
      #expect(try Samples.read(output).events == Samples.read(file).events)
    }
  }
}
