import Platform

/// Finds one JSON object at the front of a stream of bytes and says what follows it, without waiting for the
/// stream's end: so `cat answer.json keys | ssmrec attach` can type the rest into the session.
struct JSONObjectScanner {
  /// Longest object that is read, in bytes.
  static let limit = 1 << 20

  private(set) var bytes: [UInt8] = []
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  /// Where the object ends in `bytes`; nil while it is not whole.
  private(set) var end: Int?

  /// Adds bytes. Once the object is whole, `end` is set and the rest is left alone.
  mutating func append(_ more: [UInt8]) {
    let start = bytes.count
    bytes += more
    guard end == nil else { return }
    for index in start..<bytes.count {
      let byte = bytes[index]
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth <= 0 {
          end = index + 1
          return
        }
      default: break
      }
    }
  }

  /// The object's own bytes, or all there are where it never became whole.
  var object: [UInt8] { end.map { Array(bytes[..<$0]) } ?? bytes }

  /// What came after the object, less the line feed that ends its line.
  var rest: [UInt8] {
    guard let end else { return [] }
    let tail = bytes[end...]
    return Array(tail.first == UInt8(ascii: "\n") ? tail.dropFirst() : tail)
  }
}

/// Where `ssmrec attach` takes the StartSession response from.
enum ResponseSource: Equatable {
  case standardInput
  case file(String)
  case environment(String)

  init(_ text: String?) {
    switch text {
    case nil, "-": self = .standardInput
    case .some(let text) where text.hasPrefix("ENV:"): self = .environment(String(text.dropFirst(4)))
    case .some(let text): self = .file(text)
    }
  }
}

/// Why there is no StartSession response to attach to. Never holds the response itself: it is a secret.
enum ResponseSourceError: Error, Equatable, CustomStringConvertible {
  case unreadable(name: String, Errno)
  case notSet(variable: String)
  case tooLong(name: String)
  case empty(name: String)
  case notJSON(name: String, JSONError)
  case incomplete(name: String, StartSessionResponse.ResponseError)

  var description: String {
    switch self {
    case .unreadable(let name, let error): "cannot read the StartSession response from \(name): \(error)"
    case .notSet(let variable): "the environment variable \(variable) is not set; it should hold the response"
    case .tooLong(let name): "what \(name) holds is too long for a StartSession response"
    case .empty(let name): "\(name) holds no StartSession response; give it the JSON that the API answered"
    case .notJSON(let name, let error): "what \(name) holds is no StartSession response: \(error)"
    case .incomplete(let name, let error): "what \(name) holds is no StartSession response: \(error)"
    }
  }
}

extension ResponseSource {
  /// The response, and the bytes of standard input that came after it.
  func read(environment: Environment) throws(ResponseSourceError) -> (
    StartSessionResponse, typedAhead: [UInt8]
  ) {
    switch self {
    case .environment(let variable):
      guard let text = environment.nonEmpty(variable) else { throw .notSet(variable: variable) }
      Environment.remove(variable)
      return (try Self.parse(Array(text.utf8), name: variable), [])
    case .file(let path):
      return (try Self.parse(try Self.readFile(path), name: path.printable), [])
    case .standardInput:
      let scanner = try Self.scanStandardInput()
      return (try Self.parse(scanner.object, name: "standard input"), scanner.rest)
    }
  }

  private static func readFile(_ path: String) throws(ResponseSourceError) -> [UInt8] {
    do throws(Errno) {
      return try File.read(path, limit: JSONObjectScanner.limit)
    } catch {
      throw .unreadable(name: path.printable, error)
    }
  }

  private static func scanStandardInput() throws(ResponseSourceError) -> JSONObjectScanner {
    var scanner = JSONObjectScanner()
    do throws(Errno) {
      while scanner.end == nil {
        switch try Descriptor.standardInput.read(upTo: 4096) {
        case .bytes(let bytes): scanner.append(bytes)
        case .endOfFile: return scanner
        case .wouldBlock: _ = try Poll.wait([Poll.Interest(0, [.readable])], microseconds: nil)
        }
        if scanner.bytes.count > JSONObjectScanner.limit { break }
      }
    } catch {
      throw .unreadable(name: "standard input", error)
    }
    if scanner.end == nil { throw .tooLong(name: "standard input") }
    return scanner
  }

  static func parse(_ bytes: [UInt8], name: String) throws(ResponseSourceError) -> StartSessionResponse {
    if bytes.allSatisfy({ $0 <= 0x20 }) { throw .empty(name: name) }
    let json: JSON
    do throws(JSONError) {
      json = try JSON(parsing: bytes)
    } catch {
      throw .notJSON(name: name, error)
    }
    do throws(StartSessionResponse.ResponseError) {
      // ECS answers with the session one level down.
      return try StartSessionResponse(json: json.member(ignoringCase: "session") ?? json)
    } catch {
      throw .incomplete(name: name, error)
    }
  }
}
