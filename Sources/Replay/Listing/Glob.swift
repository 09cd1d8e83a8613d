/// A shell pattern over a whole text: `*` any characters, `?` one; all else stands for itself.
struct Glob: Equatable, Sendable {
  private let pattern: [Unicode.Scalar]

  init(_ pattern: String) { self.pattern = Array(pattern.unicodeScalars) }

  /// Time is at most text times pattern: of several stars only the last is ever tried again.
  func matches(_ text: String) -> Bool {
    let text = Array(text.unicodeScalars)
    var (position, index) = (0, 0)
    var star: (position: Int, index: Int)?
    while position < text.count {
      if index < pattern.count, pattern[index] == "*" {
        star = (position, index)
        index += 1
      } else if index < pattern.count, pattern[index] == "?" || pattern[index] == text[position] {
        position += 1
        index += 1
      } else if let last = star {
        star = (last.position + 1, last.index)
        (position, index) = (last.position + 1, last.index + 1)
      } else {
        return false
      }
    }
    return pattern[index...].allSatisfy { $0 == "*" }
  }
}
