import Glibc
import Platform
import Testing

@Suite struct DescriptorTests {
  @Test func aPipeGivesItsBytesThenNothingThenItsEnd() throws {
    let pipe = try DescriptorPair.pipe()
    try pipe.first.setNonBlocking(true)
    #expect(try pipe.first.read(upTo: 10) == .wouldBlock)
    #expect(try pipe.second.write(Array("hello".utf8), from: 2) == .wrote(3))
    #expect(try pipe.first.read(upTo: 2) == .bytes(Array("ll".utf8)))
    #expect(try pipe.first.read(upTo: 10) == .bytes(Array("o".utf8)))
    let reader = try pipe.first.duplicate()
    close(pipe)
    #expect(try reader.read(upTo: 10) == .endOfFile)
  }

  /// Ends the life of both ends here.
  private func close(_ pair: consuming DescriptorPair) {}

  @Test func aFullPipeSaysNotNowAndAGoneReaderIsAnError() throws {
    Signal.pipe.ignore()
    let pipe = try DescriptorPair.pipe()
    try pipe.second.setNonBlocking(true)
    let block = [UInt8](repeating: 7, count: 1 << 16)
    while case .wrote = try pipe.second.write(block) {}
    #expect(try pipe.second.write(block) == .wouldBlock)
    let writer = try pipe.second.duplicate()
    close(pipe)
    #expect(throws: Errno.brokenPipe) { try writer.writeAll(block) }
  }

  @Test func writingAllWaitsForASlowReader() throws {
    let pair = try DescriptorPair.sockets()
    let reader = try pair.second.duplicate()
    let number = try detach(reader)
    let count = 4 << 20
    let thread = try Thread.start {
      let reader = Descriptor(owning: number)
      var received = 0
      while received < count {
        switch try? reader.read(upTo: 1 << 14) {
        case .bytes(let bytes): received += bytes.count
        case .wouldBlock: _ = try? Poll.wait([Poll.Interest(reader.rawValue, [.readable])], microseconds: nil)
        default: return
        }
      }
    }
    try pair.first.writeAll([UInt8](repeating: 1, count: count))
    thread.join()
  }

  /// The number of a descriptor that somebody else now owns.
  private func detach(_ descriptor: borrowing Descriptor) throws -> Int32 {
    let number = fcntl(descriptor.rawValue, F_DUPFD_CLOEXEC, 3)
    guard number >= 0 else { throw Errno.current }
    return number
  }

  @Test func aDescriptorClosesItselfUnlessItIsBorrowed() throws {
    let pipe = try DescriptorPair.pipe()
    let number = try detach(pipe.first)
    do { _ = Descriptor(borrowing: number) }
    #expect(fcntl(number, F_GETFD) == FD_CLOEXEC)
    let inode = try File.status(Descriptor(borrowing: number)).inode
    do { _ = Descriptor(owning: number) }
    // Another test may have got the number meanwhile, but not this pipe.
    let after = try? File.status(Descriptor(borrowing: number)).inode
    #expect(after != inode)
  }

  @Test func positionsAreReadWrittenAndCut() throws {
    let folder = try File.makeTemporaryDirectory(prefix: "descriptor-")
    defer { try? File.removeTree(folder) }  // what is left lies in the temporary folder
    let file = try File.open(folder + "/f", for: .creating(permissions: 0o600))
    try file.writeAll(Array("0123456789".utf8))
    try file.writeAll(Array("AB".utf8), at: 3)
    #expect(try file.read(upTo: 4, at: 2) == Array("2AB5".utf8))
    #expect(try file.read(upTo: 100, at: 8) == Array("89".utf8))
    #expect(try file.read(upTo: 5, at: 10).isEmpty)
    #expect(throws: Errno.invalidArgument) { try file.read(upTo: 5, at: -1) }
    try file.truncate(to: 5)
    try file.synchronize()
    #expect(try File.status(file).size == 5)
    #expect(try file.read(upTo: 5) == .endOfFile)  // the position is where writing left it
    let pipe = try DescriptorPair.pipe()
    try pipe.second.synchronize()
    #expect(throws: Errno.badDescriptor) { try Descriptor(borrowing: 9999).read(upTo: 1) }
  }

  @Test func duplicatesAreClosedInChildren() throws {
    let pipe = try DescriptorPair.pipe()
    let copy = try pipe.first.duplicate()
    #expect(copy.rawValue != pipe.first.rawValue && fcntl(copy.rawValue, F_GETFD) == FD_CLOEXEC)
    #expect(fcntl(pipe.second.rawValue, F_GETFD) == FD_CLOEXEC)
  }

  @Test func errorsAreWrittenInWords() {
    #expect(Errno.noSuchFile.description == "no such file or directory")
    #expect(Errno.permissionDenied.description == "permission denied")
    #expect(Errno(rawValue: 4242).description.contains("4242"))
  }
}
