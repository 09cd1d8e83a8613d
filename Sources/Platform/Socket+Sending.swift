import Glibc

extension Socket {
  /// Writes as many bytes as the kernel takes now, from `start` on, without SIGPIPE where the other side is
  /// gone (send(2), MSG_NOSIGNAL): a library must not depend on its program's signals.
  public static func send(
    _ bytes: [UInt8], from start: Int = 0, to descriptor: borrowing Descriptor
  ) throws(Errno) -> Descriptor.WriteResult {
    let number = descriptor.rawValue
    return try Descriptor.WriteResult(of: bytes, from: start) {
      Glibc.send(number, $0, $1, Int32(MSG_NOSIGNAL))
    }
  }
}
