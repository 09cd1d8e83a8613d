import Platform
import Testing

@testable import Format

/// Every text of what keeps a recording, a source or a key from being used: what it is about, the cause, and where
/// there is one the next step.
@Suite struct FormatErrorTextTests {
  private static let recording: [(FormatError, String)] = [
    (.cannotOpen(path: "a.cast", .permissionDenied), "a.cast: cannot be opened: permission denied"),
    (
      .isFolder(path: "d"),
      "d: a folder, and no sudo I/O log; name a recording in it ('ssmplay ls' lists a folder)"
    ),
    (.cannotRead(name: "a", offset: 7, .inputOutput), "a: reading failed at byte 7: input/output error"),
    (
      .cannotFetch(name: "a", offset: 7, cause: "it shrank"),
      "a: the bytes from 7 on cannot be had: it shrank"
    ),
    (
      .importing(.unknownFolder(name: "d")),
      "d: this folder is no sudo I/O log, which has the files \"log\" and \"timing\""
    ),
    (.cannotWrite(offset: 9, .noSpace), "the recording cannot be written (byte 9): no space left on device"),
    (.cannotCreate(path: "x/y", .noSuchFile), "x/y: cannot be created: no such file or directory"),
    (.empty(name: "a"), "a: the file is empty"),
    (.notARecording(name: "a", line: 1, cause: "no header"), "a: line 1: no recording: no header"),
    (.unknownVersion(name: "a", version: "9"), "a: asciicast version 9 is not known (1, 2 and 3 are)"),
    (
      .unknownLayout(name: "a", layout: 9),
      "a: written by a newer ssmcast (layout 9); use that version to read it"
    ),
    (.tooLarge(name: "a", limit: 10), "a: more than 10 bytes, which is the limit here"),
    (.signing(.notAKey(name: "k")), "k: this is no key: neither PEM nor DER nor 32 bytes of Ed25519"),
    (.closed, "the recording is already closed"),
    (.cannotSeek(name: "-"), "-: only a file can be read from another place; save it first"),
    (.noSuchSession("ada-1"), "no recording of a session ada-1"),
    (.ambiguousSession("ada", candidates: ["x", "y"]), "ada fits 2 recordings: x, y"),
  ]

  private static let source: [(ImportError, String)] = [
    (.recording(.empty(name: "a")), "a: the file is empty"),
    (
      .unrecognized(name: "a"),
      "a: line 1: no recording: neither a format that is known (asciicast, ttyrec, script, sudo I/O log, tlog, "
        + "CloudWatch JSON) nor terminal output with escape sequences; --format names one"
    ),
    (
      .unknownFolder(name: "d"),
      "d: this folder is no sudo I/O log, which has the files \"log\" and \"timing\""
    ),
    (.refused(name: "a", .line(3), cause: "no time"), "a: line 3: no time"),
    (.refused(name: "a", .byte(3), cause: "no time"), "a: byte 3: no time"),
    (
      .missingCompanion(name: "a", what: "the timing", wanted: ["a.t", "b.t"]),
      "a: line 1: the timing belongs to it and is not there (looked for a.t, b.t); give both files"
    ),
    (
      .missingTool(name: "a", tool: "xz"),
      "a: byte 0: it is compressed with xz, which is not on PATH; install xz, or decompress it first"
    ),
    (.cannotStart(tool: "xz", .permissionDenied), "xz: cannot be started: permission denied"),
  ]

  private static let key: [(KeyError, String)] = [
    (.cannotRead(path: "k", .noSuchFile), "k: the key cannot be read: no such file or directory"),
    (
      .readableByOthers(path: "k", permissions: 0o644),
      "k: others may read this private key (mode 644); chmod 600 it, and consider it known to them"
    ),
    (
      .encrypted(name: "k"),
      "k: the key is encrypted, and a recorder has nobody to ask for its passphrase; give one without (openssl pkcs8 "
        + "-topk8 -nocrypt), protected by file permissions"
    ),
    (
      .wrongAlgorithm(name: "k", algorithm: "RSA"),
      "k: this is a key for RSA; recordings are signed with Ed25519 ('ssmrec keygen' makes one)"
    ),
    (.notPrivate(name: "k"), "k: this is a public key; signing needs the private one, the file without .pub"),
    (
      .notPublic(name: "k"),
      "k: this is a private key, which has no place where recordings are checked; give its .pub"
    ),
    (
      .openSSH(name: "k"),
      "k: keys of OpenSSH are not read; 'ssmrec keygen' or openssl genpkey -algorithm ed25519 makes one"
    ),
    (.notAKey(name: "k"), "k: this is no key: neither PEM nor DER nor 32 bytes of Ed25519"),
  ]

  @Test func everyTextIsAsItIsMeantToBe() {
    for (error, text) in Self.recording { #expect(error.description == text) }
    for (error, text) in Self.source { #expect(error.description == text) }
    for (error, text) in Self.key { #expect(error.description == text) }
  }

  /// A case that is new has no name here: this does not compile until it has one, and then it has no text.
  @Test func noCaseIsLeftOut() {
    let recording = Set(
      Self.recording.map { error, _ in
        switch error {
        case .cannotOpen: 0
        case .isFolder: 1
        case .cannotRead: 2
        case .cannotFetch: 3
        case .importing: 4
        case .cannotWrite: 5
        case .cannotCreate: 6
        case .empty: 7
        case .notARecording: 8
        case .unknownVersion: 9
        case .unknownLayout: 10
        case .tooLarge: 11
        case .signing: 12
        case .closed: 13
        case .cannotSeek: 14
        case .noSuchSession: 15
        case .ambiguousSession: 16
        }
      })
    #expect(recording == Set(0...16))
    let source = Set(
      Self.source.map { error, _ in
        switch error {
        case .recording: 0
        case .unrecognized: 1
        case .unknownFolder: 2
        case .refused: 3
        case .missingCompanion: 4
        case .missingTool: 5
        case .cannotStart: 6
        }
      })
    #expect(source == Set(0...6))
    let key = Set(
      Self.key.map { error, _ in
        switch error {
        case .cannotRead: 0
        case .readableByOthers: 1
        case .encrypted: 2
        case .wrongAlgorithm: 3
        case .notPrivate: 4
        case .notPublic: 5
        case .openSSH: 6
        case .notAKey: 7
        }
      })
    #expect(key == Set(0...7))
  }
}
