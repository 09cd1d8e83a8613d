import Format
import Platform

/// Raw terminal output in a file or on standard input, read in pieces: of any length in flat memory.
struct RawOutput {
  static let pieceSize = 1 << 16

  /// nil: standard input, of which `head` was read.
  let path: String?
  /// The first bytes.
  let head: [UInt8]

  /// Feeds all of it.
  func feed(_ terminal: inout TerminalScreen) throws(ReplayError) {
    do throws(Errno) {
      guard let path else {
        terminal.feed(head)
        return try Self.forEachPiece(.standardInput) { terminal.feed($0) }
      }
      try Self.forEachPiece(try File.open(path, for: .reading)) { terminal.feed($0) }
    } catch {
      throw .cannotRead(path: path ?? "standard input", error)
    }
  }

  /// Reads standard input until there is enough to tell what it is.
  static func beginningOfStandardInput() throws(Errno) -> [UInt8] {
    var head: [UInt8] = []
    let input = Descriptor.standardInput
    while head.count < pieceSize, let piece = try next(input) { head += piece }
    return head
  }

  private static func forEachPiece(
    _ file: borrowing Descriptor, _ body: ([UInt8]) -> Void
  ) throws(Errno) {
    while let piece = try next(file) { body(piece) }
  }

  private static func next(_ file: borrowing Descriptor) throws(Errno) -> [UInt8]? {
    while true {
      switch try file.read(upTo: pieceSize) {
      case .bytes(let bytes): return bytes
      case .endOfFile: return nil
      case .wouldBlock: _ = try Poll.wait([Poll.Interest(file.rawValue, [.readable])], microseconds: nil)
      }
    }
  }
}
