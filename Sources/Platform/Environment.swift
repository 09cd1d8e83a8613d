import Glibc

/// The process's environment variables, as a value that tests can replace.
public struct Environment: Sendable, Equatable {
  /// By name.
  public var variables: [String: String]

  /// Variables by name.
  public init(_ variables: [String: String]) { self.variables = variables }

  /// The value of a variable; nil where it is not set.
  public subscript(name: String) -> String? { variables[name] }

  /// The value of a variable that is set and not empty.
  public func nonEmpty(_ name: String) -> String? {
    variables[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// What this process was started with, changed by `remove`.
  public static var current: Environment {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text)
      // A name that occurs twice has the value getenv(3) would find: the first.
      if let equals = pair.firstIndex(of: "="), variables[String(pair[..<equals])] == nil {
        variables[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
      }
      entry += 1
    }
    return Environment(variables)
  }

  /// Removes a variable from this process and overwrites its value, so that neither children nor
  /// /proc/PID/environ keep it.
  public static func remove(_ name: String) {
    guard let value = getenv(name) else { return }
    memset(value, 0x78, strlen(value))
    unsetenv(name)
  }
}

/// Facts of the machine and user that recordings keep.
public enum Host {
  /// The machine's name (gethostname(2)); "unknown" where it has none.
  public static var name: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The login name of the user this process acts for (getpwuid(3)); the number where there is no name.
  public static var user: String {
    let id = geteuid()
    guard let entry = getpwuid(id), let name = entry.pointee.pw_name else { return String(id) }
    return String(cString: name)
  }

  /// The user's home folder: `HOME`, or the password database's entry.
  public static func home(_ environment: Environment) -> String {
    if let home = environment.nonEmpty("HOME") { return home }
    guard let entry = getpwuid(geteuid()), let home = entry.pointee.pw_dir else { return "/" }
    return String(cString: home)
  }

  /// The shell of the user this process acts for; `/bin/sh` where none is named.
  public static var shell: String {
    guard let entry = getpwuid(geteuid()), let shell = entry.pointee.pw_shell else { return "/bin/sh" }
    let path = String(cString: shell)
    return path.isEmpty ? "/bin/sh" : path
  }

  /// The effective user's number (geteuid(2)).
  public static var userID: UInt32 { geteuid() }
  /// The number of this process.
  public static var processID: Int32 { getpid() }
}

/// Ends this process with an exit code (exit(3)); nothing after it runs.
public func endProcess(_ code: Int32) -> Never { exit(code) }
