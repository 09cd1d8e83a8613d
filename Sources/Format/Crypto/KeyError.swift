public import Platform

/// Why a file is no key that can be used. No case carries bytes of a key.
public enum KeyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file of the key cannot be read.
  case cannotRead(path: String, Errno)
  /// Others than its owner may read a private key.
  case readableByOthers(path: String, permissions: UInt32)
  /// A key that needs a passphrase.
  case encrypted(name: String)
  /// A key of another algorithm than Ed25519.
  case wrongAlgorithm(name: String, algorithm: String)
  /// A public key where a private one is needed.
  case notPrivate(name: String)
  /// A private key where a public one is needed.
  case notPublic(name: String)
  /// A private key in OpenSSH's own format.
  case openSSH(name: String)
  /// The file holds no Ed25519 key in PEM.
  case notAKey(name: String)

  public var description: String {
    switch self {
    case .cannotRead(let path, let error): "\(path.printable): the key cannot be read: \(error)"
    case .readableByOthers(let path, let permissions):
      "\(path.printable): others may read this private key (mode \(String(permissions, radix: 8))); "
        + "chmod 600 it, and consider it known to them"
    case .encrypted(let name):
      "\(name.printable): the key is encrypted, and a recorder has nobody to ask for its passphrase; give one "
        + "without (openssl pkcs8 -topk8 -nocrypt), protected by file permissions"
    case .wrongAlgorithm(let name, let algorithm):
      "\(name.printable): this is a key for \(algorithm.printable); recordings are signed with Ed25519 "
        + "('ssmrec keygen' makes one)"
    case .notPrivate(let name):
      "\(name.printable): this is a public key; signing needs the private one, the file without .pub"
    case .notPublic(let name):
      "\(name.printable): this is a private key, which has no place where recordings are checked; give its .pub"
    case .openSSH(let name):
      "\(name.printable): keys of OpenSSH are not read; 'ssmrec keygen' or openssl genpkey -algorithm ed25519 makes one"
    case .notAKey(let name):
      "\(name.printable): this is no key: neither PEM nor DER nor 32 bytes of Ed25519"
    }
  }
}
