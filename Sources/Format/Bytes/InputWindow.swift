import Platform

/// A moving window over the bytes of a source: the reader's only door to it.
final class InputWindow {
  let name: String
  private let source: any ByteSource
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

  init(_ source: any ByteSource, name: String) {
    self.name = name
    self.source = source
    size = source.byteCount
  }

  convenience init(_ descriptor: consuming Descriptor, name: String) {
    if let size = descriptor.regularFileSize {
      self.init(FileSource(descriptor, byteCount: size, name: name), name: name)
    } else {
      self.init(StreamSource(descriptor, name: name), name: name)
    }
  }

  convenience init(_ bytes: [UInt8], name: String) { self.init(MemorySource(bytes), name: name) }

  /// Opens a file.
  convenience init(path: String) throws(FormatError) {
    do throws(Errno) { self.init(try File.open(path, for: .reading), name: path) } catch {
      throw .cannotOpen(path: path, error)
    }
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
      let more = try source.read(
        upTo: end == 0 ? Self.firstReadByteCount : Self.readByteCount, at: end)
      if more.isEmpty { isAtEnd = true }
      if bytes.isEmpty { bytes = more } else { bytes += more }
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
  func peek(at offset: Int64, count: Int) throws(FormatError) -> [UInt8] {
    try source.read(upTo: count, at: offset)
  }
}
