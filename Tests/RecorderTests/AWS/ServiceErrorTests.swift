import Testing

@testable import Recorder

@Suite struct ServiceErrorTests {
  @Test func typeWordsAndRequestIDAreFoundWhereverTheyStand() {
    let cases: [(HTTPFields, String, String, String)] = [
      ([:], #"{"__type":"TargetNotConnected","message":"m"}"#, "TargetNotConnected", "m"),
      ([:], #"{"__type":"com.amazonaws.ssm#InvalidDocument","Message":"m"}"#, "InvalidDocument", "m"),
      (
        ["X-Amzn-Errortype": "ThrottlingException:http://x/"], #"{"message":"m"}"#, "ThrottlingException", "m"
      ),
      (["x-amzn-errortype": "a#B:c"], #"{"__type":"Other"}"#, "B", ""), ([:], "{}", "HTTP 503", ""),
      ([:], "<html>\u{1B}[31m", "HTTP 503", "<html>.[31m"), ([:], "", "HTTP 503", ""),
      ([:], "[]", "HTTP 503", ""),
    ]
    for (fields, body, type, message) in cases {
      var fields = fields
      fields.append("x-amzn-RequestId", "id-1")
      let error = ServiceError(HTTPResponse(status: 503, fields: fields, body: Array(body.utf8)))
      #expect(error == ServiceError(type: type, message: message, status: 503, requestID: "id-1"))
      #expect(error.description.contains("id-1"))
    }
  }

  @Test func eachKnownErrorIsOneSentenceThatSaysWhatToCheck() {
    let error = ServiceError(type: "TargetNotConnected", message: "i-1 is not connected.", requestID: "id-1")
    #expect(error.description.hasPrefix("the target is not connected to Session Manager; check"))
    #expect(error.description.hasSuffix(": i-1 is not connected. (request id id-1)"))
    #expect(ServiceError(type: "Odd", message: "").description == "AWS answered with Odd")
    #expect(
      APIError.service(operation: "StartSession", ServiceError(type: "Odd", message: "m")).description
        == "StartSession failed: AWS answered with Odd: m")
  }

  @Test func anErrorSurvivesItsOwnAnswer() {
    let error = ServiceError(type: "InvalidDocument", message: "no \"x\"", status: 400, requestID: "id")
    #expect(ServiceError(error.response) == error)
  }
}
