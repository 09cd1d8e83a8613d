import Platform
import Testing

@testable import Format

@Suite struct RecordingFolderTests {
  static let started = Timestamp(microseconds: 1_763_706_662_000_000)  // 2025-11-21T06:31:02Z

  @Test func theFolderComesFromTheEnvironment() {
    let cases: [([String: String], String)] = [
      (["SSMCAST_DIR": "/a", "XDG_DATA_HOME": "/b", "HOME": "/c"], "/a"),
      (["SSMCAST_DIR": "", "XDG_DATA_HOME": "/b", "HOME": "/c"], "/b/ssmcast"),
      (["HOME": "/c"], "/c/.local/share/ssmcast"),
    ]
    for (variables, path) in cases { #expect(RecordingFolder(Environment(variables)).path == path) }
  }

  @Test func namesAreMadeSafe() {
    let cases = [
      ("i-0123", "i-0123"), ("-rf", "_rf"), ("..", "_."), ("../../etc", "_._.._etc"), ("a b\n*é", "a_b___"),
      ("", "_"),
      ("user@host+x=1,2", "user@host+x=1,2"),
    ]
    for (text, name) in cases { #expect(RecordingFolder.safe(text) == name, "\(text)") }
    #expect(RecordingFolder.safe(String(repeating: "é", count: 500)).utf8.count <= 110)
  }

  @Test func newFilesArePrivateAndNeverReplaceOthers() throws {
    let root = try File.makeTemporaryDirectory(prefix: "ssmcast-folder-")
    defer { try? File.removeTree(root) }
    let folder = RecordingFolder(path: root + "/deep/er")
    #expect(try folder.recordings() == [])
    let first = try folder.newFile(started: Self.started, target: "i-01", sessionID: "user-0abc").path
    #expect(first == root + "/deep/er/2025/11/21/063102-i-01-user-0abc.cast.gz")
    #expect(try File.status(first).permissions == 0o600)
    #expect(try File.status(root + "/deep/er/2025").permissions == 0o700)
    let second = try folder.newFile(started: Self.started, target: "i-01", sessionID: "user-0abc").path
    #expect(second.hasSuffix("-user-0abc-2.cast.gz"))
    let third = try folder.newFile(started: Self.started, target: "i-02", sessionID: "user-0abd").path
    let long = try folder.newFile(
      started: Self.started, target: String(repeating: "t", count: 400),
      sessionID: String(repeating: "s", count: 400)
    ).path
    #expect((long.split(separator: "/").last?.utf8.count ?? 999) <= 255)
    try File.write([], to: root + "/deep/er/old.cast", permissions: 0o600)
    try File.write([], to: root + "/deep/er/notes.txt", permissions: 0o600)
    try File.write([], to: root + "/deep/er/.hidden.cast", permissions: 0o600)
    #expect(try Set(folder.recordings()) == [first, second, third, long, root + "/deep/er/old.cast"])
    #expect(try folder.recording(ofSession: "user-0abd") == third)
    #expect(try folder.recording(ofSession: "user-0abc") == first)
    #expect(try folder.recording(ofSession: "user-0abc-2") == second)
    #expect(throws: FormatError.noSuchSession("user-1")) { try folder.recording(ofSession: "user-1") }
    #expect(throws: FormatError.self) { try folder.recording(ofSession: "user-0ab") }
  }

  @Test func aGroupMayReadWhereTheSettingSaysSo() throws {
    let root = try File.makeTemporaryDirectory(prefix: "ssmcast-folder-")
    defer { try? File.removeTree(root) }
    for (access, folderMode, fileMode) in [
      (RecordingFolder.Access.owner, UInt32(0o700), UInt32(0o600)), (.group, 0o750, 0o640),
    ] {
      let folder = RecordingFolder(path: "\(root)/\(access.rawValue)", access: access)
      let path = try folder.newFile(started: Self.started, target: "i-01", sessionID: "s").path
      #expect(try File.status(path).permissions == fileMode)
      #expect(try File.status(folder.path + "/2025/11").permissions & 0o777 == folderMode)
    }
  }

  @Test func theUsersNameStandsInThePathAndReadersLookAboveIt() throws {
    let root = try File.makeTemporaryDirectory(prefix: "ssmcast-folder-")
    defer { try? File.removeTree(root) }
    let cases = [
      ("\(root)/%u", "\(root)/ada", root), ("\(root)/rec-%u/x", "\(root)/rec-ada/x", root),
      ("\(root)/none/%u", "\(root)/none/ada", "\(root)/none/ada"),
      ("\(root)/100%%", "\(root)/100%", "\(root)/100%"), ("\(root)/%d%", "\(root)/%d%", "\(root)/%d%"),
      ("/%u", "/ada", "/ada"),
    ]
    for (setting, own, archive) in cases {
      let environment = Environment(["SSMCAST_DIR": setting, "HOME": root])
      let settings = try ProductSettings.load(environment: environment)
      #expect(ProductSettings.folder(settings, environment: environment, user: "ada").path == own)
      #expect(ProductSettings.archive(settings, environment: environment, user: "ada").path == archive)
    }
    let hostile = Environment(["SSMCAST_DIR": root + "/%u", "HOME": root])
    let settings = try ProductSettings.load(environment: hostile)
    #expect(ProductSettings.folder(settings, environment: hostile, user: "../x").path == root + "/_._x")
  }
}
