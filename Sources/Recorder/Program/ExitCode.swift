/// Exit codes of the recorder's programs (70: BSD's sysexits, an internal failure).
enum ExitCode {
  static let success: Int32 = 0
  static let sessionFailed: Int32 = 1
  static let usage: Int32 = 2
  static let recordingFailed: Int32 = 70
}
