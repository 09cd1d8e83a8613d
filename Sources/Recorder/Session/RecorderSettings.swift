import Format
import Platform

/// The settings a recording needs, read and checked.
struct RecorderSettings: Sendable {
  /// How long the steps of a session may take, in microseconds.
  struct Timeouts: Equatable, Sendable {
    /// Each of: connecting, TLS, the answer to the upgrade, an API call.
    var step: Int64
    /// The agent's first handshake message or output.
    var firstAnswer: Int64
    /// Silence after which the link is probed.
    var idlePing: Int64 = 60_000_000
    /// Silence after a probe that counts as a dead link.
    var pingAnswer: Int64 = 30_000_000

    /// Microseconds as whole seconds, for people.
    func seconds(_ microseconds: Int64) -> Int { Int((microseconds + 500_000) / 1_000_000) }

    /// The limits of a connection that is being opened.
    var connection: Connection.Limits {
      Connection.Limits(perAddressMicroseconds: min(5_000_000, step), openMicroseconds: step)
    }
  }

  var folder: RecordingFolder
  var failPolicy: FailPolicy
  var input: InputPolicy
  /// Which secrets are masked in what is recorded (`MaskPatterns`); nil: none.
  var maskPatterns: String?
  /// Private key file that signs the recording; nil: members are chained only.
  var signingKeyPath: String?
  /// What is kept of the bytes that ports carry.
  var portPayload: PortPayload
  var timeouts: Timeouts
  /// Whether an agent's challenge goes into the context of an encrypted session's key (`kms_challenge`).
  var acknowledgesKeyChallenge: Bool

  init(environment: Environment, flags: [String: String]) throws(SettingsError) {
    let settings = try ProductSettings.load(environment: environment, flags: flags)
    folder = ProductSettings.folder(settings, environment: environment)
    // Both are declared as choices with exactly these words, and have defaults.
    failPolicy = settings.value("fail_policy").flatMap(FailPolicy.init) ?? .strict
    input = settings.value("input").flatMap(InputPolicy.init) ?? .masked
    maskPatterns = settings.value("mask_patterns").flatMap { $0.isEmpty ? nil : $0 }
    if let text = maskPatterns {
      do throws(MaskPatternsError) { _ = try MaskPatterns.parse(text) } catch {
        let origin = settings.all.first { $0.declaration.name == "mask_patterns" }?.origin ?? .builtIn
        throw .unusable(key: "mask_patterns", origin, cause: error.description)
      }
    }
    signingKeyPath = settings.value("signing_key").flatMap { $0.isEmpty ? nil : $0 }
    let payload = settings.value("port_payload") ?? "none"
    guard let kept = PortPayload(payload) else {
      throw .badValue(
        key: "port_payload", settings.origin("port_payload"),
        expected: .choice(["none", "head:BYTES", "full"]), found: payload)
    }
    portPayload = kept
    acknowledgesKeyChallenge = settings.value("kms_challenge") != "omit"
    let seconds = min(max(settings.number("timeout") ?? 15, 0.1), 3600)
    let step = Int64(seconds * 1_000_000)
    timeouts = Timeouts(step: step, firstAnswer: 2 * step)
  }

  /// A mask for one recording; nil where nothing is to be masked.
  var outputMask: OutputMask? {
    // Cannot fail: it was parsed when the settings were read.
    maskPatterns.flatMap { try? MaskPatterns.parse($0) }.map { OutputMask($0) }
  }
}
