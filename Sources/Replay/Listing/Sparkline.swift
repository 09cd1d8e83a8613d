/// Amounts as a line of bars, for people: ▁▂▃▄▅▆▇█.
enum Sparkline {
  private static let bars = Array("▁▂▃▄▅▆▇█")

  /// `values` in equal parts over `columns` characters. By logarithm: a burst must not hide the rest. Nothing is a space.
  static func text(_ values: [Int64], columns: Int) -> String {
    guard !values.isEmpty, columns > 0 else { return "" }
    let count = min(columns, values.count)
    let sums = (0..<count).map { place in
      let range = place * values.count / count..<(place + 1) * values.count / count
      return values[range].reduce(0, +)
    }
    let most = Logarithm.of(1 + Double(sums.max() ?? 0))
    return String(
      sums.map { sum in
        guard sum > 0, most > 0 else { return " " }
        let level = Logarithm.of(1 + Double(sum)) / most * Double(bars.count)
        return bars[min(bars.count - 1, max(0, Int(level.rounded(.up)) - 1))]
      })
  }
}
