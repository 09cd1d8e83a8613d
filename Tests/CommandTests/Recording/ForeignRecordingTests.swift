import Format
import Platform
import Testing

/// What real sudo, tlog and ttyrec write, read as recordings; what we export, in their players.
@Suite struct ForeignRecordingTests {
  private let workspace: Workspace
  init() throws { workspace = try Workspace() }

  private static func path(_ program: String) -> String? {
    ["/usr/bin/", "/usr/sbin/", "/bin/"].map { $0 + program }.first { File.isExecutable($0) }
  }

  /// In a mount namespace of its own, files of the system can be replaced; that takes root.
  private static let canMount = Host.userID == 0 && path("unshare") != nil && path("script") != nil

  /// Runs a command on a terminal, with commands before it that see their own mounts.
  private func run(_ command: String, mounting mounts: String) throws {
    let inner = try workspace.write(
      "\(mounts) || exit 99\nscript -qec '\(command)' /dev/null\n", to: "run.sh")
    let run = try workspace.run("unshare", ["-m", "/bin/sh", inner])
    try #require(run.status == .exited(0), "\(run.allText)")
  }

  /// Output of a path as one text, and the codes of its events.
  private func read(_ path: String) throws -> (reader: RecordingReader, text: String, codes: Set<String>) {
    let reader = try RecordingReader(path: path)
    var output: [UInt8] = []
    var codes: Set<String> = []
    while let event = try reader.nextEvent() {
      codes.insert(event.code.description)
      if event.code == .output { output += event.bytes }
    }
    return (reader, String(decoding: output, as: UTF8.self), codes)
  }

  @Test(.enabled(if: canMount && path("sudo") != nil, "needs root, unshare, script and sudo"))
  func aLogOfRealSudoIsRead() throws {
    let io = workspace.path("io")
    let sudoers = try workspace.write(
      "Defaults log_output, log_input, iolog_dir=\(io), iolog_file=%{seq}\nroot ALL=(ALL:ALL) NOPASSWD: ALL\n",
      to: "sudoers", permissions: 0o440)
    try run("sudo /bin/echo from-real-sudo", mounting: "mount --bind \(sudoers) /etc/sudoers")
    let log = io + "/00/00/01"
    let (reader, text, codes) = try read(log)
    #expect(reader.formatName == "sudo-iolog" && text.contains("from-real-sudo\r\n"))
    #expect(codes.contains("o") && reader.started != nil && reader.header.command?.contains("echo") == true)
    // The one door: every command takes it.
    for place in [log, log + "/"] {
      let hits = try workspace.run("ssmplay", ["grep", "from-real-sudo", place])
      #expect(hits.status == .exited(0), "\(hits.allText)")
    }
    #expect(try workspace.run("ssmplay", ["screen", log]).text.contains("from-real-sudo"))
    let imported = workspace.path("sudo.cast.gz")
    #expect(try workspace.run("ssmplay", ["import", log, "-o", imported]).status == .exited(0))
    #expect(try workspace.exported(imported) == workspace.exported(log))
    #expect(try workspace.run("ssmplay", ["verify", imported]).status == .exited(0))
  }

  @Test(.enabled(if: canMount && path("tlog-rec") != nil, "needs root, unshare, script and tlog"))
  func aRecordingOfRealTlogIsRead() throws {
    let log = workspace.path("tlog.json")
    // tlog writes a login record, for which there must be a file.
    try run(
      "LC_ALL=C.UTF-8 tlog-rec --writer=file --file-path=\(log) -- /bin/echo from-real-tlog-é",
      mounting: "mount -t tmpfs none /run && touch /run/utmp")
    let (reader, text, _) = try read(log)
    #expect(reader.formatName == "tlog-json" && text.contains("from-real-tlog-é\r\n"))
    #expect(try workspace.run("ssmplay", ["export", "--to", "txt", log]).text.contains("from-real-tlog-é"))
    let piped = try workspace.run("/bin/sh", ["-c", "cat \(log) | ssmplay export --to raw -"])
    #expect(piped.text.contains("from-real-tlog-é"), "\(piped.allText)")
  }

  @Test(.enabled(if: path("ttyrec") != nil && path("ttyplay") != nil, "needs Debian's ttyrec"))
  func ttyrecIsReadAndOurExportsPlayInItsPlayer() throws {
    let log = workspace.path("real.ttyrec")
    let recorded = try TerminalRun(
      workspace.invocation("ttyrec", ["-e", "printf \"from-%s-ttyrec\\\\n\" real; sleep 0.3; echo end", log]))
    #expect(try recorded.waitForEnd() == .exited(0))
    let (reader, text, _) = try read(log)
    #expect(reader.formatName == "ttyrec" && text.contains("from-real-ttyrec"))
    let sample = Products.checkout + "/samples/build-log.cast.gz"
    let export = workspace.path("export.ttyrec")
    #expect(try workspace.run("ssmplay", ["export", sample, "-o", export]).status == .exited(0))
    // The player without its waits prints every byte.
    let played = try workspace.run("ttyplay", ["-n", export])
    #expect(played.status == .exited(0))
    let raw = try workspace.run("ssmplay", ["export", "--to", "raw", export])
    #expect(played.output == raw.output && raw.output.count > 1000)
    let time = try workspace.run("ttytime", [export])
    let length = try JSON(parsing: try workspace.run("ssmplay", ["show", "--json", sample]).output)[
      "duration"]
    let seconds = Int(time.text.split { $0 == " " || $0 == "\t" }.first ?? "") ?? -1
    #expect(abs(Double(seconds) - (length?.double ?? 0)) <= 2, "\(time.text) \(length?.text ?? "")")
  }
}
