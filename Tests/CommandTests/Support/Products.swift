import Platform

/// Where the programs under test and their peers are.
enum Products {
  /// The folder of the programs that were built with this test bundle: both lie side by side.
  static let folder: String = {
    let bundle = CommandLine.arguments[0]
    let parts = bundle.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast().joined(separator: "/")
  }()

  /// The checkout: the folder that holds `.build`.
  static let checkout: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(4).joined(separator: "/")
  }()

  static func path(_ name: String) -> String { folder + "/" + name }
}

/// Programs of others that ours must work with. Where one is missing its tests are skipped with `reason`,
/// but not in continuous integration (CI=true), where they run and fail.
struct Peer: Sendable {
  let name: String
  let path: String

  static let aws = Peer(name: "the AWS CLI", path: virtualEnvironment("bin/aws"))
  static let boto3 = Peer(name: "boto3", path: virtualEnvironment("bin/python"))
  static let asciinema = Peer(name: "asciinema", path: virtualEnvironment("bin/asciinema"))
  static let python = Peer(name: "Python", path: find("python3"))
  static let curl = Peer(name: "curl", path: find("curl"))
  static let chromium = Peer(name: "Chromium", path: find("chromium"))
  static let tmux = Peer(name: "tmux", path: find("tmux"))
  static let vim = Peer(name: "vim", path: find("vim"))
  static let ssh = Peer(name: "OpenSSH", path: find("ssh"))
  static let sshd = Peer(name: "OpenSSH's server", path: "/usr/sbin/sshd")
  /// The second implementation of the service and agent, in Python, beside the checkout.
  static let gateway = Peer(
    name: "the foreign gateway", path: Products.checkout + "/../shared/peer/gateway.py")

  private static let isRequired = Environment.current["CI"] == "true"

  var exists: Bool { File.exists(path) }
  var isUsable: Bool { exists || Peer.isRequired }
  /// What lies beside the checkout is there for its developers; a clone alone cannot have it.
  var isUsableWhereItLies: Bool { exists && Peer.boto3.exists }
  var reason: String { "\(path) is not there; `make test` installs it where it finds a network" }

  private static func virtualEnvironment(_ path: String) -> String { Products.checkout + "/.venv/" + path }

  private static func find(_ name: String) -> String {
    let folders = (Environment.current["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return folders.map { "\($0)/\(name)" }.first { File.isExecutable($0) } ?? "/usr/bin/" + name
  }
}
