import Platform

/// Whom a session is started as and where: endpoint, region, credentials, trust and proxy, found once.
struct AWSAccount {
  /// Where credentials come from.
  enum CredentialSource {
    case fixed(Credentials)
    /// Looked up again at each call, so that renewed ones are found.
    case found(CredentialProvider)

    /// - Parameter maximumAge: as `CredentialProvider.credentials` has it.
    func credentials(
      maximumAge: Int64? = nil, interruptedBy: Int32? = nil
    ) throws(CredentialError) -> Credentials {
      switch self {
      case .fixed(let credentials): credentials
      case .found(let provider):
        try provider.credentials(maximumAge: maximumAge, interruptedBy: interruptedBy)
      }
    }

    /// A session begins, or the service would not have what was found.
    func change(_ change: (CredentialProvider) -> Void) {
      if case .found(let provider) = self { change(provider) }
    }
  }

  /// nil where no region, and so no endpoint, is known: the stream can still be opened, unsigned.
  var endpoint: URLParts?
  var region: String?
  /// Where KMS is, for encrypted sessions.
  private var keyEndpoint: Result<URLParts, EndpointError> = .failure(.noRegion(profile: nil))
  var credentials: CredentialSource
  /// Callers of the official client can forbid it to look for credentials (protocol §2.5).
  private var signsUpgrades = true
  var tls: TLSContext
  var proxy: ProxySettings

  /// The service that is embedded in this process.
  init(_ agent: LocalAgent) throws(AccountError) {
    do throws(URLPartsError) {
      endpoint = try URLParts(parsing: agent.endpoint)
    } catch {
      throw .endpoint(.badURL(source: "the embedded service", reason: "\(error)"))
    }
    region = agent.region
    keyEndpoint = endpoint.map { .success($0) } ?? keyEndpoint
    credentials = .fixed(agent.credentials)
    tls = try Self.context(.certificates(pem: agent.authorityPEM))
    proxy = .none
  }

  /// The user's account as options, environment and profile describe it; every part must be there.
  init(
    environment: Environment, profile name: String?, region regionFlag: String?, endpointURL: String?
  ) throws(AccountError) {
    let profile: Profile
    do throws(CredentialError) {
      profile = try Profile.load(environment: environment, name: name)
    } catch {
      throw .credentials(error)
    }
    tls = try Self.context(TrustStore(environment: environment, caBundle: profile.caBundle))
    proxy = ProxySettings(environment: environment)
    let network = CredentialNetwork(trust: tls, proxy: proxy)
    do throws(EndpointError) {
      let region = try Endpoint.region(
        flag: regionFlag, environment: environment, profile: profile,
        instance: { Self.instanceRegion(environment, profile, network) })
      self.region = region
      endpoint = try Endpoint.url(
        service: "ssm", region: region, flag: endpointURL, environment: environment, profile: profile)
      keyEndpoint = Self.keyEndpoint(region: region, environment: environment, profile: profile)
    } catch {
      throw .endpoint(error)
    }
    credentials = .found(
      CredentialProvider(
        environment: environment, profile: name, region: region, network: network,
        askCode: SecondFactor.askOnTerminal))
  }

  private static func instanceRegion(
    _ environment: Environment, _ profile: Profile, _ network: CredentialNetwork
  ) -> String? {
    InstanceMetadata(
      environment: environment, profile: profile, network: network, now: { SystemTime().timestamp }
    ).region()
  }

