import Format
import Platform

/// A session that StartSession has answered for: records it, runs it, and says how it ended.
///
/// Shared by `ssmrec start`, `ssmrec attach` and the plugin, which differ in where the answer came from and
/// in which words they print where.
struct RecordedSession {
  var response: StartSessionResponse
  var facts: SessionFacts
  var access: SessionLink.Access
  var settings: RecorderSettings
  /// Where the recording goes: a path of the user's, or nil for the recordings folder.
  var outputPath: String?
  var overwrites = false
  var policy: SessionLoop.SignalPolicy
  var environment: Environment
  /// The size told to the far end where there is no terminal.
  var fallbackSize: WindowSize
  /// Prints what is for the person: standard error for `ssmrec`, standard output for the plugin.
  var voice: SessionVoice
  /// Says what went wrong with the recording, on standard error.
  var complain: (String) -> Void
  /// Says why the session failed, in the caller's way.
  var report: (SessionError) -> Void
  /// Says where the recording is, once it is finished.
  var saved: (_ path: String) -> Void
  /// Asks the service to end the session; failures are of no interest to anyone any more.
  var terminate: () -> Void

  /// How it ended, for the exit code.
  enum Result: Equatable {
    case ended(exitCode: Int32?)
    case signaled(Signal)
    case failed
    case recordingFailed
  }

  /// Runs the session to its end.
  func run(terminal: SessionTerminal) -> Result {
    let time = SystemTime()
    let size = terminal.size ?? fallbackSize
    let recorder: SessionRecorder?
    do throws(FormatError) {
      recorder = try makeRecorder(size: size, time: time)
    } catch {
      guard settings.failPolicy == .bestEffort else {
        terminate()
        complain("no session without a recording (fail_policy strict): \(error)")
        return .recordingFailed
      }
      complain("this session is not recorded: \(error)")
      recorder = nil
    }
    voice.say(SessionTexts.starting(facts.sessionID))
    do throws(SessionError) {
      let loop = try SessionLoop(
        terminal: terminal, recorder: recorder, policy: policy, sessionID: facts.sessionID,
        fallbackSize: fallbackSize, time: time, voice: voice, warn: complain,
        connect: { (signals) throws(SessionError) in
          try SessionLink(
            response: response, access: access, timeouts: settings.timeouts, time: time,
            interruptedBy: signals)
        })
      let ending = try loop.run()
      return finish(ending, loop, recorder: recorder, now: time.instant)
    } catch {
      return fail(error, recorder: recorder, now: time.instant)
    }
  }

  /// Words about the end go where the session's own went; one that never began has no stream to spoil.
  private func announce(_ text: String) {
    voice.settle(isStream: false)
    voice.say(text)
  }

  private func finish(
    _ ending: SessionLoop.Ending, _ loop: SessionLoop, recorder: SessionRecorder?, now: Instant
  ) -> Result {
    do throws(FormatError) {
      switch ending {
      case .closed(let output):
        let details = output.isEmpty ? [] : [JSON.Member("output", .string(output))]
        // Closed with a reason before it began: a key or a program that the agent could not get.
        let isRefused = !loop.hasStarted && !output.isEmpty
        try recorder?.close(isRefused ? .failed : .closed, state: "closed", details, now: now)
        announce(SessionTexts.exiting(facts.sessionID, output: output))
        if let recorder { saved(recorder.path) }
        return isRefused ? .failed : .ended(exitCode: loop.exitCode)
      case .timedOut:
        try recorder?.close(.closed, state: "timed out", now: now)
        announce(SessionTexts.timedOut(facts.sessionID))
        if let recorder { saved(recorder.path) }
        return .ended(exitCode: loop.exitCode)
      case .signaled(let signal):
        let details = [JSON.Member("signal", .string("\(signal)"))]
        try recorder?.close(.interrupted, state: "interrupted", details, now: now)
        loop.closeLink()
        terminate()
        announce("\nSession ended by \(signal).\n")
        if let recorder { saved(recorder.path) }
        return .signaled(signal)
      case .left(let signal, let agentKnows):
        let details = signal.map { [JSON.Member("signal", .string("\($0)"))] } ?? []
        try recorder?.close(.closed, state: "left", details, now: now)
        loop.closeLink()
        if !agentKnows { terminate() }
        announce(SessionTexts.exiting(facts.sessionID, output: ""))
        if let recorder { saved(recorder.path) }
        return .ended(exitCode: nil)
      }
    } catch {
      complain("the recording \(recorder?.path.printable ?? "") could not be finished: \(error)")
      return .recordingFailed
    }
  }

  private func fail(_ error: SessionError, recorder: SessionRecorder?, now: Instant) -> Result {
    voice.settle(isStream: false)
    report(error)
    terminate()
    if case .recording = error { return .recordingFailed }
    do throws(FormatError) {
      let details = [JSON.Member("cause", .string("\(error)"))]
      try recorder?.close(.failed, state: "failed", details, now: now)
    } catch {
      complain("the recording \(recorder?.path.printable ?? "") could not be finished: \(error)")
      return .recordingFailed
    }
    if let recorder { saved(recorder.path) }
    return .failed
  }

  private func makeRecorder(size: WindowSize, time: SystemTime) throws(FormatError) -> SessionRecorder {
    let (instant, timestamp) = (time.instant, time.timestamp)
    let header = facts.header(size: size, started: timestamp, environment: environment)
    let options = RecordingWriter.Options.live
    let signingKey = try signingKey()
    let path: String
    let writer: RecordingWriter
    if let outputPath {
      path = outputPath
      writer = try RecordingWriter(
        try openOutput(path), header: header, recording: .random(), started: timestamp, options: options,
        signingKey: signingKey)
    } else {
      let file = try settings.folder.newFile(
        started: timestamp, target: facts.target, sessionID: facts.sessionID)
      path = file.path
      writer = try RecordingWriter(
        file.takeDescriptor(), header: header, recording: .random(), started: timestamp, options: options,
        signingKey: signingKey)
    }
    return SessionRecorder(
      writer: writer, path: path, started: instant, size: size, input: settings.input,
      failPolicy: settings.failPolicy, portPayload: settings.portPayload, mask: settings.outputMask)
  }

  /// Read before the file is made: a recording that should be signed and cannot be is none.
  private func signingKey() throws(FormatError) -> SigningKey? {
    guard let path = settings.signingKeyPath else { return nil }
    do throws(KeyError) { return try SigningKey(path: path) } catch { throw .signing(error) }
  }

  private func openOutput(_ path: String) throws(FormatError) -> Descriptor {
    do throws(Errno) {
      return try File.open(
        path, for: overwrites ? .replacing(permissions: 0o600) : .creating(permissions: 0o600))
    } catch {
      throw .cannotCreate(path: path, error)
    }
  }
}
