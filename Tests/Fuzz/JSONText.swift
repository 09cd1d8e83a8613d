import Platform

/// JSON from outside: what parses is written and parsed again, and is the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  guard let json = try? JSON(parsing: bytes) else { return 0 }
  guard let again = try? JSON(parsing: json.encoded()) else { preconditionFailure("our own JSON is refused") }
  precondition(again == json, "it changed on its way")
  return 0
}
