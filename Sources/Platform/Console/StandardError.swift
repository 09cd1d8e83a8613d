/// Messages to the person at the terminal.
public enum StandardError {
  /// The name this program was started by, without folders (`ssmplay`).
  public static let programName: String = {
    let path = CommandLine.arguments.first ?? ""
    return path.split(separator: "/").last.map(String.init)?.printable ?? "ssmcast"
  }()

  /// Writes `ssmplay: message` and a line feed. Control characters other than line feed and tab come out
  /// escaped, so that a hostile session id or file name in the message cannot drive the terminal.
  ///
  /// Names that may hold line feeds are escaped by the caller with `printable`.
  public static func say(_ message: String) { write("\(programName): \(message)\n") }

  /// Writes `text` as it is but with control characters escaped, as `say` does, and no name before it.
  public static func write(_ text: String) { writeStyled(text.printable(keepingLines: true)) }

  /// Writes `text` with its escape codes: only for what this program made itself.
  public static func writeStyled(_ text: String) {
    // Nobody can be told that standard error is gone.
    try? Descriptor.standardError.writeAll(Array(text.utf8))
  }
}
