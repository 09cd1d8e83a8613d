import Platform
import Testing

@testable import Recorder

/// A thousand sessions with delays, pieces and typing ahead at random: nothing hidden is kept, nothing shown is lost.
@Suite struct EchoMaskerSimulationTests {
  @Test(arguments: SimulatedSession.Style.allCases)
  func nothingHiddenIsKeptAndNothingShownIsLost(style: SimulatedSession.Style) {
    var (secret, leaked, echoed, lost) = (0, 0, 0, 0)
    for seed in 0..<200 {
      let session = SimulatedSession(seed: UInt64(seed) * 5 + 1, style: style)
      let notes = session.run()
      var recorded: Set<Int64> = []
      for case .keys(_, let at) in notes { recorded.insert(at) }
      for key in session.keys {
        let isRecorded = recorded.contains(key.typedAt)
        if key.isSecret { (secret, leaked) = (secret + 1, leaked + (isRecorded ? 1 : 0)) }
        if key.isEchoed { (echoed, lost) = (echoed + 1, lost + (isRecorded ? 0 : 1)) }
        if key.isEchoed, !isRecorded || key.isSecret, isRecorded {
          print("seed \(seed), \(style): \(session.text)")
        }
      }
      let kept = session.keys.filter { !$0.isSecret }.flatMap(\.bytes)
      #expect(notes.bytes == kept, "in order, seed \(seed)")
    }
    print("\(style): \(leaked) of \(secret) hidden keys kept, \(lost) of \(echoed) shown keys lost")
    #expect(leaked == 0 && lost == 0)
    #expect(secret > 500 && echoed > 5000)
  }
}
