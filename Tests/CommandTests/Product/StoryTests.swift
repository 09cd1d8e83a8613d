import Platform
import Testing

/// The three stories of docs/stories.md, walked anew on a machine that is thrown away: each command must end as the
/// story says, or the script fails.
@Suite(.enabled(if: Machine.canBeMade, "needs root and name spaces (unshare)"))
struct StoryTests {
  private let workspace: Workspace
  init() throws { workspace = try Workspace() }

  @Test func theStoriesGoAsTheDocumentationShowsThem() throws {
    let scripts = Products.checkout + "/scripts/"
    workspace.environment.variables["DEB_COMPRESSION"] = "none"
    workspace.environment.variables["PATH", default: ""] += ":/usr/sbin:/sbin"
    let share = workspace.path("share")
    let programs = ["ssmrec", "ssmplay", "session-manager-plugin"]
    let manuals = try workspace.run(scripts + "write-manuals", [Products.folder, share] + programs)
    try #require(manuals.status == .exited(0), "\(manuals.allText)")
    let page = workspace.path("docs/stories.md")
    try File.makeDirectory(workspace.path("docs"), permissions: 0o700)
    let stories = try workspace.run(scripts + "stories", [Products.folder, share, page], within: 600)
    try #require(stories.status == .exited(0), "\(stories.allText)")
    let documented = Self.commands(try File.read(Products.checkout + "/docs/stories.md"))
    #expect(documented.count > 30)
    #expect(Self.commands(try File.read(page)) == documented, "docs/stories.md is old: run `make docs`")
    #expect(File.exists(workspace.path("docs/images/incident-screen.svg")))
  }

  /// The commands of a page, without what is new each time: names of recordings and times in them.
  private static func commands(_ page: [UInt8]) -> [String] {
    String(decoding: page, as: UTF8.self).split(separator: "\n").filter { $0.contains("@bastion ") }
      .map { line in
        line.split(separator: " ").map { word in
          if word.contains(".cast.gz") || word.hasPrefix("ssm-user-0") { return "RECORDING" }
          return word.allSatisfy { $0.isNumber || $0 == "." } ? "TIME" : String(word)
        }.joined(separator: " ")
      }
  }
}

/// Whether this kernel and this user can make machines of name spaces.
private enum Machine {
  static let canBeMade: Bool = {
    guard Host.userID == 0, let workspace = try? Workspace() else { return false }
    // What the script needs of the kernel, which containers often forbid; and a checkout on the first file system.
    let probe = """
      mount -t tmpfs tmpfs . && cd "$PWD" && mkdir u w r &&
        mount -t overlay overlay -o lowerdir=/,upperdir=u,workdir=w r &&
        test -e r'\(Products.checkout)/scripts/stories' && chroot r true
      """
    workspace.environment.variables["PATH", default: ""] += ":/usr/sbin:/sbin"
    let run = try? workspace.run("unshare", ["--mount", "--uts", "--pid", "--fork", "bash", "-c", probe])
    return run?.status == .exited(0)
  }()
}
