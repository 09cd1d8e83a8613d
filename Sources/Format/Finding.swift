/// Something wrong with a recording that did not keep it from being read.
public struct Finding: Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with a recording, or worth knowing.
  public enum Kind: String, Sendable {
    /// The recording has no end: its writer is still at work or was killed.
    case unfinished
    /// Bytes that do not inflate, or fail their checksum.
    case damaged
    /// A whole member that is not what its successor's chain value says.
    case altered
    /// A member number is absent.
    case missing
    /// A member of another recording.
    case foreign
    /// Bytes between or after the members that belong to none.
    case trailingBytes
    /// A line that is no event.
    case badLine
    /// A time before the one before it; it was taken as equal.
    case timeStepsBack
    /// A limit was exceeded: line length, member size, number of members.
    case overLimit
    /// The table or the totals do not fit the members.
    case badTable
    /// Something the format does not allow, or leaves out, that was understood nonetheless.
    case deviation
  }

  /// What was found.
  public var kind: Kind
  /// Which file, where a recording is spread over several; its name without folders.
  public var file: String?
  /// Byte offset in the file; nil for findings about a line.
  public var offset: Int64?
  /// Line number from 1 in the text; nil for findings about bytes.
  public var line: Int?
  /// Member number from 0.
  public var member: Int?
  /// What time it affects, in microseconds since the start, as far as known.
  public var microseconds: ClosedRange<Int64>?
  /// One sentence: what was found and what it means.
  public var words: String

  /// A finding, with as much of its place as is known.
  public init(
    _ kind: Kind, file: String? = nil, offset: Int64? = nil, line: Int? = nil, member: Int? = nil,
    microseconds: ClosedRange<Int64>? = nil, _ words: String
  ) {
    self.kind = kind
    self.file = file
    self.offset = offset
    self.line = line
    self.member = member
    self.microseconds = microseconds
    self.words = words
  }

  /// Whether something of the recording is lost or doubtful; not so where it is unfinished or merely odd.
  public var isDamage: Bool { kind != .unfinished && kind != .deviation }

  public var description: String {
    var place = file.map { [$0] } ?? []
    if let line { place.append("line \(line)") }
    if let member { place.append("member \(member)") }
    if let offset { place.append("byte \(offset)") }
    var text = (place.isEmpty ? "" : place.joined(separator: ", ") + ": ") + words
    if let microseconds, kind != .timeStepsBack {
      text += " (\(Self.seconds(microseconds.lowerBound)) s"
      if microseconds.upperBound > microseconds.lowerBound {
        text += " to \(Self.seconds(microseconds.upperBound)) s"
      }
      text += ")"
    }
    return text
  }

  private static func seconds(_ microseconds: Int64) -> String {
    var text: [UInt8] = []
    DecimalText.appendSeconds(microseconds: microseconds / 1000 * 1000, to: &text)
    return String(decoding: text, as: UTF8.self)
  }
}

extension Finding {
  /// The same finding, said of one of several files.
  func inFile(_ name: String) -> Finding {
    var finding = self
    finding.file = name
    return finding
  }
}

/// The findings of one reader: each once, a bounded number of them.
struct FindingLog {
  static let limit = 1000

  private(set) var findings: [Finding] = []
  /// Findings beyond the limit.
  private(set) var uncounted = 0
  private var known: Set<Finding> = []

  mutating func add(_ finding: Finding) {
    guard findings.count < Self.limit else {
      uncounted += 1
      return
    }
    if known.insert(finding).inserted { findings.append(finding) }
  }
}
