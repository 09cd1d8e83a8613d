import Platform
import Testing

/// The Autobahn test suite, which runs on Python 2.7 alone: skipped where `scripts/autobahn install` found none.
@Suite(
  .enabled(
    if: File.exists(Products.checkout + "/.build/autobahn/installed"),
    "the Autobahn test suite is not installed; it needs Python 2.7"))
struct WebSocketConformanceTests {
  @Test func everyCaseIsPassedAsClientAndAsServer() throws {
    let workspace = try Workspace()
    // Where Python 2.7 may be.
    workspace.environment.variables["PATH"] = Environment.current["PATH"]
    workspace.environment.variables["HOME"] = Environment.current["HOME"]
    let run = try workspace.run(
      Products.checkout + "/scripts/autobahn", [Products.folder, workspace.folder], within: 600)
    #expect(run.status == .exited(0), "\(run.allText)")
    #expect(run.text.contains("as client: 247 cases") && run.text.contains("as server: 247 cases"))
  }
}
