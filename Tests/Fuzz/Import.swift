import Platform

@testable import Format

/// Bytes of any format: what they are is found out, and they are read to their end. The first byte may name a format,
/// so that the readers are reached without their magic numbers.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  var bytes = Array(UnsafeBufferPointer(start: data, count: count))
  // No PATH: programs that decompress are not started.
  var options = ImportOptions(isLax: true, environment: Environment([:]))
  let formats: [SourceFormat] = [.ttyrec, .script, .tlog, .cloudWatch, .raw, .asciicast]
  if let first = bytes.first, Int(first) < formats.count {
    options.format = formats[Int(first)]
    bytes.removeFirst()
  }
  guard let reader = try? SourceReader(bytes, name: "fuzz", options: options) else { return 0 }
  var microseconds: Int64 = 0
  while let event = try? reader.nextEvent() {
    precondition(event.microseconds >= microseconds, "time stepped back")
    microseconds = event.microseconds
  }
  return 0
}
