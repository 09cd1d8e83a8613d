import Format

/// One reading of a recording for everything that is told of it: contents, output over time, the last screen.
struct RecordingSurvey {
  private(set) var contents = RecordingContents()
  private(set) var map = RecordingMap()
  private var terminal: TerminalScreen

  init(_ reader: RecordingReader) throws(ReplayError) {
    let size = reader.header.screenSize
    terminal = TerminalScreen(columns: size.columns, rows: size.rows, scrollbackLimit: 0)
    do throws(FormatError) {
      while let event = try reader.nextEvent() {
        contents.add(event)
        if event.changesScreen {
          terminal.take(event)
          map.addActivity(event.bytes.count, at: event.microseconds)
        }
      }
    } catch {
      throw .recording(error)
    }
    contents.findings = reader.findings
    contents.uncountedFindings = reader.uncountedFindings
  }

  /// What stood at the end.
  var screen: Screen { terminal.screen }
}