  /// What can be known of the account of a session that another program started: it needs none of it to
  /// connect, except where the service wants the upgrade signed.
  static func ofStartedSession(
    environment: Environment, profile name: String?, region: String?, endpointURL: String? = nil
  ) throws(AccountError) -> AWSAccount {
    // Whatever is missing is missing: the token in the response opens the channel.
    let profile = try? Profile.load(environment: environment, name: name)
    let network = CredentialNetwork(
      trust: try context(TrustStore(environment: environment, caBundle: profile?.caBundle)),
      proxy: ProxySettings(environment: environment))
    let region = try? Endpoint.region(flag: region, environment: environment, profile: profile)
    var account = AWSAccount(
      tls: network.trust, proxy: network.proxy,
      credentials: .found(
        CredentialProvider(environment: environment, profile: name, region: region, network: network)))
    account.region = region
    account.signsUpgrades = environment["SSM_PLUGIN_SKIP_CLIENT_CONFIGURE"]?.lowercased() != "true"
    if let region = account.region {
      // ECS passes its own endpoint, which knows no sessions (protocol §2.3).
      let flag = endpointURL.flatMap { isForeign($0) ? nil : $0 }
      account.endpoint = try? Endpoint.url(
        service: "ssm", region: region, flag: flag, environment: environment, profile: profile)
      account.keyEndpoint = keyEndpoint(region: region, environment: environment, profile: profile)
    }
    return account
  }

  /// A mistake in the address of KMS is told when KMS is needed: most sessions are not encrypted.
  private static func keyEndpoint(
    region: String, environment: Environment, profile: Profile?
  ) -> Result<URLParts, EndpointError> {
    do throws(EndpointError) {
      return .success(
        try Endpoint.url(service: "kms", region: region, environment: environment, profile: profile))
    } catch {
      return .failure(error)
    }
  }

  private init(tls: TLSContext, proxy: ProxySettings, credentials: CredentialSource) {
    (self.tls, self.proxy, self.credentials) = (tls, proxy, credentials)
  }

  private static func context(_ trust: TrustStore) throws(AccountError) -> TLSContext {
    do throws(TLSError) {
      return try TLSContext.client(trust: trust)
    } catch {
      throw .tls(error)
    }
  }

  /// Whether an address of AWS's is that of another service than Systems Manager.
  static func isForeign(_ endpointURL: String) -> Bool {
    guard let host = try? URLParts(parsing: endpointURL).host else { return true }
    return host.hasPrefix("ecs.") || host.hasPrefix("ecs-")
  }

  /// How to reach the session's stream, now and after a lost connection.
  /// - Parameter target: as StartSession was given it, for the keys of encrypted sessions; nil: not known.
  func access(
    to session: StartSessionResponse, target: String?, settings: RecorderSettings
  ) -> SessionLink.Access {
    let account = self
    let timeouts = settings.timeouts
    credentials.change { $0.stopAsking() }
    var access = SessionLink.Access(
      tls: tls, proxy: proxy,
      signing: { (interruptedBy) throws(CredentialError) in
        guard let region = account.region, account.signsUpgrades else { return nil }
        let credentials = try account.credentials.credentials(interruptedBy: interruptedBy)
        return SessionLink.Access.Signing(credentials: credentials, region: region)
      })
    access.dataKey = { request, interruptedBy in
      account.dataKey(
        request, sessionID: session.sessionID, target: target, settings: settings,
        interruptedBy: interruptedBy)
    }
    // A presigned stream belongs to whoever signed it, and so does resuming it.
    let isPresigned = (try? URLParts(parsing: session.streamURL).isPresigned) ?? false
    if let endpoint, !isPresigned {
      // A service of this machine that is gone does not come back.
      if endpoint.isLoopback { access.resumeLimit = timeouts.step }
      access.resume = { account.resume(session, timeouts: timeouts, interruptedBy: $0) }
    }
    return access
  }

