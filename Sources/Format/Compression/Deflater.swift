import CZlib

/// One raw deflate stream (RFC 1951), written by zlib.
public final class Deflater {
  /// zlib keeps a pointer back to the stream, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private var level: Int32

  /// How zlib looks for repetitions: `standard` for text, `filtered` (Z_FILTERED) where short matches mislead it.
  public enum Strategy: Int32, Sendable {
    /// Z_DEFAULT_STRATEGY, Z_FILTERED.
    case standard = 0, filtered = 1
  }
  /// What to do after the bytes were taken.
  public enum Flush: Sendable {
    /// Write all so far, up to a byte boundary (Z_SYNC_FLUSH).
    case sync
    /// End the stream.
    case finish
  }

  /// - Parameters:
  ///   - level: 1 (fast) to 9 (small).
  ///   - memoryLevel: 1 to 9; smaller means more and shorter blocks, which suits text that changes often.
  ///   - strategy: how repetitions are looked for.
  public init(level: Int, memoryLevel: Int = 8, strategy: Strategy = .standard) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    self.level = Int32(level)
    let status = ssm_deflate_init(stream, Int32(level), -15, Int32(memoryLevel), strategy.rawValue)
    precondition(status == Z_OK, "zlib refused level \(level), memory level \(memoryLevel)")
  }

  /// Looks for matches as long as it takes: up to 4 % smaller where a screen is painted again and again, at one
  /// to three times the work of level 9.
  func searchThoroughly() { deflateTune(stream, 258, 258, 258, 32_768) }

  deinit {
    deflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Makes the stream new, with the parameters of its creation.
  public func reset() { deflateReset(stream) }

  /// Deflates `bytes[start...]` and appends the result to `output`.
  public func deflate(_ bytes: [UInt8], from start: Int = 0, flush: Flush, into output: inout [UInt8]) {
    let mode = flush == .sync ? Z_SYNC_FLUSH : Z_FINISH
    bytes.withUnsafeBufferPointer { input in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + start })
      stream.pointee.avail_in = UInt32(input.count - start)
      drain(mode, sizeHint: (input.count - start) / 4 + 1024, into: &output)
    }
  }

  /// Changes the level for what follows.
  func setLevel(_ newLevel: Int, into output: inout [UInt8]) {
    guard level != Int32(newLevel) else { return }
    level = Int32(newLevel)
    let room = 64
    // After a sync flush nothing is pending, so that at most a few bytes come out here.
    output += [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      stream.pointee.next_in = nil
      stream.pointee.avail_in = 0
      stream.pointee.next_out = buffer.baseAddress
      stream.pointee.avail_out = UInt32(room)
      deflateParams(stream, level, Z_DEFAULT_STRATEGY)
      count = room - Int(stream.pointee.avail_out)
    }
  }

  private func drain(_ mode: Int32, sizeHint: Int, into output: inout [UInt8]) {
    var isDone = false
    while !isDone {
      output += [UInt8](unsafeUninitializedCapacity: sizeHint) { buffer, count in
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(sizeHint)
        let status = CZlib.deflate(stream, mode)
        count = sizeHint - Int(stream.pointee.avail_out)
        isDone = mode == Z_FINISH ? status == Z_STREAM_END : stream.pointee.avail_out > 0
      }
    }
  }
}
