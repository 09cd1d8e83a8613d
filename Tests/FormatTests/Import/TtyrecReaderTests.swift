import Platform
import Testing

@testable import Format

@Suite struct TtyrecReaderTests {
  @Test func framesBecomeOutputWithTheTimeBetweenThem() throws {
    let read = try ForeignSamples.read(ForeignSamples.ttyrec)
    #expect(read.format == .ttyrec && read.formatName == "ttyrec")
    #expect(read.header.size == WindowSize(columns: 100, rows: 30))
    #expect(read.started?.microseconds == 1_512_942_573_000_000)
    #expect(read.events.map(\.text) == ["Hello,", "", "“World”\r\n"])
    #expect(read.times == [500_000, 1_000_001, 2_250_000])
    #expect(read.findings == [])
  }

  @Test func secondsBeyond2106StandInTheUpperBitsOfTheMicroseconds() throws {
    let time: Int64 = 0x1_2345_6789 * 1_000_000 + 999_999
    var bytes: [UInt8] = []
    TtyrecFrame(microseconds: time, byteCount: 0).append(to: &bytes)
    #expect(bytes[4...7].elementsEqual([0x3F, 0x42, 0x1F, 0x00]))
    #expect(TtyrecFrame(bytes[...])?.microseconds == time)
    let read = try ForeignSamples.read(ForeignSamples.frame(time, "a") + ForeignSamples.frame(time + 5, "b"))
    #expect(read.started?.microseconds == time && read.times == [0, 5])
  }

  @Test func aClockThatStepsBackCostsNoTimeAndIsTold() throws {
    let frames = [(100, "a"), (40, "b"), (41, "c")].flatMap {
      ForeignSamples.frame(Int64($0.0) * 1_000_000, $0.1)
    }
    let read = try ForeignSamples.read(frames)
    #expect(read.times == [0, 0, 1_000_000])
    #expect(read.findings.map(\.kind) == [.timeStepsBack] && read.findings[0].offset == 13)
  }

  @Test func aCutTailIsLeftOutAndSaid() throws {
    let whole = ForeignSamples.ttyrec
    for missing in 1..<13 + 11 {
      let read = try ForeignSamples.read(Array(whole.dropLast(missing)))
      #expect(read.events.count == (missing == 23 ? 2 : 2), "\(missing)")
      #expect(read.findings.map(\.kind) == (missing < 25 ? [.unfinished] : []), "\(missing)")
    }
  }

  @Test func aFrameThatIsNoneEndsTheReading() throws {
    let bytes = ForeignSamples.ttyrec + [UInt8](repeating: 0xFF, count: 40)
    let read = try ForeignSamples.read(
      bytes, options: ImportOptions(format: .ttyrec, environment: .current))
    #expect(read.events.count == 3)
    #expect(read.findings.map(\.kind) == [.damaged])
    #expect(read.findings[0].offset == Int64(ForeignSamples.ttyrec.count))
  }

  @Test func aSizeThatStandsBeforeOtherOutputStaysInIt() throws {
    let read = try ForeignSamples.read(ForeignSamples.frame(5, "\u{1B}[8;30;100tx"))
    #expect(read.header.size == WindowSize(columns: 100, rows: 30))
    #expect(read.output == "\u{1B}[8;30;100tx")
    #expect(read.header.sizeOrigin == .output)
  }
}
