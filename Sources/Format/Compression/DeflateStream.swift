/// A raw deflate stream (RFC 1951) for what is not a recording: data inside a page, caches.
public final class DeflateStream {
  private let deflater: Deflater

  /// - Parameter level: 1 (fast) to 9 (small).
  public init(level: Int) { deflater = Deflater(level: level) }

  /// Takes bytes and gives what of them is ready to be written.
  public func append(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    deflater.deflate(bytes, flush: .sync, into: &output)
    return output
  }

  /// The last bytes of the stream. Nothing may be appended after it.
  public func finish() -> [UInt8] {
    var output: [UInt8] = []
    deflater.deflate([], flush: .finish, into: &output)
    return output
  }

  /// All bytes of one whole stream.
  public static func compress(_ bytes: [UInt8], level: Int) -> [UInt8] {
    var output: [UInt8] = []
    Deflater(level: level).deflate(bytes, flush: .finish, into: &output)
    return output
  }

  /// The text of one whole stream; nil where it is damaged, cut off, or longer than `limit` bytes.
  public static func expand(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
    var output: [UInt8] = []
    let (outcome, _) = Inflater().inflate(bytes, 0..<bytes.count, limit: limit, into: &output)
    if case .ended = outcome { return output }
    return nil
  }
}
