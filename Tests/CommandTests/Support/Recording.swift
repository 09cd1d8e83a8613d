import Platform

/// A finished or broken recording as everybody else sees it: the text that `gzip -dc` prints.
struct Recording {
  let path: String
  let lines: [JSON]
  /// What gzip complained about; empty for a whole file.
  let complaint: String

  var header: JSON { lines.first ?? nil }

  init(_ path: String, in workspace: Workspace) throws {
    self.path = path
    let run = try workspace.run("gzip", ["-dc", path])
    complaint = run.errorText
    // A file that was cut in the middle of a line ends with a part of one.
    let whole = run.output.lastIndex(of: UInt8(ascii: "\n")).map { run.output[...$0] } ?? []
    lines = try whole.split(separator: UInt8(ascii: "\n")).map { try JSON(parsing: Array($0)) }
  }

  /// The text of all events with this code, in order.
  func text(_ code: String) -> String {
    lines.dropFirst().compactMap { line in
      guard let fields = line.array, fields.count == 3, fields[1].string == code else { return nil }
      return fields[2].string
    }.joined()
  }

  /// The value of `state` in the session's state events, in order.
  var states: [String] {
    lines.dropFirst().compactMap { line in
      guard let fields = line.array, fields.count == 3, fields[1].string == "s" else { return nil }
      // The object itself, or its text where a writer keeps to strings.
      let object = fields[2].string.flatMap { try? JSON(parsing: $0) } ?? fields[2]
      return object["state"]?.string
    }
  }
}

extension Workspace {
  /// The one recording that was made.
  func onlyRecording() throws -> Recording {
    let paths = try recordings()
    guard paths.count == 1 else { throw RecordingCount(found: paths) }
    return try Recording(paths[0], in: self)
  }

  /// A recording as `ssmplay export` gives it back; of raw bytes without the window sizes that it puts among them.
  func exported(_ path: String, to format: String = "raw") throws -> String {
    let run = try run("ssmplay", ["export", "--to", format, path])
    guard run.status == .exited(0) else {
      throw RunFailure.endedEarly(
        waitingFor: "the export of \(path)", program: "ssmplay", status: run.status ?? .exited(-1),
        output: run.allText)
    }
    return format == "raw" ? run.text.replacing(/\u{1B}\[8;\d+;\d+t/, with: "") : run.text
  }
}

/// Not the one recording that the test expected.
struct RecordingCount: Error { let found: [String] }
