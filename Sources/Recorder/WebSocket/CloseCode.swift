/// The numbers of close frames (RFC 6455 §7.4 and the IANA registry that goes on with it).
enum CloseCode {
  static let normal: UInt16 = 1000
  static let goingAway: UInt16 = 1001
  static let protocolError: UInt16 = 1002
  /// What the service answers to a channel opened with the wrong token (protocol.md §3.3).
  static let unsupportedData: UInt16 = 1003
  static let policyViolation: UInt16 = 1008
  static let internalError: UInt16 = 1011

  /// Whether a code may stand in a close frame: 1004 is reserved, 1005, 1006 and 1015 are for programs to
  /// tell each other, 1016 to 2999 are not given out, 3000 and up belong to libraries and applications.
  static func isSendable(_ code: UInt16) -> Bool {
    switch code {
    case 1000...1003, 1007...1014, 3000...4999: true
    default: false
    }
  }
}
