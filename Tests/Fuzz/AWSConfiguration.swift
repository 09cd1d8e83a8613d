import Platform

@testable import Recorder

/// AWS's files from anybody's home folder: config and credentials, cut at the first zero byte; and what services
/// answer in XML. Each profile's source of credentials is looked for as far as no network is needed.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: data, count: count))
  _ = XMLText(bytes).text("AccessKeyId")
  let text = String(decoding: bytes, as: UTF8.self)
  _ = Timestamp(iso8601: text)
  _ = CredentialProcess.words(of: text)
  guard let file = try? ConfigurationFile(parsing: bytes) else { return 0 }
  for name in file.names(of: "profile") + ["default"] {
    precondition(name == "default" || file.section("profile", name) != nil, "\(name) is listed and not there")
  }
  let environment = Environment([:])
  for section in file.sections.values {
    let profile = Profile(name: "p", settings: section, credentials: section, services: section)
    _ = try? Endpoint.region(flag: nil, environment: environment, profile: profile)
    if let url = try? Endpoint.url(
      service: "ssm", region: "eu-central-1", environment: environment, profile: profile)
    {
      precondition(!url.host.isEmpty, "an address without a host")
    }
  }
  return 0
}
