/// The program's manual page, section 1, in roff with the man macros (man(7)).
///
/// No date stands in it, so that the same declaration always gives the same bytes.
struct ManualPage {
  private let program: Program

  init(_ program: Program) { self.program = program }

  var text: String {
    let root = Scope(program)
    let name = program.command.name
    var lines = [
      ".\\\" Made from the program's own declaration of its options.",
      [
        ".TH", Self.quoted(name.uppercased()), "1 \"\"", Self.quoted("\(name) \(program.version)"),
        "\"User Commands\"",
      ]
      .joined(separator: " "),
      // No hyphenation, no stretched lines: option names stay whole and can be copied.
      ".nh", ".ad l",
      ".SH NAME", "\(Self.escaped(name)) \\- \(Self.escaped(program.command.summary))", ".SH SYNOPSIS",
    ]
    lines += synopsis(root)
    if !program.command.discussion.isEmpty {
      lines.append(".SH DESCRIPTION")
      lines += prose(program.command.discussion)
    }
    lines += positionals(root, heading: ".SH ARGUMENTS")
    lines += options(root, heading: ".SH")
    let subcommands = Array(root.visibleScopes.dropFirst())
    if !subcommands.isEmpty { lines.append(".SH SUBCOMMANDS") }
    for scope in subcommands { lines += subcommand(scope) }
    for section in program.command.sections {
      lines.append(".SH \(Self.quoted(section.title.uppercased()))")
      lines += prose(section.text)
    }
    if !program.command.examples.isEmpty { lines.append(".SH EXAMPLES") }
    lines += examples(program.command)
    return lines.joined(separator: "\n") + "\n"
  }

  private func subcommand(_ scope: Scope) -> [String] {
    let command = scope.command
    var lines = [".SS \(Self.quoted(scope.names.dropFirst().joined(separator: " ")))"]
    lines += synopsis(scope) + [".PP", Self.escaped(command.summary.capitalized + ".")]
    if !command.discussion.isEmpty { lines += [".PP"] + prose(command.discussion) }
    lines += positionals(scope, heading: nil)
    lines += options(scope, heading: nil)
    for section in command.sections {
      lines += [".PP", ".B \(Self.quoted(section.title + ":"))"] + [".PP"] + prose(section.text)
    }
    if !command.examples.isEmpty { lines += [".PP", ".B \"Examples:\""] }
    return lines + examples(command)
  }

  private func synopsis(_ scope: Scope) -> [String] {
    let name = scope.names.joined(separator: " ")
    return scope.usage.enumerated().flatMap { index, line in
      (index == 0 ? [] : [".br"]) + [
        ".B \(Self.quoted(name))", Self.escaped(String(line.dropFirst(name.count + 1))),
      ]
    }.filter { !$0.isEmpty }
  }

  private func positionals(_ scope: Scope, heading: String?) -> [String] {
    let positionals = scope.command.positionals
    if positionals.isEmpty { return [] }
    return (heading.map { [$0] } ?? [])
      + positionals.flatMap { entry("\\fI\(Self.escaped($0.name))\\fR", $0.helpWithChoices) }
  }

  /// A subcommand's own options; at the top, all.
  private func options(_ scope: Scope, heading: String?) -> [String] {
    let own = Set(scope.command.options.map(\.long))
    return scope.optionGroups.flatMap { group -> [String] in
      let options = scope.isRoot ? group.options : group.options.filter { own.contains($0.long) }
      if options.isEmpty { return [] }
      let title: [String] =
        if let heading {
          ["\(heading) \(Self.quoted(group.title.uppercased()))"]
        } else if group.title != "Options" {
          [".PP", ".B \(Self.quoted(group.title + ":"))"]
        } else { [] }
      return title + options.flatMap { entry(label($0), $0.longHelp) }
    }
  }

  private func label(_ option: Option) -> String {
    let letter = option.short.map { "\\fB\(Self.escaped("-\($0)"))\\fR, " } ?? ""
    return letter + "\\fB\(Self.escaped("--" + option.long))\\fR\\fI\(Self.escaped(option.valueLabel))\\fR"
  }

  private func entry(_ label: String, _ help: String) -> [String] {
    [".TP", label] + prose(help, paragraph: ".IP")
  }

  private func examples(_ command: Command) -> [String] {
    command.examples.flatMap { example in
      [
        ".PP", Self.escaped(example.explanation), ".RS 4", ".nf", Self.escaped("$ " + example.command), ".fi",
        ".RE",
      ]
    }
  }

  /// - Parameter paragraph: the macro between paragraphs.
  private func prose(_ text: String, paragraph: String = ".PP") -> [String] {
    var lines: [String] = []
    var isVerbatim = false
    for block in TextLayout.blocks(text) {
      if case .verbatim = block {
        if !isVerbatim { lines.append(".nf") }
        isVerbatim = true
      } else if isVerbatim {
        lines.append(".fi")
        isVerbatim = false
      }
      switch block {
      case .gap: lines.append(paragraph)
      case .verbatim(let line): lines.append(Self.escaped(line))
      case .paragraph(let words): lines.append(Self.escaped(words))
      }
    }
    return isVerbatim ? lines + [".fi"] : lines
  }
}

extension ManualPage {
  /// Text that roff prints as it is, also at the start of a line (groff_char(7)).
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\(rs"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "`": result += "\\(ga"
      case "^": result += "\\(ha"
      case "~": result += "\\(ti"
      case "\"": result += "\\(dq"
      case "." where result.isEmpty: result += "\\&."
      case _ where scalar.value < 0x20 || scalar.value == 0x7F: result += " "
      case _ where !scalar.isASCII:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A macro's argument.
  static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }
}
