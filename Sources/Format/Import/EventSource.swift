import Platform

/// One source being read: what is known before the first event, then the events as they are asked for.
protocol EventSource: AnyObject {
  var header: Header { get }
  /// Wall clock at the start, where the source tells it.
  var started: Timestamp? { get }
  /// The next event in order of time; nil at the end. What is wrong is told in `log`.
  func next(_ log: inout FindingLog) throws(ImportError) -> Event?
}

extension Header {
  /// The size that is taken where a source tells none: what players take.
  static let assumedSize = WindowSize(columns: 80, rows: 24)
}
