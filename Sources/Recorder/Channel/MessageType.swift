import Platform

/// What a message of the data channel is about (protocol.md §5.1): 32 bytes on the wire, padded with spaces.
enum MessageType: Equatable, Sendable {
  /// Client to agent, numbered.
  case inputStreamData
  /// Agent to client, numbered.
  case outputStreamData
  case acknowledge
  /// From the service, to either end: the session is over.
  case channelClosed
  case startPublication
  case pausePublication
  /// Agent to service.
  case agentSessionState
  /// A type not known here, without its padding.
  case other([UInt8])

  /// Bytes of the field on the wire.
  static let byteCount = 32

  static let known: [MessageType] = [
    .inputStreamData, .outputStreamData, .acknowledge, .channelClosed, .startPublication, .pausePublication,
    .agentSessionState,
  ]

  /// The name as it stands in JSON.
  var name: [UInt8] { if case .other(let name) = self { name } else { padded.filter { $0 != 0x20 } } }

  /// The name in the form of the wire; one that is too long is cut.
  var padded: [UInt8] {
    switch self {
    case .inputStreamData: Padded.inputStreamData
    case .outputStreamData: Padded.outputStreamData
    case .acknowledge: Padded.acknowledge
    case .channelClosed: Padded.channelClosed
    case .startPublication: Padded.startPublication
    case .pausePublication: Padded.pausePublication
    case .agentSessionState: Padded.agentSessionState
    case .other(let name): Padded.pad(name)
    }
  }

  /// Whether messages of this type are numbered and acknowledged.
  var isStreamData: Bool { self == .inputStreamData || self == .outputStreamData }

  /// The type in the 32 bytes from `offset` on, without NUL and white space at either end, whatever padded it.
  init(reading bytes: [UInt8], at offset: Int) {
    var range = offset..<offset + Self.byteCount
    while let last = range.last, Self.isPadding(bytes[last]) { range = range.lowerBound..<last }
    while let first = range.first, Self.isPadding(bytes[first]) { range = first + 1..<range.upperBound }
    let name = bytes[range]
    let candidates: (MessageType, MessageType?) =
      switch name.count {
      case 17 where name.first == UInt8(ascii: "i"): (.inputStreamData, nil)
      case 17: (.startPublication, .pausePublication)
      case 18: (.outputStreamData, nil)
      case 11: (.acknowledge, nil)
      case 14: (.channelClosed, nil)
      case 19: (.agentSessionState, nil)
      default: (.other([]), nil)
      }
    if name.elementsEqual(candidates.0.padded.prefix(name.count)), !name.isEmpty {
      self = candidates.0
    } else if let second = candidates.1, name.elementsEqual(second.padded.prefix(name.count)) {
      self = second
    } else {
      self = .other(Array(name))
    }
  }

  private static func isPadding(_ byte: UInt8) -> Bool { byte == 0 || byte == 0x20 || byte &- 0x09 < 5 }
}

extension MessageType: CustomStringConvertible {
  /// The name for people; what a peer made up must not move their cursor.
  var description: String {
    String(decoding: name.map { $0 < 0x20 || $0 >= 0x7F ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }
}

/// The names, made once.
private enum Padded {
  static let inputStreamData = pad("input_stream_data")
  static let outputStreamData = pad("output_stream_data")
  static let acknowledge = pad("acknowledge")
  static let channelClosed = pad("channel_closed")
  static let startPublication = pad("start_publication")
  static let pausePublication = pad("pause_publication")
  static let agentSessionState = pad("agent_session_state")

  static func pad(_ name: String) -> [UInt8] { pad(Array(name.utf8)) }

  static func pad(_ name: [UInt8]) -> [UInt8] {
    let cut = name.prefix(MessageType.byteCount)
    return cut + [UInt8](repeating: 0x20, count: MessageType.byteCount - cut.count)
  }
}

/// What the payload of a stream message holds (protocol.md §5.2).
struct PayloadType: RawRepresentable, Equatable, Hashable, Sendable {
  let rawValue: UInt32

  init(rawValue: UInt32) { self.rawValue = rawValue }

  /// In messages that are no part of the stream.
  static let none = PayloadType(rawValue: 0)
  /// Raw bytes: keys one way, the terminal's output the other.
  static let output = PayloadType(rawValue: 1)
  static let error = PayloadType(rawValue: 2)
  /// JSON, `{"cols":80,"rows":24}`.
  static let size = PayloadType(rawValue: 3)
  static let parameter = PayloadType(rawValue: 4)
  static let handshakeRequest = PayloadType(rawValue: 5)
  static let handshakeResponse = PayloadType(rawValue: 6)
  static let handshakeComplete = PayloadType(rawValue: 7)
  static let encryptionChallengeRequest = PayloadType(rawValue: 8)
  static let encryptionChallengeResponse = PayloadType(rawValue: 9)
  /// Four bytes, big-endian: a `ChannelFlag`.
  static let flag = PayloadType(rawValue: 10)
  /// Raw bytes.
  static let standardError = PayloadType(rawValue: 11)
  /// ASCII, `EXIT_CODE: 3`.
  static let exitCode = PayloadType(rawValue: 12)
}

/// The numbers of a Flag payload (protocol.md §5.2), for port sessions.
struct ChannelFlag: RawRepresentable, Equatable, Sendable {
  let rawValue: UInt32

  init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The local peer has left; client to agent.
  static let disconnectToPort = ChannelFlag(rawValue: 1)
  /// End the session; client to agent.
  static let terminateSession = ChannelFlag(rawValue: 2)
  /// The port could not be reached; agent to client.
  static let connectToPortError = ChannelFlag(rawValue: 3)
}

extension WindowSize {
  /// The payload of a Size message.
  var payload: [UInt8] { Array("{\"cols\":\(columns),\"rows\":\(rows)}".utf8) }

  /// Reads the payload of a Size message; nil unless both numbers are from 1 to 65535.
  init?(parsing payload: [UInt8]) {
    // Sizes are told again at the next change, so a garbled one is only dropped.
    guard let json = try? JSON(parsing: payload), let columns = json["cols"]?.integer,
      let rows = json["rows"]?.integer, 1...65535 ~= columns, 1...65535 ~= rows
    else { return nil }
    self.init(columns: Int(columns), rows: Int(rows))
  }
}
