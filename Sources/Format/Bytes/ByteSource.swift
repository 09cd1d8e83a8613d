import Platform

/// Where a reader's bytes are: a file, memory, an object in a store. Ranged reads are all that is asked of it.
///
/// Readers ask for some 16 KB at the end and the start, then for 256 KB at a time.
public protocol ByteSource: AnyObject {
  /// How many bytes there are; nil for streams, which can only be read in order.
  var byteCount: Int64? { get }
  /// At most `count` bytes from `offset` on; fewer only where the source ends, none at its end. A stream takes the
  /// offset where its last read ended.
  /// - Throws: `.cannotRead` or `.cannotFetch`, with the source's name and the offset.
  func read(upTo count: Int, at offset: Int64) throws(FormatError) -> [UInt8]
}

/// A regular file.
final class FileSource: ByteSource {
  let byteCount: Int64?
  private let file: Descriptor
  private let name: String

  init(_ file: consuming Descriptor, byteCount: Int64, name: String) {
    self.byteCount = byteCount
    self.file = file
    self.name = name
  }

  func read(upTo count: Int, at offset: Int64) throws(FormatError) -> [UInt8] {
    do throws(Errno) { return try file.read(upTo: count, at: offset) } catch {
      throw .cannotRead(name: name, offset: offset, error)
    }
  }
}

/// A pipe, socket or terminal.
final class StreamSource: ByteSource {
  let byteCount: Int64? = nil
  private let descriptor: Descriptor
  private let name: String

  init(_ descriptor: consuming Descriptor, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  func read(upTo count: Int, at offset: Int64) throws(FormatError) -> [UInt8] {
    do throws(Errno) {
      while true {
        switch try descriptor.read(upTo: count) {
        case .bytes(let bytes): return bytes
        case .endOfFile: return []
        case .wouldBlock:
          _ = try Poll.wait([Poll.Interest(descriptor.rawValue, [.readable])], microseconds: nil)
        }
      }
    } catch {
      throw .cannotRead(name: name, offset: offset, error)
    }
  }
}

/// Bytes in memory.
final class MemorySource: ByteSource {
  var byteCount: Int64? { Int64(bytes.count) }
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func read(upTo count: Int, at offset: Int64) -> [UInt8] {
    let first = Int(min(max(0, offset), Int64(bytes.count)))
    return Array(bytes[first..<min(bytes.count, first + count)])
  }
}
