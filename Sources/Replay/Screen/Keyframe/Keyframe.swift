/// A terminal's whole state in a few kilobytes, from which feeding goes on as if it had never stopped.
///
///     let keyframe = Keyframe.encode(terminal)
///     var again = try Keyframe.restore(keyframe)    // the same screen, modes, tables and unfinished sequence
///     again.feed(rest)                              // what terminal.feed(rest) does
///
/// Rows that scrolled off are not in it: `history.total` is, the number of the first visible row of the primary
/// screen among all rows that ever were; the restored history is empty and goes on from there. Events not taken away
/// are not in it either.
///
/// Layout 1, numbers as LEB128: layout, size, links, styles, state, parser, grids, CRC-32 of all before it. Of a row
/// there are facts, runs of equal style, and text as UTF-8; in the text, control characters stand for what is no text:
/// 0 a blank, 1 wide, 2 a spacer, 3 a cluster and the count of its scalars. What compresses alike lies together.
///
/// An unfinished control string makes a keyframe as large as the string, up to `Parser.payloadLimit`: encode where
/// `parser.isAtRest`, if there is a choice.
enum Keyframe {
  static let layout: UInt8 = 1

  static func encode(_ terminal: TerminalScreen) -> [UInt8] {
    var writer = KeyframeWriter(terminal)
    return writer.write()
  }

  /// The terminal at the time of `encode`. Every row counts as changed: a renderer begins anew.
  static func restore(
    _ bytes: [UInt8], scrollbackLimit: Int = TerminalScreen.scrollbackLimit
  ) throws(KeyframeError) -> TerminalScreen {
    var reader = try KeyframeReader(bytes)
    return try reader.terminal(scrollbackLimit: scrollbackLimit)
  }
}
