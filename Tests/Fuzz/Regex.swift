import Platform

/// A pattern and a text, apart at the first zero byte: the fast engine and the exact one agree, spans lie in the text.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
  let text = parts.count > 1 ? Array(parts[1]) : []
  guard count < 4096,
    let compiled = try? CompiledPattern(
      parsing: [String(decoding: parts[0], as: UTF8.self)], options: PatternOptions(isByLine: true))
  else { return 0 }
  let pattern = Pattern(compiled)
  let matches = pattern.matches(in: text)
  for match in matches { precondition(match.upperBound <= text.count, "a match beyond the text") }
  precondition(pattern.isMatch(text) || matches.isEmpty, "the fast engine missed a match")
  return 0
}
