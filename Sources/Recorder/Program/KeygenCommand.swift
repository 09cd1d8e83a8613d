import Format
import Platform

/// `ssmrec keygen`: a key pair for signing recordings.
enum KeygenCommand {
  static let command = Command(
    "keygen", summary: "make a key that signs recordings",
    discussion: """
      Makes an Ed25519 key pair: FILE is the private key (PEM, PKCS #8, mode 0600), FILE.pub the public one. With the \
      setting signing_key, every member of a recording is signed with it as it is written, so that whoever has \
      the public key can tell later that nothing was changed, also where the recorder was killed.

      Keep the private key where the recorded person cannot read it, and a copy of the public key somewhere else than \
      the recordings.
      """,
    options: [
      Option(
        "output", short: "o", .file("FILE"), help: "Where the private key goes; FILE.pub is made beside it"),
      Option(
        "overwrite", help: "Replace keys that exist: recordings signed with them need their old FILE.pub"),
    ],
    examples: [
      Example("ssmrec keygen -o ~/.config/ssmcast/signing.pem", "A new pair."),
      Example(
        "SSMCAST_SIGNING_KEY=~/.config/ssmcast/signing.pem ssmrec start -t local", "A signed recording."),
      Example("ssmplay verify --key signing.pem.pub demo.cast.gz", "Was it changed?"),
    ],
    run: run)

  private static func run(_ arguments: Arguments) -> Int32 {
    guard let path = arguments.text("output"), !path.isEmpty, path != "-" else {
      return arguments.refuse("-o FILE is missing: where the private key goes")
    }
    let publicPath = path + ".pub"
    if !arguments.has("overwrite"), let taken = [path, publicPath].first(where: { File.exists($0) }) {
      StandardError.say("\(taken.printable) exists; give another name, or --overwrite to replace the pair")
      return ExitCode.sessionFailed
    }
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      let folder = String(path[..<slash])
      do throws(Errno) { try File.makeDirectory(folder, permissions: 0o700) } catch {
        StandardError.say("\(folder.printable): cannot be made: \(error)")
        return ExitCode.sessionFailed
      }
    }
    let key = SigningKey.generate()
    var pem = key.pem()
    defer { pem.clear() }
    for (name, bytes, mode) in [(path, pem, 0o600 as UInt32), (publicPath, key.publicKey.pem(), 0o644)] {
      do throws(Errno) { try File.write(bytes, to: name, permissions: mode) } catch {
        StandardError.say("\(name.printable): cannot be written: \(error)")
        return ExitCode.sessionFailed
      }
    }
    StandardError.say("private key in \(path.printable), public key in \(publicPath.printable)")
    let output = StandardOutput()
    output.writeLine("\(key.publicKey)")
    return output.finish(ExitCode.success)
  }
}
