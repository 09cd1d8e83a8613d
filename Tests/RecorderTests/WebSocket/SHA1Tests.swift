import Format
import Testing

@testable import Recorder

@Suite struct SHA1Tests {
  /// RFC 3174 §7.3, and lengths around the padding's edges checked with sha1sum.
  @Test func hashesAsTheStandardSays() {
    let cases: [(text: String, digest: String)] = [
      ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
      ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
      ),
      (String(repeating: "a", count: 55), "c1c8bbdc22796e28c0e15163d20899b65621d65a"),
      (String(repeating: "a", count: 64), "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
      (String(repeating: "a", count: 119), "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56"),
    ]
    for (text, digest) in cases { #expect(SHA1.hash(Array(text.utf8)).hexadecimal == digest) }
  }
}
