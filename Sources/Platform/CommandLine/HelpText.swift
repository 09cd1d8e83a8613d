/// What `-h` (short) and `--help` (long, with discussion and examples) show for a command.
struct HelpText {
  /// Help is set for at least and at most so many columns, whatever the terminal has.
  static let columnLimits = 40...100

  /// Columns of the longest label that has its text on the same line.
  private static let longestLabel = 28

  private let scope: Scope
  private let isLong: Bool
  private let layout: TextLayout
  private let style: Style

  init(_ scope: Scope, isLong: Bool, columns: Int, _ style: Style) {
    self.scope = scope
    self.isLong = isLong
    self.style = style
    let limits = Self.columnLimits
    layout = TextLayout(columns: min(max(columns, limits.lowerBound), limits.upperBound))
  }

  var text: String {
    let command = scope.command
    var parts: [[String]] = [layout.prose(command.summary.capitalized + ".")]
    parts.append(usage)
    if isLong, !command.discussion.isEmpty { parts.append(layout.prose(command.discussion)) }
    parts.append(table("Arguments", command.positionals.map { ($0.name, $0.helpWithChoices) }))
    parts.append(table("Subcommands", scope.visibleSubcommands.map { ($0.name, $0.summary.capitalized) }))
    for group in scope.optionGroups {
      parts.append(table(group.title, group.options.map { ($0.label, isLong ? $0.longHelp : $0.shortHelp) }))
    }
    if isLong {
      for section in command.sections {
        parts.append([style.bold(section.title + ":")] + layout.prose(section.text, indent: 2))
      }
      parts.append(examples)
    } else if hasMore {
      parts.append(layout.prose("'\(scope.names.joined(separator: " ")) --help' shows more, with examples."))
    }
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private var hasMore: Bool {
    !scope.command.examples.isEmpty || !scope.command.discussion.isEmpty || !scope.command.sections.isEmpty
  }

  private var usage: [String] {
    scope.usage.enumerated().flatMap { index, line in
      let heading = index == 0 ? "Usage: " : "       "
      let name = scope.names.joined(separator: " ")
      // Further lines of one usage stand under its first option, where there is room.
      let indent = min(7 + name.count + 1, layout.columns / 2)
      var lines = TextLayout.wrap(line, columns: layout.columns - indent)
      for index in lines.indices.dropFirst() {
        lines[index] = String(repeating: " ", count: indent) + lines[index]
      }
      lines[0] = (index == 0 ? style.bold("Usage:") + " " : heading) + lines[0]
      return lines
    }
  }

  private func table(_ title: String, _ rows: [(label: String, text: String)]) -> [String] {
    rows.isEmpty ? [] : [style.bold(title + ":")] + layout.table(rows, labelColumns: labelColumns)
  }

  /// One width for all tables, so that their right columns stand in one line; longer labels are exceptions.
  private var labelColumns: Int {
    let labels =
      scope.command.positionals.map(\.name) + scope.visibleSubcommands.map(\.name)
      + scope.optionGroups.flatMap { $0.options.map(\.label) }
    return labels.map(\.columnCount).filter { $0 <= Self.longestLabel }.max() ?? 0
  }

  private var examples: [String] {
    guard !scope.command.examples.isEmpty else { return [] }
    var lines = [style.bold("Examples:")]
    for (index, example) in scope.command.examples.enumerated() {
      if index > 0 { lines.append("") }
      lines += layout.prose(example.explanation, indent: 2)
      lines.append("    $ " + example.command)
    }
    return lines
  }
}

extension Positional {
  /// The help text with the words of a choice.
  var helpWithChoices: String {
    guard case .choice(let words) = value else { return help }
    return "\(help) (\(words.joined(separator: ", ")))"
  }
}
