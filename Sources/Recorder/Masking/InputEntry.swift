import Platform

/// What a recording gets of typed keys (docs/format.md, section 1).
enum InputEntry: Equatable {
  case input([UInt8])
  case state(String, [JSON.Member])

  /// Milliseconds that a key's event may be late without saying so.
  static let promptness: Int64 = 10

  /// The events for what a masker has noted, `now` being their time.
  ///
  /// Keys whose echo came more than `promptness` after them are preceded by a `typed` state, which says for each of the
  /// input events behind it how many milliseconds before they were typed.
  static func entries(for notes: [EchoMasker.Note], at now: Int64) -> [InputEntry] {
    var entries: [InputEntry] = []
    var keys: [(bytes: [UInt8], ago: Int64)] = []
    func flush() {
      if keys.contains(where: { $0.ago > promptness }) {
        entries.append(.state("typed", [JSON.Member("ago_ms", .array(keys.map { JSON(Int($0.ago)) }))]))
      }
      entries += keys.map { .input($0.bytes) }
      keys = []
    }
    for note in notes {
      switch note {
      case .keys(let bytes, let typedAt): keys.append((bytes, max(0, now - typedAt + 500) / 1000))
      case .withheld(let count, let prompt):
        flush()
        var details = [JSON.Member("keys_at_most", JSON(rounded(count)))]
        if !prompt.isEmpty { details.append(JSON.Member("prompt", .string(prompt))) }
        entries.append(.state("withheld", details))
      }
    }
    flush()
    return entries
  }

  /// 32, 64, 128 …: so coarse that the length of a password does not show.
  static func rounded(_ count: Int) -> Int {
    var bound = 32
    while bound < count { bound *= 2 }
    return bound
  }
}
