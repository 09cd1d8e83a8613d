public import Platform

extension Header {
  /// Where the size comes from. A source that tells none is given back as it was: exports that would tell the
  /// size in the output leave it out then.
  enum SizeOrigin: String {
    /// The source told it apart from the output.
    case told
    /// Nothing told it; it is what players take.
    case assumed
    /// The output itself sets it.
    case output
  }

  /// Kept as `ssm.source.size`; absent where it was told.
  var sizeOrigin: SizeOrigin {
    get { (session?["source"]?["size"]?.string).flatMap { SizeOrigin(rawValue: $0) } ?? .told }
    set {
      var members = (session?["source"]?.members ?? []).filter { $0.name != "size" }
      if newValue != .told { members.append(JSON.Member("size", .string(newValue.rawValue))) }
      setSession("source", members.isEmpty ? nil : .object(members))
    }
  }

  /// Sets a member of `ssm`, or takes it away.
  public mutating func setSession(_ name: String, _ value: JSON?) {
    var members = (session?.members ?? []).filter { $0.name != name }
    if let value { members.append(JSON.Member(name, value)) }
    session = members.isEmpty ? nil : .object(members)
  }

  mutating func setSession(_ name: String, _ text: String?) {
    setSession(name, text.map { JSON.string($0) })
  }
}
