import Platform

/// Turns a recording into another format: `begin`, `append` for each event, `finish`; all bytes go to a buffer
/// that the caller writes out and empties as it likes.
public struct Exporter: Sendable {
  public enum Format: String, Sendable, CaseIterable {
    /// asciicast v2, as asciinema 2 reads it. Standard error becomes output.
    case v2
    /// asciicast v3, with our codes and the exact bytes: nothing is lost.
    case v3
    /// The bytes the terminal got, after a sequence that sets its size.
    case raw
    /// Lines of text without escape sequences.
    case txt
  }

  /// What the format could not hold.
  public struct Losses: Hashable, Sendable {
    /// Events left out, by code.
    public var omittedEvents: [Event.Code: Int] = [:]
    /// Events whose bytes are no UTF-8, with U+FFFD in their place.
    public var replacedEvents = 0
    public var isEmpty: Bool { omittedEvents.isEmpty && replacedEvents == 0 }
  }

  public let format: Format
  public private(set) var losses = Losses()
  private var encoder: LineEncoder
  private var plainText = PlainText()
  private var microseconds: Int64 = 0

  public init(_ format: Format) {
    self.format = format
    encoder = LineEncoder(format == .v2 ? .v2 : .v3, precision: .microseconds)
  }

  /// Appends what comes before the first event.
  public func begin(_ header: Header, into bytes: inout [UInt8]) {
    switch format {
    case .v2, .v3:
      header.json(version: format == .v2 ? 2 : 3).append(to: &bytes)
      bytes.append(0x0A)
    case .raw: bytes += "\u{1B}[8;\(header.size.rows);\(header.size.columns)t".utf8
    case .txt: break
    }
  }

  /// Appends one event, in order of time.
  public mutating func append(_ event: Event, into bytes: inout [UInt8]) {
    microseconds = event.microseconds
    let isShown = event.code == .output || event.code == .standardError
    switch format {
    case .v3: encoder.append(event, to: &bytes)
    case .v2:
      var event = event
      if event.code == .standardError { event.code = .output }
      if event.code == .state || event.code == .port {
        losses.omittedEvents[event.code, default: 0] += 1
      } else {
        encoder.append(event, to: &bytes)
        losses.replacedEvents = encoder.repairedCount
      }
    case .raw where isShown: bytes += event.bytes
    case .txt where isShown: plainText.append(event.bytes, into: &bytes)
    case .raw, .txt: losses.omittedEvents[event.code, default: 0] += 1
    }
  }

  /// Appends what still waited for more.
  public mutating func finish(into bytes: inout [UInt8]) {
    switch format {
    case .v2, .v3:
      _ = encoder.finish(at: microseconds, to: &bytes)
      if format == .v2 { losses.replacedEvents = encoder.repairedCount }
    case .txt: plainText.finish(into: &bytes)
    case .raw: break
    }
  }
}
