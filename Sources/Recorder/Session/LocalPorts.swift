import Format
import Platform

/// What a port session does on this machine: a forwarded port, or one stream on standard input and output.
struct LocalPorts {
  /// The number of the one stream that ssh has, in recordings.
  static let standardStream: UInt32 = 0

  /// nil for a session on standard input and output.
  let port: (any ForwardedPort)?
  /// Whether the agent takes the flag that ends the session.
  let takesTerminateFlag: Bool
  var streams = StandardStreams()

  var deadline: Instant? { port == nil ? streams.deadline : port?.deadline }

  mutating func endStream(now: Instant) { streams.end(now: now) }
}

extension SessionLoop {
  /// Whether standard input and output have no part in the session.
  var forwardsPort: Bool { ports?.port != nil }

  /// The handshake is done: opens what the session's properties ask for.
  func beginPorts(_ now: Instant) throws(SessionError) {
    let version = link.request?.agentVersion ?? ""
    let port: (any ForwardedPort)?
    let properties: PortProperties
    let mode: PortMode
    do throws(PortError) {
      properties = try PortProperties(parsing: link.request?.properties)
      mode = PortMode(properties, agentVersion: version)
      switch mode {
      case .standardStreams: port = nil
      case .single: port = try SinglePort(properties)
      case .multiplexed(let keepsAlive):
        port = try MultiplexedPort(properties, keepsAlive: keepsAlive, now: now)
      }
    } catch {
      throw .ports(error)
    }
    let takesFlag = VersionGate.terminateFlag.isOpen(to: version)
    ports = LocalPorts(port: port, takesTerminateFlag: takesFlag || mode != .single && port != nil)
    voice.settle(isStream: port == nil)
    if let port {
      voice.say(
        port: SessionTexts.opened(port.listener, sessionID: sessionID, isMultiplexed: mode != .single))
    } else {
      terminal.isStream = true
      try record(.opened(LocalPorts.standardStream, from: "standard input and output"), now)
    }
  }

  /// Passes what came to those it is for.
  func takePortBytes(_ bytes: [UInt8], _ now: Instant) throws(SessionError) {
    guard let port = ports?.port else {
      ports?.streams.hear(now: now)
      return try record(.received(LocalPorts.standardStream, bytes), now)
    }
    do throws(PortError) {
      try port.receive(bytes, now: now)
    } catch {
      throw .ports(error)
    }
    try recordPorts(now)
  }

  func takeFlag(_ flag: UInt32, _ now: Instant) {
    guard let port = ports?.port else { return }
    if flag == ChannelFlag.connectToPortError.rawValue { voice.say(port: SessionTexts.connectionFailed) }
    port.receive(flag: flag, now: now)
  }

  /// Does what can be done for the programs here.
  func servePorts(_ ready: ArraySlice<Poll.Readiness>, _ now: Instant) throws(SessionError) -> Ending? {
    guard let ports else { return nil }
    guard let port = ports.port else {
      let isOver = ports.streams.isOver(
        isDelivered: link.isDelivered, isUnread: terminal.outputClosed, now: now)
      return isOver ? leave(nil) : nil
    }
    if link.isDelivered { port.noteDelivered() }
    do throws(PortError) {
      try port.serve(ready, now: now) { bytes in
        if !bytes.isEmpty { link.send(input: bytes, now: now) }
        return link.wantsInput
      }
    } catch {
      throw .ports(error)
    }
    if let flag = port.takeFlag() { link.send(flag: flag, now: now) }
    try recordPorts(now)
    return nil
  }

  private func recordPorts(_ now: Instant) throws(SessionError) {
    guard let port = ports?.port else { return }
    for happening in port.takeHappenings() {
      if case .opened = happening, let text = port.acceptance(sessionID: sessionID) { voice.say(port: text) }
      try record(happening, now)
    }
  }

  func record(_ happening: PortHappening, _ now: Instant) throws(SessionError) {
    try record { recorder throws(FormatError) in try recorder.port(happening, now: now) }
  }

  /// Ends a port session from here: what was read goes out, then the agent is told, and has a moment to say that
  /// it knows.
  func leave(_ signal: Signal?) -> Ending {
    if signal != nil, forwardsPort { voice.say(port: SessionTexts.terminated) }
    let end = time.instant.advanced(byMicroseconds: 2_000_000)
    var isTold = false
    while true {
      let now = time.instant
      if ports?.takesTerminateFlag == true, !isTold {
        link.send(flag: .terminateSession, now: now)
        isTold = true
      }
      if isTold || ports?.takesTerminateFlag != true, link.isDelivered {
        return .left(signal, agentKnows: isTold)
      }
      guard now < end, !link.isDisconnected else { return .left(signal, agentKnows: false) }
      let due = min(end, link.deadline ?? end)
      // Whatever fails here, the session is over.
      let ready = try? Poll.wait([link.interest], microseconds: max(0, due.microseconds(since: now)))
      guard let happenings = try? link.process(ready?.first ?? [], now: time.instant) else {
        return .left(signal, agentKnows: false)
      }
      if happenings.contains(where: { if case .closed = $0 { true } else { false } }) {
        return .left(signal, agentKnows: true)
      }
    }
  }

  /// Hands programs here what came for them before the end, as far as they take it within 5 s.
  func drainPorts() throws(SessionError) {
    guard let port = ports?.port else { return }
    let end = time.instant.advanced(byMicroseconds: 5_000_000)
    while port.queuedByteCount > 0, time.instant < end {
      let interests = port.interests(sending: false, now: time.instant)
      // What cannot be waited for is given up.
      guard let ready = try? Poll.wait(interests, microseconds: 100_000) else { return }
      do throws(PortError) {
        try port.serve(ready[...], now: time.instant) { _ in false }
      } catch {
        return
      }
      try recordPorts(time.instant)
    }
  }
}
