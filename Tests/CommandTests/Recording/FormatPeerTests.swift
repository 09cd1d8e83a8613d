import Platform
import Testing

/// Recordings as programs of others read them: Python's json line by line, gzip, asciinema.
@Suite struct FormatPeerTests {
  private let workspace: Workspace
  private let path: String

  /// One session with everything that can go wrong in a text: bytes that are no UTF-8, a character cut in two
  /// by time, controls, quotes, a resize.
  init() throws {
    workspace = try Workspace()
    path = workspace.path("everything.cast.gz")
    let keys = #"""
      printf 'gr\374n caf\303'; sleep 0.3; printf '\251 \033[1mbold\033[0m "quoted" back\\slash tab\there\n'
      printf '\000\001\177 nul\n'; stty rows 30 cols 100
      exit

      """#
    let run = try workspace.run(
      "ssmrec", ["start", "-t", "local", "-q", "-o", path, "--input", "full"], input: keys)
    #expect(run.status == .exited(0), "\(run.allText)")
  }

  /// The rules of asciicast v3, in the words of another language's JSON reader.
  private static let checkVersion3 = """
    import json, re, subprocess, sys
    text = subprocess.run(["gzip", "-dc", sys.argv[1]], check=True, capture_output=True).stdout
    assert text.endswith(b"\\n"), "the last line ends"
    lines = text.decode("utf-8").split("\\n")[:-1]
    header = json.loads(lines[0])
    assert header["version"] == 3, header
    assert header["term"]["cols"] > 0 and header["term"]["rows"] > 0, header
    assert isinstance(header["timestamp"], int), header
    codes = {}
    for line in lines[1:]:
        event = json.loads(line)
        assert isinstance(event, list) and len(event) == 3, line
        interval, code, data = event
        assert isinstance(interval, (int, float)) and interval >= 0, line
        assert re.fullmatch(r"\\[\\d+(\\.\\d{1,3})?,.*", line), line
        assert isinstance(code, str) and len(code) == 1 and isinstance(data, str), line
        if code == "r": assert re.fullmatch(r"\\d+x\\d+", data), line
        codes[code] = codes.get(code, 0) + 1
    assert codes.get("o"), codes
    print(json.dumps(codes))
    """

  @Test func zcatPrintsAsciicastVersion3LineByLine() throws {
    let script = try workspace.write(Self.checkVersion3, to: "check.py")
    let run = try workspace.run(Peer.python.path, [script, path])
    #expect(run.status == .exited(0), "\(run.allText)")
    let codes = try JSON(parsing: run.text)
    #expect(codes["b"] != nil, "bytes that are no UTF-8 are kept exactly: \(run.text)")
    #expect(codes["i"] != nil)
  }

  @Test func gzipFindsNothingWrong() throws {
    let run = try workspace.run("gzip", ["-tv", path])
    #expect(run.status == .exited(0), "\(run.allText)")
  }

  @Test func theRawExportIsTheBytesOfTheTerminal() throws {
    let raw = try workspace.run("ssmplay", ["export", "--to", "raw", path])
    #expect(raw.output.contains("caf") && raw.output.contains("é \u{1B}[1mbold"))
    let latin = Array("gr".utf8) + [0xFC] + Array("n".utf8)
    #expect(raw.output.split(separator: latin, maxSplits: 1).count == 2, "the exact byte 0xFC")
  }

  @Test(.enabled(if: Peer.asciinema.isUsable, Comment(rawValue: Peer.asciinema.reason)))
  func asciinemaShowsTheVersion2ExportAsWeDo() throws {
    let cast = workspace.path("export.cast")
    let export = try workspace.run("ssmplay", ["export", "--to", "v2", path, "-o", cast])
    #expect(export.status == .exited(0), "\(export.allText)")
    let shown = try workspace.run(Peer.asciinema.path, ["cat", cast])
    #expect(shown.status == .exited(0), "\(shown.allText)")
    #expect(shown.text.contains("é \u{1B}[1mbold\u{1B}[0m \"quoted\""))
    // It plays to a terminal only.
    let played = try TerminalRun(workspace.invocation(Peer.asciinema.path, ["play", "-s", "20", cast]))
    try played.wait(for: "bold")
    #expect(try played.waitForEnd() == .exited(0))
  }

  @Test func exportsAreReadBackAsTheSameSession() throws {
    let raw = try workspace.exported(path)
    for version in ["v2", "v3"] {
      let cast = workspace.path("again-\(version).cast")
      #expect(
        try workspace.run("ssmplay", ["export", "--to", version, path, "-o", cast]).status == .exited(0))
      let again = try workspace.exported(cast)
      // Exact bytes travel in our own events only; version 2 keeps what is text.
      if version == "v3" { #expect(again == raw) } else { #expect(again.contains("bold")) }
    }
  }
}
