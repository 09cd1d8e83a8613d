import Platform

/// What `grep` looks for in one recording, and how much of it is told.
struct SearchQuery: Sendable {
  /// Which text of a recording is searched.
  enum Source: String, CaseIterable, Sendable {
    /// Lines as they stood on the screen.
    case screen
    /// Output as it came, without escape sequences.
    case output
    /// Typed keys.
    case input
    /// Commands as they were entered.
    case commands
    /// The recording's title and the titles its programs set.
    case title
  }

  /// How much is shown round a match.
  enum Extent: Equatable, Sendable {
    case lines(Int)
    /// Microseconds of the recording.
    case time(Int64)

    /// Lines that wait to become context are kept up to this number, whatever the extent.
    static let lineLimit = 10_000

    /// `3` or `5s`; nil for anything else.
    init?(_ text: String) {
      if let count = Int(text), count >= 0, count <= Self.lineLimit {
        self = .lines(count)
      } else if text.hasSuffix("s"), case .offset(let value)? = try? Moment(parsing: text) {
        // What is no TIME is no extent either, so the error says nothing new.
        self = .time(value)
      } else {
        return nil
      }
    }
  }

  var pattern: CompiledPattern
  var source = Source.screen
  /// Lines that do not match are what is found (-v).
  var isInverted = false
  var before = Extent.lines(0)
  var after = Extent.lines(0)
  /// Lines found in one recording before it is left; nil: all.
  var maximum: Int?
  /// One line found is enough.
  var endsAtFirst = false
  /// Also what was typed and removed, or shown for less than a quarter of a second.
  var keepsTransients = false
  /// A line that a program draws again and again with other numbers is told once.
  var groupsRepeats = true

  /// Every match of a line is shown, and not only the line and when the first was there.
  var needsAllSpans = true

  /// Whether lines without a match matter.
  var needsAllLines: Bool { isInverted || before != .lines(0) || after != .lines(0) }
}

/// One line that a search tells of.
struct SearchHit: Equatable, Sendable {
  /// Number of the line, from the recording's start, from 1.
  var row: Int
  /// From the recording's start: the first moment the match was whole.
  var microseconds: Int64
  /// Valid UTF-8.
  var text: [UInt8]
  /// Byte ranges of the matches in `text`, or only of the first where a query needs no more; empty for context and
  /// with -v.
  var spans: [Range<Int>]
  /// When each span was whole.
  var spanMicroseconds: [Int64]
  /// Not found itself, but near what was.
  var isContext: Bool
  /// Lines were left out between this and the one before it.
  var followsGap: Bool
}
