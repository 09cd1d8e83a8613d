import Platform

/// Finds credentials as the AWS CLI does, and keeps those that cost a call until they are about to expire.
///
/// One for a program's run; not for several threads.
final class CredentialProvider {
  private let environment: Environment
  private let profileName: String?
  private let region: String?
  private var network: CredentialNetwork
  private let time: any TimeSource
  /// nil once a session owns the terminal.
  private var askCode: ((String) throws(CredentialError) -> String)?
  private var kept: Kept?

  private struct Kept {
    let credentials: Credentials
    let source: CredentialSource
    let foundAt: Instant
  }

  /// Credentials with less than this left, in microseconds, are looked up anew.
  static let renewalWindow: Int64 = 300_000_000

  /// - Parameters:
  ///   - profile: `--profile`. It comes before keys in the environment, which `AWS_PROFILE` does not.
  ///   - region: where STS is asked; nil: its global endpoint.
  ///   - askCode: asks the person for a code of a second factor; nil: there is nobody to ask.
  init(
    environment: Environment, profile: String?, region: String?, network: CredentialNetwork,
    time: any TimeSource = SystemTime(), askCode: ((String) throws(CredentialError) -> String)? = nil
  ) {
    self.environment = environment
    profileName = profile.flatMap { $0.isEmpty ? nil : $0 }
    self.region = region
    self.network = network
    self.time = time
    self.askCode = askCode
  }

  /// From now on nobody is asked for anything: the terminal belongs to a session.
  func stopAsking() { askCode = nil }

  /// Credentials that are good for some minutes at least.
  ///
  /// Keys that stand somewhere are read again each time. Those that a call or a program gave are kept: until
  /// they are about to expire, and until they are older than `maximumAge`.
  /// - Parameters:
  ///   - maximumAge: in microseconds; nil: as long as they are good.
  ///   - interruptedBy: a descriptor of signals that ends any wait when it is readable.
  func credentials(
    maximumAge: Int64? = nil, interruptedBy: Int32? = nil
  ) throws(CredentialError) -> Credentials {
    if let kept, isGood(kept, maximumAge) { return kept.credentials }
    network.interruptedBy = interruptedBy
    do throws(CredentialError) {
      var trace = CredentialTrace()
      let (found, source) = try search(&trace)
      kept = Kept(credentials: found, source: source, foundAt: time.instant)
      return found
    } catch {
      // What has not expired is better than nothing, for example while STS cannot be reached.
      if let kept, let expiration = kept.credentials.expiration, expiration > time.timestamp {
        return kept.credentials
      }
      throw error
    }
  }

  /// Drops what is kept: the service would not have it.
  func forget() { kept = nil }

  private func isGood(_ kept: Kept, _ maximumAge: Int64?) -> Bool {
    switch kept.source {
    case .environment, .credentialsFile, .configFile: return false
    default: break
    }
    if let expiration = kept.credentials.expiration,
      expiration.microseconds - time.timestamp.microseconds < Self.renewalWindow
    {
      return false
    }
    return maximumAge.map { time.instant.microseconds(since: kept.foundAt) < $0 } ?? true
  }

  /// Looks as `credentials` does, and tells what each source brought, for people.
  func explain() -> (trace: CredentialTrace, outcome: Result<Credentials, CredentialError>) {
    var trace = CredentialTrace()
    let outcome: Result<Credentials, CredentialError>
    do throws(CredentialError) {
      outcome = .success(try search(&trace).0)
    } catch {
      outcome = .failure(error)
    }
    let asked = trace.steps.count
    for source in CredentialSource.allCases.dropFirst(asked) { trace.steps.append((source, .notAsked)) }
    return (trace, outcome)
  }

  private func search(
    _ trace: inout CredentialTrace
  ) throws(CredentialError) -> (Credentials, CredentialSource) {
    let configuration = try SharedConfiguration(environment: environment)
    let wanted = SharedConfiguration.wantedProfile(flag: profileName, environment: environment)
    // Keys in the environment need no profile, not even one that AWS_PROFILE names and nobody knows.
    let needsProfile = profileName != nil || environment.nonEmpty("AWS_ACCESS_KEY_ID") == nil
    let known = needsProfile ? wanted : wanted.flatMap { configuration.profile($0)?.name }
    let chain = CredentialChain(
      environment: environment, configuration: configuration,
      profile: try configuration.profile(wanted: known), isProfileGiven: profileName != nil,
      region: region, network: network, askCode: askCode, now: { [time] in time.timestamp })
    for source in CredentialSource.allCases {
      do throws(CredentialError) {
        switch try chain.look(into: source) {
        case .found(let found, let detail):
          trace.steps.append((source, .used(detail: detail)))
          return (found, source)
        case .passedOver(let reason): trace.steps.append((source, .passedOver(reason: reason)))
        }
      } catch {
        trace.steps.append((source, .failed(error)))
        throw error
      }
    }
    throw .noneFound(profile: chain.profile.name)
  }
}
