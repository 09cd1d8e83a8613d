/// A recording, or a moment in it: `FILE` or `FILE@TIME`.
struct Place: Equatable, Sendable {
  /// A path, a session id or its beginning, or `-`.
  var name: String
  var moment: Moment?

  /// Splits at the first `@` that a TIME follows. A file that has the whole text for its name is taken as it is.
  init(_ text: String, exists: (String) -> Bool) {
    name = text
    moment = nil
    guard !exists(text) else { return }
    for (index, character) in zip(text.indices, text) where character == "@" && index != text.startIndex {
      let rest = String(text[text.index(after: index)...])
      // A text that is no TIME is part of the name: user@host.cast.
      guard let found = try? Moment(parsing: rest) else { continue }
      name = String(text[..<index])
      moment = found
      return
    }
  }
}
