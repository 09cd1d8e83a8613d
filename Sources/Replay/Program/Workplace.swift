import Format
import Platform

/// What a command works with: the environment, the recordings folder, and how things on the command line are found.
struct Workplace {
  let environment: Environment
  /// Where recordings are looked for: all users' where this one may read them.
  let folder: RecordingFolder
  /// Where this user's own recordings go.
  let ownFolder: RecordingFolder
  private let settings: Settings
  let time = SystemTime()

  init(_ environment: Environment) throws(ReplayError) {
    self.environment = environment
    do throws(SettingsError) {
      settings = try ProductSettings.load(environment: environment)
      folder = ProductSettings.archive(settings, environment: environment)
      ownFolder = ProductSettings.folder(settings, environment: environment)
    } catch {
      throw .settings(error)
    }
  }

  /// The file behind a name: an existing path, or the recording whose session id is or begins with it.
  func path(of name: String) throws(ReplayError) -> String {
    if File.exists(name) || name.contains("/") { return name }
    do throws(FormatError) {
      return try folder.recording(ofSession: name)
    } catch .noSuchSession {
      throw .noSuchRecording(name, folder: folder.path)
    } catch {
      throw .recording(error)
    }
  }

  /// Opens `-` or a file, or a recording by its session id.
  func open(_ name: String) throws(ReplayError) -> RecordingReader {
    let path = name == "-" ? name : try path(of: name)
    do throws(FormatError) {
      return name == "-"
        ? try RecordingReader(.standardInput, name: "standard input") : try RecordingReader(path: path)
    } catch {
      throw .recording(error)
    }
  }

  /// What is needed to find `moments` in a recording; files are read through where the moments ask for it.
  func scale(for moments: [Moment?], of reader: RecordingReader, name: String) throws(ReplayError)
    -> MomentScale
  {
    var scale = MomentScale(length: reader.summary?.microseconds, started: reader.started, markers: [])
    let wanted = moments.compactMap { $0 }
    let needsReading = wanted.contains { $0.needsMarkers || $0.needsLength && scale.length == nil }
    guard needsReading, name != "-" else { return scale }
    let facts = try RecordingContents.read(try open(name))
    // Those that viewers added beside it too.
    scale.markers = (facts.markers + MarkerFile(recording: try path(of: name)).read())
      .sorted { $0.microseconds < $1.microseconds }
    scale.length = scale.length ?? facts.microseconds
    return scale
  }

  /// The private key that signs what this user makes: that of a file, else the one set; nil where neither is given.
  func signingKey(_ path: String? = nil) throws(ReplayError) -> SigningKey? {
    guard let path = path ?? settings.value("signing_key"), !path.isEmpty else { return nil }
    do throws(KeyError) { return try SigningKey(path: path) } catch { throw .key(error) }
  }

  /// The player's keys, as the settings want them.
  func keyBindings() throws(ReplayError) -> KeyBindings {
    do throws(KeyBindings.Problem) {
      return try settings.value("player_keys").map { text throws(KeyBindings.Problem) in
        try KeyBindings(parsing: text)
      } ?? .standard
    } catch {
      throw .keys(error)
    }
  }

  func date(_ text: String) throws(ReplayError) -> DateSpan {
    do throws(MomentError) {
      return try DateSpan(parsing: text, now: time.timestamp, zone: LocalTime.offsetMinutes)
    } catch {
      throw .moment(error)
    }
  }

  func style(_ arguments: Arguments) -> Style {
    let policy = arguments.text("color").flatMap { ColorPolicy(rawValue: $0) } ?? .auto
    return Style(policy, for: .standardOutput, environment: environment)
  }
}

extension Arguments {
  /// The value of an option that is a TIME.
  func moment(_ option: String) throws(ReplayError) -> Moment? {
    guard let text = text(option) else { return nil }
    do throws(MomentError) { return try Moment(parsing: text) } catch { throw .moment(error) }
  }

  /// Runs a command's body; an error becomes one line on standard error and the exit code `failure`, or 2 where
  /// the words of the command line are at fault.
  func perform(failure: Int32 = 1, _ body: () throws(ReplayError) -> Int32) -> Int32 {
    do throws(ReplayError) {
      return try body()
    } catch .moment(let error) {
      return refuse(error.description)
    } catch .pattern(let error) {
      return refuse(error.description)
    } catch {
      StandardError.say(error.description)
      return failure
    }
  }
}

extension MomentScale {
  /// `microseconds(of:)` with the error of a command.
  func place(_ moment: Moment?) throws(ReplayError) -> Int64? {
    guard let moment else { return nil }
    do throws(MomentError) { return try microseconds(of: moment) } catch { throw .moment(error) }
  }
}
