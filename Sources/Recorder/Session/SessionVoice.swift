/// Says to the person what the session has to say, and knows where: standard output may belong to the stream
/// of ssh, which one word of ours would break.
///
/// Whether it does is known when the handshake is done; until then, what would go to standard output is kept.
final class SessionVoice {
  private let output: (String) -> Void
  private let ports: (String) -> Void
  private let aside: (String) -> Void
  private var isStream: Bool?
  private var kept: [String] = []

  /// - Parameters:
  ///   - output: says what is for the person where standard output is free.
  ///   - ports: says where a forwarded port is open.
  ///   - aside: says the same on standard error.
  ///   - isStream: whether standard output carries a stream; nil where that is not known yet.
  init(
    output: @escaping (String) -> Void, ports: @escaping (String) -> Void, aside: @escaping (String) -> Void,
    isStream: Bool?
  ) {
    (self.output, self.ports, self.aside, self.isStream) = (output, ports, aside, isStream)
  }

  func say(_ text: String) {
    switch isStream {
    case nil: kept.append(text)
    case true: aside(text)
    default: output(text)
    }
  }

  /// Says what callers of the official client read from standard output to find the port.
  func say(port text: String) { isStream == true ? aside(text) : ports(text) }

  /// Says what was kept. The first word counts, but a stream is one whenever that turns out.
  func settle(isStream: Bool) {
    if self.isStream == nil || isStream { self.isStream = isStream }
    for text in kept { say(text) }
    kept = []
  }
}
