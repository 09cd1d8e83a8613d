import COpenSSL

/// The library's queue of errors, which each thread has one of.
///
/// It is emptied before a call whose result counts, and read right after that call failed.
enum OpenSSLFailure {
  struct Entry: Equatable {
    let library: Int32
    let reason: Int32
    let words: String
  }

  static func clear() { ERR_clear_error() }

  /// All errors waiting, the oldest first; the queue is empty afterwards.
  static func drain() -> [Entry] {
    var entries: [Entry] = []
    while true {
      let code = ERR_get_error()
      if code == 0 { return entries }
      let words = ERR_reason_error_string(code).map { String(cString: $0) }
      entries.append(
        Entry(library: ERR_GET_LIB(code), reason: ERR_GET_REASON(code), words: words ?? "error \(code)"))
    }
  }

  /// The words of the errors waiting, for people.
  static func drainedWords() -> String {
    let words = drain().map(\.words)
    return words.isEmpty ? "no reason given" : words.joined(separator: "; ")
  }
}

/// A library call that must succeed unless memory or the like is at an end.
func requireHandle(_ handle: OpaquePointer?) throws(TLSError) -> OpaquePointer {
  guard let handle else { throw .library(OpenSSLFailure.drainedWords()) }
  return handle
}

/// Likewise, for calls that answer 1 on success.
func requireSuccess(_ result: Int32) throws(TLSError) {
  guard result == 1 else { throw .library(OpenSSLFailure.drainedWords()) }
}
