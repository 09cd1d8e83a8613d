/// One setting a program knows.
public struct SettingDeclaration: Sendable, Equatable {
  /// What values a setting takes.
  public enum Kind: Sendable, Equatable {
    /// Any text.
    case text
    /// A path; `~/` at its start is the user's home folder.
    case path
    /// One of these words.
    case choice([String])
    /// Decimal, with or without fraction.
    case number
    /// `true` or `false`.
    case boolean
  }

  /// The key in the files, with underscores: "signing_key".
  public let name: String
  /// What its values are.
  public let kind: Kind
  /// nil: not set.
  public let defaultValue: String?
  /// A line for `config`.
  public let help: String

  /// Declares a setting; `help` is one line without a full stop.
  public init(_ name: String, _ kind: Kind = .text, default defaultValue: String? = nil, help: String) {
    (self.name, self.kind, self.defaultValue, self.help) = (name, kind, defaultValue, help)
  }
}

/// Settings from four places, the later wins: `/etc/NAME/config.json`, `$XDG_CONFIG_HOME/NAME/config.json`
/// (else `~/.config`), environment variables (`signing_key` is `NAME_SIGNING_KEY`), and flags.
///
/// A missing file, a `null` and an empty variable set nothing. A file holds one JSON object of at most 1 MiB.
public struct Settings: Sendable, Equatable {
  /// Where a value comes from.
  public enum Origin: Sendable, Equatable, CustomStringConvertible {
    /// The program's own.
    case builtIn
    /// The settings file at a path.
    case file(String)
    /// An environment variable.
    case environment(variable: String)
    /// A flag on the command line.
    case flag(String)

    public var description: String {
      switch self {
      case .builtIn: "default"
      case .file(let path): path
      case .environment(let variable): "environment variable \(variable)"
      case .flag(let name): name
      }
    }
  }

  /// A setting with its value and where that comes from.
  public struct Entry: Sendable, Equatable {
    /// Which setting it is.
    public let declaration: SettingDeclaration
    /// As text: booleans are "true" or "false", numbers have the digits they were written with. nil: not set.
    public internal(set) var value: String?
    /// Where the value comes from.
    public internal(set) var origin: Origin
  }

  /// Every declared setting, in the order of declaration.
  public private(set) var all: [Entry]
  private let home: String

  /// Longest file that is read, in bytes.
  static let fileSizeLimit = 1 << 20

  /// Reads from the file system, at most 1 MiB.
  public static func readFile(_ path: String) throws(Errno) -> [UInt8] {
    try File.read(path, limit: fileSizeLimit)
  }

  /// - Parameters:
  ///   - declarations: every setting there is.
  ///   - environment: where variables and the folder for settings are looked up.
  ///   - name: the program family's name: names the folders and, in capitals, begins the variables.
  ///   - readFile: a file's bytes; `.noSuchFile` where there is none. The file system's, where not given.
  ///   - flags: settings given on the command line, by the names of the declarations.
  /// - Throws: where a file cannot be read or is no JSON object, a key is unknown, or a value is of the wrong
  ///   kind. Unknown variables are left alone: they belong to somebody else.
  public init(
    _ declarations: [SettingDeclaration], name: String, environment: Environment,
    readFile: (String) throws(Errno) -> [UInt8] = Settings.readFile, flags: [String: String] = [:]
  ) throws(SettingsError) {
    home = Host.home(environment)
    all = declarations.map { Entry(declaration: $0, value: $0.defaultValue, origin: .builtIn) }
    for path in Self.paths(name: name, environment: environment) {
      let bytes: [UInt8]
      do throws(Errno) {
        bytes = try readFile(path)
      } catch .noSuchFile {
        continue
      } catch .notDirectory {
        continue
      } catch {
        throw .unreadable(path: path, error)
      }
      try apply(file: path, bytes)
    }
    for declaration in declarations {
      let variable = Self.variable(of: declaration.name, name: name)
      if let text = environment.nonEmpty(variable) {
        try set(declaration.name, text: text, from: .environment(variable: variable))
      }
    }
    for (key, text) in flags.sorted(by: { $0.key < $1.key }) {
      let flag = "--" + String(key.map { $0 == "_" ? "-" : $0 })
      try set(key, text: text, from: .flag(flag))
    }
  }

