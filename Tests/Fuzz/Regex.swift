@testable import Platform

/// A pattern and a text, apart at the first zero byte: the fast engines and the exact one agree on every span.
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
  // The needles are looked for in text that is UTF-8, as lines of a screen are.
  guard String(validating: text, as: UTF8.self) != nil else { return 0 }
  var machine = PikeVM(compiled.program)
  var position = 0
  for match in matches.prefix(64) {
    let exact = machine.firstMatch(in: text.span, from: position)
    // Right behind a match, nothing at all is no match of its own: then the next one is asked for.
    if exact != match, exact?.isEmpty == true, exact?.lowerBound == position {
      precondition(machine.firstMatch(in: text.span, from: position + 1) == match, "another span")
    } else {
      precondition(exact == match, "another span")
    }
    position = match.isEmpty ? match.upperBound + 1 : match.upperBound
  }
  return 0
}
