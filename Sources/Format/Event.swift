/// One thing that happened in a session: bytes of a stream, a new size, a marker.
public struct Event: Hashable, Sendable {
  /// Microseconds since the recording's start, on a clock that never steps back; not negative.
  public var microseconds: Int64
  /// What happened.
  public var code: Code
  /// Exact bytes. Output need not be valid UTF-8, and a character may be split over two events.
  public var bytes: [UInt8]

  /// An event with data of any bytes.
  public init(microseconds: Int64, code: Code, bytes: [UInt8]) {
    self.microseconds = microseconds
    self.code = code
    self.bytes = bytes
  }

  /// An event with a text as its data.
  public init(microseconds: Int64, code: Code, text: String) {
    self.init(microseconds: microseconds, code: code, bytes: Array(text.utf8))
  }

  /// The bytes as text; what is no UTF-8 becomes U+FFFD.
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Event {
  /// What kind of event it is: one ASCII character, as asciicast v3 defines it. Unknown codes are kept.
  public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The character's ASCII value.
    public let rawValue: UInt8

    /// The code of a character, known or not.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// What the terminal showed.
    public static let output = Code(rawValue: UInt8(ascii: "o"))
    /// What was typed.
    public static let input = Code(rawValue: UInt8(ascii: "i"))
    /// A new window size, `COLSxROWS`.
    public static let resize = Code(rawValue: UInt8(ascii: "r"))
    /// A marker; its bytes are the label and may be empty.
    public static let marker = Code(rawValue: UInt8(ascii: "m"))
    /// The exit status as decimal text.
    public static let exit = Code(rawValue: UInt8(ascii: "x"))
    /// Standard error, where the session keeps it apart (ours).
    public static let standardError = Code(rawValue: UInt8(ascii: "e"))
    /// Session state, a JSON object (ours).
    public static let state = Code(rawValue: UInt8(ascii: "s"))
    /// Port-forward data (ours).
    public static let port = Code(rawValue: UInt8(ascii: "p"))
    /// The exact bytes of the event before, in base64 (ours; only in the text, never a value of `Event`).
    static let exactBytes = Code(rawValue: UInt8(ascii: "b"))

    public var description: String { String(UnicodeScalar(rawValue)) }
  }
}
