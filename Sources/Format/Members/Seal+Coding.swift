import Platform

// Byte 0: layout in the high half; bit 3 set where a signature follows the chain value; kind in the low bits.
private enum Kind: UInt8 { case first = 0, events = 1, table = 2, end = 3 }
private let signatureFlag: UInt8 = 8
private let kindMask: UInt8 = 7

extension Seal {
  enum Problem: Error, Equatable {
    case malformed
    /// Written by a newer version.
    case unknownLayout(Int)
  }

  /// The subfield's bytes up to the chain value: what the chain value covers.
  var fields: [UInt8] {
    let signed = signature == nil ? 0 : signatureFlag
    var bytes: [UInt8] = []
    func begin(_ kind: Kind) { bytes.append(Self.layout << 4 | signed | kind.rawValue) }
    switch contents {
    case .first(let first):
      begin(.first)
      bytes += first.recording.bytes
      bytes.append(varint: first.started)
      bytes.append(size: first.size)
      bytes += first.publicKey?.bytes ?? []
    case .events(let events):
      begin(.events)
      bytes += events.recording.bytes
      bytes.append(varint: Int64(events.number))
      bytes.append(varint: events.started)
      bytes.append(varint: events.microseconds)
      bytes.append(size: events.size)
      bytes.append(varint: events.previousByteCount)
    case .table(let table):
      begin(.table)
      bytes.append(varint: Int64(table.entries.count))
      for entry in table.entries { bytes.append(entry: entry) }
    case .end(let end):
      begin(.end)
      let hasTables = end.tableByteCount > 0
      bytes.append(varint: Int64(end.memberCount) << 1 | (hasTables ? 1 : 0))
      bytes.append(varint: end.microseconds)
      bytes.append(varint: Int64(end.eventCount))
      bytes.append(varint: end.outputByteCount)
      bytes.append(end.reason.rawValue)
      if hasTables {
        bytes.append(varint: end.tableByteCount)
      } else {
        for entry in end.entries { bytes.append(entry: entry) }
      }
    }
    return bytes
  }

  /// The whole subfield.
  var encoded: [UInt8] { fields + (chain ?? []) + (signature ?? []) }

  /// Reads a subfield. Bytes after the last known field are ignored: a later version may have put them there.
  /// - Returns: also the bytes the chain value covers.
  static func parse(_ bytes: [UInt8]) throws(Problem) -> (seal: Seal, fields: [UInt8]) {
    guard let lead = bytes.first else { throw .malformed }
    guard lead >> 4 == layout else { throw .unknownLayout(Int(lead >> 4)) }
    var reader = ByteReader(bytes)
    do throws(ByteReader.Failure) {
      try reader.skip(1)
      guard let kind = Kind(rawValue: lead & kindMask) else { throw ByteReader.Failure() }
      let contents = try contents(kind, isSigned: lead & signatureFlag != 0, &reader)
      let fields = Array(bytes[..<reader.position])
      let chain = kind == .first ? nil : try reader.bytes(SHA256.byteCount)
      let signature = lead & signatureFlag == 0 ? nil : try reader.bytes(signatureByteCount)
      let excess = bytes.count - reader.position
      return (
        Seal(contents: contents, chain: chain, signature: signature, excessByteCount: excess), fields
      )
    } catch {
      throw .malformed
    }
  }

  private static func contents(
    _ kind: Kind, isSigned: Bool, _ reader: inout ByteReader
  ) throws(ByteReader.Failure) -> Contents {
    switch kind {
    case .first:
      var first = First(
        recording: RecordingID(checked: try reader.bytes(RecordingID.byteCount)),
        started: try reader.varint(), size: try reader.size())
      if isSigned { first.publicKey = VerificationKey(bytes: try reader.bytes(VerificationKey.byteCount)) }
      return .first(first)
    case .events:
      return .events(
        Events(
          recording: RecordingID(checked: try reader.bytes(RecordingID.byteCount)),
          number: try reader.count(limit: maximumMembers), started: try reader.varint(),
          microseconds: try reader.time(), size: try reader.size(),
          previousByteCount: try reader.varint()))
    case .table:
      let count = try reader.count(limit: maximumMembers)
      return .table(Table(entries: try reader.entries(count)))
    case .end:
      let lead = try reader.count(limit: maximumMembers << 1 | 1)
      let hasTables = lead & 1 == 1
      var end = End(
        memberCount: lead >> 1, microseconds: try reader.time(),
        eventCount: try reader.count(limit: .max), outputByteCount: try reader.varint(),
        reason: EndReason(rawValue: try reader.byte()) ?? .unknown, entries: [], tableByteCount: 0)
      if hasTables {
        end.tableByteCount = try reader.varint()
      } else if end.memberCount > 1 {
        end.entries = try reader.entries(end.memberCount)
      }
      return .end(end)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(size: WindowSize) {
    append(varint: Int64(Swift.max(0, Swift.min(size.columns, Seal.maximumSide))))
    append(varint: Int64(Swift.max(0, Swift.min(size.rows, Seal.maximumSide))))
  }

  fileprivate mutating func append(entry: MemberTable.Entry) {
    append(varint: Int64(entry.byteCount))
    append(varint: entry.microseconds)
    append(varint: Int64(entry.textByteCount))
    append(varint: Int64(entry.eventCount))
    append(varint: entry.outputByteCount)
  }
}

extension ByteReader {
  fileprivate mutating func size() throws(Failure) -> WindowSize {
    WindowSize(
      columns: try count(limit: Seal.maximumSide), rows: try count(limit: Seal.maximumSide))
  }

  fileprivate mutating func time() throws(Failure) -> Int64 {
    let value = try varint()
    guard value <= EventLine.maximumMicroseconds else { throw Failure() }
    return value
  }

  /// The count is not believed before the entries are there, so that a lie reserves no memory.
  fileprivate mutating func entries(_ count: Int) throws(Failure) -> [MemberTable.Entry] {
    guard count <= remaining / 5 else { throw Failure() }
    var entries: [MemberTable.Entry] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      entries.append(
        MemberTable.Entry(
          byteCount: Int(try varint()), microseconds: try time(), textByteCount: Int(try varint()),
          eventCount: Int(try varint()), outputByteCount: try varint()))
    }
    return entries
  }
}
