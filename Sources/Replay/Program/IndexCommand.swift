import Format
import Platform

/// `ssmplay index`: brings the search index of a folder up to date.
enum IndexCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "index", summary: "Bring the search index up to date",
      discussion: """
        Reads what is new or has changed in a folder of recordings and keeps the text that was on the screen, its \
        commands and titles, in a form that grep finds things in at once. grep does this by itself for the recordings \
        folder, and for every folder that was indexed once.

        The index is in .search beside the recordings, or in $XDG_CACHE_HOME/ssmcast/search where that folder cannot be \
        written. It can be removed at any time; the recordings hold all that is in it. Segments that are damaged are \
        made anew.
        """,
      options: [
        Option("rebuild", help: "Make all of it anew"),
        Option("jobs", .count("N"), help: "Threads (default: one a processor)"),
        Option("json", help: "What was done as one JSON object"),
      ],
      positionals: [
        Positional("DIR", help: "A folder (default: the recordings folder)", arity: .optional, value: .file)
      ],
      examples: [
        Example("ssmplay index", "The recordings folder."),
        Example("ssmplay index --jobs 8 /srv/recordings", "A folder, with eight threads."),
      ],
      sections: [
        Command.Section(
          "Exit status", "0 all is indexed, 1 failed, 2 some recordings cannot be read; each is named.")
      ],
      run: { arguments in arguments.perform { () throws(ReplayError) in try run(arguments, environment) } })
  }

  private static func run(_ arguments: Arguments, _ environment: Environment) throws(ReplayError) -> Int32 {
    let workplace = try Workplace(environment)
    Memory.keepFreed()
    var root = arguments.positionals.first ?? workplace.folder.path
    while root.count > 1, root.hasSuffix("/") { root.removeLast() }
    do throws(Errno) {
      if try File.status(root).kind != .directory { throw Errno.notDirectory }
    } catch {
      throw .cannotRead(path: root, error)
    }
    let store = IndexStore(root: root, environment: environment)
    let start = workplace.time.instant
    guard let lock = try store.lock(waits: true) else { throw .cannotWrite(path: store.folder, .wouldBlock) }
    var update = IndexUpdate(
      store, threads: max(1, min(arguments.integer("jobs") ?? Parallel.processorCount, 256)),
      now: workplace.time.timestamp.microseconds)
    let bar = ProgressBar(
      "Indexing", unit: .items("recordings"), time: workplace.time, environment: environment)
    update.progress = { done, all in bar.update(Int64(done), of: Int64(all)) }
    try update.run(rebuild: arguments.has("rebuild"), verifies: true)
    _ = consume lock
    bar.finish()
    let report = update.report
    for problem in report.damaged {
      StandardError.say("\(problem.file): \(problem.cause); its recordings were indexed anew")
    }
    for problem in report.failed { StandardError.say(problem.cause) }
    let output = StandardOutput()
    let elapsed = workplace.time.instant.microseconds(since: start)
    if arguments.has("json") {
      output.writeLine(json(report, store, elapsed).text)
    } else {
      output.writeLine(
        "\(report.added) recordings (\(ByteCount.text(report.addedBytes))) indexed in \(TimeText.seconds(elapsed)) seconds; "
          + "\(report.sessions) in \(report.segments) segments, \(ByteCount.text(Int64(report.indexBytes))), in "
          + store.folder)
      if report.live > 0 { output.writeLine("\(report.live) still being written: every search reads them") }
      if report.gone > 0 { output.writeLine("\(report.gone) gone or changed since they were indexed") }
    }
    return output.finish(report.failed.isEmpty ? 0 : 2, failureCode: 1)
  }

  private static func json(_ report: IndexUpdate.Report, _ store: IndexStore, _ elapsed: Int64) -> JSON {
    func list(_ problems: [SearchSummary.Problem]) -> JSON {
      .array(problems.map { ["file": .string($0.file), "cause": .string($0.cause)] })
    }
    return [
      "type": "index", "folder": .string(store.folder), "added": JSON(report.added),
      "added_bytes": JSON(report.addedBytes), "recordings": JSON(report.sessions),
      "segments": JSON(report.segments),
      "bytes": JSON(report.indexBytes), "text_bytes": JSON(report.textBytes), "live": JSON(report.live),
      "gone": JSON(report.gone), "skipped": list(report.failed), "damaged_index": list(report.damaged),
      "elapsed": TimeText.json(elapsed),
    ]
  }
}
