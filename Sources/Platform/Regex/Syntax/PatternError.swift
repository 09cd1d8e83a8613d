/// What is wrong with a search pattern, and where.
public struct PatternError: Error, Equatable, CustomStringConvertible {
  /// What stands in the way; `description` has the words.
  public enum Cause: Equatable, Sendable {
    /// `(` without `)`.
    case unclosedGroup
    /// `)` without `(`.
    case unopenedGroup
    /// `[` without `]`.
    case unclosedClass
    /// A class that nothing is in.
    case emptyClass
    /// First and last character of a range such as `[z-a]`.
    case reversedRange(String, String)
    /// A name in `[:name:]` or `\p{name}` that is not known.
    case unknownClassName(String)
    /// `\p{` without `}`.
    case unclosedProperty
    /// A name behind `\\p` that is no category, script or property.
    case unknownProperty(String)
    /// `*`, `+`, `?` or `{…}` behind nothing.
    case nothingToRepeat(String)
    /// Lower and upper count of a repeat such as `{5,2}`.
    case reversedRepeat(Int, Int)
    /// A count above the limit.
    case repeatTooLarge(Int)
    /// A backslash with a letter that means nothing.
    case unknownEscape(String)
    /// A number that is no Unicode scalar value.
    case badCodePoint(String)
    /// A backslash at the end.
    case danglingBackslash
    /// A letter in `(?…)` that is no flag.
    case unknownFlag(String)
    /// A construct that no linear-time engine can run, or that this one leaves out, by its name.
    case unsupported(String)
    /// Groups in each other beyond the limit.
    case tooDeep
    /// A pattern that needs more states than the limit.
    case tooLarge
    /// Bytes of a pattern that is longer than `CompiledPattern.byteLimit`.
    case tooLong(Int)
    /// A line feed, where texts are searched line by line.
    case lineFeed
  }

  /// What is wrong.
  public var cause: Cause
  /// The pattern as it was given.
  public var pattern: String
  /// The first character the cause is about, counted from 1.
  public var column: Int

  /// - Parameters:
  ///   - cause: what is wrong.
  ///   - pattern: as it was given.
  ///   - column: where in the pattern, in characters from 1.
  public init(_ cause: Cause, pattern: String, column: Int) {
    self.cause = cause
    self.pattern = pattern
    self.column = column
  }

  public var description: String {
    "pattern '\(Self.shortened(pattern))', column \(column): \(sentence)"
  }

  /// Patterns from files can be long; the column says where to look.
  private static func shortened(_ text: String) -> String {
    text.unicodeScalars.count <= 200 ? text : String(text.prefix(200)) + "…"
  }

  private var sentence: String {
    switch cause {
    case .unclosedGroup: "this '(' is never closed; add ')', or write '\\(' for a parenthesis itself"
    case .unopenedGroup: "this ')' closes nothing; write '\\)' for a parenthesis itself"
    case .unclosedClass: "this '[' is never closed; add ']', or write '\\[' for a bracket itself"
    case .emptyClass: "this class holds no character, so it can match nothing"
    case .reversedRange(let first, let last):
      "the range '\(first)-\(last)' runs backward; write '\(last)-\(first)'"
    case .unknownClassName(let name):
      "no class is named '[:\(name):]'; known are \(ScalarSet.posixNames.joined(separator: ", "))"
    case .unclosedProperty: "this '\\p{' is never closed; add '}'"
    case .unknownProperty(let name):
      "no property is named '\(name)'; known are categories such as L or Lu, scripts such as Greek, Alphabetic and the like"
    case .nothingToRepeat(let sign):
      "'\(sign)' has nothing before it to repeat; write '\\\(sign)' for the character itself, or use -F"
    case .reversedRepeat(let low, let high): "the repeat {\(low),\(high)} runs backward"
    case .repeatTooLarge(let count):
      "a repeat of \(count) is too large; the limit is \(SyntaxParser.repeatLimit)"
    case .unknownEscape(let text):
      "'\(text)' has no meaning here; write '\\\\' for a backslash itself, or use -F"
    case .badCodePoint(let text): "'\(text)' names no character"
    case .danglingBackslash: "the pattern ends in a single backslash; write '\\\\' for a backslash itself"
    case .unknownFlag(let flag): "no flag '\(flag)' exists; known are i, m, s, U and x, as in (?i)"
    case .unsupported(let name):
      "\(name) not supported: every search here runs in linear time, which rules some constructs out"
    case .tooDeep: "groups are nested deeper than \(SyntaxParser.depthLimit)"
    case .tooLarge:
      "the pattern grows to more than \(PatternProgram.instructionLimit) steps; make its repeats smaller"
    case .tooLong(let count):
      "the pattern has \(count) bytes; at most \(CompiledPattern.byteLimit) are taken. Give lists of words as a file of "
        + "patterns, one a line"
    case .lineFeed: "the pattern asks for a line feed; every search here goes line by line"
    }
  }
}
