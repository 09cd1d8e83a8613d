import Glibc
import Platform
import Testing

@Suite struct EnvironmentTests {
  @Test func variablesAreRead() {
    let environment = Environment(["A": "1", "EMPTY": ""])
    #expect(environment["A"] == "1" && environment["B"] == nil)
    #expect(
      environment.nonEmpty("A") == "1" && environment.nonEmpty("EMPTY") == nil && environment["EMPTY"] == "")
    #expect(Environment.current["PATH"] == getenv("PATH").map { String(cString: $0) })
  }

  @Test func aRemovedVariableIsGoneFromTheProcessAndItsMemory() async {
    await #expect(processExitsWith: .success) {
      setenv("SECRET_FOR_TEST", "a=b=token", 1)
      guard Environment.current["SECRET_FOR_TEST"] == "a=b=token", let memory = getenv("SECRET_FOR_TEST")
      else { exit(1) }
      Environment.remove("SECRET_FOR_TEST")
      guard Environment.current["SECRET_FOR_TEST"] == nil, getenv("SECRET_FOR_TEST") == nil else { exit(2) }
      exit(memory[0] == 0x78 && memory[8] == 0x78 ? 0 : 3)
    }
  }

  @Test func theHomeFolderIsTheVariableOrTheDatabases() {
    #expect(Host.home(Environment(["HOME": "/somewhere"])) == "/somewhere")
    #expect(Host.home(Environment(["HOME": ""])).hasPrefix("/") && Host.shell.hasPrefix("/"))
    #expect(!Host.name.isEmpty && !Host.user.isEmpty && Host.processID == getpid())
  }
}
