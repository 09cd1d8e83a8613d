/// What a recording keeps of the keys that were typed (`--input`).
enum InputPolicy: String, CaseIterable, Sendable {
  /// Keys that the session showed; of others, how many there were, roughly (`EchoMasker`).
  case masked
  /// Every key, passwords included.
  case full
  /// None, and no count.
  case none
}

/// What happens to the session when its recording fails (`fail_policy`).
enum FailPolicy: String, CaseIterable, Sendable {
  /// The session ends: none without a recording.
  case strict
  /// One warning, and the session goes on.
  case bestEffort = "best-effort"
}
