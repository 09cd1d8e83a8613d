import Platform

// MARK: - Ports

extension AgentSession {
  /// Hands what servers said to the channel.
  func sendPorts(now: Instant) {
    guard let ports else { return }
    for item in ports.takeOutgoing() {
      switch item {
      case .bytes(let bytes): channel.send(output: bytes, now: now)
      case .flag(let flag): channel.send(flag: flag, now: now)
      }
    }
  }

  func startPorts(_ properties: PortProperties, now: Instant) {
    do throws(PortDestination.Refusal) {
      let addresses = try PortDestination.addresses(
        of: properties, allowsOthers: configuration.allowsOtherAddresses)
      let mode = PortMode(properties, clientVersion: clientVersion)
      ports = PortServer(mode, addresses: addresses, now: now)
      phase = .running
    } catch {
      finish(error.description, now: now)
    }
  }

  func advancePorts(now: Instant) {
    guard phase == .running, let ports else { return }
    ports.advance(now: now)
    sendPorts(now: now)
    switch ports.ending {
    case nil: break
    case "": enter(.settling, now: now)
    case .some(let reason): finish(reason, now: now)
    }
  }
}

// MARK: - What goes wrong on purpose

extension AgentSession {
  func arrive(_ steps: [FaultyLine.Step], now: Instant) {
    for step in steps {
      switch step {
      case .message(let message): take(message, now: now)
      case .cut: connection?.close()
      case .pause, .start: break  // the agent has no use for them
      }
    }
  }

  func depart(_ steps: [FaultyLine.Step], to connection: AgentConnection) {
    for step in steps {
      switch step {
      case .message(let message): connection.stream.send(message)
      case .pause: connection.stream.send(channel.publication(isPaused: true))
      case .start: connection.stream.send(channel.publication(isPaused: false))
      case .cut: connection.close()
      }
    }
  }

  /// Messages that a fault has kept.
  func sendDelayed(now: Instant) {
    if let steps = faults?.toAgent.due(now: now) { arrive(steps, now: now) }
    if let connection, let steps = faults?.toClient.due(now: now) { depart(steps, to: connection) }
  }
}
