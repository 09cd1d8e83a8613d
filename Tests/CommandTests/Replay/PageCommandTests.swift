import Platform
import Testing

/// Pictures and pages as a browser shows them.
@Suite(.enabled(if: Peer.chromium.isUsable, Comment(rawValue: Peer.chromium.reason)))
struct PageCommandTests {
  private let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// Uses the page as a person would (Tests/Peers/browser.py) and gives what was seen.
  /// - Parameter pattern: what is searched, or a file of `screen --json` that the page is compared with.
  private func browse(_ page: String, at seconds: String, searching pattern: String) throws -> JSON {
    let run = try workspace.run(
      Peer.python.path,
      [Products.checkout + "/Tests/Peers/browser.py", Peer.chromium.path, page, seconds, pattern], within: 180
    )
    try #require(run.status == .exited(0), "\(run.allText)")
    return try JSON(parsing: run.output)
  }

  private static let evil = "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=2>"

  /// Colors, wide characters, scrolling, a pause, a marker, and text that attacks the page.
  private func recording() throws -> String {
    var lines = [
      #"{"version":2,"width":70,"height":12,"timestamp":1700000000,"title":\#(JSON.string(Self.evil).text)}"#
    ]
    for index in 0..<60 {
      let text =
        "line \(index) 日本 \u{1B}[1;3\(index % 8)mbold\u{1B}[0m ┌─┐ \(index % 7 == 0 ? Self.evil : "é")\r\n"
      lines.append("[\(Double(index) / 4),\"o\",\(JSON.string(text).text)]")
    }
    lines.append("[14.9,\"m\",\(JSON.string("marker " + Self.evil).text)]")
    lines.append(#"[75,"o","\u001b[2J\u001b[Hafter the pause\u001b[3;5Hneedle"]"#)
    return try workspace.write(lines.joined(separator: "\n") + "\n", to: "page.cast")
  }

  @Test func aPagePlaysSeeksAndSearchesFromAFileWithoutTheNetwork() throws {
    let path = try recording()
    let page = workspace.path("page.html")
    let export = try workspace.run("ssmplay", ["export", path, "-o", page])
    try #require(export.status == .exited(0), "\(export.allText)")
    let seen = try browse(page, at: "10.250", searching: "need[l]e")
    let lines = seen["lines"]?.array?.compactMap(\.string) ?? []
    let wanted = try workspace.run("ssmplay", ["screen", path + "@10.25"]).text
    #expect(lines.joined(separator: "\n") + "\n" == wanted)
    #expect(seen["title"]?.string == Self.evil && seen["hacked"] == .null)
    #expect(seen["hits"]?.array?.count == 1)
    #expect(seen["hits"]?.array?.first?.array?.first?.text == "75")
    #expect(seen["hit_row"]?.string == "    needle" && seen["hash"]?.string == "#t=75.000")
    #expect(seen["stepped_back"] == .bool(true) && seen["speed"]?.text == "2")
    #expect(seen["chapters"]?.array?.count == 1)
    #expect(seen["complaints"]?.array?.isEmpty == true, "\(seen["complaints"]?.text ?? "")")
    #expect(seen["requests"]?.array?.isEmpty == true)
    #expect(seen["verdict"]?.string?.contains("unsealed") == true)
  }

  /// Colors of every kind, looks, wide characters, boxes: what the browser paints is what `screen --json` says, in text,
  /// colors and places.
  @Test func whatIsPaintedIsTheScreenCellByCell() throws {
    var text = "┌─┬─┐ ╔═╗ ▁▂▃▄ ░▒▓ ⠇⣿ 日本語 한국어 é n\u{303} 😀\r\n"
    text +=
      "\u{1B}[1mbold\u{1B}[0m \u{1B}[3mitalic\u{1B}[0m \u{1B}[4:3;58;5;9mcurly\u{1B}[0m \u{1B}[9mstruck\u{1B}[0m "
    text += "\u{1B}[7mreverse\u{1B}[0m \u{1B}[2mfaint\u{1B}[0m \u{1B}[8mhidden\u{1B}[0m\r\n"
    for color in 0..<8 {
      text += "\u{1B}[3\(color);10\(7 - color)mx\u{1B}[9\(color);4\(7 - color)my\u{1B}[0m"
    }
    text += "\r\n"
    for color in stride(from: 16, to: 256, by: 5) {
      text += "\u{1B}[38;5;\(color);48;5;\(271 - color)m#\u{1B}[0m"
    }
    text += "\r\n"
    for step in 0..<40 { text += "\u{1B}[38;2;\(step);\(255 - step);9;7m日" }
    text += "\u{1B}[0m\r\nthe end "
    let lines = [
      #"{"version":2,"width":90,"height":8,"timestamp":1700000000}"#, #"[0.1,"o","first"]"#,
      "[0.5,\"o\",\(JSON.string("\r\n" + text).text)]",
    ]
    let path = try workspace.write(lines.joined(separator: "\n") + "\n", to: "looks.cast")
    let page = workspace.path("looks.html")
    let export = try workspace.run("ssmplay", ["export", path, "-o", page])
    try #require(export.status == .exited(0), "\(export.allText)")
    let screen = try workspace.write(
      try workspace.run("ssmplay", ["screen", "--json", path + "@0.5"]).text, to: "looks.json")
    let seen = try browse(page, at: "0.500", searching: screen)
    #expect(seen["differences"]?.array?.isEmpty == true, "\(seen.text)")
    #expect(seen["cells"]?.integer ?? 0 > 600)
  }

  @Test func picturesAreWellFormedAndTheBrowserDrawsThem() throws {
    let path = try recording()
    for (name, arguments) in [
      ("still.svg", ["screen", "--svg", path + "@10"]), ("moving.svg", ["export", "--to", "svg", path]),
    ] {
      let run = try workspace.run("ssmplay", arguments)
      try #require(run.status == .exited(0), "\(run.allText)")
      let picture = try workspace.write(run.text, to: name)
      let check = try workspace.run(
        Peer.python.path, ["-c", "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])", picture])
      #expect(check.status == .exited(0), "\(name): \(check.allText)")
      let shot = workspace.path(name + ".png")
      _ = try workspace.run(
        Peer.chromium.path,
        [
          "--headless", "--no-sandbox", "--disable-gpu", "--window-size=700,300", "--screenshot=\(shot)",
          "--user-data-dir=\(workspace.path("profile"))", "file://\(picture)",
        ], within: 120)
      // A picture of one color is a few hundred bytes.
      #expect(try File.status(shot).size > 5000, "\(name)")
    }
  }

  @Test func segmentsHaveAnIndexThatLeadsToAllOfThem() throws {
    let path = try recording()
    let folder = workspace.path("segments")
    let run = try workspace.run("ssmplay", ["export", "--to", "asciinema-segments", path, "-o", folder])
    try #require(run.status == .exited(0), "\(run.allText)")
    let index = try JSON(parsing: try File.read(folder + "/index.json"))
    #expect(index["version"]?.text == "1" && index["markers"]?.array?.count == 1)
    let segments = index["segments"]?.array ?? []
    #expect(segments.first?["start"]?.text == "0" && !segments.isEmpty)
    var count = 0
    for segment in segments {
      let name = try #require(segment["url"]?.string)
      let contents = try JSON(parsing: try File.read("\(folder)/\(name)"))
      #expect(contents["snapshot"]?["cols"]?.text == "70")
      count += contents["events"]?.array?.count ?? 0
    }
    #expect(count == 61)
    let refused = try workspace.run("ssmplay", ["export", "--to", "asciinema-segments", path, "-o", folder])
    #expect(refused.status == .exited(1) && refused.errorText.contains("index.json"))
  }
}
