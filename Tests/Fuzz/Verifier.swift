@testable import Format

/// Seals of any bytes: a verdict, never a crash, and nothing proved that is not there.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  guard let result = try? Verifier.verify(bytes, name: "fuzz", keys: []) else { return 0 }
  precondition(result.provedByteCount <= Int64(count), "more proved than there is")
  if result.verdict == .intact {
    guard let reader = try? RecordingReader(bytes, name: "fuzz") else {
      preconditionFailure("intact and not readable")
    }
    precondition(reader.summary != nil, "intact without an end")
  }
  return 0
}
