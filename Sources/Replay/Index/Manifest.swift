import Platform

/// Which segments an index consists of. It is replaced as a whole, by rename: readers see one state or the next.
struct Manifest: Equatable, Sendable {
  static let name = "manifest.json"
  private static let byteLimit = 64 << 20

  struct Entry: Equatable, Sendable {
    var name: String
    /// The day its sessions began, `2026-11-24`.
    var day: String
    var sessions: Int
    var blocks: Int
    var textBytes: Int
    var bytes: Int
  }

  /// Of the index that was read; it has no segments that count, unless it is this version's.
  private(set) var layout = Int(SegmentLayout.version)
  var generation = 0
  var segments: [Entry] = []

  /// Reads the manifest of an index; an empty one where there is none, nil where it is damaged.
  static func read(_ folder: String) throws(ReplayError) -> Manifest? {
    let path = folder + "/" + name
    let bytes: [UInt8]
    do throws(Errno) { bytes = try File.read(path, limit: byteLimit) } catch .noSuchFile {
      return Manifest()
    } catch {
      throw .cannotRead(path: path, error)
    }
    guard let json = try? JSON(parsing: bytes) else { return nil }
    return Manifest(json)
  }

  init() {}

  /// This version's.
  init(generation: Int, segments: [Entry]) {
    self.generation = generation
    self.segments = segments
  }

  /// Whether this version made it, or one whose index is alike.
  var isCurrent: Bool { layout == Int(SegmentLayout.version) }

  private init?(_ json: JSON) {
    guard let layout = json["layout"]?.integer, let list = json["segments"]?.array else { return nil }
    generation = Int(truncatingIfNeeded: json["generation"]?.integer ?? 0)
    self.layout = Int(truncatingIfNeeded: layout)
    guard isCurrent else { return }
    for item in list {
      // A name leads to no other folder.
      guard let name = item["name"]?.string, !name.contains("/"), name.hasSuffix(IndexStore.suffix) else {
        return nil
      }
      func number(_ key: String) -> Int { Int(item[key]?.integer ?? 0) }
      segments.append(
        Entry(
          name: name, day: item["day"]?.string ?? "", sessions: number("sessions"), blocks: number("blocks"),
          textBytes: number("text_bytes"), bytes: number("bytes")))
    }
  }

  func write(_ folder: String) throws(ReplayError) {
    let list = segments.map { entry -> JSON in
      [
        "name": .string(entry.name), "day": .string(entry.day), "sessions": JSON(entry.sessions),
        "blocks": JSON(entry.blocks), "text_bytes": JSON(entry.textBytes), "bytes": JSON(entry.bytes),
      ]
    }
    let json: JSON = [
      "layout": JSON(Int(SegmentLayout.version)), "generation": JSON(generation), "segments": .array(list),
    ]
    let path = folder + "/" + Self.name
    do throws(Errno) {
      try File.write(Array((json.text + "\n").utf8), to: path, permissions: 0o600)
      try File.synchronizeFolder(folder)
    } catch {
      throw .cannotWrite(path: path, error)
    }
  }
}
