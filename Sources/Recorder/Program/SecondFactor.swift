import Platform

/// Asks the person at the terminal for the code of a second factor.
enum SecondFactor {
  /// Longest code that is read.
  private static let maximumByteCount = 64

  /// The terminal itself is asked, not standard input, which may be typed into the session.
  static func askOnTerminal(_ serial: String) throws(CredentialError) -> String {
    do throws(Errno) {
      let terminal = try File.open("/dev/tty", for: .readingAndWriting)
      try terminal.writeAll(Array("Enter MFA code for \(serial.printable): ".utf8))
      let line = try Terminal.readHiddenLine(terminal, limit: maximumByteCount)
      try terminal.writeAll([0x0A])
      return String(decoding: line.filter { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
    } catch {
      throw .secondFactorNeeded(profile: "", serial: serial)
    }
  }
}
