public import Platform

/// What secrets look like: a pattern in linear time, and how much of a match is the secret.
public struct SecretPattern {
  /// `aws-keys`, or what the user calls it.
  public var name: String
  let pattern: Pattern
  /// What a match begins with and may stay, such as `Bearer `.
  var kept: Pattern?
  /// Bytes at a match's end that may stay.
  var keptAtEnd = 0
  /// The match is the first line of a block; all lines up to one that matches this are secret.
  var blockEnd: Pattern?

  /// A pattern whose whole matches are secret.
  public init(name: String, parsing text: String) throws(PatternError) {
    self.name = name
    pattern = try Pattern(parsing: text, options: PatternOptions())
  }

  private init(
    _ name: String, _ text: String, kept: String? = nil, keptAtEnd: Int = 0, blockEnd: String? = nil
  ) {
    func parsed(_ text: String) -> Pattern {
      do throws(PatternError) { return try Pattern(parsing: text, options: PatternOptions()) } catch {
        fatalError("\(name): \(error)")  // ours; a test reads them all
      }
    }
    self.name = name
    pattern = parsed(text)
    self.kept = kept.map(parsed)
    self.keptAtEnd = keptAtEnd
    self.blockEnd = blockEnd.map(parsed)
  }

  /// What follows `names`, up to a blank or a quote.
  /// - Parameters:
  ///   - name: what findings call it.
  ///   - names: a pattern of our own.
  public static func named(_ name: String, _ names: String) -> SecretPattern {
    SecretPattern(name, names + "[\"']?[^ \t\"']+", kept: names + "[\"']?")
  }

  /// Where the secret is in a match.
  func secret(in match: Range<Int>, of text: [UInt8]) -> Range<Int> {
    var start = match.lowerBound
    if let kept, let front = kept.firstMatch(in: text, from: start), front.lowerBound == start {
      start = min(front.upperBound, match.upperBound)
    }
    return start..<max(start, match.upperBound - keptAtEnd)
  }
}

extension SecretPattern {
  /// The names of the shipped sets.
  public static let setNames = ["aws-keys", "bearer-tokens", "private-keys", "url-passwords"]

  /// A shipped set; nil where there is none of that name.
  public static func set(_ name: String) -> [SecretPattern]? {
    switch name {
    case "aws-keys":
      let names = "(?i)(aws_?)?(secret_?access_?key|session_?token)[\"']?[ \t]*[=:][ \t]*[\"']?"
      return [
        SecretPattern(name, "\\b(AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\\b"),
        SecretPattern(name, names + "[A-Za-z0-9/+=]{20,}", kept: names),
      ]
    case "bearer-tokens":
      let names = "(?i)\\b(bearer|token)[ :=]+[\"']?"
      return [
        SecretPattern(name, names + "[A-Za-z0-9._~+/-]{20,}=*", kept: names),
        SecretPattern(name, "\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*"),
        SecretPattern(name, "\\b(gh[pousr]_|github_pat_|glpat-|xox[abprs]-)[A-Za-z0-9_-]{16,}"),
      ]
    case "private-keys":
      let begin = "-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----"
      return [
        SecretPattern(name, begin + "[^-]{16,}", kept: begin),
        SecretPattern(name, begin, blockEnd: "-----END [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----"),
      ]
    case "url-passwords":
      let front = "[A-Za-z][A-Za-z0-9+.-]*://[^ \t/:@\"']*:"
      return [SecretPattern(name, front + "[^ \t/@\"']+@", kept: front, keptAtEnd: 1)]
    default: return nil
    }
  }
}
