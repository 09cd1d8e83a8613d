import Platform

/// A moving window over the bytes of a file, a pipe or an array: the reader's only door to its source.
final class InputWindow {
  private enum Source: ~Copyable {
    case file(Descriptor)
    case pipe(Descriptor)
    case memory([UInt8])
  }

  let name: String
  private let source: Source
  /// Bytes of the source where they are known beforehand; nil for pipes.
  let size: Int64?
  /// What is in memory. Bytes before `start` are done with.
  private(set) var bytes: [UInt8] = []
  /// Index of the first byte not done with.
  private(set) var start = 0
  /// Offset in the source of `bytes[0]`.
  private var base: Int64 = 0
  /// Whether the source has no bytes after the window.
  private(set) var isAtEnd = false

  private static let readByteCount = 256 << 10
  private static let firstReadByteCount = 16 << 10

  init(_ descriptor: consuming Descriptor, name: String) {
    self.name = name
    size = descriptor.regularFileSize
    source = size == nil ? .pipe(descriptor) : .file(descriptor)
  }

  /// Opens a file.
  convenience init(path: String) throws(FormatError) {
    do throws(Errno) { self.init(try File.open(path, for: .reading), name: path) } catch {
      throw .cannotOpen(path: path, error)
    }
  }

  init(_ bytes: [UInt8], name: String) {
    self.name = name
    size = Int64(bytes.count)
    source = .memory(bytes)
  }

  /// Offset in the source of the first byte not done with.
  var offset: Int64 { base + Int64(start) }
  /// Bytes in memory that are not done with.
  var count: Int { bytes.count - start }
  var isSeekable: Bool { size != nil }

  /// Reads on until `count` bytes are there, or the source ends.
  /// - Returns: whether they are there.
  @discardableResult
  func fill(to wanted: Int) throws(FormatError) -> Bool {
    while count < wanted, !isAtEnd {
      if start > Self.readByteCount || start > 0 && start == bytes.count {
        base += Int64(start)
        bytes.removeFirst(start)
        start = 0
      }
      let end = base + Int64(bytes.count)
      let more = try read(at: end, upTo: end == 0 ? Self.firstReadByteCount : Self.readByteCount)
      if more.isEmpty { isAtEnd = true }
      bytes += more
    }
    return count >= wanted
  }

  /// Is done with the next `count` bytes.
  func discard(_ count: Int) { start += min(count, self.count) }

  /// Goes to an offset of a seekable source.
  func jump(to offset: Int64) {
    precondition(isSeekable, "a pipe cannot be read again")
    if offset >= base, offset <= base + Int64(bytes.count) {
      start = Int(offset - base)
      return
    }
    bytes.removeAll(keepingCapacity: true)
    base = offset
    start = 0
    isAtEnd = false
  }

  /// Bytes of a seekable source, apart from the window; fewer at its end.
  func peek(at offset: Int64, count: Int) throws(FormatError) -> [UInt8] { try read(at: offset, upTo: count) }

  private func read(at offset: Int64, upTo count: Int) throws(FormatError) -> [UInt8] {
    do throws(Errno) {
      switch source {
      case .memory(let all):
        let first = Int(min(offset, Int64(all.count)))
        return Array(all[first..<min(all.count, first + count)])
      case .file(let descriptor): return try descriptor.read(upTo: count, at: offset)
      case .pipe(let descriptor):
        while true {
          switch try descriptor.read(upTo: count) {
          case .bytes(let bytes): return bytes
          case .endOfFile: return []
          case .wouldBlock:
            _ = try Poll.wait([Poll.Interest(descriptor.rawValue, [.readable])], microseconds: nil)
          }
        }
      }
    } catch {
      throw .cannotRead(name: name, offset: offset, error)
    }
  }
}
