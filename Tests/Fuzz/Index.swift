@testable import Replay

/// Bytes of an index, damaged at will: a block, a list of postings, a footer. Each is refused or understood.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  if let block = try? LineBlock(decoding: bytes) {
    for line in 0..<block.count { precondition(!block[line].runs.isEmpty, "a line without a time") }
    guard let again = try? LineBlock(decoding: block.encoded()) else { preconditionFailure("not read again") }
    precondition(again == block, "another block")
  }
  _ = try? PostingList.decode(bytes, blockCount: 100)
  _ = try? SegmentLayout(footer: Array(bytes.suffix(SegmentLayout.footerByteCount)), fileByteCount: count)
  return 0
}
