import Format
import Platform

/// `ssmplay screen`
enum ScreenCommand {
  static func command(_ environment: Environment) -> Command {
    Command(
      "screen", summary: "Show the screen as it stood at a moment",
      discussion: """
        Writes the visible screen, one row a line, without the blanks at the end of rows. FILE may also be a recording \
        that 'ssmplay import' takes, or raw terminal output, which has no times: its screen is 80x24 unless --cols and --rows say otherwise, or the output begins as \
        'ssmplay export --to raw' does. Times are counted as everywhere; without --at it is the end.

        Given a size, changes of size in the recording are passed over.
        """,
      options: [
        Option("at", .text("TIME"), help: "The moment (default: the end)"),
        Option("cols", .count("N"), help: "Columns, 1 to 65535"),
        Option("rows", .count("N"), help: "Rows, 1 to 65535"),
        Option("reflow", help: "Break lines anew where the width changes (not on the alternate screen)"),
        Option("unwrap-tmux", help: "Obey what tmux passes through to the terminal outside of it"),
        Option(
          "json", help: "One JSON object: size, cursor, lines, and cells with their colors", group: "Output"),
        Option("ansi", help: "Escape sequences that draw it; into a file its state too", group: "Output"),
        Option("svg", help: "A picture: system fonts, lines that join", group: "Output"),
        Option("html", help: "A page without script, whose text can be selected", group: "Output"),
      ],
      positionals: [
        Positional(
          "FILE", help: "A recording, FILE@TIME, a session id, raw terminal output, or -", value: .file)
      ],
      examples: [
        Example("ssmplay screen demo.cast.gz@1:20", "What was on the screen after 80 seconds."),
        Example("ssmplay screen --ansi demo.cast.gz", "In color."),
        Example("ssmplay screen --svg demo.cast.gz@1:20 > moment.svg", "As a picture."),
        Example("ssmplay screen --json demo.cast | jq -r '.lines[]'", "For programs."),
        Example("script -qc top out.raw; ssmplay screen --cols 120 --rows 40 out.raw", "Raw output."),
      ],
      sections: [
        Command.Section(
          "JSON",
          """
          "cols", "rows", "cursor" ("row", "col", "visible"), "lines" (text), "cells" (a list for each row: "text", \
          "width" 1 or 2, "fg" and "bg" null, 0 to 255 or "#rrggbb", "bold", "faint", "italic", "underline", "blink", \
          "reverse", "hidden", "strike"). Rows and columns count from 0; the right halves of wide characters are left out.
          """)
      ],
      run: { arguments in
        if ["json", "ansi", "svg", "html"].filter({ arguments.has($0) }).count > 1 {
          return arguments.refuse("--json, --ansi, --svg and --html exclude each other")
        }
        return arguments.perform { () throws(ReplayError) in try show(arguments, environment) }
      })
  }

  private static func show(_ arguments: Arguments, _ environment: Environment) throws(ReplayError) -> Int32 {
    let workplace = try Workplace(environment)
    let place = Place(arguments.positionals[0], exists: File.exists)
    let moment = try arguments.moment("at") ?? place.moment
    let size = ScreenSource.Size(
      columns: arguments.integer("cols"), rows: arguments.integer("rows"), reflows: arguments.has("reflow"),
      unwrapsTmux: arguments.has("unwrap-tmux"))
    let source = try ScreenSource(place.name, size, workplace)
    let terminal = try source.terminal(at: moment, workplace)
    if terminal.screen.clampedSizeCount > 0 {
      StandardError.say(
        "a size was out of bounds (1 to 65535 each way, at most \(ScreenSize.cellLimit) cells) and was clamped; "
          + "the screen is now \(terminal.columns)x\(terminal.rows)")
    }
    let output = StandardOutput()
    if arguments.has("json") {
      output.write(ScreenJSON.encode(terminal.screen))
      output.writeLine("")
    } else if arguments.has("ansi") {
      // The state too, where another terminal goes on from it; on a person's own it would confuse the shell.
      let isShown = Terminal.isTerminal(Descriptor.standardOutput)
      output.write(isShown ? ScreenDump.encode(terminal.screen) : StateDump.encode(terminal.screen))
    } else if arguments.has("svg") || arguments.has("html") {
      let theme = source.theme.changed(by: terminal.screen.colors)
      let canvas = Canvas(terminal.screen)
      output.write(
        arguments.has("svg")
          ? SVGPicture.encode(canvas, theme, title: source.title)
          : HTMLStill.encode(canvas.spaced, theme, title: source.title))
    } else {
      for line in terminal.lines { output.writeLine(line) }
    }
    return output.finish(0)
  }
}
