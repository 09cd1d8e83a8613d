import Testing

@testable import Format

@Suite struct AESGCMTests {
  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  /// Test cases 13, 14 and 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega).
  @Test func sealedTextsAreThoseOfTheStandard() {
    let zeros = String(repeating: "0", count: 64)
    let key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
    let cases: [(key: String, nonce: String, plain: String, additional: String, sealed: String)] = [
      (zeros, String(zeros.prefix(24)), "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
      (
        zeros, String(zeros.prefix(24)), String(zeros.prefix(32)), "",
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
      ),
      (
        key, "cafebabefacedbaddecaf888",
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
          + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
          + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662" + "76fc6ece0f4e1768cddf8853bb2d551b"
      ),
    ]
    for (key, nonce, plain, additional, sealed) in cases {
      let cipher = AESGCM(key: Self.bytes(key))
      // Twice, and both ways in turn: the key stays, nothing else does.
      for _ in 0..<2 {
        let result = cipher.seal(
          Self.bytes(plain), nonce: Self.bytes(nonce), authenticating: Self.bytes(additional))
        #expect(result.hexadecimal == nonce + sealed)
        #expect(cipher.open(result, authenticating: Self.bytes(additional)) == Self.bytes(plain))
      }
    }
  }

  @Test func whatWasChangedOrCutIsNotOpened() {
    let cipher = AESGCM(key: [UInt8](repeating: 7, count: 32))
    let plain = Array("the far machine said this".utf8)
    let sealed = cipher.seal(plain, nonce: Array(0..<12), authenticating: [1, 2, 3])
    #expect(sealed.count == plain.count + AESGCM.overhead)
    var opened = 0
    for index in sealed.indices {
      for bit in 0..<8 {
        var changed = sealed
        changed[index] ^= 1 << bit
        if cipher.open(changed, authenticating: [1, 2, 3]) != nil { opened += 1 }
      }
      if cipher.open(Array(sealed.prefix(index)), authenticating: [1, 2, 3]) != nil { opened += 1 }
    }
    for additional in [[], [1, 2], [1, 2, 4], [1, 2, 3, 0]] as [[UInt8]] {
      if cipher.open(sealed, authenticating: additional) != nil { opened += 1 }
    }
    if cipher.open(sealed + [0], authenticating: [1, 2, 3]) != nil { opened += 1 }
    let other = AESGCM(key: [UInt8](repeating: 8, count: 32))
    if other.open(sealed, authenticating: [1, 2, 3]) != nil { opened += 1 }
    #expect(opened == 0)
    #expect(cipher.open(sealed, authenticating: [1, 2, 3]) == plain, "failures leave nothing behind")
  }

  @Test func textsOfEveryLengthComeBack() {
    let cipher = AESGCM(key: Array(0..<32))
    for count in Array(0...70) + [1023, 1024, 1025, 100_000] {
      let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      var nonce = [UInt8](repeating: 0, count: 12)
      nonce[0] = UInt8(truncatingIfNeeded: count)
      nonce[1] = UInt8(truncatingIfNeeded: count >> 8)
      #expect(cipher.open(cipher.seal(plain, nonce: nonce)) == plain)
    }
  }

  @Test func clearedBytesAreGone() {
    var secret: [UInt8] = [1, 2, 3]
    secret.clear()
    #expect(secret.isEmpty)
    secret.clear()
    #expect(secret.isEmpty)
  }
}
