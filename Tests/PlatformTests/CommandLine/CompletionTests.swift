import Testing

@testable import Platform

@Suite struct CompletionTests {
  private let program = SampleProgram.program

  /// Words as readline splits them, the last one being completed, and what is offered; "<default>" stands for
  /// readline's own file names, "<dirnames>" for its folders.
  private static let cases: [(line: String, offered: String)] = [
    ("gr", "grep"), ("", "play grep export remote completions help"), ("demo", "<default>"),
    ("grep --ig", "--ignore-case"), ("grep --in", "--in --index --index-folder"), ("--ver", "--version"),
    ("grep --debug", ""), ("secr", "<default>"), ("grep --in ", "output input commands title"),
    ("grep --in o", "output"), ("grep --in = o", "output"), ("grep --in =", "output input commands title"),
    ("grep --in=o", "--in=output"), ("--color n", "never"), ("grep --color al", "always"),
    ("grep -i -e x -f ", "<default>"), ("grep -ie ", ""), ("grep -if ", "<default>"), ("grep -ef ", ""),
    ("grep --index-folder ", "<dirnames>"), ("grep ", ""), ("grep x ", "<default>"),
    ("grep x y z ", "<default>"),
    ("grep -e --in ", ""), ("grep -- --in", ""), ("grep -- x ", "<default>"),
    ("--color never grep --ig", "--ignore-case"),
    ("export --to v", "v1 v2 v3"), ("export f ", "all part"), ("export f all ", ""),
    ("remote ", "list"), ("remote list ", "<dirnames>"), ("remote list --al", "--all"),
    ("remote list x ", "<dirnames>"),
    ("completions ", "bash zsh fish"), ("help gr", "grep"), ("demo.cast --sp", "--speed"), ("demo.cast ", ""),
    ("grep --skeleton ", "input output"), ("grep --skeleton x ", "<default>"), ("grep --skeleton input ", ""),
  ]

  @Test func bashOffersWhatFits() throws {
    var script = program.generated(.bash) + "compopt() { offered+=\" <$2>\"; }\n"
    for entry in Self.cases {
      var words = entry.line.split(separator: " ").map(String.init)
      if entry.line.isEmpty || entry.line.hasSuffix(" ") { words.append("") }
      let quoted = (["sample"] + words).map(BashCompletion.quoted).joined(separator: " ")
      script += "COMP_WORDS=(\(quoted)) COMP_CWORD=\(words.count) offered=; _sample; "
      script += "printf '%s%s\\n' \"${COMPREPLY[*]}\" \"${offered# }\"\n"
    }
    script += "complete -p sample\n"
    try ToolRun.withFile(script) { path in
      guard let run = try ToolRun.run("bash", ["--norc", "-u", path]) else {
        return print("bash is not installed: its completions are not checked")
      }
      #expect(run.error == "")
      let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == Self.cases.count + 2)
      for (entry, line) in zip(Self.cases, lines) { #expect(entry.offered == line, "\(entry.line)") }
      #expect(lines.dropLast().last == "complete -F _sample sample")
    }
  }

  /// What a person sees who types at a bash that has read the script.
  @Test func anInteractiveBashCompletesWhatIsTyped() throws {
    let folders = (Environment.current["PATH"] ?? "").split(separator: ":")
    guard folders.contains(where: { File.isExecutable("\($0)/bash") }) else {
      return print("bash is not installed: its completions are not checked")
    }
    try ToolRun.withFile(program.generated(.bash)) { path in
      var environment = Environment.current
      environment.variables.merge(["PS1": "ready> ", "TERM": "dumb", "INPUTRC": "/dev/null"]) { $1 }
      let bash = ProgramInvocation("bash", arguments: ["--norc", "-i"], environment: environment)
      let process = try ChildProcess.spawn(bash, onTerminalOfSize: WindowSize(columns: 200, rows: 24))
      var seen = ""
      func wait(for text: String) throws {
        while !seen.contains(text) {
          let ready = try Poll.wait(
            [Poll.Interest(process.terminal.rawValue, .readable)], microseconds: 30_000_000)
          guard ready != [[]], case .bytes(let bytes) = try process.terminal.read(upTo: 4096) else {
            Issue.record("no \(text) in \(seen.printable)")
            return
          }
          seen += String(decoding: bytes, as: UTF8.self)
        }
        seen = ""
      }
      try wait(for: "ready> ")
      try process.terminal.writeAll(Array("source \(path) && echo sour''ced\n".utf8))
      try wait(for: "sourced\r\nready> ")
      for (typed, completed) in [
        ("sample gre\t", "sample grep "), ("sample grep --ign\t", "sample grep --ignore-case "),
        ("sample grep --in=ti\t", "sample grep --in=title "),
        ("sample --color ne\t", "sample --color never "),
        ("sample remote list /et\t", "sample remote list /etc/"),
        ("sample \(path.dropLast(2))\t", "sample \(path) "),
      ] {
        try process.terminal.writeAll(Array(typed.utf8))
        try wait(for: completed)
        try process.terminal.writeAll([0x15])  // Ctrl-U takes the line away
      }
      try process.terminal.writeAll(Array("exit\n".utf8))
      #expect(try process.child.waitForExit() == .exited(0))
    }
  }

  @Test(arguments: [("bash", BuiltIn.Generated.bash), ("zsh", .zsh), ("fish", .fish)])
  func shellsReadTheirScripts(shell: String, kind: BuiltIn.Generated) throws {
    try ToolRun.withFile(program.generated(kind)) { path in
      guard let run = try ToolRun.run(shell, ["-n", path]) else {
        return print("\(shell) is not installed: its completions are not checked")
      }
      #expect(run.error == "" && run.status == .exited(0))
    }
  }

  @Test func zshAndFishNameEveryVisibleOptionAndNoHiddenOne() {
    let zsh = program.generated(.zsh)
    let fish = program.generated(.fish)
    for piece in [
      "'(-i --ignore-case)'{-i,--ignore-case}'[Take upper", "'*'{-e+,--regexp=}'[A pattern]:PATTERN: '",
      "'--index-folder=[The index'\\''s folder]:DIR:_files -/'",
      "'--skeleton=[Print a skeleton]::WORD:(input output)'",
      "Show help\\: -h", "remote) _sample__remote && ret=0", "*) _sample__play && ret=0", "'1::PATTERN: '",
    ] { #expect(zsh.contains(piece), "\(piece)") }
    for piece in [
      "-n '__sample_at grep' -s 'i' -l 'ignore-case' -d",
      "-l 'index-folder' -x -a '(__fish_complete_directories)'",
      "-d 'The index\\'s folder'",
      "case ' play' ' grep' ' export' ' remote' 'remote list' ' completions' ' help'",
      "-n '__sample_at remote list' -s 'a'", "or set path 'play'",
    ] { #expect(fish.contains(piece), "\(piece)") }
    for hidden in ["debug-dump", "secret", "generate"] {
      #expect(!zsh.contains(hidden) && !fish.contains(hidden))
    }
  }
}