  private func dataKey(
    _ request: KeyRequest, sessionID: String, target: String?, settings: RecorderSettings,
    interruptedBy: Int32
  ) -> KeyAnswer {
    guard let target else {
      return .failed(
        reason:
          "the session is encrypted, and its key is bound to the target, which is not known here; name it")
    }
    guard let region else { return .failed(reason: "the session is encrypted, and no region is set") }
    let endpoint: URLParts
    do throws(EndpointError) {
      endpoint = try keyEndpoint.get()
    } catch {
      return .failed(reason: "\(error)")
    }
    let source = credentials
    let client = KMSClient(
      endpoint: endpoint, region: region,
      transport: transport(timeouts: settings.timeouts, interruptedBy: interruptedBy),
      credentials: { () throws(CredentialError) in try source.credentials(interruptedBy: interruptedBy) })
    let challenge = settings.acknowledgesKeyChallenge ? request.challenge : nil
    let context = EncryptionContext(sessionID: sessionID, targetID: target, randomChallenge: challenge)
    do throws(APIError) {
      let answer = try client.generateDataKey(request.keyID, context: context)
      return .key(
        answer.key, ciphertextBlob: answer.ciphertextBlob, isBoundToChallenge: challenge != nil)
    } catch {
      return .failed(reason: "\(error)")
    }
  }

  private func resume(
    _ session: StartSessionResponse, timeouts: RecorderSettings.Timeouts, interruptedBy: Int32
  ) -> SessionLink.Access.Resumption {
    guard
      let client = client(
        timeouts: timeouts, interruptedBy: interruptedBy, maximumAge: Self.maximumAgeAtResume)
    else { return .failed(cause: "no region is set") }
    do throws(APIError) {
      return try client.resumeSession(session).map { .token($0) } ?? .over
    } catch {
      if case .service(_, let answer) = error, answer.isAboutCredentials {
        credentials.change { $0.forget() }
      }
      switch error {
      case .service(_, let answer) where answer.type == "DoesNotExistException": return .over
      // Credentials that have expired may be renewed meanwhile, in another window.
      case .service(_, let answer) where answer.isRetryable || answer.isAboutCredentials:
        return .failed(cause: "\(error)")
      case .credentials, .connection: return .failed(cause: "\(error)")
      case .service, .badAnswer: return .refused(cause: "\(error)")
      }
    }
  }

  /// The service's client; nil where its address is not known.
  /// - Parameters:
  ///   - interruptedBy: a descriptor of signals that ends any wait when it is readable.
  ///   - maximumAge: of its credentials, in microseconds.
  func client(
    timeouts: RecorderSettings.Timeouts, interruptedBy: Int32? = nil, maximumAge: Int64? = nil
  ) -> SSMClient? {
    guard let endpoint, let region else { return nil }
    let source = credentials
    return SSMClient(
      endpoint: endpoint, region: region,
      transport: transport(timeouts: timeouts, interruptedBy: interruptedBy),
      credentials: { () throws(CredentialError) in
        try source.credentials(maximumAge: maximumAge, interruptedBy: interruptedBy)
      })
  }

  /// Credentials are looked up anew for resuming a session, but not with each of many attempts, in microseconds.
  private static let maximumAgeAtResume: Int64 = 60_000_000

  private func transport(timeouts: RecorderSettings.Timeouts, interruptedBy: Int32?) -> APITransport {
    .network(
      trust: tls, proxy: proxy, limits: timeouts.connection, answer: timeouts.firstAnswer,
      interruptedBy: interruptedBy)
  }

  /// Asks the service to end a session. It is a courtesy: an abandoned session ends by itself after 20 minutes.
  func terminate(_ sessionID: String, timeouts: RecorderSettings.Timeouts) -> () -> Void {
    {
      var short = timeouts
      short.step = min(timeouts.step, 3_000_000)
      short.firstAnswer = min(timeouts.firstAnswer, 3_000_000)
      try? client(timeouts: short)?.terminateSession(sessionID)
    }
  }
}

/// Why it is not known where to start a session.
enum AccountError: Error, Equatable, CustomStringConvertible {
  case credentials(CredentialError)
  case endpoint(EndpointError)
  case tls(TLSError)

  var description: String {
    switch self {
    case .credentials(let error): "\(error)"
    case .endpoint(let error): "\(error)"
    case .tls(let error): "\(error)"
    }
  }
}
