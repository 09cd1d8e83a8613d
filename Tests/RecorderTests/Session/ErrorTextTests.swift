import Format
import Platform
import Testing

@testable import Recorder

/// Every text with which a session, a connection, the local service or the search for credentials fails: what it is
/// about, the cause, and where there is one the next step.
@Suite struct RecorderErrorTextTests {
  private static let sessions: [(SessionError, String)] = [
    (
      .badStreamURL(URLPartsError(description: "it has no host")),
      "the service gave a stream address that cannot be used: it has no host"
    ),
    (.connection(.system(.noMemory)), "cannot use the network: cannot allocate memory"),
    (.closedByService(code: 1000, reason: "Bye"), "the service closed the data channel (1000: Bye)"),
    (.closedByService(code: nil, reason: ""), "the service closed the data channel (no code)"),
    (.ports(.noSocketPath), "the session is for a unix socket, and localUnixSocket does not say which"),
    (
      .serviceSilent(seconds: 30),
      "the service did not answer within 30 s; check the network, or raise the setting timeout"
    ),
    (
      .agentSilent(seconds: 30),
      "the agent did not answer within 30 s; check that the target is running and its agent is online"
    ),
    (.networkSilent(seconds: 30), "the connection is dead: no answer for 30 s; check the network"),
    (.notResumed(cause: "no route"), "the connection was lost and could not be resumed: no route"),
    (.abandoned, "the connection was lost, and you ended the wait for it"),
    (
      .recording(path: "a", .cannotWrite(offset: 9, .noSpace)),
      "the session was ended, because its recording a failed: the recording cannot be written (byte 9): no space left "
        + "on device"
    ),
    (.terminal(.inputOutput), "the terminal cannot be used: input/output error"),
    (.output(.brokenPipe), "what the session shows cannot be written to standard output: broken pipe"),
  ]

  private static let connections: [(ConnectionError, String)] = [
    (
      .nameNotFound(host: "h", reason: "no such name"),
      "cannot find the address of h: no such name; check the name, the region and the name server"
    ),
    (
      .refused(peer: "h", [.init(address: "1.2.3.4:443", reason: "connection refused")]),
      "cannot connect to h: connection refused"
    ),
    (
      .refused(peer: "h", [.init(address: "a", reason: "x"), .init(address: "b", reason: "y")]),
      "cannot connect to h: a: x; b: y"
    ),
    (
      .noAnswer(peer: "h", .handshake, seconds: 9),
      "h did not finish the TLS handshake within 9 s; check network, firewall and proxy"
    ),
    (
      .proxyRefused(proxy: "p", status: 407, reason: "Auth"),
      "the proxy p wants a user and password; put them into the proxy variable as USER:PASSWORD@HOST"
    ),
    (.proxyRefused(proxy: "p", status: 502, reason: "Bad"), "the proxy p refused the connection (502 Bad)"),
    (
      .lost(peer: "h", .connecting, .connectionReset),
      "the connection to h was lost while connecting: connection reset by peer"
    ),
    (.closed(peer: "h", .open), "h closed the connection before the answer was complete"),
    (
      .badProxy(variable: "HTTPS_PROXY", reason: "no host"),
      "the proxy in HTTPS_PROXY cannot be used: no host; expected http://[USER:PASSWORD@]HOST:PORT"
    ),
    (.interrupted, "interrupted"), (.system(.noMemory), "cannot use the network: cannot allocate memory"),
  ]

