import Platform

/// A file that a command makes: it takes its name when it is whole, and is gone when the command fails.
final class OutputFile {
  let path: String
  private let temporary: String
  private let descriptor: Descriptor
  private var isKept = false

  /// Creates the file beside its later name (0600).
  /// - Throws: `.outputExists` where the name is taken and `overwrites` is false.
  init(_ path: String, overwrites: Bool) throws(ReplayError) {
    if !overwrites, File.exists(path) { throw .outputExists(path) }
    self.path = path
    temporary = path + ".\(Host.processID).new"
    do throws(Errno) {
      descriptor = try File.open(temporary, for: .creating(permissions: 0o600))
    } catch {
      throw .cannotWrite(path: path, error)
    }
  }

  func write(_ bytes: [UInt8]) throws(ReplayError) {
    do throws(Errno) { try descriptor.writeAll(bytes) } catch { throw .cannotWrite(path: path, error) }
  }

  /// A second descriptor of the file, for a writer that wants its own.
  func descriptorForWriter() throws(ReplayError) -> Descriptor {
    do throws(Errno) { return try descriptor.duplicate() } catch { throw .cannotWrite(path: path, error) }
  }

  /// Gives the file its name.
  func keep() throws(ReplayError) {
    do throws(Errno) {
      try File.rename(temporary, to: path)
      isKept = true
    } catch {
      throw .cannotWrite(path: path, error)
    }
  }

  deinit {
    if !isKept { try? File.remove(temporary) }  // what failed has been told already
  }
}
