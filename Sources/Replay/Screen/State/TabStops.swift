/// The columns that a tab moves to.
struct TabStops: Equatable, Sendable {
  private(set) var stops: [Bool]

  /// Every eighth column.
  init(columns: Int) { stops = (0..<columns).map { $0 % 8 == 0 } }

  mutating func resize(to columns: Int) {
    if columns < stops.count { stops.removeLast(stops.count - columns) }
    while stops.count < columns { stops.append(stops.count % 8 == 0) }
  }

  mutating func set(_ column: Int, _ isStop: Bool) { stops[column] = isStop }

  mutating func removeAll() { stops = [Bool](repeating: false, count: stops.count) }

  /// The first stop right of `column`, else the last column.
  func next(after column: Int) -> Int {
    var next = column + 1
    while next < stops.count, !stops[next] { next += 1 }
    return min(next, stops.count - 1)
  }

  /// The first stop left of `column`, else the first column.
  func previous(before column: Int) -> Int {
    var previous = column - 1
    while previous > 0, !stops[previous] { previous -= 1 }
    return max(previous, 0)
  }
}
