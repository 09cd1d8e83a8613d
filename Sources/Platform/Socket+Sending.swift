import Glibc

extension Socket {
  /// Writes as many bytes as the kernel takes now, from `start` on, without SIGPIPE where the other side is
  /// gone (send(2), MSG_NOSIGNAL): a library must not depend on its program's signals.
  public static func send(
    _ bytes: [UInt8], from start: Int = 0, to descriptor: borrowing Descriptor
  ) throws(Errno) -> Descriptor.WriteResult {
    let number = descriptor.rawValue
    var failure: Errno?
    let count = bytes.withUnsafeBytes { buffer -> Int in
      do throws(Errno) {
        return try retryingInterrupts {
          Glibc.send(
            number, buffer.baseAddress.map { $0 + start }, buffer.count - start, Int32(MSG_NOSIGNAL))
        }
      } catch {
        failure = error
        return 0
      }
    }
    switch failure {
    case nil: return .wrote(count)
    case .wouldBlock: return .wouldBlock
    case .some(let error): throw error
    }
  }
}
