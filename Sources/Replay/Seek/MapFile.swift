import Format
import Platform

/// A map with its keyframes in a file beside nothing else: the cache's sidecar.
///
/// Layout: `SSMKEYS1`, deflated keyframes one after the other, the map as deflated JSON, then 24 bytes: the JSON's offset
/// and length (8 bytes each, little-endian) and `SSMKEYSE`. A file without its end is none.
final class MapFile: MapSource {
  static let beginning = Array("SSMKEYS1".utf8)
  static let ending = Array("SSMKEYSE".utf8)
  private static let directoryLimit = 64 << 20

  let map: RecordingMap
  private let file: Descriptor

  /// Opens a sidecar; nil where it is none, or damaged: it is then made anew.
  init?(_ path: String) {
    do throws(Errno) {
      let file = try File.open(path, for: .reading)
      guard let map = try Self.read(file) else { return nil }
      self.map = map
      self.file = file
    } catch {
      return nil
    }
  }

  private static func read(_ file: borrowing Descriptor) throws(Errno) -> RecordingMap? {
    let size = try File.status(file).size
    guard size >= 32, try file.read(upTo: 8, at: 0) == beginning else { return nil }
    let tail = try file.read(upTo: 24, at: size - 24)
    guard tail.count == 24, Array(tail[16...]) == ending else { return nil }
    let (offset, count) = (number(tail[0..<8]), number(tail[8..<16]))
    guard offset >= 8, count > 0, count <= directoryLimit, offset <= size - 24 - count else { return nil }
    let packed = try file.read(upTo: Int(count), at: offset)
    guard packed.count == count, let text = DeflateStream.expand(packed, limit: directoryLimit) else {
      return nil
    }
    do throws(JSONError) {
      return RecordingMap(try JSON(parsing: text), byteCount: offset)
    } catch {
      return nil
    }
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
    bytes.reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
  }

  /// What follows the keyframes.
  static func closing(_ map: RecordingMap, offset: Int64) -> [UInt8] {
    let directory = DeflateStream.compress(Array(map.json.text.utf8), level: 6)
    func bytes(_ value: Int64) -> [UInt8] {
      (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * Int64($0))) }
    }
    return directory + bytes(offset) + bytes(Int64(directory.count)) + ending
  }

  func keyframe(atOrBefore microseconds: Int64) -> KeyframePlace? {
    map.keyframes.last(atOrBefore: microseconds)
  }

  func terminal(_ place: KeyframePlace, scrollbackLimit: Int) -> TerminalScreen? {
    guard let bytes = try? file.read(upTo: place.byteCount, at: place.offset),  // unreadable: none
      bytes.count == place.byteCount
    else { return nil }
    return KeyframeCoding.unpack(bytes, scrollbackLimit)
  }
}

/// A map of a short recording, in memory.
final class MapInMemory: MapSource {
  let map: RecordingMap
  private let bytes: [UInt8]

  init(_ map: RecordingMap, _ bytes: [UInt8]) {
    self.map = map
    self.bytes = bytes
  }

  /// Reads a recording through.
  convenience init(reading reader: RecordingReader) throws(FormatError) {
    var builder = MapBuilder(offset: 0)
    var bytes: [UInt8] = []
    var lines = SessionLines(reader.header)
    var commands: [MomentScale.Marker] = []
    while let event = try reader.nextEvent() {
      if let keyframe = builder.take(event, before: lines.terminal) { bytes += keyframe }
      lines.append(event)
      commands += lines.takeCommandMarkers()
    }
    lines.finish()
    commands += lines.takeCommandMarkers()
    var map = builder.map
    map.commands = commands.sorted { $0.microseconds < $1.microseconds }
    self.init(map, bytes)
  }

  func keyframe(atOrBefore microseconds: Int64) -> KeyframePlace? {
    map.keyframes.last(atOrBefore: microseconds)
  }

  func terminal(_ place: KeyframePlace, scrollbackLimit: Int) -> TerminalScreen? {
    let start = Int(place.offset)
    guard start >= 0, start + place.byteCount <= bytes.count else { return nil }
    return KeyframeCoding.unpack(Array(bytes[start..<start + place.byteCount]), scrollbackLimit)
  }
}
