import Platform
import Testing

@testable import Recorder

/// Each in a process of its own, where nobody else opens files or starts programs.
@Suite struct AgentLeakTests {
  @Test func nothingIsLeftOpenOrRunningAfterTheAgentStops() async {
    await #expect(processExitsWith: .success) {
      func openCount() throws -> Int { try File.names(in: "/proc/self/fd").count }
      func children() throws -> [String] {
        let mine = "PPid:\t\(Host.processID)\n"
        return try File.names(in: "/proc").filter { name in
          // Processes may end while they are looked at.
          guard Int(name) != nil, let status = try? File.read("/proc/\(name)/status") else { return false }
          return String(decoding: status, as: UTF8.self).contains(mine)
        }
      }
      try LocalAgent.forTests().stop()  // what is made once and kept for all is made now
      let before = try openCount()
      let agent = try LocalAgent.forTests()
      let clients = try (0..<5).map { _ in try AgentTestClient(agent) }
      for client in clients { try client.run(untilPrinted: "$ ") }
      clients[0].type("exit\n")
      try clients[0].run { clients[0].closeCode != nil }
      clients[1].cut()
      clients[2].type("trap '' HUP; sleep 5 &\n")
      agent.stop()
      for client in clients { client.cut() }
      let after = try openCount()
      let left = try children()
      precondition(after == before, "\(after) descriptors, \(before) before")
      precondition(left.isEmpty, "children left: \(left)")
    }
  }

  @Test func anIdleAgentUsesNoProcessorTime() async {
    await #expect(processExitsWith: .success) {
      func ticks() throws -> Int {
        let fields = String(decoding: try File.read("/proc/self/stat"), as: UTF8.self).split(separator: " ")
        return (Int(fields[13]) ?? 0) + (Int(fields[14]) ?? 0)
      }
      let agent = try LocalAgent.forTests()
      let client = try AgentTestClient(agent)
      try client.run(untilPrinted: "$ ")
      let orphan = try AgentTestClient(agent)
      try orphan.run(untilPrinted: "$ ")
      orphan.type("exit\n")
      try orphan.turn(waiting: 0)
      orphan.cut()
      _ = try Poll.wait([], microseconds: 300_000)
      let before = try ticks()
      _ = try Poll.wait([], microseconds: 1_000_000)
      let used = try ticks() - before
      precondition(used <= 10, "\(used) hundredths of a second")
      agent.stop()
    }
  }
}
