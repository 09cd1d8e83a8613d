import Testing

@testable import Platform

@Suite struct UmaskTests {
  /// The mask is the process's: a folder made while another thread listened at a path once lacked its search bit.
  @Test func threadsMakeFoldersAndSocketsEachWithItsOwnMode() throws {
    let root = try File.makeTemporaryDirectory(prefix: "umask-")
    defer { try? File.removeTree(root) }
    let modes: [UInt32] = [0o700, 0o750, 0o755, 0o711]
    Parallel.run(
      count: 2000, threads: 4, state: { () },
      work: { (_: inout Void, index: Int) -> (mode: UInt32?, wanted: UInt32) in
        let path = "\(root)/\(index)"
        if index % 5 == 4 {
          _ = try? Socket.listen(atPath: path)
          return ((try? File.status(path))?.permissions, 0o600)
        }
        let wanted = modes[index % modes.count]
        try? File.makeDirectory(path, permissions: wanted)
        return ((try? File.status(path))?.permissions, wanted)
      },
      consume: { index, made in
        #expect(made.mode.map { $0 & 0o777 } == made.wanted, "\(index)")
        return true
      })
  }
}
