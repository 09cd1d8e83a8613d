import Format

extension SigV4 {
  /// How a raw `+` in a query is understood.
  enum QueryReading: CaseIterable {
    /// As a space, as Go and HTML forms do: what AWS expects of the WebSocket's address (protocol.md §3.2).
    case formDecoded
    /// As itself.
    case literal
  }

  /// The text that is hashed and signed, step 1 of the signature.
  ///
  /// The path is encoded once more as it stands, like all services but S3 have it.
  static func canonicalRequest(
    _ request: HTTPRequest, signing names: [String], query reading: QueryReading
  ) -> String {
    let path = request.path.isEmpty ? "/" : request.path
    let fields = names.map { name in
      "\(name):\(request.fields.values(name).map(collapsed).joined(separator: ","))\n"
    }
    return [
      request.method,
      encoded(path.utf8, keepingSlashes: true),
      canonicalQuery(request.query ?? "", reading),
      fields.joined(),
      names.joined(separator: ";"),
      SHA256.hash(request.body).hexadecimal,
    ].joined(separator: "\n")
  }

  /// Names and values decoded, encoded anew, and sorted by name, then value.
  private static func canonicalQuery(_ query: String, _ reading: QueryReading) -> String {
    let pairs = query.utf8.split(separator: UInt8(ascii: "&")).map { pair in
      let name = pair.prefix { $0 != UInt8(ascii: "=") }
      let value = pair[name.endIndex...].dropFirst()
      let plusIsSpace = reading == .formDecoded
      return (
        name: encoded(ASCII.percentDecoded(name, plusIsSpace: plusIsSpace)),
        value: encoded(ASCII.percentDecoded(value, plusIsSpace: plusIsSpace))
      )
    }
    return pairs.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
      .map { "\($0.name)=\($0.value)" }.joined(separator: "&")
  }

  /// Everything but letters, digits and `-._~` as `%XX` (RFC 3986 §2.3).
  static func encoded(_ bytes: some Sequence<UInt8>, keepingSlashes: Bool = false) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      if ASCII.isLetter(byte) || ASCII.isDigit(byte) || "-._~".utf8.contains(byte)
        || keepingSlashes && byte == UInt8(ascii: "/")
      {
        text.append(byte)
      } else {
        text.append(UInt8(ascii: "%"))
        text += CollectionOfOne(byte).hexadecimal.uppercased().utf8
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Without blanks at the ends, and with one space for several.
  private static func collapsed(_ value: String) -> String {
    value.utf8.split(whereSeparator: ASCII.isBlank).map { String(decoding: $0, as: UTF8.self) }
      .joined(separator: " ")
  }
}
