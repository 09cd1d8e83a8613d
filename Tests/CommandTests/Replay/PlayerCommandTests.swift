import Platform
import Testing

/// The player in a terminal of another make, with keys pressed and the screen read back.
@Suite(.enabled(if: Peer.tmux.isUsable, Comment(rawValue: Peer.tmux.reason)))
struct PlayerCommandTests {
  private let workspace: Workspace
  private let path: String

  init() throws {
    workspace = try Workspace()
    var text = #"{"version":2,"width":60,"height":12,"timestamp":1700000000}"# + "\n"
    for second in 0..<60 {
      text += "[\(second).5,\"o\",\"tick-\(second) \\u001b[3\(second % 8)mcolor\\u001b[0m\\r\\n\"]\n"
      if second == 20 { text += "[20.6,\"m\",\"half way\"]\n" }
    }
    path = try workspace.write(text, to: "long.cast")
  }

  private func play(_ options: String = "", columns: Int = 80, rows: Int = 24) throws -> Tmux {
    try Tmux(
      "\(Products.path("ssmplay")) play \(options) \(path)", in: workspace, columns: columns, rows: rows)
  }

  @Test func keysMoveSearchAndQuit() throws {
    let tmux = try play()
    try tmux.wait(for: "tick-1")
    try tmux.press("Space")
    try tmux.wait(for: "‖")
    try tmux.press("5")
    let middle = try tmux.wait(for: "0:29.")
    #expect(middle.contains { $0.hasPrefix("tick-28") } && !middle.contains { $0.hasPrefix("tick-30") })
    try tmux.type("/tick-4[0-9]")
    try tmux.press("Enter")
    #expect(try tmux.wait(for: "0:40.5").contains { $0.hasPrefix("tick-40") })
    try tmux.press(",")
    #expect(try tmux.wait(for: "0:39.5").contains { $0.hasPrefix("tick-39") })
    try tmux.type("[")
    try tmux.wait(for: "half way")
    try tmux.type("mnoted here")
    try tmux.press("Enter")
    try tmux.wait(for: "marker added")
    try tmux.type("y")
    try tmux.wait(for: "printed at the end")
    try tmux.type("q")
    let end = try tmux.wait(for: "ended with 0")
    #expect(end.contains { $0.contains("long.cast@20.600") }, "\(end)")
    #expect(!end.contains { $0.contains("tick-") }, "the screen from before is back")
    #expect(
      String(decoding: try File.read(path + ".markers"), as: UTF8.self) == "[20.6,\"m\",\"noted here\"]\n")
    let again = try workspace.run("ssmplay", ["screen", path + "@20.6"])
    #expect(again.text.contains("tick-20 color") && !again.text.contains("tick-21"))
  }

  /// `marker:LABEL` names them on every command line, as in the player.
  @Test func markersThatAViewerAddedAreTimesForEveryCommand() throws {
    _ = try workspace.write("[30.55,\"m\",\"mine\"]\n[40.55,\"m\",\"later\"]\n", to: "long.cast.markers")
    for arguments in [["screen", path + "@marker:mine"], ["screen", path, "--at", "marker:mine"]] {
      let run = try workspace.run("ssmplay", arguments)
      #expect(run.text.contains("tick-30 ") && !run.text.contains("tick-31"), "\(run.allText)")
    }
    let part = try workspace.run(
      "ssmplay", ["export", "--to", "txt", path, "--from", "marker:mine", "--until", "marker:later"])
    #expect(part.text.contains("tick-31") && part.text.contains("tick-40"), "\(part.allText)")
    #expect(!part.text.contains("tick-30 ") && !part.text.contains("tick-41"))
    let own = try workspace.run("ssmplay", ["screen", path + "@marker:half way"])
    #expect(own.text.contains("tick-20 "))
    let none = try workspace.run("ssmplay", ["screen", path + "@marker:none"])
    #expect(
      none.status == .exited(2) && none.errorText.contains("'half way', 'mine', 'later'"), "\(none.allText)")
  }

  @Test func theScreenIsTheOneThatScreenShows() throws {
    let tmux = try play("--at 30 --speed 0.01", columns: 60, rows: 13)
    let wanted = try workspace.run("ssmplay", ["screen", path + "@30"]).text
    let lines = try tmux.wait(for: "tick-29")
    #expect(lines.prefix(12).joined(separator: "\n") + "\n" == wanted)
  }

  @Test func aSmallTerminalShowsAPartAndAResizeIsFollowed() throws {
    let tmux = try play("--at 30 --speed 0.01", columns: 20, rows: 5)
    #expect(try tmux.wait(for: "tick-29").count >= 5)
    try tmux.resize(columns: 90, rows: 30)
    try tmux.wait(for: "h help  q quit")
    try tmux.resize(columns: 20, rows: 5)
    try tmux.wait(for: "the small view") { lines in
      lines.count >= 5 && !lines.contains { $0.contains("help") }
        && lines.contains { $0.hasPrefix("tick-29") }
    }
    try tmux.press("q")
    try tmux.wait(for: "ended with 0")
  }

  @Test func aSignalLeavesTheTerminalAsItWas() throws {
    for signal in ["TERM", "HUP"] {
      let run = try TerminalRun(
        workspace.invocation("sh", ["-c", "read -r go; ssmplay play \(path); stty -a; read -r line"]))
      let before = TerminalRun.newSettings
      try run.enter("go")
      try run.wait(for: "tick-1")
      let pid = try workspace.run("pgrep", ["-P", "\(run.processID)", "-f", "ssmplay play"]).text
      _ = try workspace.run("kill", ["-\(signal)", pid.filter(\.isNumber)])
      try run.wait(for: "\u{1B}[?1049l")
      try run.wait(for: "icanon")
      #expect(try run.settings() == before, "\(signal)")
    }
  }

  @Test func controlZGivesTheTerminalBackAndFgGoesOn() throws {
    let run = try TerminalRun(workspace.invocation("bash", ["--norc", "-i"]))
    try run.enter("PS1='shell> '; ssmplay play --at 20 --speed 0.01 \(path)")
    try run.wait(for: "tick-19")
    try run.type("\u{1A}")
    try run.wait(for: "\u{1B}[?1049l")
    try run.wait(for: "shell> ")
    try run.enter("fg")
    try run.wait(for: "\u{1B}[?1049h")
    try run.wait(for: "tick-19")
    try run.type("q")
    try run.wait(for: "\u{1B}[?1049l")
    try run.wait(for: "shell> ")
  }

  @Test func aDumbTerminalGetsLines() throws {
    let run = try TerminalRun(
      workspace.invocation(
        "sh", ["-c", "TERM=dumb ssmplay play --speed 1000 \(path); echo \"ended with $?\""]))
    try run.wait(for: "tick-59 color")
    try run.wait(for: "ended with 0")
    #expect(!run.text.contains("\u{1B}"))
  }

  @Test func settingsBindKeysAndBadOnesAreNamed() throws {
    workspace.environment.variables["SSMCAST_PLAYER_KEYS"] = "quit=x"
    let tmux = try play()
    try tmux.wait(for: "tick-1")
    try tmux.press("q", "x")
    try tmux.wait(for: "ended with 0")
    workspace.environment.variables["SSMCAST_PLAYER_KEYS"] = "quti=x"
    let other = try TerminalRun(workspace.invocation("ssmplay", ["play", path]))
    try other.wait(for: "did you mean \"quit\"?")
  }

  @Test func aPipeGetsTheExactOutputAtItsTime() throws {
    let run = try workspace.run("ssmplay", ["play", "--speed", "200", "--until", "3", path])
    #expect(run.status == .exited(0))
    #expect(
      run.text.hasPrefix("tick-0 \u{1B}[30mcolor")
        && run.text.hasSuffix("tick-2 \u{1B}[32mcolor\u{1B}[0m\r\n"))
  }
}
