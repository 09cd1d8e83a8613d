import Platform
import Testing

/// Disks that are full and folders that take no files: no session without a recording, unless the user chose so.
@Suite struct BadDiskTests {
  private let workspace: Workspace
  init() throws { workspace = try Workspace() }

  /// A folder nobody may make files in, root included.
  private static let closedFolder = "/proc/ssmcast"

  @Test func aFolderThatCannotBeWrittenEndsTheSessionBeforeItBegins() throws {
    let file = try workspace.write("a file, not a folder", to: "occupied")
    let readOnly = workspace.path("read-only")
    try File.makeDirectory(readOnly, permissions: 0o500)
    // Root may write anywhere.
    let folders = [Self.closedFolder, file, file + "/below"] + (Host.userID == 0 ? [] : [readOnly])
    for folder in folders {
      workspace.environment.variables["SSMCAST_DIR"] = folder
      let run = try workspace.run("ssmrec", ["start", "-t", "local"], input: "echo mark-$((40+2))\nexit\n")
      #expect(run.status == .exited(70), "\(folder): \(run.allText)")
      #expect(run.errorText.contains(folder) && !run.text.contains("mark-42"), "\(run.allText)")
      #expect(run.errorText.split(separator: "\n").count == 1, "\(run.errorText)")
    }
  }

  @Test func bestEffortWarnsOnceAndGoesOn() throws {
    workspace.environment.variables["SSMCAST_DIR"] = Self.closedFolder
    workspace.environment.variables["SSMCAST_FAIL_POLICY"] = "best-effort"
    let run = try workspace.run(
      "ssmrec", ["start", "-t", "local", "-q"], input: "echo mark-$((40+2))\nexit\n")
    #expect(run.status == .exited(0) && run.text.contains("mark-42"), "\(run.allText)")
    #expect(run.errorText.split(separator: "\n").count == 1, "\(run.errorText)")
  }

  /// A limit on the file's size fails as a full disk does, at a byte of our choice.
  private let noise = "head -c 3000000 /dev/urandom | base64; echo mark-$((40+2)); exit\n"

  @Test func aDiskThatFillsUpEndsAStrictSessionAndKeepsWhatWasWritten() throws {
    let path = workspace.path("full.cast.gz")
    let run = try workspace.run(
      "bash", ["-c", "ulimit -f 600; exec ssmrec start -t local -q -o \(path)"], input: noise)
    #expect(run.status == .exited(70), "\(run.errorText)")
    #expect(
      run.errorText.split(separator: "\n").count == 1 && run.errorText.contains("recording"),
      "\(run.errorText)")
    let kept = try workspace.exported(path)
    #expect(kept.utf8.count > 100_000 && run.text.hasPrefix(kept.prefix(50_000)))
  }

  @Test func aDiskThatFillsUpUnderBestEffortWarnsAndGoesOn() throws {
    let path = workspace.path("full.cast.gz")
    workspace.environment.variables["SSMCAST_FAIL_POLICY"] = "best-effort"
    let run = try workspace.run(
      "bash", ["-c", "ulimit -f 600; exec ssmrec start -t local -q -o \(path)"], input: noise)
    #expect(run.status == .exited(0), "\(run.errorText)")
    #expect(run.text.contains("mark-42"))
    #expect(run.errorText.split(separator: "\n").count == 1, "\(run.errorText)")
    #expect(try workspace.exported(path).utf8.count > 100_000)
  }

  @Test func theLoneDeviceThatIsAlwaysFullIsNamed() throws {
    let run = try workspace.run(
      "ssmrec", ["start", "-t", "local", "-q", "-o", "/dev/full", "--overwrite"], input: "exit\n")
    #expect(run.status == .exited(70), "\(run.allText)")
    #expect(run.errorText.contains("/dev/full") || run.errorText.contains("space"), "\(run.errorText)")
  }
}
