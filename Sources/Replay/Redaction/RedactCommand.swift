import Format
import Platform

/// `ssmplay redact`
enum RedactCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "redact", summary: "Make a copy of a recording without what others may not see",
      discussion: """
        Removes text from a copy; FILE stays as it is. In place of what was shown stand as many * as it had columns, so \
        that the screen keeps its shape; typed keys go altogether. Patterns are as for ssmplay grep, and are searched \
        for line by line in output, input and the header's texts.

        The copy's header names FILE's id and last chain value, what was removed where, and a commitment to each piece. \
        Whoever has FILE too can prove with 'ssmplay verify OUT --original FILE' that nothing else was changed. \
        Patterns themselves are not in the copy. With a signing key (--signing-key, or the setting signing_key) the copy \
        is signed by its maker.
        """,
      options: [
        Option(
          "pattern", .text("RE"), help: "Remove what matches; may be given several times", repeats: true),
        Option(
          "range", .text("A..B"), help: "Remove all text between two moments; may be given several times",
          repeats: true),
        Option("input", help: "Remove all that was typed"),
        Option("output", short: "o", .file("OUT"), help: "The copy"),
        Option("signing-key", .file("KEY"), help: "Private key that signs the copy (ssmrec keygen)"),
        Option("overwrite", help: "Replace OUT if it exists"),
      ],
      positionals: [Positional("FILE", help: "A recording, a session id or its beginning", value: .file)],
      examples: [
        Example("ssmplay redact demo.cast.gz --pattern 'hunter2' -o public.cast.gz", "Remove a word."),
        Example(
          "ssmplay redact demo.cast.gz --range 1:20..1:35 --input -o public.cast.gz",
          "Remove fifteen seconds, and all keys."),
        Example("ssmplay verify public.cast.gz --original demo.cast.gz", "Prove that the rest is unchanged."),
      ],
      sections: [Command.Section("Exit status", "0 written, 1 it could not be, 2 wrong arguments.")],
      run: { arguments in
        guard let output = arguments.text("output"), output != "-" else {
          return arguments.refuse("-o OUT is missing: a recording is never redacted in place")
        }
        if arguments.texts("pattern").isEmpty, arguments.texts("range").isEmpty, !arguments.has("input") {
          return arguments.refuse("say what to remove: --pattern, --range or --input")
        }
        return arguments.perform { () throws(ReplayError) in try redact(arguments, to: output, environment) }
      })
  }

  private static func redact(
    _ arguments: Arguments, to output: String, _ environment: Environment
  ) throws(ReplayError) -> Int32 {
    let workplace = try Workplace(environment)
    let path = try workplace.path(of: arguments.positionals[0])
    let redactor = try Redactor(original: path)
    let rules = try rules(arguments, path, workplace)
    let key = try workplace.signingKey(arguments.text("signing-key"))
    let file = try OutputFile(output, overwrites: arguments.has("overwrite"))
    let redaction = try redactor.write(rules, to: try file.descriptorForWriter(), signingKey: key)
    try file.keep()
    let count = redaction.removals.count
    StandardError.say(
      "\(output.printable): \(count) piece\(count == 1 ? "" : "s") removed"
        + (key == nil ? ", not signed" : ""))
    return 0
  }

  private static func rules(
    _ arguments: Arguments, _ path: String, _ workplace: Workplace
  ) throws(ReplayError) -> RedactionRules {
    var rules = RedactionRules()
    rules.removesInput = arguments.has("input")
    for (index, text) in arguments.texts("pattern").enumerated() {
      do throws(PatternError) {
        rules.patterns.append(try SecretPattern(name: "pattern \(index + 1)", parsing: text))
      } catch {
        throw .pattern(error)
      }
    }
    for text in arguments.texts("range") { rules.ranges.append(try range(text, path, workplace)) }
    return rules
  }

  /// `A..B`, each a TIME; without A from the start, without B to the end.
  private static func range(
    _ text: String, _ path: String, _ workplace: Workplace
  ) throws(ReplayError) -> ClosedRange<Int64> {
    guard let dots = text.firstRange(of: "..") else { throw .notARange(text) }
    let sides = [text[..<dots.lowerBound], text[dots.upperBound...]].map(String.init)
    var moments: [Moment?] = []
    for side in sides {
      do throws(MomentError) {
        moments.append(side.isEmpty ? nil : try Moment(parsing: side))
      } catch {
        throw .moment(error)
      }
    }
    let scale = try workplace.scale(for: moments, of: try workplace.open(path), name: path)
    let (start, end) = (try scale.place(moments[0]) ?? 0, try scale.place(moments[1]) ?? .max)
    if end < start { throw .emptyRange(from: TimeText.clock(start), until: TimeText.clock(end)) }
    return start...end
  }
}
