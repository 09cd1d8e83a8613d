import Platform

/// Where the embedded service can be reached: an open port, and a certificate of its own for it.
///
/// One port serves HTTP and HTTPS: a TLS connection begins with a byte that HTTP never begins with.
final class AgentListener {
  let descriptor: Descriptor
  let address: SocketAddress
  /// The throw-away authority's certificate, for clients to trust.
  let authorityPEM: [UInt8]
  let tls: TLSContext

  /// Opens the port and makes the certificate, valid for loopback and the address listened at.
  init(_ configuration: AgentConfiguration, now: Timestamp) throws(AgentError) {
    let address = try Self.address(configuration)
    let named = "\(configuration.host):\(configuration.port)"
    do throws(Errno) {
      descriptor = try Socket.listen(at: address)
      self.address = try Socket.localAddress(descriptor)
    } catch {
      throw .cannotListen(address: named, error)
    }
    do throws(TLSError) {
      let authority = try CertificateAuthority(now: now)
      var names = ["localhost"]
      var addresses = ["127.0.0.1", "::1"]
      if !address.isLoopback { names.append(Host.name) }
      if !addresses.contains(address.host) { addresses.append(address.host) }
      let identity = try authority.issue(names: names, addresses: addresses, now: now)
      authorityPEM = authority.certificatePEM
      tls = try TLSContext.server(identity)
    } catch {
      throw .noCertificate(reason: error.description)
    }
  }

  /// `127.0.0.1:8022` or `[::1]:8022`; the machine's name where the port is open at all addresses.
  var authority: String {
    ["0.0.0.0", "::"].contains(address.host) ? "\(Host.name):\(address.port)" : address.description
  }
  var endpoint: String { "http://\(authority)" }
  var secureEndpoint: String { "https://\(authority)" }

  private static func address(_ configuration: AgentConfiguration) throws(AgentError) -> SocketAddress {
    let addresses: [SocketAddress]
    do throws(Socket.ResolutionError) {
      addresses = try Socket.resolve(configuration.host, port: configuration.port)
    } catch {
      throw .unknownHost(host: configuration.host, reason: error.reason)
    }
    // `localhost` may name ::1 first on machines where nothing else listens there.
    guard let address = addresses.first(where: { !$0.host.contains(":") }) ?? addresses.first else {
      throw .unknownHost(host: configuration.host, reason: "it has no address")
    }
    guard address.isLoopback || configuration.allowsOtherAddresses else {
      throw .notLoopback(address: "\(configuration.host):\(configuration.port)")
    }
    return address
  }
}
