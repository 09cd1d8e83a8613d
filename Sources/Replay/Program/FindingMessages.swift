import Format
import Platform

/// Telling what is wrong with a file: the first few findings, and how many more there are.
enum FindingMessages {
  private static let limit = 5

  static func tell(_ findings: [Finding], uncounted: Int, of name: String) {
    for finding in findings.prefix(limit) {
      StandardError.say("\(name.printable): \(finding.description.printable)")
    }
    let more = max(0, findings.count - limit) + uncounted
    if more > 0 { StandardError.say("\(name.printable): and \(more) more; 'ssmplay show' lists them") }
  }
}
