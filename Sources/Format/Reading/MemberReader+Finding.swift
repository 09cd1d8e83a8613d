import Platform

extension MemberReader {
  /// The member of this recording at the front of the window; nil where there is none.
  func memberAtFront() throws(FormatError) -> FoundMember? {
    try window.fill(to: 18)
    while true {
      do throws(GzipHeader.Problem) {
        let header = try GzipHeader(parsing: window.bytes, at: window.start)
        return try found(header)
      } catch {
        // A header may be as long as its extra field: read on as long as there is something to read.
        if error == .notGzip || window.isAtEnd { return nil }
      }
      try window.fill(to: window.count + 4096)
    }
  }

  func found(_ header: GzipHeader) throws(GzipHeader.Problem) -> FoundMember? {
    guard let bytes = header.seal, let (seal, fields) = Self.parsed(bytes) else { return nil }
    if let identity = seal.identity {
      return identity.recording == recording ? FoundMember(header, seal, fields: fields) : nil
    }
    let body = window.bytes[(window.start + header.byteCount)...].prefix(GzipTrailer.emptyBody.count)
    guard header.isCanonical else { return nil }
    if body.count < GzipTrailer.emptyBody.count, !window.isAtEnd { throw .cutOff }
    guard body.elementsEqual(GzipTrailer.emptyBody) else { return nil }
    return FoundMember(header, seal, fields: fields)
  }

  private static func parsed(_ bytes: [UInt8]) -> (seal: Seal, fields: [UInt8])? {
    do throws(Seal.Problem) { return try Seal.parse(bytes) } catch { return nil }
  }

  /// Goes to the next place where a member of this recording begins, or to the end of the source.
  func resynchronize() throws(FormatError) -> FoundMember? {
    while try window.fill(to: 1) {
      guard
        let index = ByteSearch.first(0x1F, in: window.bytes, window.start..<window.bytes.count)
      else {
        window.discard(window.count)
        continue
      }
      window.discard(index - window.start)
      if let found = try memberAtFront() { return found }
      window.discard(1)
    }
    return nil
  }

  enum Strangeness { case cutOff, foreign, damaged }

  /// What stands at the front of the window, where no member of this recording does.
  func strangeness() -> Strangeness {
    do throws(GzipHeader.Problem) {
      let header = try GzipHeader(parsing: window.bytes, at: window.start)
      guard let seal = header.seal, let parsed = Self.parsed(seal), parsed.seal.identity == nil else {
        return .foreign
      }
      return window.count < header.byteCount + GzipTrailer.emptyBody.count ? .cutOff : .damaged
    } catch {
      return error == .cutOff ? .cutOff : .damaged
    }
  }
}
