import Format
import Platform
import Testing

@testable import Recorder

@Suite struct KeyServiceTests {
  private static let keys = KeyService(
    region: "eu-central-1", keyID: "0f0f0f0f-1111-4222-8333-444444444444", master: Array(0..<32))
  private static let arn = "arn:aws:kms:eu-central-1:000000000000:key/0f0f0f0f-1111-4222-8333-444444444444"
  private static let context = EncryptionContext(
    sessionID: "user-0abc", targetID: "local", randomChallenge: "AAEC")

  @Test func aWrappedKeyComesBackToWhoeverNamesItsContext() {
    let (keys, context) = (Self.keys, Self.context)
    let key = Array(UInt8(1)...64)
    let blob = keys.wrap(key, context: context.pairs)
    #expect(keys.unwrap(blob, context: context.pairs) == key)
    #expect(keys.unwrap(blob, context: context.pairs.reversed()) == key, "pairs have no order")
    var contexts = [context, context, context]
    contexts[0].sessionID = "user-0abd"
    contexts[1].targetID = "i-1"
    contexts[2].randomChallenge = nil
    for other in contexts { #expect(keys.unwrap(blob, context: other.pairs) == nil) }
    let others = KeyService.random(region: "eu-central-1")
    #expect(others.unwrap(blob, context: context.pairs) == nil && others.keyARN != keys.keyARN)
  }

  @Test func blobsThatWereCutOrChangedAreRefused() {
    let blob = Self.keys.wrap(Array(0..<64), context: Self.context.pairs)
    var taken = 0
    for index in blob.indices {
      if Self.keys.unwrap(Array(blob.prefix(index)), context: Self.context.pairs) != nil { taken += 1 }
      for bit in 0..<8 {
        var changed = blob
        changed[index] ^= 1 << bit
        if Self.keys.unwrap(changed, context: Self.context.pairs) != nil { taken += 1 }
      }
    }
    var random = WireRandom(seed: 90)
    for _ in 0..<1000 {
      let noise = random.bytes(Int.random(in: 0...200, using: &random))
      if Self.keys.unwrap(noise, context: Self.context.pairs) != nil { taken += 1 }
    }
    #expect(taken == 0)
  }

  @Test func theContextIsWrittenAsKMSTakesIt() {
    var context = Self.context
    let text =
      #"{"aws:ssm:SessionId":"user-0abc","aws:ssm:TargetId":"local","aws:ssm:RandomChallenge":"AAEC"}"#
    #expect(context.json.text == text)
    context.randomChallenge = nil
    #expect(context.json.text == #"{"aws:ssm:SessionId":"user-0abc","aws:ssm:TargetId":"local"}"#)
  }

  // MARK: - The calls

  private func call(_ operation: Service.KeyOperation, _ body: String) -> Result<JSON, ServiceFault> {
    do throws(ServiceFault) {
      return .success(try TestService().service.perform(operation, Array(body.utf8), with: Self.keys))
    } catch {
      return .failure(error)
    }
  }

  @Test func aDataKeyIsGivenOutInClearAndWrapped() throws {
    for name in [Self.arn, "0f0f0f0f-1111-4222-8333-444444444444"] {
      let body: JSON = [
        "KeyId": .string(name), "NumberOfBytes": 64, "EncryptionContext": Self.context.json,
      ]
      let answer = try call(.generateDataKey, body.text).get()
      #expect(answer["KeyId"]?.string == Self.arn)
      let key = Base64.decode(answer["Plaintext"]?.string ?? "")
      #expect(key?.count == 64)
      let wrapped: JSON = [
        "CiphertextBlob": answer["CiphertextBlob"] ?? .null, "EncryptionContext": Self.context.json,
      ]
      let back = try call(.decrypt, wrapped.text).get()
      #expect(back["Plaintext"] == answer["Plaintext"] && back["KeyId"]?.string == Self.arn)
    }
    let short = try call(.generateDataKey, #"{"KeyId":"\#(Self.arn)","KeySpec":"AES_128"}"#).get()
    #expect(Base64.decode(short["Plaintext"]?.string ?? "")?.count == 16)
  }

  @Test func whatIsWrongWithACallIsSaidInAWSsWords() throws {
    let constraint = "failed to satisfy constraint: Member must"
    let noKey = "Key 'other' does not exist; this local service has \(Self.arn)"
    let blob = Base64.encode(Self.keys.wrap(Array(0..<64), context: []))
    let cases: [(Service.KeyOperation, String, ServiceFault)] = [
      (.generateDataKey, "{}", .validation(["Value null at 'keyId' \(constraint) not be null"])),
      (.generateDataKey, #"{"KeyId":"other","NumberOfBytes":64}"#, .noSuchKey(noKey)),
      (
        .generateDataKey, #"{"KeyId":"k"}"#,
        .validation(["Please specify either number of bytes or key spec."])
      ),
      (
        .generateDataKey, #"{"KeyId":"k","KeySpec":"AES_256","NumberOfBytes":64}"#,
        .validation(["Please specify either number of bytes or key spec."])
      ),
      (
        .generateDataKey, #"{"KeyId":"k","NumberOfBytes":1025}"#,
        .validation(["Value '1025' at 'numberOfBytes' \(constraint) have value less than or equal to 1024"])
      ),
      (
        .generateDataKey, #"{"KeyId":"k","KeySpec":"DES"}"#,
        .validation(["Value 'DES' at 'keySpec' \(constraint) satisfy enum value set: [AES_256, AES_128]"])
      ),
      (
        .generateDataKey, #"{"KeyId":"k","NumberOfBytes":64,"EncryptionContext":[]}"#,
        .serialization("START_ARRAY can not be converted to a Map")
      ),
      (
        .generateDataKey, #"{"KeyId":"k","NumberOfBytes":64,"EncryptionContext":{"a":1}}"#,
        .serialization("NUMBER_VALUE can not be converted to a String")
      ),
      (.decrypt, "{}", .validation(["Value null at 'ciphertextBlob' \(constraint) not be null"])),
      (.decrypt, #"{"CiphertextBlob":"?"}"#, .serialization("Blobs must be base64 encoded")),
      (.decrypt, #"{"CiphertextBlob":"AQID"}"#, .invalidCiphertext),
      (.decrypt, #"{"CiphertextBlob":"\#(blob)","EncryptionContext":{"a":"b"}}"#, .invalidCiphertext),
      (.decrypt, #"{"CiphertextBlob":"\#(blob)","KeyId":"other"}"#, .noSuchKey(noKey)),
      (
        .decrypt, #"{"CiphertextBlob":""}"#,
        .validation([
          "Value [0 bytes] at 'ciphertextBlob' \(constraint) have length between 1 and 6144"
        ])
      ),
    ]
    for (operation, body, expected) in cases {
      #expect(call(operation, body) == .failure(expected), "\(operation.rawValue) \(body)")
    }
  }
}
