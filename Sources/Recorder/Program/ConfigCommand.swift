import Format
import Platform

/// `ssmrec config`: each setting, its value and where it comes from.
enum ConfigCommand {
  static let command = Command(
    "config", summary: "show the settings and where each comes from",
    discussion: """
      Settings come from /etc/ssmcast/config.json, $XDG_CONFIG_HOME/ssmcast/config.json, environment variables \
      (fail_policy is SSMCAST_FAIL_POLICY) and options; the later wins.
      """,
    options: [Option("json", help: "One JSON object, with value and origin of each setting")],
    examples: [Example("ssmrec config", "What is in force here.")],
    run: run)

  private static func run(_ arguments: Arguments) -> Int32 {
    let environment = Environment.current
    let settings: Settings
    do throws(SettingsError) {
      settings = try ProductSettings.load(environment: environment)
    } catch {
      StandardError.say("\(error)")
      return ExitCode.sessionFailed
    }
    let rows = settings.all.map { entry -> (name: String, value: String, origin: String) in
      let isFolder = entry.declaration.name == "dir"
      let folder = ProductSettings.folder(settings, environment: environment).path
      return (entry.declaration.name, isFolder ? folder : entry.value ?? "", "\(entry.origin)")
    }
    let output = StandardOutput()
    if arguments.has("json") {
      let members = rows.map { row in
        JSON.Member(row.name, ["value": .string(row.value), "origin": .string(row.origin)])
      }
      output.writeLine(JSON.object(members).indentedText())
    } else {
      let nameWidth = rows.map(\.name.count).max() ?? 0
      let valueWidth = rows.map(\.value.count).max() ?? 0
      for row in rows {
        output.writeLine(
          "\(padded(row.name, nameWidth))  \(padded(row.value.printable, valueWidth))  (\(row.origin.printable))"
        )
      }
    }
    return output.finish(ExitCode.success)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
