import Platform

/// An index as one reader sees it: the segments of one manifest, and which file of the folder each session is.
struct IndexSnapshot: Sendable {
  struct Damage: Equatable, Sendable {
    var segment: String
    var cause: String
  }

  /// A session's segment and its number in it.
  struct Place: Hashable, Sendable {
    var segment: Int32
    var session: Int32
  }

  let store: IndexStore
  private(set) var manifest = Manifest()
  private(set) var segments: [Segment] = []
  /// Segments that cannot be read; their sessions count as not indexed.
  private(set) var damages: [Damage] = []

  /// Opens what the manifest names. A merge may take segments away meanwhile: then the next manifest is read.
  init(_ store: IndexStore) throws(ReplayError) {
    self.store = store
    for attempt in 0..<5 {
      guard let manifest = try Manifest.read(store.folder) else {
        damages = [Damage(segment: Manifest.name, cause: "it is damaged")]
        return
      }
      self.manifest = manifest
      guard manifest.isCurrent else {
        let cause = "it is of layout \(manifest.layout), this version's is \(SegmentLayout.version)"
        damages = [Damage(segment: Manifest.name, cause: cause)]
        return
      }
      segments = []
      damages = []
      let entries = manifest.segments
      let folder = store.folder
      Parallel.run(
        count: entries.count, threads: entries.count > 16 ? min(4, Parallel.processorCount * 2) : 1,
        state: { () },
        work: { (_: inout Void, index: Int) -> Opened in
          do throws(IndexDamage) { return .segment(try Segment(folder, entries[index].name)) } catch {
            return .damaged(error)
          }
        },
        consume: { index, opened in
          switch opened {
          case .segment(let segment): segments.append(segment)
          case .damaged(let damage): damages.append(Damage(segment: entries[index].name, cause: damage.words))
          }
          return true
        })
      if damages.isEmpty || attempt == 4 { return }
      guard let next = try Manifest.read(store.folder), next.generation != manifest.generation else { return }
    }
  }

  private enum Opened: Sendable {
    case segment(Segment)
    case damaged(IndexDamage)
  }

  /// Where each session is, by its file's identity. A session in two segments, left by a merge that was cut short,
  /// counts in the later one.
  func places() -> [UInt64: Place] {
    var places: [UInt64: Place] = [:]
    places.reserveCapacity(segments.reduce(0) { $0 + $1.identities.count })
    for (number, segment) in segments.enumerated() {
      for (session, identity) in segment.identities.enumerated() {
        places[identity] = Place(segment: Int32(number), session: Int32(session))
      }
    }
    return places
  }
}
