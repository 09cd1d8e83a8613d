import Platform
import Testing

@Suite struct MaskingTests {
  @Test func anyStartPhaseAndLengthMasksAsThePlainRuleDoes() {
    let key: UInt32 = 0xA1B2_C3D4
    let octets: [UInt8] = [0xA1, 0xB2, 0xC3, 0xD4]
    for count in 0..<40 {
      for start in 0...min(count, 9) {
        for phase in 0..<5 {
          let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
          var masked = bytes
          masked.mask(with: key, from: start, phase: phase)
          let expected = bytes.enumerated().map { index, byte in
            index < start ? byte : byte ^ octets[(index - start + phase) % 4]
          }
          if masked != expected { Issue.record("\(count) \(start) \(phase)") }
        }
      }
    }
  }
}
