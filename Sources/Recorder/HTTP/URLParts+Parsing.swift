import Platform

/// Why a text is no http, https, ws or wss address. The text itself is left out: it may hold secrets.
struct URLPartsError: Error, Equatable, Sendable, CustomStringConvertible {
  let description: String
}

extension URLParts {
  /// Longest address that is read, in bytes.
  static let maximumByteCount = 16 << 10

  /// Takes an address apart (RFC 3986 §3). A fragment is dropped; user names are refused, since they end up
  /// in logs; so are spaces and control characters, which would end the request line.
  init(parsing text: String) throws(URLPartsError) {
    let bytes = Array(text.utf8)
    if bytes.count > Self.maximumByteCount {
      throw URLPartsError(description: "it is longer than \(Self.maximumByteCount) bytes")
    }
    if bytes.contains(where: { $0 <= 0x20 || $0 == 0x7F }) {
      throw URLPartsError(description: "it holds a space or a control character")
    }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      let scheme = Scheme(rawValue: String(decoding: bytes[..<colon], as: UTF8.self).lowercased()),
      bytes[(colon + 1)...].starts(with: "//".utf8)
    else { throw URLPartsError(description: "it does not begin with http://, https://, ws:// or wss://") }
    let rest = bytes[(colon + 3)...].prefix { $0 != UInt8(ascii: "#") }
    let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    if authority.contains(UInt8(ascii: "@")) {
      throw URLPartsError(description: "it names a user, which is not supported here")
    }
    let (host, port) = try Self.hostAndPort(authority)
    let target = rest[authority.endIndex...]
    let path = target.prefix { $0 != UInt8(ascii: "?") }
    self.init(
      scheme: scheme, host: host, port: port,
      path: path.isEmpty ? "/" : String(decoding: path, as: UTF8.self),
      query: path.endIndex == target.endIndex
        ? nil : String(decoding: target[(path.endIndex + 1)...], as: UTF8.self))
  }

  /// `host`, `host:port`, `[v6]` or `[v6]:port`.
  static func hostAndPort(_ authority: ArraySlice<UInt8>) throws(URLPartsError) -> (String, UInt16?) {
    let host: String
    var rest: ArraySlice<UInt8>
    if authority.first == UInt8(ascii: "[") {
      let inside = authority.dropFirst().prefix { $0 != UInt8(ascii: "]") }
      host = String(decoding: inside, as: UTF8.self)
      guard inside.endIndex < authority.endIndex, InternetAddress(host)?.bytes.count == 16 else {
        throw URLPartsError(description: "what stands in brackets is no IPv6 address")
      }
      rest = authority[(inside.endIndex + 1)...]
    } else {
      let name = authority.prefix { $0 != UInt8(ascii: ":") }
      host = String(decoding: name, as: UTF8.self).lowercased()
      guard !name.isEmpty, name.count <= 255, name.allSatisfy(isHostByte) else {
        throw URLPartsError(description: name.isEmpty ? "it names no host" : "its host name is malformed")
      }
      rest = authority[name.endIndex...]
    }
    if rest.isEmpty || rest == [UInt8(ascii: ":")] { return (host, nil) }
    guard rest.removeFirst() == UInt8(ascii: ":"), rest.allSatisfy(ASCII.isDigit),
      let port = UInt16(String(decoding: rest, as: UTF8.self)), port != 0
    else { throw URLPartsError(description: "its port is not between 1 and 65535") }
    return (host, port)
  }

  /// Letters, digits, dots, dashes, and underscores, which some name servers use.
  private static func isHostByte(_ byte: UInt8) -> Bool {
    ASCII.isDigit(byte) || ASCII.isLetter(byte) || ".-_".utf8.contains(byte)
  }
}
