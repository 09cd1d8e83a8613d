import Platform

/// A terminal of another make: tmux shows what a program draws, and types for it. Its server ends with the value.
final class Tmux {
  private let workspace: Workspace
  private let socket: String

  /// Starts `command` in a shell on a terminal of this size.
  init(_ command: String, in workspace: Workspace, columns: Int = 80, rows: Int = 24) throws {
    self.workspace = workspace
    socket = workspace.path("tmux-\(Host.processID)-\(columns)x\(rows)")
    try tell([
      "-f", "/dev/null", "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)",
      command + "; echo \"ended with $?\"; exec cat",
    ])
  }

  deinit {
    _ = try? workspace.run(Peer.tmux.path, ["-S", socket, "kill-server"])  // it may have ended by itself
  }

  @discardableResult
  private func tell(_ arguments: [String]) throws -> String {
    try workspace.run(Peer.tmux.path, ["-u", "-S", socket] + arguments).text
  }

  /// Presses keys by tmux's names (`Space`, `Left`, `C-c`), or types a text.
  func press(_ keys: String...) throws { try tell(["send-keys"] + keys) }
  func type(_ text: String) throws { try tell(["send-keys", "-l", text]) }

  func resize(columns: Int, rows: Int) throws {
    try tell(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
  }

  /// What the terminal shows.
  var lines: [String] {
    get throws {
      try tell(["capture-pane", "-p"]).split(separator: "\n", omittingEmptySubsequences: false).map(
        String.init)
    }
  }

  /// Waits until the terminal shows what is wanted, and gives it.
  @discardableResult
  func wait(for what: String, within seconds: Int = 60, _ condition: ([String]) -> Bool) throws -> [String] {
    let time = SystemTime()
    let deadline = time.instant.advanced(byMicroseconds: Int64(seconds) * 1_000_000)
    while true {
      let lines = try self.lines
      if condition(lines) { return lines }
      if time.instant > deadline {
        throw RunFailure.tookTooLong(
          waitingFor: what, program: "tmux", output: lines.joined(separator: "\n"))
      }
      _ = try Poll.wait([], microseconds: 50_000)
    }
  }

  @discardableResult
  func wait(for text: String) throws -> [String] {
    try wait(for: "\"\(text)\"") { lines in lines.contains { $0.contains(text) } }
  }
}
