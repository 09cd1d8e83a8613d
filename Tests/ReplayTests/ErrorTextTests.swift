import Format
import Platform
import Testing

@testable import Replay

/// Every text with which a command of ssmplay ends: what it is about, the cause, and where there is one the next step.
@Suite struct ReplayErrorTextTests {
  private static let commands: [(ReplayError, String)] = [
    (.recording(.empty(name: "a")), "a: the file is empty"),
    (.importing(.cannotStart(tool: "xz", .permissionDenied)), "xz: cannot be started: permission denied"),
    (
      .key(.notPrivate(name: "k")),
      "k: this is a public key; signing needs the private one, the file without .pub"
    ),
    (.moment(.beforeStart("6:00", start: "7:00")), "'6:00' is before the recording's start, 7:00"),
    (
      .pattern(PatternError(.unopenedGroup, pattern: "a)", column: 2)),
      PatternError(.unopenedGroup, pattern: "a)", column: 2).description
    ),
    (
      .settings(.notAnObject(path: "s")),
      "the settings in s must be one JSON object, such as {\"key\": \"value\"}"
    ),
    (.redaction(.tooMany(9)), "9 stretches would be removed, and a header holds 20000; use --range"),
    (.notARange("x"), "x is no range; write A..B, as in 1:20..1:35"),
    (.keys(.notABinding("q")), "the setting player_keys: \"q\" is no binding; write ACTION=KEY[,KEY…]"),
    (
      .noSuchRecording("x", folder: "d"),
      "x: no such file, and no recording in d has a session id that begins so; 'ssmplay ls' lists them"
    ),
    (.outputExists("o"), "o exists; give another name with -o, or --overwrite to replace it"),
    (
      .needsOutputFile(format: "script"),
      "script is several files; name the first with -o, the others get its name and .timing, .input"
    ),
    (
      .needsOutputFolder(format: "asciinema-segments"),
      "asciinema-segments is a folder of files; name it with -o"
    ),
    (.cannotWrite(path: "o", .noSpace), "o: cannot be written: no space left on device"),
    (.cannotRead(path: "o", .permissionDenied), "o: cannot be read: permission denied"),
    (.system("the terminal", .badDescriptor), "the terminal: bad file descriptor"),
    (.mistypedSubcommand("grpe", "grep"), "grpe: no such file; did you mean the subcommand grep?"),
    (.emptyRange(from: "0:20", until: "0:10"), "0:20 is not before 0:10"),
    (.rawHasNoTimes("a"), "a is raw terminal output, which has no times; leave --at out"),
  ]

  private static let moments: [(MomentError, String)] = [
    (
      .notATime("x"),
      "'x' is no time; write 12.5, 90s, 1m20s, 1:20, 1:02:03, 50%, end, marker:LABEL or a time of day such as "
        + "2026-11-21T06:31:02Z"
    ),
    (
      .notADate("x"),
      "'x' is no date; write 2026-11-21, '2026-11-21 06:31', 2026-11-21T06:31:02Z, today, yesterday or '2h ago'"
    ),
    (
      .lengthUnknown("50%"),
      "'50%' needs the recording's length, which a pipe does not tell; give the file itself, or a time in seconds"
    ),
    (.noMarker("x", known: []), "no marker is labeled 'x'; the recording has no markers"),
    (.noMarker("x", known: ["a", "b"]), "no marker is labeled 'x'; there are 'a', 'b'"),
    (
      .startUnknown("6:00"),
      "'6:00' cannot be found: the recording does not say when it began; give a time from its start"
    ),
    (.beforeStart("6:00", start: "7:00"), "'6:00' is before the recording's start, 7:00"),
  ]

  private static let redactions: [(Redactor.Problem, String)] = [
    (
      .unsealed(path: "a"),
      "a has no seals that a copy could refer to; make a recording of it first (ssmplay import)"
    ),
    (
      .notIntact(path: "a", "member 2: altered"),
      "a: member 2: altered; a redacted copy must have an intact original (ssmplay repair makes one)"
    ),
  ]

  private static let bindings: [(KeyBindings.Problem, String)] = [
    (.noAction("qiut", nearest: "quit"), "\"qiut\" is no action of the player; did you mean \"quit\"?"),
    (.noAction("x", nearest: nil), "\"x\" is no action of the player"),
    (
      .noKey("hyper-x"),
      "\"hyper-x\" is no key; write one character, ctrl-x, or one of "
        + Key.names.map(\.0).joined(separator: ", ")
    ),
  ]

  @Test func everyTextIsAsItIsMeantToBe() {
    for (error, text) in Self.commands { #expect(error.description == text) }
    for (error, text) in Self.moments { #expect(error.description == text) }
    for (error, text) in Self.redactions { #expect(error.description == text) }
    for (error, text) in Self.bindings { #expect(error.description == text) }
  }

  /// A case that is new has no number here: this does not compile until it has one, and then it has no text.
  @Test func noCaseIsLeftOut() {
    let commands = Set(
      Self.commands.map { error, _ in
        switch error {
        case .recording: 0
        case .importing: 1
        case .key: 2
        case .moment: 3
        case .pattern: 4
        case .settings: 5
        case .redaction: 6
        case .notARange: 7
        case .keys: 8
        case .noSuchRecording: 9
        case .outputExists: 10
        case .needsOutputFile: 11
        case .needsOutputFolder: 12
        case .cannotWrite: 13
        case .cannotRead: 14
        case .system: 15
        case .mistypedSubcommand: 16
        case .emptyRange: 17
        case .rawHasNoTimes: 18
        }
      })
    #expect(commands == Set(0...18))
    let moments = Set(
      Self.moments.map { error, _ in
        switch error {
        case .notATime: 0
        case .notADate: 1
        case .lengthUnknown: 2
        case .noMarker: 3
        case .startUnknown: 4
        case .beforeStart: 5
        }
      })
    #expect(moments == Set(0...5))
  }
}
