import Platform

/// A member of the recording that is read: its header and seal, before its text is looked at.
struct FoundMember {
  let header: GzipHeader
  let seal: Seal
  /// What the chain value covers of the seal.
  let fields: [UInt8]
  /// Its number, if it has events.
  let number: Int?
  /// Start of its events, or the recording's end; nil for tables.
  let microseconds: Int64?
  /// Terminal size at its start.
  let size: WindowSize

  init(_ header: GzipHeader, _ seal: Seal, fields: [UInt8]) {
    self.header = header
    self.seal = seal
    self.fields = fields
    number = seal.identity?.number
    switch seal.contents {
    case .first(let first): (microseconds, size) = (0, first.size)
    case .events(let events): (microseconds, size) = (events.microseconds, events.size)
    case .end(let end): (microseconds, size) = (end.microseconds, WindowSize(columns: 0, rows: 0))
    case .table: (microseconds, size) = (nil, WindowSize(columns: 0, rows: 0))
    }
  }
}
