import Platform
import Testing

/// `ssmplay show` on a recording whose shell tells of its commands (OSC 133).
@Suite struct ShowCommandTests {
  private let workspace: Workspace
  private let path: String

  /// - Parameter count: commands; each third one fails.
  private static func recording(_ count: Int) -> String {
    var text = #"{"version":2,"width":60,"height":12,"timestamp":1700000000,"title":"work"}"# + "\n"
    func output(_ time: Double, _ bytes: String) {
      text += "[\(time),\"o\",\(JSON.string(bytes).text)]\n"
    }
    for index in 0..<count {
      let time = Double(index * 4)
      output(time + 0.5, "\u{1B}]133;A\u{7}$ \u{1B}]133;B\u{7}")
      output(time + 1, "make part-\(index)")
      output(time + 1.25, "\r\n\u{1B}]133;C\u{7}")
      output(time + 1.5, "made \(index)\r\n\u{1B}]133;D;\(index % 3 == 2 ? 2 : 0)\u{7}")
    }
    output(Double(count * 4), "\u{1B}]133;A\u{7}$ \u{1B}]133;B\u{7}")
    text += "[\(count * 4 + 1),\"m\",\"the end\"]\n"
    return text
  }

  init() throws {
    workspace = try Workspace()
    path = try workspace.write(Self.recording(12), to: "work.cast")
  }

  @Test func factsActivityAndTheFirstCommandsAreShown() throws {
    let run = try workspace.run("ssmplay", ["show", path])
    #expect(run.status == .exited(0), "\(run.allText)")
    let lines = run.text.split(separator: "\n").map(String.init)
    for part in ["work", "0:49.0, active", "0:49.0 the end", "unsealed"] {
      #expect(run.text.contains(part), "\(part) in \(run.text)")
    }
    #expect(lines.contains { $0.hasPrefix("activity") && $0.contains("█") })
    let place = try #require(lines.firstIndex(of: "12 commands"), "\(run.text)")
    #expect(lines[place + 1] == "  0:01.3  make part-0")
    #expect(lines[place + 3] == "  0:09.3  make part-2  [2]")
    #expect(lines[place + 10] == "  0:37.3  make part-9")
    #expect(lines[place + 11] == "  and 2 more: ssmplay commands \(path)")
    #expect(lines.count == place + 12, "no picture into a pipe")
  }

  @Test func jsonHasAllOfThemWithTheirTimesAndExitStatus() throws {
    let run = try workspace.run("ssmplay", ["show", "--json", path])
    let json = try JSON(parsing: run.output)
    #expect(json["command_count"]?.integer == 12 && json["commands"]?.array?.count == 12)
    #expect(json["duration"]?.text == "49" && json["title"]?.string == "work")
    #expect(json["state"]?.string == "unsealed" && json["activity"]?["bytes"]?.array?.isEmpty == false)
    let third = json["commands"]?.array?[2]
    #expect(third?["text"]?.string == "make part-2" && third?["exit"]?.integer == 2)
    #expect(third?["start"]?.text == "9.25" && third?["end"] != nil && third?["confidence"]?.text == "1.0")
  }

  @Test(.enabled(if: Peer.tmux.isUsable, Comment(rawValue: Peer.tmux.reason)))
  func aTerminalGetsTheLastScreenToo() throws {
    let tmux = try Tmux("\(Products.path("ssmplay")) show \(path)", in: workspace, columns: 100, rows: 50)
    let lines = try tmux.wait(for: "ended with 0")
    let place = try #require(lines.firstIndex { $0.contains("last screen") }, "\(lines)")
    #expect(lines[place...].contains { $0.contains("made 11") })
  }

  @Test func markersBesideARecordingAreShownAndInItsPage() throws {
    _ = try workspace.write("[12.5,\"m\",\"look here\"]\n", to: "work.cast.markers")
    let run = try workspace.run("ssmplay", ["show", path])
    #expect(run.text.contains("added markers  0:12.5 look here\n"), "\(run.text)")
    let page = try workspace.run("ssmplay", ["export", "--to", "html", path])
    let without = try workspace.run("ssmplay", ["export", "--to", "html", "-"], input: Self.recording(12))
    #expect(page.text.contains("look here") && !without.text.contains("look here"))
  }

  @Test func aRecordingWithoutCommandsHasNoSuchLines() throws {
    let quiet = try workspace.write(Self.recording(0), to: "quiet.cast")
    let run = try workspace.run("ssmplay", ["show", quiet])
    #expect(run.status == .exited(0) && !run.text.contains("command"), "\(run.text)")
  }
}
