/// Terminal output that no program writes: sequences known and unknown, whole and broken, text of every width.
struct NoiseStream {
  private var random: SeededRandom

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  /// About `count` pieces.
  mutating func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<count { append(to: &bytes) }
    return bytes
  }

  private mutating func append(to bytes: inout [UInt8]) {
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<5: bytes += Array(Self.texts.randomElement(using: &random)!.utf8)  // not empty
    case 5: bytes += random.bytes(Int.random(in: 1...4, using: &random))
    case 6: bytes.append(UInt8.random(in: 0..<0x20, using: &random))
    case 7: bytes += [0x1B, UInt8.random(in: 0x20...0x7F, using: &random)]
    case 8: bytes += Array(Self.sequences.randomElement(using: &random)!.utf8)  // not empty
    case 9: bytes += [0x1B, 0x5B] + random.bytes(3)
    default: appendControl(to: &bytes)
    }
  }

  private mutating func appendControl(to bytes: inout [UInt8]) {
    bytes += [0x1B, 0x5B]
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      if Bool.random(using: &random) { bytes += Array(String(Int.random(in: 0...12, using: &random)).utf8) }
      bytes.append(Int.random(in: 0..<8, using: &random) == 0 ? 0x3A : 0x3B)
    }
    bytes += Array(String(Int.random(in: 0...9, using: &random)).utf8)
    // Not empty.
    bytes.append(Self.finals.utf8.randomElement(using: &random)!)
  }

  private static let finals = "@ABCDEFGHIJKLMPSTXZ^abdefghlmrsuHHJKmmm"

  private static let texts = [
    "a", "hello world", "1234567890123456789012345", "中", "中文字幕", "e\u{301}", "\u{301}", "👍🏽", "👨‍👩‍👧",
    "❤\u{FE0F}", "🇩🇪",
    "\r\n", "\n", "\r", "\t", "\u{8}", "\u{200D}", "한국", "x\u{FE0F}",
  ]

  private static let sequences = [
    "\u{1B}[?69h", "\u{1B}[?69l", "\u{1B}[3;7s", "\u{1B}[2;4r", "\u{1B}[r", "\u{1B}[?6h", "\u{1B}[?6l",
    "\u{1B}[?7l", "\u{1B}[?7h",
    "\u{1B}[?45h", "\u{1B}[?1045h", "\u{1B}[?45l", "\u{1B}[4h", "\u{1B}[4l", "\u{1B}[?1049h", "\u{1B}[?1049l",
    "\u{1B}[?47h", "\u{1B}[?47l",
    "\u{1B}[?1047h", "\u{1B}[?1047l", "\u{1B}[?2027h", "\u{1B}[?2027l", "\u{1B}7", "\u{1B}8", "\u{1B}c",
    "\u{1B}#8", "\u{1B}#6", "\u{1B}(0",
    "\u{1B}(B", "\u{E}", "\u{F}", "\u{1B}N", "\u{1B}*0", "\u{1B}[1\"q", "\u{1B}[0\"q", "\u{1B}[?2J",
    "\u{1B}[?1K", "\u{1B}[2;2;3;5$z",
    "\u{1B}[65;2;2;3;5$x", "\u{1B}[1;1;2;5;1;2;3$v", "\u{1B}[2'}", "\u{1B}[1'~", "\u{1B}[2 @", "\u{1B}[1 A",
    "\u{1B}6", "\u{1B}9", "\u{1B}D",
    "\u{1B}M", "\u{1B}H", "\u{1B}[38;2;1;2;3m", "\u{1B}[48;5;9m", "\u{1B}[4:3;58:5:1m", "\u{1B}[m",
    "\u{1B}]0;title\u{7}",
    "\u{1B}]8;id=1;http://a.b\u{1B}\\", "\u{1B}]8;;\u{1B}\\", "\u{1B}]133;A\u{7}", "\u{1B}Pq\u{1B}\\",
    "\u{1B}_G\u{1B}\\", "\u{1B}[!p",
    "\u{1B}[22;0t", "\u{1B}[23;0t", "\u{1B}[?3h", "\u{1B}[?5h", "\u{1B}[2 q", "\u{1B}[?1s", "\u{1B}[?1r",
    "\u{1B}]4;1;#123\u{7}", "\u{1B}[3J",
    "\u{1B}[99b", "\u{1B}]66;s=2;big\u{7}", "\u{1B}[20h", "\u{1B}[20l", "\u{1B}]", "\u{1B}P", "\u{18}",
    "\u{1B}k", "\u{1B}V", "\u{1B}W", "\u{1B}#5", "\u{1B}#3", "\u{FE0E}", "\u{1B}[>1u", "\u{1B}[<u",
  ]
}
