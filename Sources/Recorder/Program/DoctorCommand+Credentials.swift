import Platform

extension DoctorCommand {
  /// Which credentials would be used, and what was found where else.
  static func credentials(_ environment: Environment, profile name: String?, region: String?) -> [Finding] {
    // What is wrong with the profile is told by the search below.
    let profile = try? Profile.load(environment: environment, name: name)
    let network: CredentialNetwork
    do throws(TLSError) {
      network = CredentialNetwork(
        trust: try TLSContext.client(
          trust: TrustStore(environment: environment, caBundle: profile?.caBundle)),
        proxy: ProxySettings(environment: environment))
    } catch {
      return [Finding(subject: "credentials", verdict: .bad, words: "\(error)")]
    }
    let provider = CredentialProvider(
      environment: environment, profile: name,
      region: try? Endpoint.region(flag: region, environment: environment, profile: profile),
      network: network, askCode: SecondFactor.askOnTerminal)
    let (trace, outcome) = provider.explain()
    return [verdict(outcome, now: SystemTime().timestamp)] + trace.steps.map(detail)
  }

  static func verdict(_ outcome: Result<Credentials, CredentialError>, now: Timestamp) -> Finding {
    switch outcome {
    case .success(let found):
      guard let expiration = found.expiration else {
        return Finding(subject: "credentials", verdict: .good, words: "\(found)")
      }
      let date = CalendarDate(Timestamp(microseconds: expiration.seconds * 1_000_000)).rfc3339
      return expiration > now
        ? Finding(subject: "credentials", verdict: .good, words: "\(found), good until \(date)")
        : Finding(
          subject: "credentials", verdict: .bad, words: "\(found) has expired at \(date); get new ones")
    case .failure(let error): return Finding(subject: "credentials", verdict: .bad, words: "\(error)")
    }
  }

  private static func detail(_ step: (source: CredentialSource, verdict: CredentialTrace.Verdict)) -> Finding
  {
    let words =
      switch step.verdict {
      case .used(let detail): "\(step.source): used (\(detail))"
      case .passedOver(let reason): "\(step.source): passed over, \(reason)"
      case .failed: "\(step.source): asked for and failed"
      case .notAsked: "\(step.source): not looked at, one before it decides"
      }
    return Finding(subject: "", verdict: .detail, words: words)
  }
}
