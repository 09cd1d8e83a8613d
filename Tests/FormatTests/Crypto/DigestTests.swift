import Testing

@testable import Format

@Suite struct DigestTests {
  /// FIPS 180-4 examples.
  @Test func hashesAreThoseOfTheStandard() {
    #expect(
      SHA256.hash([]).hexadecimal == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      SHA256.hash(Array("abc".utf8)).hexadecimal
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let hash = SHA256()
    for _ in 0..<1000 { hash.update([UInt8](repeating: 0x61, count: 1000)) }
    #expect(
      hash.finish().hexadecimal == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    hash.update(Array("xabcx".utf8)[1..<4])
    #expect(hash.finish() == SHA256.hash(Array("abc".utf8)))
  }

  /// RFC 4231, test cases 1, 2, 3, 6, 7.
  @Test func authenticationCodesAreThoseOfTheRFC() {
    let cases: [([UInt8], [UInt8], String)] = [
      (
        [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
      ),
      (
        [UInt8](repeating: 0xAA, count: 131),
        Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ]
    for (key, message, expected) in cases {
      #expect(HMACSHA256.authenticate(message, key: key).hexadecimal == expected)
    }
  }

  /// RFC 4648 §10, and refusals.
  @Test func base64IsThatOfTheRFC() {
    let pairs = [
      ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy"),
    ]
    for (text, encoded) in pairs {
      #expect(Base64.encode(Array(text.utf8)) == encoded)
      #expect(Base64.decode(encoded) == Array(text.utf8))
    }
    let all = (0..<256).map { UInt8($0) }
    #expect(Base64.decode(Base64.encode(all)) == all)
    for bad in [
      "Z", "Zg", "Zg=", "Zg===", "Z===", "Zh==", "Zm9=", "Zm 9v", "Zm9v\n", "====", "=", "Zg==Zg==", "Zm-_",
    ] {
      #expect(Base64.decode(bad) == nil, "\(bad)")
    }
  }

  @Test func comparisonAndRandomBytes() {
    #expect(equalInConstantTime([1, 2, 3], [1, 2, 3]))
    #expect(equalInConstantTime([], []))
    #expect(!equalInConstantTime([1, 2, 3], [1, 2, 4]))
    #expect(!equalInConstantTime([1, 2, 3], [1, 2]))
    #expect(RandomBytes.make(32).count == 32)
    #expect(RandomBytes.make(0) == [])
    #expect(RecordingID.random() != RecordingID.random())
  }
}
