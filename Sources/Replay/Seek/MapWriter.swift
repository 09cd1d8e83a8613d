import Format

/// Writes a sidecar as keyframes are made; the file is there once it is whole.
final class MapWriter {
  private let file: OutputFile
  private var waiting = MapFile.beginning
  private var written: Int64 = 0

  init(_ path: String) throws(ReplayError) { file = try OutputFile(path, overwrites: true) }

  func append(_ keyframe: [UInt8]) throws(ReplayError) {
    waiting += keyframe
    guard waiting.count >= 1 << 18 else { return }
    try file.write(waiting)
    written += Int64(waiting.count)
    waiting.removeAll(keepingCapacity: true)
  }

  /// Writes the map, whose keyframes count offsets from the first one, and gives the file its name.
  func finish(_ map: RecordingMap) throws(ReplayError) {
    var map = map
    for index in map.keyframes.places.indices {
      map.keyframes.places[index].offset += Int64(MapFile.beginning.count)
    }
    let offset = written + Int64(waiting.count)
    try file.write(waiting + MapFile.closing(map, offset: offset))
    try file.keep()
  }
}
