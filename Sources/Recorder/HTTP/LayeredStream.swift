import Platform

/// A connected socket with the layers of TLS around its bytes: none, one to the host or to an https proxy, or
/// both, one inside the other.
final class LayeredStream {
  private let descriptor: Descriptor
  /// Outermost first.
  private var layers: [TLSEngine] = []
  /// What comes out of the layers, for the socket; from `sentCount` on it has not left yet.
  private var outgoing: [UInt8] = []
  private var sentCount = 0

  /// What went wrong behind plaintext that `unwrap` returned.
  private(set) var failure: TLSError?

  init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

  /// The socket's number, for poll(2).
  var number: Int32 { descriptor.rawValue }

  /// Bytes for the socket that have not left yet.
  var unsentByteCount: Int { outgoing.count - sentCount }

  var layerCount: Int { layers.count }

  /// Whether the innermost layer's handshake is done.
  var isEstablished: Bool { layers.last?.isEstablished ?? true }

  /// Whether a layer's other side has said that it will send no more.
  var hasEnded: Bool { layers.contains(where: \.isClosed) }

  /// Whether an end of the socket's bytes is the end the innermost layer announced; always so without TLS.
  var isEndInOrder: Bool { layers.last?.isClosed ?? true }

  /// Puts one more layer inside the others.
  func add(_ engine: TLSEngine) throws(TLSError) {
    layers.append(engine)
    try collect()
  }

  /// Takes plaintext through all layers towards the socket.
  func pass(_ plaintext: [UInt8]) throws(TLSError) {
    guard let engine = layers.last else {
      outgoing += plaintext
      return
    }
    try engine.send(plaintext)
    try collect()
  }

  /// Takes bytes through the layers from number `first` on, and returns what comes out.
  func unwrap(_ bytes: [UInt8], from first: Int = 0) throws(TLSError) -> [UInt8] {
    var bytes = bytes
    for engine in layers[first...] {
      do throws(TLSError) {
        try engine.receive(bytes)
        bytes = engine.takePlaintext()
      } catch {
        // What came whole before the failure still counts.
        bytes = engine.takePlaintext()
        if bytes.isEmpty || engine !== layers.last { throw error }
        failure = error
      }
    }
    try collect()
    return bytes
  }

  /// Moves what each layer wants sent through those around it.
  private func collect() throws(TLSError) {
    for index in layers.indices.reversed() {
      let bytes = layers[index].takeCiphertext()
      if index == 0 {
        outgoing += bytes
      } else {
        try layers[index - 1].send(bytes)
      }
    }
  }

  func read(upTo count: Int) throws(Errno) -> Descriptor.ReadResult { try descriptor.read(upTo: count) }

  /// Gives the socket as much as it takes now.
  func flush() throws(Errno) {
    while sentCount < outgoing.count {
      guard case .wrote(let count) = try Socket.send(outgoing, from: sentCount, to: descriptor) else { break }
      sentCount += count
    }
    if sentCount == outgoing.count {
      discard()
    } else if sentCount > 1 << 20 {
      outgoing.removeFirst(sentCount)
      sentCount = 0
    }
  }

  /// Drops what has not left yet.
  func discard() {
    outgoing.removeAll(keepingCapacity: outgoing.capacity <= 256 << 10)
    sentCount = 0
  }

  /// Says in all layers that nothing more comes, as far as the socket takes it.
  func sayEnd() {
    for engine in layers.reversed() {
      engine.close()
      try? collect()  // a stream that failed has nothing more to say
    }
    try? flush()  // likewise
  }

  /// Lets an alert go out after a failure.
  func sayFailure() {
    try? collect()  // the first error is the one worth telling
    try? flush()  // likewise
  }
}
