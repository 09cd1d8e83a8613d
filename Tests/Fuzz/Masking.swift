import Format
import Platform

@testable import Recorder

/// Keys and output in any order: what is kept was typed, and nothing else; what patterns mask keeps its length in time.
///
/// The first byte of each piece says what it is and how long it is.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  var masker = EchoMasker(size: WindowSize(columns: 20, rows: 5))
  var mask = OutputMask(SecretPattern.setNames.flatMap { SecretPattern.set($0) ?? [] })
  var typed: [UInt8] = []
  var notes: [EchoMasker.Note] = []
  var (index, now, events) = (0, Int64(0), 0)
  while index < bytes.count {
    let (kind, length) = (bytes[index] & 3, Int(bytes[index] >> 2))
    let piece = Array(bytes[(index + 1)...].prefix(length))
    index += 1 + length
    now += Int64(length) * 50_000
    switch kind {
    case 0:
      typed += piece
      notes += masker.typed(piece, at: now)
    case 1: masker.resize(to: WindowSize(columns: length, rows: Int(piece.first ?? 1)))
    case 2: notes += masker.shown(Array(typed.suffix(length)), at: now)
    default:
      notes += masker.shown(piece, at: now)
      events += mask.append(Event(microseconds: now, code: .output, bytes: piece)).count {
        $0.code == .output
      }
      events -= 1
    }
  }
  notes += masker.finish()
  events += mask.finish().count { $0.code == .output }
  precondition(events == 0, "events were lost or made up")
  var rest = typed[...]
  for case .keys(let keys, _) in notes {
    for key in keys {
      guard let place = rest.firstIndex(of: key) else { preconditionFailure("kept what was not typed") }
      rest = rest[(place + 1)...]
    }
  }
  return 0
}
