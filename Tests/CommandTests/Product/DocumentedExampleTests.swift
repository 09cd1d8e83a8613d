import Platform
import Testing

/// The command lines that README and the helps show, run as they stand there.
@Suite struct DocumentedExampleTests {
  /// What cannot be run here as it is written, by how it begins, and why. The rest must succeed.
  private static let elsewhere = [
    ("aws ssm", "needs an AWS account"), ("python3 -c 'import boto3", "needs an AWS account"),
    ("ssh -o ProxyCommand", "needs an AWS account"),
    ("ssmrec start -t i-", "needs an AWS account"), ("ssmrec start --target i-", "needs an AWS account"),
    ("ssmrec attach", "needs an AWS account"), ("ssmrec doctor --profile", "needs an AWS account"),
    ("ssmrec agent", "serves until it is ended: ServiceTests"),
    (
      "ssmplay verify --key signing.pem.pub ~",
      "other examples leave unsigned ones there: SealedRecordingTests"
    ),
    ("script -qc top", "top runs until a key is pressed: ReplayCommandTests"),
    ("uname -sr", "typed in a session"), ("echo deploying", "typed in a session"),
    ("exit", "typed in a session"),
  ]

  private let workspace: Workspace

  init() throws {
    workspace = try Workspace()
    for name in ["SSMCAST_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
      workspace.environment.variables[name] = nil
    }
    try prepare()
  }

  @Test func everyExampleOfTheReadmeRuns() throws {
    let readme = String(decoding: try File.read(Products.checkout + "/README.md"), as: UTF8.self)
    var examples: [String] = []
    var isCode = false
    for line in readme.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") { isCode.toggle() }
      if isCode, line.hasPrefix("$ ") { examples.append(String(line.dropFirst(2))) }
    }
    #expect(examples.count > 20)
    try run(examples)
  }

  @Test func everyExampleOfTheHelpsRuns() throws {
    var examples: [String] = []
    for program in ["ssmrec", "ssmplay"] {
      for command in [""] + (try subcommands(of: program)) {
        let help = try workspace.run(program, (command == "" ? [] : [command]) + ["--help"]).text
        examples += help.split(separator: "\n").filter { $0.hasPrefix("    $ ") }
          .map { String($0.dropFirst(6)) }
      }
    }
    #expect(examples.count > 40)
    try run(examples)
  }

  private func subcommands(of program: String) throws -> [String] {
    try workspace.run(program, ["--help"]).text.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { $0 != "Subcommands:" }.dropFirst().prefix { $0 != "" }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  private func run(_ examples: [String]) throws {
    for example in examples where !Self.elsewhere.contains(where: { example.hasPrefix($0.0) }) {
      // Sessions end where their input says so.
      let shell = try workspace.run("bash", ["-o", "pipefail", "-c", here(example)], input: "exit\n")
      #expect(shell.status == .exited(0), "\(example)\n\(shell.allText)")
    }
  }

  /// An example with the places of this workspace, and without the file that it makes.
  private func here(_ example: String) -> String {
    var line = example
    for root in ["/var/log", "/srv"] { line = line.replacing(" " + root, with: " ./root" + root) }
    line = line.replacing(" killed.cast", with: " killed/killed.cast")
    // A filter of others, which need not be installed.
    if let filter = line.firstRange(of: " | jq ") { line = String(line[..<filter.lowerBound]) }
    let words = line.split(separator: " ")
    if let output = words.firstIndex(of: "-o"), output + 1 < words.count, words[0].hasPrefix("ssm") {
      line = "rm -f \(words[output + 1]); " + line
    }
    return line
  }

  /// Files with the names that examples use.
  private func prepare() throws {
    let script = """
      set -e
      ln -s '\(Products.checkout)/samples' samples
      sed -i "1s/NOW/$(($(date +%s) - 3600))/" demo.cast
      ssmrec keygen -o signing.pem > key.txt
      export SSMCAST_SIGNING_KEY=$HOME/signing.pem
      ssmplay import demo.cast -o demo.cast.gz
      for id in ada-08cb ada-0ddd bob-0f3c root-0749; do
        sed "1s/SESSION/$id/" demo.cast > $id.cast
        ssmplay import $id.cast
        rm $id.cast
      done
      unset SSMCAST_SIGNING_KEY
      size=$(stat -c %s demo.cast.gz)
      mkdir old killed
      head -c $((size - 40)) demo.cast.gz > killed/killed.cast.gz
      mkdir root root/srv root/srv/recordings
      cp demo.cast old/one.cast
      cp demo.cast.gz root/srv/recordings/
      ssmplay export --to ttyrec demo.cast -o old/two.ttyrec
      ssmplay export --to script demo.cast -o typescript
      mkdir -p root/var/log/sudo-io/00/00/01
      cd root/var/log/sudo-io/00/00/01
      printf '1700000000:ada:root::/dev/pts/1:24:80\\n/home/ada\\n/usr/bin/id\\n' > log
      printf '1 0.5 3\\n' > timing
      printf 'id\\n' > ttyout
      """
    _ = try workspace.write(Self.asciicast, to: "demo.cast")
    let run = try workspace.run("bash", ["-c", script])
    try #require(run.status == .exited(0), "\(run.allText)")
  }

  /// Two minutes in which what the examples look for happens; players are asked to wait for none of it.
  private static let asciicast: String = {
    var text = #"{"version":2,"width":80,"height":24,"timestamp":NOW,"idle_time_limit":0.02,"#
    text += #""ssm":{"session_id":"SESSION","target":"web-01"}}"# + "\n"
    let commands = [
      "sudo systemctl restart web", "echo version 1.2.3", "rm -rf /tmp/x", "echo hunter2", "curl --fail web",
    ]
    for (index, command) in commands.enumerated() {
      let time = index * 20 + 5
      text += "[\(time).0,\"o\",\"\\u001b[?2004hada@web-01:~$ \"]\n"
      text += "[\(time).5,\"i\",\"\(command)\\r\"]\n"
      text += "[\(time).6,\"o\",\"\(command)\\r\\n\\u001b[?2004l\"]\n"
      text += "[\(time + 1).0,\"o\",\"error: permission denied, timeout AKIAIOSFODNN7EXAMPLE\\r\\n\"]\n"
    }
    return text + "[30.0,\"m\",\"deploy\"]\n" + "[110.0,\"m\",\"done\"]\n[120.0,\"o\",\"$ \"]\n"
  }()
}
