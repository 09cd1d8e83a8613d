import Platform
import Testing

@Suite struct SocketTests {
  private func wait(_ descriptor: borrowing Descriptor, for readiness: Poll.Readiness) throws {
    _ = try Poll.wait([Poll.Interest(descriptor.rawValue, readiness)], microseconds: 10_000_000)
  }

  @Test(arguments: ["127.0.0.1", "::1", "localhost"])
  func twoEndsTalkOverLoopback(host: String) throws {
    let address = try #require(try Socket.resolve(host, port: 0).first)
    #expect(address.isLoopback)
    let listener: Descriptor
    do { listener = try Socket.listen(at: address) } catch {
      return print("no \(host) on this machine: \(error)")
    }
    #expect(try Socket.accept(listener) == nil)
    let bound = try Socket.localAddress(listener)
    #expect(bound.port != 0 && bound.host == address.host)
    let client = try Socket.connect(to: bound)
    try wait(client, for: .writable)
    #expect(Socket.connectionError(client) == nil)
    try wait(listener, for: .readable)
    guard let server = try Socket.accept(listener) else {
      Issue.record("nobody came")
      return
    }
    #expect(try server.read(upTo: 10) == .wouldBlock)
    try client.writeAll(Array("hello".utf8))
    try wait(server, for: .readable)
    #expect(try server.read(upTo: 10) == .bytes(Array("hello".utf8)))
    Socket.finishWriting(client)
    try wait(server, for: .readable)
    #expect(try server.read(upTo: 10) == .endOfFile)
    try server.writeAll(Array("still here".utf8))
    try wait(client, for: .readable)
    #expect(try client.read(upTo: 20) == .bytes(Array("still here".utf8)))
    let local = try Socket.localAddress(client)
    #expect(local.host == address.host && local.port != bound.port)
  }

  @Test func aRefusedConnectionSaysSo() throws {
    let address = try #require(try Socket.resolve("127.0.0.1", port: 0).first)
    let bound = try Socket.localAddress(try Socket.listen(at: address))  // closed again at once
    do throws(Errno) {
      let client = try Socket.connect(to: bound)
      _ = try Poll.wait([Poll.Interest(client.rawValue, .writable)], microseconds: 10_000_000)
      #expect(Socket.connectionError(client) == .connectionRefused)
    } catch {
      #expect(error == .connectionRefused)
    }
  }

  @Test func aPortIsTakenOnlyOnce() throws {
    let address = try #require(try Socket.resolve("127.0.0.1", port: 0).first)
    let first = try Socket.listen(at: address)
    let bound = try Socket.localAddress(first)
    #expect(throws: Errno.addressInUse) { _ = try Socket.listen(at: bound) }
  }

  @Test func sendingToAGoneEndIsAnErrorAndNoSignal() async {
    await #expect(processExitsWith: .success) {
      let pair = try DescriptorPair.sockets()
      let end = try pair.first.duplicate()
      guard try Socket.send([1, 2, 3], from: 1, to: end) == .wrote(2) else { Exit.now(1) }
      let block = [UInt8](repeating: 0, count: 1 << 16)
      while case .wrote = try Socket.send(block, to: end) {}
      close(pair)
      do throws(Errno) {
        _ = try Socket.send(block, to: end)
        Exit.now(2)
      } catch {
        Exit.now(error == .brokenPipe ? 0 : 3)
      }
    }
  }

  @Test func namesWithoutAddressAreSaid() {
    let error = #expect(throws: Socket.ResolutionError.self) {
      try Socket.resolve("no such host.invalid", port: 1)
    }
    #expect(error?.description.hasPrefix("cannot find the address of no such host.invalid: ") == true)
  }

  @Test func addressesAreWrittenWithPort() throws {
    #expect(try Socket.resolve("127.0.0.1", port: 80).first?.description == "127.0.0.1:80")
    #expect(try Socket.resolve("::1", port: 443).first?.description == "[::1]:443")
    #expect(try Socket.resolve("8.8.8.8", port: 53).first?.isLoopback == false)
    #expect(try Socket.resolve("127.9.9.9", port: 53).first?.isLoopback == true)
    let pair = try DescriptorPair.sockets()
    let unnamed = try Socket.localAddress(pair.first)
    #expect(unnamed.host == "?" && unnamed.port == 0 && !unnamed.isLoopback)
  }
}

/// Ends the life of both ends here.
private func close(_ pair: consuming DescriptorPair) {}
