import Platform
import Testing

@testable import Recorder

/// An entry of vectors.json: bytes made by the official client's and agent's own packages.
struct ChannelVector {
  let name: String
  let json: JSON

  /// All entries; empty when the file cannot be read, which the tests notice.
  static let all: [ChannelVector] = {
    let path = String(#filePath.dropLast("Channel/ChannelVector.swift".count)) + "vectors.json"
    // A missing or broken file gives no entries.
    guard let bytes = try? File.read(path, limit: 1 << 20), let json = try? JSON(parsing: bytes) else {
      return []
    }
    return (json.array ?? []).map { ChannelVector(name: $0["name"]?.string ?? "", json: $0) }
  }()

  /// The entries that are binary messages.
  static var messages: [ChannelVector] { all.filter { $0.json["headerLength"] != nil } }

  static func named(_ name: String) throws -> ChannelVector { try #require(all.first { $0.name == name }) }

  func string(_ member: String) -> String { json[member]?.string ?? "" }
  func integer(_ member: String) -> Int64 { json[member]?.integer ?? -1 }

  var bytes: [UInt8] { Self.bytes(string("hex")) }
  var payload: [UInt8] { Self.bytes(string("payloadHex")) }

  static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap { $0.hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }
}
