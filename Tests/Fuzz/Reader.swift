@testable import Format

/// A recording of any kind, read to its end: no input may crash, hang or take unbounded memory.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  guard let reader = try? RecordingReader(bytes, name: "fuzz") else { return 0 }
  var microseconds: Int64 = 0
  while let event = try? reader.nextEvent() {
    precondition(event.microseconds >= microseconds, "time stepped back")
    microseconds = event.microseconds
  }
  return 0
}
