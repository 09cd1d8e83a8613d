import Platform

@testable import Replay

/// What the player reads beside recordings: the map of a sidecar, markers, the bytes a terminal sends as keys, and the
/// setting that binds them. The first byte says which.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let bytes = Array(UnsafeBufferPointer(start: data + 1, count: count - 1))
  switch data[0] % 4 {
  case 0:
    guard let json = try? JSON(parsing: bytes), let map = RecordingMap(json, byteCount: 1 << 20) else {
      break
    }
    precondition(RecordingMap(map.json, byteCount: 1 << 20) == map, "a map is not what it was written from")
    var before: Int64 = -1
    for place in map.keyframes.places {
      precondition(place.microseconds > before && place.offset >= 0 && place.byteCount > 0)
      precondition(place.offset + Int64(place.byteCount) <= 1 << 20)
      precondition(map.keyframes.last(atOrBefore: place.microseconds) == place)
      before = place.microseconds
    }
  case 1:
    let markers = MarkerFile.parse(bytes)
    precondition(zip(markers, markers.dropFirst()).allSatisfy { $0.microseconds <= $1.microseconds })
  case 2:
    var decoder = KeyDecoder()
    for key in decoder.keys(in: bytes) { _ = KeyBindings.standard[key] }
  default:
    if let bindings = try? KeyBindings(parsing: String(decoding: bytes, as: UTF8.self)) {
      for line in bindings.table { precondition(!line.help.isEmpty) }
    }
  }
  return 0
}
