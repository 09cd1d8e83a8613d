import CLinux
import Glibc

/// An open file descriptor that closes itself when it goes out of scope.
///
/// Reading and writing report "not now" and "the end" as values; only real failures are thrown.
public struct Descriptor: ~Copyable, Sendable {
  /// The kernel's number, valid while this value lives.
  public let rawValue: Int32
  private let isOwned: Bool

  /// Takes ownership of an open descriptor.
  public init(owning rawValue: Int32) {
    self.rawValue = rawValue
    isOwned = true
  }

  /// Uses a descriptor that somebody else closes, such as standard input.
  public init(borrowing rawValue: Int32) {
    self.rawValue = rawValue
    isOwned = false
  }

  deinit { if isOwned { _ = Glibc.close(rawValue) } }

  /// Standard input; not closed with the value.
  public static var standardInput: Descriptor { Descriptor(borrowing: STDIN_FILENO) }
  /// Standard output; not closed with the value.
  public static var standardOutput: Descriptor { Descriptor(borrowing: STDOUT_FILENO) }
  /// Standard error; not closed with the value.
  public static var standardError: Descriptor { Descriptor(borrowing: STDERR_FILENO) }

  /// What one read brought.
  public enum ReadResult: Equatable, Sendable {
    /// What was there, at least one byte.
    case bytes([UInt8])
    /// Nothing is there now (EAGAIN).
    case wouldBlock
    /// Nothing will come any more.
    case endOfFile
  }

  /// What one write took.
  public enum WriteResult: Equatable, Sendable {
    /// So many bytes were taken.
    case wrote(Int)
    /// Nothing can be taken now (EAGAIN).
    case wouldBlock
  }

  /// Reads at most `count` bytes, `count` at least 1 (read(2)). A pty whose last writer is gone (EIO) counts
  /// as the end of file.
  public borrowing func read(upTo count: Int) throws(Errno) -> ReadResult {
    var failure: Errno?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(Errno) {
        filled = try retryingInterrupts { Glibc.read(rawValue, buffer.baseAddress, count) }
      } catch {
        failure = error
        filled = 0
      }
    }
    switch failure {
    case nil: return bytes.isEmpty ? .endOfFile : .bytes(bytes)
    case .wouldBlock: return .wouldBlock
    case .inputOutput where Terminal.isTerminalMaster(rawValue): return .endOfFile
    case .some(let error): throw error
    }
  }

  /// Reads at most `count` bytes at `offset` without moving the position (pread(2)); fewer only at the end.
  public borrowing func read(upTo count: Int, at offset: Int64) throws(Errno) -> [UInt8] {
    var failure: Errno?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = 0
      do throws(Errno) {
        while filled < count {
          let got = try retryingInterrupts {
            Glibc.pread(rawValue, buffer.baseAddress! + filled, count - filled, Int(offset) + filled)
          }
          if got == 0 { return }
          filled += got
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Writes as many bytes as the kernel takes now, from `start` on (write(2)).
  public borrowing func write(_ bytes: [UInt8], from start: Int = 0) throws(Errno) -> WriteResult {
    let number = rawValue
    return try WriteResult(of: bytes, from: start) { Glibc.write(number, $0, $1) }
  }

  /// Writes all bytes, waiting where the descriptor does not take them at once.
  public borrowing func writeAll(_ bytes: [UInt8]) throws(Errno) {
    var written = 0
    while written < bytes.count {
      switch try write(bytes, from: written) {
      case .wrote(let count): written += count
      case .wouldBlock: _ = try Poll.wait([Poll.Interest(rawValue, [.writable])], microseconds: nil)
      }
    }
  }

  /// Writes all bytes at `offset` without moving the position (pwrite(2)).
  public borrowing func writeAll(_ bytes: [UInt8], at offset: Int64) throws(Errno) {
    var written = 0
    while written < bytes.count {
      let start = written
      var failure: Errno?
      written += bytes.withUnsafeBytes { buffer -> Int in
        do throws(Errno) {
          return try retryingInterrupts {
            Glibc.pwrite(rawValue, buffer.baseAddress! + start, buffer.count - start, Int(offset) + start)
          }
        } catch {
          failure = error
          return 0
        }
      }
      if let failure { throw failure }
    }
  }

  /// Cuts the file to `length` bytes (ftruncate(2)).
  public borrowing func truncate(to length: Int64) throws(Errno) {
    _ = try retryingInterrupts { Glibc.ftruncate(rawValue, Int(length)) }
  }

  /// Puts the file's data on the disk (fdatasync(2)). Pipes and sockets, which have no disk, are left alone.
  public borrowing func synchronize() throws(Errno) {
    do throws(Errno) {
      _ = try retryingInterrupts { Glibc.fdatasync(rawValue) }
    } catch  where error == .invalidArgument {
      return
    }
  }

  /// Whether reads and writes return at once where they would otherwise wait (O_NONBLOCK).
  public borrowing func setNonBlocking(_ isOn: Bool) throws(Errno) {
    let flags = try retryingInterrupts { fcntl(rawValue, F_GETFL) }
    _ = try retryingInterrupts { fcntl(rawValue, F_SETFL, isOn ? flags | O_NONBLOCK : flags & ~O_NONBLOCK) }
  }

  /// A second descriptor for the same open file, closed in programs this one starts (F_DUPFD_CLOEXEC).
  public borrowing func duplicate() throws(Errno) -> Descriptor {
    Descriptor(owning: try retryingInterrupts { fcntl(rawValue, F_DUPFD_CLOEXEC, 3) })
  }

}

/// Two descriptors that belong together: both ends of a pipe or of a socket pair.
public struct DescriptorPair: ~Copyable, Sendable {
  /// The reading end of a pipe.
  public let first: Descriptor
  /// The writing end of a pipe.
  public let second: Descriptor

  init(_ ends: [Int32]) {
    first = Descriptor(owning: ends[0])
    second = Descriptor(owning: ends[1])
  }

  /// A pipe, closed in programs this one starts (pipe(2), FD_CLOEXEC).
  public static func pipe() throws(Errno) -> DescriptorPair {
    var ends: [Int32] = [-1, -1]
    _ = try retryingInterrupts { pipe2(&ends, O_CLOEXEC) }
    return DescriptorPair(ends)
  }

  /// Two connected non-blocking sockets of this machine (socketpair(2)).
  public static func sockets() throws(Errno) -> DescriptorPair {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    _ = try retryingInterrupts { socketpair(AF_UNIX, kind, 0, &ends) }
    return DescriptorPair(ends)
  }
}

extension Descriptor.WriteResult {
  /// What a system call made of the bytes from `start` on.
  init(
    of bytes: [UInt8], from start: Int, _ call: (UnsafeRawPointer?, Int) -> Int
  ) throws(Errno) {
    var failure: Errno?
    let count = bytes.withUnsafeBytes { buffer -> Int in
      do throws(Errno) {
        return try retryingInterrupts { call(buffer.baseAddress.map { $0 + start }, buffer.count - start) }
      } catch {
        failure = error
        return 0
      }
    }
    switch failure {
    case nil: self = .wrote(count)
    case .wouldBlock: self = .wouldBlock
    case .some(let error): throw error
    }
  }
}
