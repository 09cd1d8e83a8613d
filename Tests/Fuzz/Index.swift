@testable import Replay

/// Bytes of an index, damaged at will: a block, a list of postings, a footer. Each is refused or understood.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  // The first half as the facts of lines whose text is the second, and as text packed behind the second.
  let facts = Array(bytes[..<(count / 2)])
  let text = Array(bytes[(count / 2)...]) + [0x0A]
  let flags = [SettledLine.Flags](repeating: .scrolled, count: text.count { $0 == 0x0A })
  if let block = try? LineBlock(flags: flags, facts: facts, text: text) {
    for line in 0..<block.count { precondition(!block[line].runs.isEmpty, "a line without a time") }
    guard let again = try? LineBlock(flags: flags, facts: block.encodedFacts(), text: text) else {
      preconditionFailure("not read again")
    }
    precondition(again == block, "another block")
  }
  _ = try? LineBlock.flags(bytes, 0..<bytes.count, count: 100)
  let dictionary = SharedDictionary(text)
  var decoder = LZ4Decoder()
  decoder.use(dictionary)
  _ = decoder.decode(facts, 0..<facts.count, count: 1000)
  var packed: [UInt8] = []
  var encoder = LZ4Encoder(dictionary)
  encoder.encode(bytes, into: &packed)
  precondition(decoder.decode(packed, 0..<packed.count, count: count), "not unpacked")
  precondition(Array(decoder.bytes[decoder.start...]) == bytes, "another text")
  _ = try? PostingList.decode(bytes, blockCount: 100)
  _ = try? SegmentLayout(footer: Array(bytes.suffix(SegmentLayout.footerByteCount)), fileByteCount: count)
  return 0
}
