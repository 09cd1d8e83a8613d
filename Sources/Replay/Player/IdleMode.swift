import Platform

/// How pauses are shown.
enum IdleMode: Equatable, Sendable {
  /// As they were.
  case all
  /// None longer than this, in microseconds.
  case limit(Int64)
  /// Short ones nearly as they were, long ones by the logarithm of their length, as ipbt does: an hour is 8 seconds.
  case logarithmic

  /// How long a pause of `gap` microseconds takes on the viewer's clock at normal speed.
  func shown(_ gap: Int64) -> Double {
    let gap = Double(max(0, gap))
    switch self {
    case .all: return gap
    case .limit(let limit): return min(gap, Double(limit))
    case .logarithmic: return Logarithm.of(1 + gap / 1_000_000) * 1_000_000
    }
  }

  var text: String {
    switch self {
    case .all: "pauses as they were"
    case .limit(let limit): "pauses at most \(TimeText.seconds(limit)) s"
    case .logarithmic: "pauses by their logarithm"
    }
  }
}

/// The natural logarithm, which the libraries allowed here do not bring.
enum Logarithm {
  static func of(_ value: Double) -> Double {
    // value = significand · 2^exponent; ln(significand) by the series of 2·artanh((s-1)/(s+1)), s in [1, 2).
    let ratio = (value.significand - 1) / (value.significand + 1)
    var power = ratio
    var sum = 0.0
    for term in 0..<20 {
      sum += power / Double(2 * term + 1)
      power *= ratio * ratio
    }
    return 2 * sum + Double(value.exponent) * 0.693_147_180_559_945_3
  }
}
