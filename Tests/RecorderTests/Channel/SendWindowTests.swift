import Platform
import Testing

@testable import Recorder

@Suite struct RoundTripEstimatorTests {
  /// Each row worked out by hand from protocol.md §6.1: variation first, with the old round trip.
  @Test func followsTheFormula() {
    var estimator = RoundTripEstimator()
    #expect(estimator.resendTimeout == 200_000)
    let rows: [(sample: Int64, roundTrip: Int64, variation: Int64, timeout: Int64)] = [
      (100_000, 100_000, 0, 110_000),
      (20_000, 90_000, 20_000, 170_000),
      (90_000, 90_000, 15_000, 150_000),
      (2_000_000, 328_750, 488_750, 1_000_000),
      (-5, 287_656, 448_750, 1_000_000),
    ]
    for row in rows {
      estimator.add(sample: row.sample)
      #expect(estimator.variation == row.variation)
      #expect(estimator.roundTrip == row.roundTrip)
      #expect(estimator.resendTimeout == row.timeout)
    }
    for _ in 0..<200 { estimator.add(sample: 0) }
    #expect(estimator.resendTimeout < 10_100)
    for _ in 0..<1000 { estimator.add(sample: Int64.max) }
    #expect(estimator.resendTimeout == 1_000_000)
  }
}

@Suite struct SendWindowTests {
  static func at(_ milliseconds: Int64) -> Instant { Instant(microseconds: milliseconds * 1000) }

  @Test func sendsOnlyTheOldestAgainAndWaitsLongerEachTime() throws {
    var window = SendWindow()
    for number in 0..<3 as Range<UInt8> { window.add([number], now: Self.at(0)) }
    #expect(window.deadline == Self.at(200))
    #expect(try window.resend(now: Self.at(199)) == nil)
    #expect(try window.resend(now: Self.at(200)) == [0])
    #expect(window.deadline == Self.at(600))
    #expect(try window.resend(now: Self.at(600)) == [0])
    #expect(window.deadline == Self.at(1400))
    #expect(try window.resend(now: Self.at(1400)) == [0])
    #expect(window.deadline == Self.at(2400))
    window.acknowledge(0, now: Self.at(1500))
    // The next one's time has long been up.
    #expect(window.deadline == Self.at(200))
    #expect(try window.resend(now: Self.at(1500)) == [1])
  }

  @Test func acknowledgementsInAnyOrderEmptyIt() throws {
    var window = SendWindow()
    for number in 0..<5000 { window.add([UInt8(truncatingIfNeeded: number)], now: Self.at(0)) }
    #expect(window.unacknowledgedCount == 5000 && window.unacknowledgedByteCount == 5000)
    var random = WireRandom(seed: 20)
    for number in (0..<Int64(5000)).shuffled(using: &random) {
      window.acknowledge(number, now: Self.at(1))
      window.acknowledge(number, now: Self.at(1))
    }
    #expect(window.unacknowledgedCount == 0 && window.unacknowledgedByteCount == 0)
    #expect(window.deadline == nil)
    #expect(try window.resend(now: Self.at(10_000)) == nil)
    window.add([1], now: Self.at(2))
    #expect(window.nextSequenceNumber == 5001)
    window.acknowledge(5000, now: Self.at(3))
    #expect(window.unacknowledgedCount == 0)
  }

  @Test func numbersNeverSentChangeNothing() {
    var window = SendWindow()
    window.add([1], now: Self.at(0))
    for number in [-1, 1, 2, Int64.min, Int64.max] { window.acknowledge(number, now: Self.at(1)) }
    #expect(window.unacknowledgedCount == 1)
  }

  @Test func samplesAreTakenOnlyFromWhatWasSentOnce() throws {
    var window = SendWindow()
    window.add([1], now: Self.at(0))
    #expect(try window.resend(now: Self.at(200)) != nil)
    window.acknowledge(0, now: Self.at(5000))
    #expect(window.resendTimeout == 200_000)
    window.add([2], now: Self.at(5000))
    window.acknowledge(1, now: Self.at(5020))
    #expect(window.resendTimeout == 170_000)
  }

  @Test func aSilentPeerIsGivenUpAfterFiveMinutes() throws {
    var window = SendWindow()
    window.add([1], now: Self.at(0))
    window.add([2], now: Self.at(0))
    window.acknowledge(0, now: Self.at(0))
    var attempts = 0
    var end: ChannelError?
    while end == nil {
      let deadline = try #require(window.deadline)
      do throws(ChannelError) {
        if try window.resend(now: deadline) != nil { attempts += 1 }
      } catch {
        end = error
      }
      #expect(attempts < 1000)
    }
    #expect(end == .unacknowledged(sequenceNumber: 1, seconds: 300))
    #expect(attempts > 290)
  }

  @Test func hasRoomUntilItsBytesAreUnderWay() {
    var window = SendWindow(limits: SendWindow.Limits(byteCount: 10))
    #expect(window.hasRoom)
    window.add([UInt8](repeating: 0, count: 9), now: Self.at(0))
    #expect(window.hasRoom)
    window.add([0], now: Self.at(0))
    #expect(!window.hasRoom)
    window.acknowledge(1, now: Self.at(1))
    #expect(window.hasRoom)
  }

  @Test func overANewConnectionAllIsSentAgainInOrder() throws {
    var window = SendWindow()
    for number in 0..<4 as Range<UInt8> { window.add([number], now: Self.at(0)) }
    window.acknowledge(1, now: Self.at(1))
    #expect(window.resendAll(now: Self.at(1000)) == [[0], [2], [3]])
    #expect(window.deadline.map { $0 > Self.at(1000) } == true)
    #expect(window.nextSequenceNumber == 4)
  }
}
