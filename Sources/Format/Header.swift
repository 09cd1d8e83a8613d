public import Platform

/// The first line of a recording: what asciicast v3 says of the terminal and the command, and our `ssm` key.
///
/// Keys nobody here knows are kept in their order and written again.
public struct Header: Sendable, Equatable {
  /// Size at the start. 0x0 occurs in files in the wild and means "unknown".
  public var size: WindowSize
  /// Wall clock at the start; asciicast keeps whole seconds.
  public var timestamp: Timestamp?
  /// What the recording is about.
  public var title: String?
  /// The command that was recorded, where it was one.
  public var command: String?
  /// The value of TERM.
  public var terminalType: String?
  /// The terminal's answer to XTVERSION.
  public var terminalVersion: String?
  /// `theme` as it stood: `fg`, `bg`, `palette`.
  public var theme: JSON?
  /// Environment variables in their order.
  public var environment: [Variable]
  /// Longest pause a player should show, in seconds.
  public var idleTimeLimit: Double?
  /// The `ssm` key: what is known of the session. Secrets never belong here.
  public var session: JSON?
  /// Other keys of the header.
  public var otherKeys: [JSON.Member]
  /// Other keys of `term`.
  public var otherTerminalKeys: [JSON.Member]

  /// One environment variable.
  public struct Variable: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: String
    /// A variable of the recorded environment.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A header with what is known; only the size must be.
  public init(
    size: WindowSize, timestamp: Timestamp? = nil, title: String? = nil, command: String? = nil,
    terminalType: String? = nil, environment: [Variable] = [], idleTimeLimit: Double? = nil,
    session: JSON? = nil
  ) {
    self.size = size
    self.timestamp = timestamp
    self.title = title
    self.command = command
    self.terminalType = terminalType
    terminalVersion = nil
    theme = nil
    self.environment = environment
    self.idleTimeLimit = idleTimeLimit
    self.session = session
    otherKeys = []
    otherTerminalKeys = []
  }
}
