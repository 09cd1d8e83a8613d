/// Hyperlinks (OSC 8) that cells refer to through their style: index 0 is none.
struct LinkTable: Equatable, Sendable {
  struct Link: Equatable, Hashable, Sendable {
    /// What joins the parts of one link; empty: the address alone does.
    var id: [UInt8]
    var address: [UInt8]
  }

  /// Further links are shown as plain text.
  static let limit = 1 << 16
  /// Longer addresses are taken for an attack, as in VTE and kitty.
  static let addressLimit = 8192
  static let byteLimit = 16 << 20

  private(set) var links: [Link] = []
  private var indexes: [Link: UInt32] = [:]
  private var byteCount = 0

  subscript(index: UInt32) -> Link? { index == 0 ? nil : links[Int(index) - 1] }

  /// The index of a link; 0 when there is no room for it.
  mutating func index(of link: Link) -> UInt32 {
    if let index = indexes[link] { return index }
    let size = link.id.count + link.address.count
    guard links.count < Self.limit, size <= Self.addressLimit, byteCount + size <= Self.byteLimit else {
      return 0
    }
    byteCount += size
    links.append(link)
    indexes[link] = UInt32(links.count)
    return UInt32(links.count)
  }
}
