import CZlib

/// One raw deflate stream (RFC 1951), read by zlib, never writing more than its caller allows.
public final class Inflater {
  private let stream: UnsafeMutablePointer<z_stream>
  private static let pieceByteCount = 1 << 16

  /// Why inflating stopped.
  public enum Outcome: Equatable, Sendable {
    /// All input was taken; the stream goes on.
    case needsInput
    /// The stream's end; the bytes taken include it.
    case ended
    /// The limit of output was reached; more may come.
    case outputFull
    /// These bytes are no deflate stream.
    case damaged
  }

  /// Begins with the header of a gzip member.
  public init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = ssm_inflate_init(stream, -15)
    precondition(status == Z_OK, "zlib gave no memory")
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Makes the stream new.
  public func reset() { inflateReset(stream) }

  /// Inflates `bytes[range]`, appending at most `limit` bytes to `output`.
  /// - Returns: why it stopped, and how many bytes of the input were taken.
  public func inflate(
    _ bytes: [UInt8], _ range: Range<Int>, limit: Int, into output: inout [UInt8]
  ) -> (outcome: Outcome, taken: Int) {
    bytes.withUnsafeBufferPointer { input in
      stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + range.lowerBound })
      stream.pointee.avail_in = UInt32(range.count)
      var room = limit
      var outcome: Outcome?
      while outcome == nil {
        if room == 0 {
          outcome = .outputFull
          break
        }
        let wanted = min(room, Self.pieceByteCount)
        var status = Z_OK
        // Straight to its place: by way of another buffer took 2 % longer.
        output.append(addingCapacity: wanted) { span in
          span.withUnsafeMutableBufferPointer { buffer, count in
            stream.pointee.next_out = buffer.baseAddress.map { $0 + count }
            stream.pointee.avail_out = UInt32(wanted)
            status = CZlib.inflate(stream, Z_NO_FLUSH)
            count += wanted - Int(stream.pointee.avail_out)
          }
        }
        let count = wanted - Int(stream.pointee.avail_out)
        switch status {
        case Z_STREAM_END: outcome = .ended
        case Z_OK, Z_BUF_ERROR: if stream.pointee.avail_out > 0 { outcome = .needsInput }
        default: outcome = .damaged
        }
        room -= count
      }
      return (outcome ?? .damaged, range.count - Int(stream.pointee.avail_in))
    }
  }
}

/// The checksum of gzip (RFC 1952 §8).
public enum CRC32 {
  /// Goes on from `value`, which is zero at the start, over `bytes[start...]`.
  public static func update(_ value: UInt32 = 0, _ bytes: [UInt8], from start: Int = 0) -> UInt32 {
    bytes.withUnsafeBufferPointer { buffer in
      UInt32(
        truncatingIfNeeded: crc32_z(UInt(value), buffer.baseAddress.map { $0 + start }, buffer.count - start))
    }
  }
}
