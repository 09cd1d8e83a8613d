import Glibc
import Platform
import Testing

@Suite struct FileTests {
  /// Runs `body` with a folder of its own.
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = try File.makeTemporaryDirectory(prefix: "file-")
    defer { try? File.removeTree(folder) }  // what is left lies in the temporary folder
    try body(folder)
  }

  @Test func eachAccessDoesWhatItSays() throws {
    try inFolder { folder in
      let path = folder + "/a"
      #expect(throws: Errno.noSuchFile) { _ = try File.open(path, for: .reading) }
      #expect(throws: Errno.noSuchFile) { _ = try File.open(path, for: .readingAndWriting) }
      try File.open(path, for: .creating(permissions: 0o640)).writeAll(Array("one".utf8))
      #expect(throws: Errno.fileExists) { _ = try File.open(path, for: .creating(permissions: 0o600)) }
      try File.open(path, for: .appending(permissions: 0o600)).writeAll(Array("two".utf8))
      #expect(try File.read(path) == Array("onetwo".utf8))
      try File.open(path, for: .readingAndWriting).writeAll(Array("O".utf8))
      #expect(try File.read(path) == Array("Onetwo".utf8))
      try File.open(path, for: .replacing(permissions: 0o600)).writeAll(Array("new".utf8))
      #expect(try File.read(path) == Array("new".utf8))
      #expect(throws: Errno.badDescriptor) { try File.open(path, for: .reading).writeAll([1]) }
      symlink("/nowhere", folder + "/link")
      #expect(throws: Errno.fileExists) {
        _ = try File.open(folder + "/link", for: .creating(permissions: 0o600))
      }
      #expect(throws: Errno.isDirectory) { _ = try File.read(folder) }
    }
  }

  @Test func readingStopsAtTheLimit() throws {
    try inFolder { folder in
      let path = folder + "/a"
      try File.write([UInt8](repeating: 1, count: 1000), to: path, permissions: 0o600)
      #expect(try File.read(path, limit: 1000).count == 1000)
      #expect(throws: Errno(rawValue: EFBIG)) { _ = try File.read(path, limit: 999) }
      #expect(throws: Errno(rawValue: EFBIG)) { _ = try File.read("/dev/zero", limit: 1 << 20) }
    }
  }

  @Test func aWholeFileIsReplacedAtOnce() throws {
    try inFolder { folder in
      let path = folder + "/a"
      try File.write(Array("old".utf8), to: path, permissions: 0o644)
      let before = try File.status(path)
      #expect(before.permissions == 0o644 && before.size == 3 && before.kind == .regular)
      let stale = path + ".\(Host.processID).new"
      symlink(path, stale)  // what another process left, or planted
      try File.write(Array("newer".utf8), to: path, permissions: 0o600)
      let after = try File.status(path)
      #expect(try File.read(path) == Array("newer".utf8))
      #expect(after.permissions == 0o600 && after.inode != before.inode && after.owner == Host.userID)
      #expect(try File.names(in: folder) == ["a"])
      #expect(throws: Errno.noSuchFile) { try File.write([1], to: folder + "/none/a", permissions: 0o600) }
      #expect(throws: Errno.self) { try File.write([1], to: folder, permissions: 0o600) }
      #expect(try File.names(in: folder) == ["a"])
      // A folder as the target fails only at the renaming: nothing may be left beside it.
      try File.makeDirectory(folder + "/sub", permissions: 0o700)
      #expect(throws: Errno.self) { try File.write([1], to: folder + "/sub", permissions: 0o600) }
      #expect(try File.names(in: folder) == ["a", "sub"])
    }
  }

  @Test func foldersAreMadeWithThoseAbove() throws {
    try inFolder { folder in
      let deep = folder + "/x/y/z"
      try File.makeDirectory(deep, permissions: 0o700)
      try File.makeDirectory(deep + "/", permissions: 0o700)
      #expect(try File.status(deep).kind == .directory && File.status(folder + "/x").permissions == 0o700)
      try File.write([], to: folder + "/plain", permissions: 0o600)
      #expect(throws: Errno.notDirectory) { try File.makeDirectory(folder + "/plain", permissions: 0o700) }
      #expect(throws: Errno.notDirectory) {
        try File.makeDirectory(folder + "/plain/sub", permissions: 0o700)
      }
    }
  }

  @Test func namesComeInTheOrderOfTheirBytes() throws {
    try inFolder { folder in
      let names = ["B", "a", "é", "e\u{301}", "Z", ".hidden", "10", "9", String(repeating: "n", count: 240)]
      for name in names { try File.write([], to: "\(folder)/\(name)", permissions: 0o600) }
      let expected = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      let found = try File.names(in: folder)
      #expect(found.map { Array($0.utf8) } == expected.map { Array($0.utf8) })
      #expect(throws: Errno.noSuchFile) { try File.names(in: folder + "/none") }
      #expect(throws: Errno.notDirectory) { try File.names(in: folder + "/a") }
    }
  }

  @Test func aTreeIsRemovedWithoutFollowingLinks() throws {
    try inFolder { folder in
      try File.makeDirectory(folder + "/tree/sub", permissions: 0o700)
      try File.write([1], to: folder + "/tree/sub/file", permissions: 0o600)
      try File.makeDirectory(folder + "/kept", permissions: 0o700)
      try File.write([1], to: folder + "/kept/file", permissions: 0o600)
      symlink(folder + "/kept", folder + "/tree/link")
      try File.removeTree(folder + "/tree")
      #expect(!File.exists(folder + "/tree") && File.exists(folder + "/kept/file"))
      #expect(throws: Errno.noSuchFile) { try File.removeTree(folder + "/tree") }
      try File.rename(folder + "/kept/file", to: folder + "/moved")
      #expect(try File.names(in: folder) == ["kept", "moved"])
      try File.remove(folder + "/moved")
      #expect(throws: Errno.noSuchFile) { try File.remove(folder + "/moved") }
    }
  }

  @Test func whatIsThereIsTold() throws {
    #expect(try File.status("/dev/null").kind == .other && File.status("/").kind == .directory)
    #expect(File.isExecutable("/bin/sh") && !File.isExecutable("/etc/passwd") && File.isWritable("/tmp"))
    try inFolder { folder in
      #expect(try File.status(folder).permissions == 0o700)
      symlink("/nowhere", folder + "/dangling")
      #expect(throws: Errno.noSuchFile) { try File.status(folder + "/dangling") }
      let before = SystemTime().timestamp
      try File.write([1], to: folder + "/now", permissions: 0o600)
      let modified = try File.status(folder + "/now").modified
      #expect(abs(modified.microseconds - before.microseconds) < 60_000_000)
    }
  }
}
