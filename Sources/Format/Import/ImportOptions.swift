public import Platform

/// What an import may be told.
public struct ImportOptions: Sendable, Equatable {
  /// Take recordings of which parts are known to be missing (tlog's messages).
  public var isLax: Bool
  /// What the source is, whatever it looks like; nil: its content tells.
  public var format: SourceFormat?
  /// Where programs that decompress are looked for.
  public var environment: Environment

  /// Options with their defaults: strict, the format found out by its contents.
  public init(isLax: Bool = false, format: SourceFormat? = nil, environment: Environment) {
    self.isLax = isLax
    self.format = format
    self.environment = environment
  }
}