  /// The files that are read, in order. A relative XDG_CONFIG_HOME is ignored (XDG Base Directory
  /// Specification).
  public static func paths(name: String, environment: Environment) -> [String] {
    let xdg = environment.nonEmpty("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    let user = xdg ?? Host.home(environment) + "/.config"
    return ["/etc/\(name)/config.json", "\(user)/\(name)/config.json"]
  }

  /// The environment variable of a setting: `SSMCAST_SIGNING_KEY`.
  public static func variable(of setting: String, name: String) -> String {
    "\(name)_\(setting)".uppercased()
  }

  /// The value as text; nil where it is not set or no such setting is declared.
  public func value(_ name: String) -> String? { entry(name)?.value }

  /// Whether a boolean setting is on; false where it is not set.
  public func boolean(_ name: String) -> Bool { value(name) == "true" }

  /// The value of a number setting.
  public func number(_ name: String) -> Double? { value(name).flatMap { Double($0) } }

  /// Where the value comes from.
  public func origin(_ name: String) -> Origin { entry(name)?.origin ?? .builtIn }

  private func entry(_ name: String) -> Entry? { all.first { $0.declaration.name == name } }
}

extension Settings {
  private mutating func apply(file path: String, _ bytes: [UInt8]) throws(SettingsError) {
    let contents: JSON
    do throws(JSONError) {
      contents = try JSON(parsing: bytes)
    } catch {
      throw .malformed(path: path, error)
    }
    guard let members = contents.members else { throw .notAnObject(path: path) }
    for member in members { try set(member.name, member.value, from: .file(path)) }
  }

  private mutating func set(_ key: String, _ value: JSON, from origin: Origin) throws(SettingsError) {
    let index = try index(of: key, from: origin)
    let kind = all[index].declaration.kind
    switch (kind, value) {
    case (_, .null): return
    case (.boolean, .bool(let value)): store(value ? "true" : "false", at: index, from: origin)
    case (.number, .number(let digits)): store(digits, at: index, from: origin)
    case (.text, .string(let text)), (.path, .string(let text)), (.choice, .string(let text)):
      try set(key, text: text, from: origin)
    default: throw .wrongType(key: key, origin, expected: kind, found: value.kindName)
    }
  }

  private mutating func set(_ key: String, text: String, from origin: Origin) throws(SettingsError) {
    let index = try index(of: key, from: origin)
    let kind = all[index].declaration.kind
    let value: String? =
      switch kind {
      case .text: text
      case .path: text.hasPrefix("~/") ? home + text.dropFirst() : text
      case .choice(let choices): choices.contains(text) ? text : nil
      case .number: Decimal.isNumber(text) ? text : nil
      case .boolean: Self.truth(text).map { $0 ? "true" : "false" }
      }
    guard let value else { throw .badValue(key: key, origin, expected: kind, found: text) }
    store(value, at: index, from: origin)
  }

  private mutating func store(_ value: String, at index: Int, from origin: Origin) {
    all[index].value = value
    all[index].origin = origin
  }

  private func index(of key: String, from origin: Origin) throws(SettingsError) -> Int {
    if let index = all.firstIndex(where: { $0.declaration.name == key }) { return index }
    let nearest = EditDistance.nearest(to: key, among: all.map(\.declaration.name))
    throw .unknownKey(key, origin, nearest: nearest)
  }

  private static func truth(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "on", "1": true
    case "false", "no", "off", "0": false
    default: nil
    }
  }
}

extension JSON {
  fileprivate var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}