  private static let agents: [(AgentError, String)] = [
    (
      .badAddress("x"),
      "\"x\" is no address to listen at: write HOST:PORT, for example 127.0.0.1:8022 (port 0: any free one)"
    ),
    (
      .badAccessKey,
      "the access key is not of the form ID:SECRET: an id of up to 128 letters, digits, - and _, a colon, and a secret "
        + "without spaces"
    ),
    (
      .notLoopback(address: "0.0.0.0"),
      "0.0.0.0 can be reached from other machines, and whoever has the access key gets a shell here: listen at "
        + "127.0.0.1 or ::1, or say --force if this is meant"
    ),
    (.unknownHost(host: "h", reason: "no such name"), "cannot listen at h: no such name"),
    (
      .cannotListen(address: "a", .addressInUse),
      "a is in use by another program: choose another port, or 0 for any free one"
    ),
    (.cannotListen(address: "a", .permissionDenied), "cannot listen at a: permission denied"),
    (
      .shellMissing(path: "/s"),
      "there is no program at /s to run as the shell: set the user's shell to one that exists"
    ),
    (.commandMissing("x"), "x: there is no such command here"),
    (.cannotRun(program: "x", .permissionDenied), "x: cannot be run: permission denied"),
    (
      .badCommand,
      "the command cannot be run: it has no word, or its quotes do not match; for anything a shell does, ask for sh -c "
        + "'…'"
    ),
    (
      .cannotWrite(path: "r", .permissionDenied),
      "cannot write r: permission denied; choose a folder that this user may write to"
    ),
    (.noCertificate(reason: "x"), "cannot make the certificate of the loopback service: x"),
    (.system(doing: "start x", .noMemory), "cannot start x: cannot allocate memory"),
  ]

  private static let credentials: [(CredentialError, String)] = [
    (
      .noneFound(profile: "p"),
      "no AWS credentials found for profile \"p\"; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, run \"aws "
        + "configure\", or name another profile with --profile; \"ssmrec doctor\" tells where was looked"
    ),
    (
      .unknownProfile("p", known: ["a", "b"], files: ["f", "g"]),
      "there is no profile \"p\" in f or g; there are: a, b"
    ),
    (.unknownProfile("p", known: [], files: ["f"]), "there is no profile \"p\" in f"),
    (
      .incomplete(source: "the environment", missing: "AWS_SECRET_ACCESS_KEY"),
      "the credentials in the environment are incomplete: AWS_SECRET_ACCESS_KEY is missing"
    ),
    (.badConfiguration(profile: "p", reason: "a circle"), "profile \"p\" cannot be used: a circle"),
    (
      .unsupported(profile: "p", way: "magic"),
      "profile \"p\" gets its credentials by magic, which is not supported; run eval \"$(aws configure "
        + "export-credentials --profile p --format env)\" first, or use the AWS CLI with this plugin"
    ),
    (
      .processFailed(profile: "p", reason: "exit 1"), "the credential_process of profile \"p\" failed: exit 1"
    ),
    (.signedOut(profile: "p", reason: "it has ended"), "it has ended; run \"aws sso login --profile p\""),
    (
      .secondFactorNeeded(profile: "p", serial: "arn"),
      "the role of profile \"p\" asks for a code of arn, and there is no terminal to ask on; run any command of the AWS "
        + "CLI with this profile first, whose cached credentials are then used"
    ),
    (.interrupted, "interrupted while credentials were looked up"),
    (.unreadable(path: "f", reason: "permission denied"), "cannot read f: permission denied"),
  ]

  private static let ports: [(PortError, String)] = [
    (.badPort(name: "portNumber", "x"), "portNumber is \"x\", which is no port number (0 to 65535)"),
    (.noSocketPath, "the session is for a unix socket, and localUnixSocket does not say which"),
    (.socketPathTooLong(path: "/s"), "/s is too long for a socket's path (107 bytes): choose a shorter one"),
    (
      .cannotListen(address: "a", .addressInUse), "a is in use: end what listens there, or choose another one"
    ),
    (.cannotListen(address: "a", .permissionDenied), "cannot listen at a: permission denied"),
  ]

  @Test func everyTextIsAsItIsMeantToBe() {
    for (error, text) in Self.sessions { #expect(error.description == text) }
    for (error, text) in Self.connections { #expect(error.description == text) }
    for (error, text) in Self.agents { #expect(error.description == text) }
    for (error, text) in Self.credentials { #expect(error.description == text) }
    for (error, text) in Self.ports { #expect(error.description == text) }
    #expect(
      APIError.badAnswer(operation: "StartSession", reason: "no token").description
        == "the answer to StartSession cannot be used: no token")
  }
}
