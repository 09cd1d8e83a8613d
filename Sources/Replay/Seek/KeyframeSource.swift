import Format
import Platform

/// Where a keyframe is, and of what time: everything up to and including it is in the state, nothing later.
struct KeyframePlace: Equatable, Sendable {
  var microseconds: Int64
  /// Offset and length in the sidecar; a number in memory.
  var offset: Int64
  var byteCount: Int
}

/// States of a terminal to start from.
protocol KeyframeSource: AnyObject {
  /// The last one not after a time.
  func keyframe(atOrBefore microseconds: Int64) -> KeyframePlace?
  /// Its terminal; nil where it cannot be read any more.
  /// - Parameter scrollbackLimit: rows that scroll off from now on and are kept.
  func terminal(_ place: KeyframePlace, scrollbackLimit: Int) -> TerminalScreen?
}

/// Keyframes of a whole recording, and what else was learned with them.
protocol MapSource: KeyframeSource {
  var map: RecordingMap { get }
}

/// Keyframes in order of time.
struct KeyframeList: Equatable, Sendable {
  var places: [KeyframePlace] = []

  func last(atOrBefore microseconds: Int64) -> KeyframePlace? {
    var low = 0
    var high = places.count
    while low < high {
      let middle = (low + high) / 2
      if places[middle].microseconds <= microseconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : places[low - 1]
  }
}

/// Keyframes that a tape keeps as it passes them: at most `limit`, evenly thinned.
final class PassedKeyframes: KeyframeSource {
  static let limit = 2048
  private var list = KeyframeList()
  private var states: [[UInt8]] = []

  func append(_ terminal: TerminalScreen, at microseconds: Int64) {
    guard microseconds > list.places.last?.microseconds ?? -1 else { return }
    let state = KeyframeCoding.pack(terminal)
    list.places.append(
      KeyframePlace(microseconds: microseconds, offset: Int64(states.count), byteCount: state.count))
    states.append(state)
    if states.count > Self.limit { thin() }
  }

  private func thin() {
    let kept = stride(from: 0, to: states.count, by: 2)
    states = kept.map { states[$0] }
    list.places = kept.map { list.places[$0] }
    for index in list.places.indices { list.places[index].offset = Int64(index) }
  }

  func keyframe(atOrBefore microseconds: Int64) -> KeyframePlace? { list.last(atOrBefore: microseconds) }

  func terminal(_ place: KeyframePlace, scrollbackLimit: Int) -> TerminalScreen? {
    guard states.indices.contains(Int(place.offset)) else { return nil }
    return KeyframeCoding.unpack(states[Int(place.offset)], scrollbackLimit)
  }
}

/// A terminal's state, deflated.
enum KeyframeCoding {
  /// A screen of the largest size with every cell different.
  static let limit = 256 << 20

  static func pack(_ terminal: TerminalScreen) -> [UInt8] {
    DeflateStream.compress(Keyframe.encode(terminal), level: 1)
  }

  /// nil where the bytes are not such a state.
  static func unpack(_ bytes: [UInt8], _ scrollbackLimit: Int) -> TerminalScreen? {
    guard let state = DeflateStream.expand(bytes, limit: limit) else { return nil }
    do throws(KeyframeError) {
      return try Keyframe.restore(state, scrollbackLimit: scrollbackLimit)
    } catch {
      return nil
    }
  }
}
