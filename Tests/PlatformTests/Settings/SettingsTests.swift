import Testing

@testable import Platform

@Suite struct SettingsTests {
  private static let declarations = [
    SettingDeclaration("signing_key", .path, help: "The key"),
    SettingDeclaration(
      "fail_policy", .choice(["strict", "best-effort"]), default: "strict", help: "On failure"),
    SettingDeclaration("idle_limit", .number, default: "2", help: "Seconds"),
    SettingDeclaration("record_input", .boolean, default: "false", help: "Keys"),
    SettingDeclaration("title", help: "The title"),
  ]

  private func settings(
    system: String? = nil, user: String? = nil, _ variables: [String: String] = [:],
    flags: [String: String] = [:]
  ) throws(SettingsError) -> Settings {
    let files = ["/etc/ssmcast/config.json": system, "/home/u/.config/ssmcast/config.json": user]
    return try Settings(
      Self.declarations, name: "ssmcast",
      environment: Environment(variables.merging(["HOME": "/home/u"]) { first, _ in first }),
      readFile: { path throws(Errno) in
        guard let text = files[path] ?? nil else { throw Errno.noSuchFile }
        return Array(text.utf8)
      }, flags: flags)
  }

  @Test func theLaterSourceWinsAndEachValueKnowsItsOrigin() throws {
    let system =
      "{\"idle_limit\": 5, \"record_input\": true, \"title\": \"system\", \"fail_policy\": \"best-effort\"}"
    let user = "{\"title\": \"user\", \"idle_limit\": 1.50, \"fail_policy\": null}"
    let found = try settings(
      system: system, user: user, ["SSMCAST_IDLE_LIMIT": "9", "SSMCAST_TITLE": "", "SSMCAST_ELSE": "x"],
      flags: ["idle_limit": "0.5"])
    let lines = found.all.map { "\($0.declaration.name)=\($0.value ?? "-") (\($0.origin))" }
    let expected = [
      "signing_key=- (default)", "fail_policy=best-effort (/etc/ssmcast/config.json)",
      "idle_limit=0.5 (--idle-limit)",
      "record_input=true (/etc/ssmcast/config.json)", "title=user (/home/u/.config/ssmcast/config.json)",
    ]
    #expect(lines == expected)
    #expect(
      found.number("idle_limit") == 0.5 && found.boolean("record_input") && !found.boolean("signing_key"))
    #expect(found.origin("idle_limit") == .flag("--idle-limit") && found.value("nothing") == nil)
    let fromVariable = try settings(user: user, ["SSMCAST_IDLE_LIMIT": "9"])
    #expect(fromVariable.origin("idle_limit") == .environment(variable: "SSMCAST_IDLE_LIMIT"))
    #expect(fromVariable.value("idle_limit") == "9")
  }

  @Test func withoutAnySourceTheDefaultsHold() throws {
    let values = try settings().all.map(\.value)
    #expect(values == [nil, "strict", "2", "false", nil])
  }

  @Test func valuesAreReadByTheirKind() throws {
    let cases: [(String, String, String?)] = [
      ("record_input", "YES", "true"), ("record_input", "0", "false"), ("record_input", "maybe", nil),
      ("idle_limit", "-1.5", "-1.5"), ("idle_limit", "soon", nil), ("fail_policy", "strict", "strict"),
      ("fail_policy", "Strict", nil), ("signing_key", "~/key", "/home/u/key"),
      ("signing_key", "~else/key", "~else/key"),
      ("title", "~/any thing", "~/any thing"),
    ]
    for (key, text, expected) in cases {
      do throws(SettingsError) {
        #expect(try settings(flags: [key: text]).value(key) == expected, "\(key) \(text)")
      } catch {
        #expect(expected == nil, "\(error)")
      }
    }
  }

  @Test func errorsNameFileAndKey() {
    let cases: [(String, String)] = [
      (
        "{\"signing_kye\": \"x\"}",
        "/etc/ssmcast/config.json sets \"signing_kye\", which is no setting; did you mean \"signing_key\"?"
      ),
      ("{\"zzz\": 1}", "/etc/ssmcast/config.json sets \"zzz\", which is no setting"),
      ("{\"idle_limit\": \"5\"}", "/etc/ssmcast/config.json: \"idle_limit\" must be a number, but is a text"),
      (
        "{\"record_input\": 1}",
        "/etc/ssmcast/config.json: \"record_input\" must be true or false, but is a number"
      ),
      (
        "{\"signing_key\": [\"a\"]}",
        "/etc/ssmcast/config.json: \"signing_key\" must be a path (a text), but is a list"
      ),
      (
        "{\"fail_policy\": \"lax\"}",
        "/etc/ssmcast/config.json: \"fail_policy\" must be one of strict, best-effort, but is \"lax\""
      ),
      (
        "[]", "the settings in /etc/ssmcast/config.json must be one JSON object, such as {\"key\": \"value\"}"
      ),
      (
        "{\"title\": }",
        "the settings in /etc/ssmcast/config.json are no JSON: \"}\" is not expected in JSON here (byte 10); "
          + "correct or remove the file"
      ),
      (
        "",
        "the settings in /etc/ssmcast/config.json are no JSON: the JSON text ends too early (byte 0); "
          + "correct or remove the file"
      ),
    ]
    for (text, expected) in cases {
      do throws(SettingsError) {
        _ = try settings(system: text)
        Issue.record("no error: \(text)")
      } catch {
        #expect(error.description == expected)
      }
    }
    #expect(
      throws: SettingsError.badValue(
        key: "idle_limit", .environment(variable: "SSMCAST_IDLE_LIMIT"), expected: .number, found: "x")
    ) { try settings(["SSMCAST_IDLE_LIMIT": "x"]) }
    #expect(throws: SettingsError.unknownKey("title2", .flag("--title2"), nearest: "title")) {
      try settings(flags: ["title2": "x"])
    }
  }

  @Test func aFileThatCannotBeReadIsAnErrorAndOneThatIsMissingIsNot() throws {
    for missing in [Errno.noSuchFile, .notDirectory] {
      let found = try Settings(
        Self.declarations, name: "ssmcast", environment: Environment([:]),
        readFile: { _ throws(Errno) in throw missing })
      #expect(found.value("fail_policy") == "strict")
    }
    #expect(throws: SettingsError.unreadable(path: "/etc/ssmcast/config.json", .permissionDenied)) {
      try Settings(
        Self.declarations, name: "ssmcast", environment: Environment([:]),
        readFile: { _ throws(Errno) in throw .permissionDenied })
    }
  }

  @Test func filesLieWhereTheStandardsPutThem() {
    let cases: [([String: String], String)] = [
      (["XDG_CONFIG_HOME": "/x"], "/x/ssmcast/config.json"),
      (["HOME": "/h"], "/h/.config/ssmcast/config.json"),
      (["HOME": "/h", "XDG_CONFIG_HOME": "rel"], "/h/.config/ssmcast/config.json"),
      (["HOME": "/h", "XDG_CONFIG_HOME": ""], "/h/.config/ssmcast/config.json"),
    ]
    for (variables, user) in cases {
      let paths = Settings.paths(name: "ssmcast", environment: Environment(variables))
      #expect(paths == ["/etc/ssmcast/config.json", user])
    }
  }

  @Test func realFilesAreRead() throws {
    let folder = try File.makeTemporaryDirectory(prefix: "settings-")
    defer { try? File.removeTree(folder) }  // what is left lies in the temporary folder
    try File.makeDirectory(folder + "/no-such-program", permissions: 0o700)
    let path = folder + "/no-such-program/config.json"
    try File.write(Array("{\"title\": \"from a file\"}".utf8), to: path, permissions: 0o600)
    let environment = Environment(["XDG_CONFIG_HOME": folder])
    let found = try Settings(Self.declarations, name: "no-such-program", environment: environment)
    #expect(found.value("title") == "from a file" && found.origin("title") == .file(path))
    try File.write([UInt8](repeating: 0x20, count: Settings.fileSizeLimit + 1), to: path, permissions: 0o600)
    #expect(throws: SettingsError.self) {
      try Settings(Self.declarations, name: "no-such-program", environment: environment)
    }
  }
}
