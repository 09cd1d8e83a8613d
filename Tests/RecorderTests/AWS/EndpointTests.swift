import Platform
import Testing

@testable import Recorder

@Suite struct EndpointTests {
  @Test func eachPartitionHasItsOwnNames() throws {
    let cases: [(String, String, Bool, Bool, String?)] = [
      ("ssm", "eu-central-1", false, false, "ssm.eu-central-1.amazonaws.com"),
      ("ssmmessages", "mx-central-1", false, false, "ssmmessages.mx-central-1.amazonaws.com"),
      ("ssm", "us-east-1", true, false, "ssm-fips.us-east-1.amazonaws.com"),
      ("ssm", "us-east-1", false, true, "ssm.us-east-1.api.aws"),
      ("ssm", "us-east-1", true, true, "ssm-fips.us-east-1.api.aws"),
      ("ssm", "us-gov-west-1", true, false, "ssm.us-gov-west-1.amazonaws.com"),
      ("kms", "us-gov-west-1", true, false, "kms-fips.us-gov-west-1.amazonaws.com"),
      ("ssm", "cn-north-1", false, false, "ssm.cn-north-1.amazonaws.com.cn"),
      ("ssm", "cn-north-1", false, true, "ssm.cn-north-1.api.amazonwebservices.com.cn"),
      ("ssm", "us-iso-east-1", false, false, "ssm.us-iso-east-1.c2s.ic.gov"),
      ("ssm", "us-isob-east-1", false, false, "ssm.us-isob-east-1.sc2s.sgov.gov"),
      ("ssm", "eu-isoe-west-1", false, false, "ssm.eu-isoe-west-1.cloud.adc-e.uk"),
      ("ssm", "us-isof-south-1", false, false, "ssm.us-isof-south-1.csp.hci.ic.gov"),
      ("ssm", "eusc-de-east-1", false, false, "ssm.eusc-de-east-1.amazonaws.eu"),
      ("ssm", "eusc-de-east-1", false, true, "ssm.eusc-de-east-1.api.amazonwebservices.eu"),
      ("ssm", "us-iso-east-1", false, true, "ssm.us-iso-east-1.api.aws.ic.gov"),
      ("ssm", "us-iso-east-1", true, false, "ssm-fips.us-iso-east-1.c2s.ic.gov"),
      ("sso", "us-east-1", true, false, "portal.sso-fips.us-east-1.amazonaws.com"),
      ("sso-oidc", "us-gov-west-1", true, false, "oidc.us-gov-west-1.amazonaws.com"),
      ("ssm", "evil.example/", false, false, nil), ("ssm", "", false, false, nil),
      ("ssm", "US-EAST-1", false, false, nil),
    ]
    for (service, region, fips, dualStack, host) in cases {
      // nil is expected of some.
      let found = try? Endpoint.url(service: service, region: region, fips: fips, dualStack: dualStack)
      if found?.host != host { Issue.record("\(service) in \(region) is at \(found?.host ?? "none")") }
      if let found, found.scheme != .https || found.port != 443 { Issue.record("\(found) is not https") }
    }
  }

  @Test func aConfiguredAddressComesBeforeAWSsOwn() throws {
    let folder = try File.makeTemporaryDirectory(prefix: "aws-")
    defer { try? File.removeTree(folder) }  // left-overs in /tmp do no harm
    let config = """
      [profile plain]
      endpoint_url = http://plain
      [profile both]
      endpoint_url = http://plain
      services = local
      [profile off]
      endpoint_url = http://plain
      ignore_configured_endpoint_urls = true
      [services local]
      ssm =
        endpoint_url = http://services
      """
    try File.write(Array(config.utf8), to: folder + "/config", permissions: 0o600)
    let aws = "ssm.eu-central-1.amazonaws.com"
    let cases: [([String: String], String?, String?, String)] = [
      ([:], nil, nil, aws), ([:], nil, "plain", "plain"), ([:], nil, "both", "services"),
      ([:], nil, "off", aws),
      (["AWS_ENDPOINT_URL": "http://env"], nil, "both", "env"),
      (["AWS_ENDPOINT_URL": "http://env", "AWS_ENDPOINT_URL_SSM": "http://ssm"], nil, "both", "ssm"),
      (["AWS_ENDPOINT_URL": "http://env", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "TRUE"], nil, "both", aws),
      (["AWS_ENDPOINT_URL": "http://env"], "http://flag", "both", "flag"),
      (["AWS_USE_FIPS_ENDPOINT": "true"], nil, nil, "ssm-fips.eu-central-1.amazonaws.com"),
    ]
    for (variables, flag, name, host) in cases {
      let environment = Environment(
        variables.merging(["AWS_CONFIG_FILE": folder + "/config", "HOME": folder]) { $1 })
      let profile = try Profile.load(environment: environment, name: name)
      let url = try Endpoint.url(
        service: "ssm", region: "eu-central-1", flag: flag, environment: environment, profile: profile)
      if url.host != host { Issue.record("\(variables), profile \(name ?? "-"): \(url)") }
    }
    let clash = Environment(["AWS_USE_DUALSTACK_ENDPOINT": "true"])
    #expect(throws: EndpointError.self) {
      try Endpoint.url(
        service: "ssm", region: "eu-central-1", flag: "http://flag", environment: clash, profile: nil)
    }
  }

  @Test func theRegionComesFromFlagEnvironmentOrProfile() throws {
    let both = Environment(["AWS_REGION": "r-1", "AWS_DEFAULT_REGION": "r-2"])
    #expect(try Endpoint.region(flag: "r-0", environment: both, profile: nil) == "r-0")
    #expect(try Endpoint.region(flag: nil, environment: both, profile: nil) == "r-1")
    #expect(
      try Endpoint.region(flag: "", environment: Environment(["AWS_DEFAULT_REGION": "r-2"]), profile: nil)
        == "r-2")
    #expect(throws: EndpointError.noRegion(profile: nil)) {
      try Endpoint.region(flag: nil, environment: Environment([:]), profile: nil)
    }
    #expect(throws: EndpointError.badRegion("a b")) {
      try Endpoint.region(flag: "a b", environment: both, profile: nil)
    }
  }
}
