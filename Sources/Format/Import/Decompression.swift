import Platform

/// A compressed source that another program decompresses: bzip2, zstd, xz.
final class Decompression {
  /// A compression by its magic number, and the program that undoes it.
  struct Method: Equatable, Sendable {
    let tool: String
    let magic: [UInt8]

    static let all = [
      Method(tool: "bzip2", magic: [0x42, 0x5A, 0x68]),
      Method(tool: "zstd", magic: [0x28, 0xB5, 0x2F, 0xFD]),
      Method(tool: "xz", magic: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
    ]

    /// The method of bytes that begin so; nil where they are not compressed, or with gzip.
    static func of(_ bytes: ArraySlice<UInt8>) -> Method? { all.first { bytes.starts(with: $0.magic) } }
  }

  let method: Method
  /// The decompressed bytes.
  let window: InputWindow
  private let child: ChildProcess
  private var hasEnded = false

  /// Starts the program on a file of its own position.
  init(
    _ method: Method, of file: borrowing Descriptor, name: String, environment: Environment
  ) throws(ImportError) {
    self.method = method
    guard let program = Self.path(of: method.tool, environment) else {
      throw .missingTool(name: name, tool: method.tool)
    }
    do throws(Errno) {
      let pipe = try DescriptorPair.pipe()
      child = try ChildProcess.spawn(
        ProgramInvocation(program, arguments: ["-d", "-c"], environment: environment),
        streams: ChildProcess.Streams(input: file.rawValue, output: pipe.second.rawValue, error: nil))
      window = InputWindow(try pipe.first.duplicate(), name: name)
    } catch {
      throw .cannotStart(tool: method.tool, error)
    }
  }

  private static func path(of tool: String, _ environment: Environment) -> String? {
    (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(tool)" }.first { File.isExecutable($0) }
  }

  /// How the program ended, in words where it failed; call it when all bytes were read.
  func failure() -> String? {
    hasEnded = true
    do throws(Errno) {
      let status = try child.waitForExit()
      return status == .exited(0)
        ? nil : "\(method.tool) found the compressed data damaged or cut off (exit code \(status.shellCode))"
    } catch {
      return "\(method.tool): its end is unknown: \(error)"
    }
  }

  /// Starts the program on bytes in memory, which go into a file without a name for it.
  convenience init(
    _ method: Method, of bytes: [UInt8], name: String, environment: Environment
  ) throws(ImportError) {
    let file = try Self.file(bytes, for: method)
    try self.init(method, of: file, name: name, environment: environment)
  }

  private static func file(_ bytes: [UInt8], for method: Method) throws(ImportError) -> Descriptor {
    do throws(Errno) {
      let folder = try File.makeTemporaryDirectory(prefix: "ssmcast-import-")
      defer { try? File.removeTree(folder) }  // nothing in it is needed by name
      let file = try File.open(folder + "/source", for: .creating(permissions: 0o600))
      try file.writeAll(bytes, at: 0)  // the position stays at the start, from which the program reads
      return file
    } catch {
      throw .cannotStart(tool: method.tool, error)
    }
  }

  deinit {
    if hasEnded { return }
    try? Signal.terminate.send(to: child.processID)  // it may have ended by itself
    _ = try? child.waitForExit()  // nobody is left to be told
  }
}
