import Format
import Platform

/// Which proxy to use for which address, as curl, Go and Python read it from the environment.
///
/// `https_proxy` counts for https and wss, `http_proxy` for http and ws; the lower-case name comes before the
/// upper-case one. `no_proxy` lists what is reached directly; this machine always is.
struct ProxySettings: Equatable, Sendable {
  /// No proxy for anything.
  static let none = ProxySettings(environment: Environment([:]))

  private struct Setting: Equatable, Sendable {
    let variable: String
    let value: String
  }

  private let secure: Setting?
  private let plain: Setting?
  private let exceptions: [ProxyException]

  init(environment: Environment) {
    func setting(_ name: String) -> Setting? {
      for variable in [name, name.uppercased()] {
        if let value = environment.nonEmpty(variable) { return Setting(variable: variable, value: value) }
      }
      return nil
    }
    secure = setting("https_proxy")
    plain = setting("http_proxy")
    exceptions = ProxyException.list(setting("no_proxy")?.value ?? "")
  }

  /// The proxy to go through; nil for a direct connection.
  func proxy(for url: URLParts) throws(ConnectionError) -> Proxy? {
    guard let setting = url.isSecure ? secure : plain, !isDirect(url) else { return nil }
    do throws(URLPartsError) {
      return try Proxy(parsing: setting.value)
    } catch {
      throw .badProxy(variable: setting.variable, reason: error.description)
    }
  }

  private func isDirect(_ url: URLParts) -> Bool {
    let address = InternetAddress(url.host)
    if address?.isLoopback ?? (url.host == "localhost" || url.host.hasSuffix(".localhost")) { return true }
    let name = url.host.hasSuffix(".") ? String(url.host.dropLast()) : url.host
    return exceptions.contains { $0.matches(name: name, address: address, port: url.port) }
  }
}

extension ProxySettings: CustomStringConvertible, CustomReflectable {
  /// Which variables are set; the values may hold passwords.
  var description: String {
    let names = [secure, plain].compactMap { $0?.variable }
    return names.isEmpty ? "no proxy" : "proxy from \(names.joined(separator: " and "))"
  }

  var customMirror: Mirror { Mirror(self, children: []) }
}

/// One proxy: where it is, and what to show it. Neither printing nor reflection shows the password.
struct Proxy: Equatable, Sendable {
  let url: URLParts
  /// The value of Proxy-Authorization (RFC 7617); nil where the address has no user.
  let authorization: String?

  /// Reads `[http[s]://][user:password@]host[:port]`; user and password may be percent-encoded.
  init(parsing text: String) throws(URLPartsError) {
    var bytes = Array(text.utf8)[...]
    var scheme = "http://"
    for known in ["http://", "https://"] where text.lowercased().hasPrefix(known) {
      scheme = known
      bytes = bytes.dropFirst(known.utf8.count)
    }
    if text.utf8.count < 4096, text.contains("://"), bytes.startIndex == 0 {
      throw URLPartsError(description: "only http:// and https:// proxies are supported")
    }
    let authority = bytes.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    let place: ArraySlice<UInt8>
    if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
      place = authority[(at + 1)...]
      let pair = authority[..<at]
      let user = pair.prefix { $0 != UInt8(ascii: ":") }
      let password = pair[user.endIndex...].dropFirst()
      let plain = ASCII.percentDecoded(user) + [UInt8(ascii: ":")] + ASCII.percentDecoded(password)
      authorization = "Basic " + Base64.encode(plain)
    } else {
      place = authority
      authorization = nil
    }
    url = try URLParts(parsing: scheme + String(decoding: place, as: UTF8.self))
  }
}

extension Proxy: CustomStringConvertible, CustomReflectable {
  var description: String { "\(url.scheme.rawValue)://\(url.authority)" }
  var customMirror: Mirror { Mirror(self, children: []) }
}
