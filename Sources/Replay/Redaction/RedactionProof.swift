import Format
import Platform

/// What `ssmplay verify` says of a recording as a redacted copy.
struct RedactionProof {
  /// nil: the recording is no redacted copy.
  private let redaction: Redaction?
  /// Whether it was compared with the original, and what came of it.
  private let comparison: Comparison

  private enum Comparison: Equatable {
    case none
    case equal
    case different(Redactor.Difference)
    /// An original was given, and this is no copy of anything.
    case noRedaction
  }

  /// - Parameter original: what it must be a copy of; nil where nobody asked.
  init(path: String, original: Redactor?) throws(ReplayError) {
    guard path != "-" else {  // read already, to check its seals
      redaction = nil
      comparison = original == nil ? .none : .noRedaction
      return
    }
    let reader: RecordingReader
    do throws(FormatError) {
      reader = try RecordingReader(path: path)
    } catch {
      guard original == nil else { throw .recording(error) }
      // Damage to the header has been reported with the seals.
      redaction = nil
      comparison = .none
      return
    }
    redaction = Redaction(reader.header)
    guard let original else {
      comparison = .none
      return
    }
    guard let redaction else {
      comparison = .noRedaction
      return
    }
    comparison = try original.difference(to: reader, redaction).map { .different($0) } ?? .equal
  }

  var isGood: Bool { comparison == .none || comparison == .equal }

  func lines(style: Style) -> [String] {
    var lines: [String] = []
    if let redaction {
      let count = redaction.removals.count
      lines.append(
        "  redacted copy of recording \(redaction.recording.printable): \(count) piece\(count == 1 ? "" : "s") removed "
          + "(\(causes(redaction)))")
      lines.append("  original's chain value \(redaction.chain.printable)")
    }
    switch comparison {
    case .none: break
    case .equal: lines.append("  all else is as in the original, and every commitment fits")
    case .different(let difference): lines.append(style.red("  not as the original: \(difference)"))
    case .noRedaction: lines.append(style.red("  it is no redacted copy, so there is nothing to compare"))
    }
    return lines
  }

  /// `pattern 1: 3, input: 12`
  private func causes(_ redaction: Redaction) -> String {
    var counts: [String: Int] = [:]
    for removal in redaction.removals { counts[removal.cause, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.map { "\($0.key.printable): \($0.value)" }.joined(
      separator: ", ")
  }

  /// The report's object with what is known of the redaction.
  func adding(to report: JSON) -> JSON {
    guard case .object(var members) = report else { return report }
    if let redaction {
      members.append(
        JSON.Member(
          "redaction",
          [
            "recording": .string(redaction.recording), "chain": .string(redaction.chain),
            "removed": JSON(redaction.removals.count),
          ]))
    }
    let verdict: (String, String?)? =
      switch comparison {
      case .none: nil
      case .equal: ("equal", nil)
      case .different(let difference): ("different", difference.description)
      case .noRedaction: ("different", "it is no redacted copy")
      }
    if let verdict {
      members.append(JSON.Member("original", ["verdict": .string(verdict.0), "cause": JSON(verdict.1)]))
    }
    return .object(members)
  }
}
