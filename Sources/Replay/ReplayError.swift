import Format
import Platform

/// Why a command of ssmplay cannot do its work.
enum ReplayError: Error, Equatable, CustomStringConvertible {
  case recording(FormatError)
  case importing(ImportError)
  case key(KeyError)
  case moment(MomentError)
  case pattern(PatternError)
  case settings(SettingsError)
  case redaction(Redactor.Problem)
  /// Not two moments with `..` between.
  case notARange(String)
  /// The setting `player_keys` cannot be used.
  case keys(KeyBindings.Problem)
  /// Neither a file nor the session id of a recording in the folder.
  case noSuchRecording(String, folder: String)
  case outputExists(String)
  /// A format of several files on standard output.
  case needsOutputFile(format: String)
  /// A format that is a folder, without its name.
  case needsOutputFolder(format: String)
  case cannotWrite(path: String, Errno)
  case cannotRead(path: String, Errno)
  case system(String, Errno)
  /// The first word names no file, but resembles a subcommand.
  case mistypedSubcommand(String, String)
  /// The moments of a range are in the wrong order.
  case emptyRange(from: String, until: String)
  /// Raw terminal output was asked for a moment.
  case rawHasNoTimes(String)

  var description: String {
    switch self {
    case .recording(let error): error.description
    case .importing(let error): error.description
    case .key(let error): error.description
    case .moment(let error): error.description
    case .pattern(let error): error.description
    case .settings(let error): error.description
    case .redaction(let problem): problem.description
    case .notARange(let text): "\(text.printable) is no range; write A..B, as in 1:20..1:35"
    case .keys(let problem): "the setting player_keys: \(problem)"
    case .noSuchRecording(let name, let folder):
      "\(name.printable): no such file, and no recording in \(folder.printable) has a session id that begins so; "
        + "'ssmplay ls' lists them"
    case .outputExists(let path):
      "\(path.printable) exists; give another name with -o, or --overwrite to replace it"
    case .needsOutputFile(let format):
      "\(format) is several files; name the first with -o, the others get its name and .timing, .input"
    case .needsOutputFolder(let format): "\(format) is a folder of files; name it with -o"
    case .cannotWrite(let path, let error): "\(path.printable): cannot be written: \(error)"
    case .cannotRead(let path, let error): "\(path.printable): cannot be read: \(error)"
    case .system(let what, let error): "\(what): \(error)"
    case .mistypedSubcommand(let name, let subcommand):
      "\(name.printable): no such file; did you mean the subcommand \(subcommand)?"
    case .emptyRange(let from, let until): "\(from) is not before \(until)"
    case .rawHasNoTimes(let name):
      "\(name.printable) is raw terminal output, which has no times; leave --at out"
    }
  }
}
