/// A completion script for bash 4.4 or later, which needs no other package.
///
/// Three generated tables (which word leads to which subcommand, what an option takes, what stands at a
/// place) and one fixed function that walks over the words with them.
struct BashCompletion {
  private let root: Scope

  init(_ program: Program) { root = Scope(program) }

  var text: String {
    let name = root.command.name
    let function = "_" + String(name.map { $0 == "-" ? "_" : $0 })
    let scopes = root.visibleScopes
    let tables = [
      table(
        function + "_enter", "the subcommand that word $2 leads to from subcommand $1",
        scopes.flatMap(enterRows)),
      table(function + "_options", "the options of subcommand $1", scopes.map(optionsRow)),
      table(
        function + "_value", "what option $2 of subcommand $1 takes; empty: nothing",
        scopes.flatMap(valueRows)),
      table(function + "_place", "what stands at place $2 of subcommand $1", scopes.flatMap(placeRows)),
    ]
    return """
      # bash completion for \(name)

      \(tables.joined(separator: "\n\n"))

      \(Self.walker(function: function, defaultSubcommand: root.program.defaultSubcommand ?? ""))

      complete -F \(function) \(name)

      """
  }

  /// A function that sets REPLY by the first row whose pattern its arguments match.
  private func table(_ name: String, _ comment: String, _ rows: [(patterns: [String], reply: String)])
    -> String
  {
    let cases = rows.map { "    \($0.patterns.joined(separator: " | "))) REPLY=\(Self.quoted($0.reply)) ;;" }
    return """
      # REPLY: \(comment)
      \(name)() {
        REPLY=
        case "$*" in
      \((cases + ["    *) return 1 ;;"]).joined(separator: "\n"))
        esac
      }
      """
  }

  /// A subcommand's name in the tables; empty for the program itself.
  private func key(_ scope: Scope) -> String { scope.names.dropFirst().joined(separator: " ") }

  private func enterRows(_ scope: Scope) -> [(patterns: [String], reply: String)] {
    scope.visibleSubcommands.map { ([Self.quoted("\(key(scope)) \($0.name)")], key(scope.entering($0))) }
  }

  private func optionsRow(_ scope: Scope) -> (patterns: [String], reply: String) {
    let names = scope.options.filter { !$0.hidden }.flatMap(\.shellNames)
    return ([Self.quoted(key(scope))], names.joined(separator: " "))
  }

  private func valueRows(_ scope: Scope) -> [(patterns: [String], reply: String)] {
    scope.options.filter { !$0.hidden }.compactMap { option in
      guard let value = option.value else { return nil }
      let reply =
        switch value {
        case .text, .number, .count: "text"
        case .file: "file"
        case .folder: "folder"
        case .choice(let words): "word " + words.joined(separator: " ")
        case .optionalChoice(let words): "maybe " + words.joined(separator: " ")
        }
      return (option.shellNames.map { Self.quoted("\(key(scope)) \($0)") }, reply)
    }
  }

  private func placeRows(_ scope: Scope) -> [(patterns: [String], reply: String)] {
    var rows: [(patterns: [String], reply: String)] = []
    let subcommands = scope.visibleSubcommands.map(\.name)
    if !subcommands.isEmpty {
      rows.append(([Self.quoted("\(key(scope)) 0")], "word " + subcommands.joined(separator: " ")))
    }
    for (index, positional) in scope.command.positionals.enumerated() {
      let reply =
        switch positional.value {
        case .text, .number: "text"
        case .file: "file"
        case .folder: "folder"
        case .choice(let words): "word " + words.joined(separator: " ")
        }
      let isLast = positional.arity == .any || positional.arity == .atLeastOne
      rows.append(
        ([isLast ? Self.quoted(key(scope) + " ") + "*" : Self.quoted("\(key(scope)) \(index)")], reply))
      if isLast { break }
    }
    return rows
  }

  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}

extension BashCompletion {
  /// readline gives `--name=value` as three words, or as one where COMP_WORDBREAKS has no "=".
  private static func walker(function: String, defaultSubcommand: String) -> String {
    #"""
    # Offers what a kind of value has that begins with $2; $3 is put before each.
    \#(function)_offer() {
      case "$1" in
        word* | maybe*) mapfile -t COMPREPLY < <(compgen -P "$3" -W "${1#* }" -- "$2") ;;
        file) compopt -o default ;;
        folder) compopt -o dirnames ;;
      esac
    }

    \#(function)() {
      local current=${COMP_WORDS[COMP_CWORD]} command= option= ended= word letters places=0 i REPLY
      local IFS=$' \t\n'
      COMPREPLY=()
      for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ -n $option ]]; then
          [[ $word == = ]] || option=
        elif [[ -z $ended && $word == -- ]]; then
          ended=1
        elif [[ -z $ended && $word == --* ]]; then
          if \#(function)_value "$command" "$word"; then
            option=$word
            if [[ $REPLY == maybe* ]] && ((i + 1 < COMP_CWORD)); then
              [[ " = ${REPLY#maybe } " == *" ${COMP_WORDS[i + 1]} "* ]] || option=
            fi
          fi
        elif [[ -z $ended && $word == -?* ]]; then
          for ((letters = 1; letters < ${#word}; letters++)); do
            \#(function)_value "$command" "-${word:letters:1}" || continue
            ((letters + 1 < ${#word})) || option=-${word:letters:1}
            break
          done
        elif [[ -z $ended && $places == 0 ]] && \#(function)_enter "$command" "$word"; then
          command=$REPLY
        else
          [[ -n $command ]] || command=\#(defaultSubcommand)
          ((places += 1))
        fi
      done
      if [[ -n $option ]]; then
        [[ $current != = ]] || current=
        \#(function)_value "$command" "$option"
        \#(function)_offer "$REPLY" "$current" ''
      elif [[ -z $ended && $current == --*=* ]]; then
        \#(function)_value "$command" "${current%%=*}"
        \#(function)_offer "$REPLY" "${current#*=}" "${current%%=*}="
      elif [[ -z $ended && $current == -* ]]; then
        \#(function)_options "$command"
        \#(function)_offer "word $REPLY" "$current" ''
      else
        \#(function)_place "$command" "$places"
        \#(function)_offer "$REPLY" "$current" ''
        if [[ ${#COMPREPLY[@]} == 0 && -z $command && -n '\#(defaultSubcommand)' ]]; then
          \#(function)_place '\#(defaultSubcommand)' 0
          \#(function)_offer "$REPLY" "$current" ''
        fi
      fi
    }
    """#
  }
}

extension Option {
  /// `--long`, and `-s` where there is a letter.
  var shellNames: [String] { ["--" + long] + (short.map { ["-\($0)"] } ?? []) }
}
