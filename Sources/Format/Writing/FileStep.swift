/// One thing to do to the file of a recording, in order. Between any two the process may be killed.
enum FileStep: Equatable {
  /// Write at the end.
  case append([UInt8])
  case overwrite([UInt8], at: Int64)
  /// Wait until all of it is on the disk.
  case synchronize
  case truncate(to: Int64)
}
