import Platform
import Testing

@testable import Recorder

/// The same files and variables, the same decisions: ours and botocore's against one fake AWS.
@Suite struct BotocoreCredentialTests {
  @Test func everyWayLeadsToTheExpectedKey() throws {
    let aws = try FakeAWS()
    for sample in CredentialCase.all {
      let home = try AWSHome()
      let sample = sample.filled(aws, home: home.path)
      try home.write(sample.config, to: ".aws/config")
      try home.write(sample.credentials, to: ".aws/credentials")
      for (name, text) in sample.files { try home.write(text, to: name) }
      let provider = try home.provider(
        sample.profile, sample.variables, askCode: { (_) throws(CredentialError) in "123456" })
      do throws(CredentialError) {
        let found = try provider.credentials()
        if found.accessKeyID != sample.key {
          Issue.record("\(sample.name): \(found.accessKeyID), not \(sample.key ?? "an error")")
        }
      } catch {
        if let key = sample.key { Issue.record("\(sample.name): not \(key) but: \(error)") }
      }
    }
  }

  @Test(.enabled(if: PythonPeer.hasBotocore, "botocore is not installed"))
  func botocoreDecidesTheSame() throws {
    let aws = try FakeAWS()
    var homes: [AWSHome] = []
    let questions: [JSON] = try CredentialCase.all.map { sample in
      let home = try AWSHome()
      homes.append(home)
      let sample = sample.filled(aws, home: home.path)
      try home.write(sample.config, to: ".aws/config")
      try home.write(sample.credentials, to: ".aws/credentials")
      for (name, text) in sample.files { try home.write(text, to: name) }
      let variables = home.environment(sample.variables).variables
      return [
        "profile": JSON(sample.profile), "home": .string(home.path),
        "variables": .object(variables.map { JSON.Member($0.key, .string($0.value)) }),
      ]
    }
    let answers = try PythonPeer.ask(
      questions,
      """
      import os
      from botocore.session import Session
      from botocore.credentials import SSOProvider, JSONFileCache
      from botocore.tokens import SSOTokenProvider
      def answer(q):
        os.environ.clear()
        os.environ.update(q["variables"])
        os.environ["AWS_DEFAULT_REGION"] = "eu-central-1"
        os.environ["AWS_MAX_ATTEMPTS"] = "1"
        # Its patience with an instance's service is one second, which a busy machine can take.
        os.environ["AWS_METADATA_SERVICE_TIMEOUT"] = "10"
        os.environ["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] = "3"
        cache = q["home"] + "/.aws/sso/cache"
        SSOProvider._SSO_TOKEN_CACHE_DIR = SSOTokenProvider._SSO_TOKEN_CACHE_DIR = cache
        try:
          session = Session(profile=q["profile"])
          role = session.get_component("credential_provider").get_provider("assume-role")
          role._prompter = lambda prompt: "123456"
          role.cache = JSONFileCache(q["home"] + "/.aws/cli/cache")
          found = session.get_credentials()
          return found and found.get_frozen_credentials().access_key
        except Exception as error:
          return None
      """)
    for (sample, answer) in zip(CredentialCase.all, answers) where answer.string != sample.key {
      Issue.record("\(sample.name): botocore has \(answer.string ?? "none"), not \(sample.key ?? "an error")")
    }
    #expect(answers.count == CredentialCase.all.count)
    withExtendedLifetime(homes) {}
  }

  @Test(.enabled(if: PythonPeer.hasBotocore, "botocore is not installed"))
  func endpointsAreWhereBotocoreHasThem() throws {
    let regions = [
      "us-east-1", "eu-central-1", "mx-central-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1",
      "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "eusc-de-east-1", "xx-new-1",
    ]
    var questions: [JSON] = []
    for region in regions {
      for service in ["ssm", "kms", "sts", "sso", "sso-oidc"] {
        for (fips, dual) in [(false, false), (true, false), (false, true), (true, true)] {
          questions.append([
            "region": .string(region), "service": .string(service), "fips": .bool(fips), "dual": .bool(dual),
          ])
        }
      }
    }
    let answers = try PythonPeer.ask(
      questions,
      """
      from botocore.session import Session
      from botocore.config import Config
      from botocore.exceptions import EndpointVariantError
      session = Session()
      session.set_credentials("a", "b")
      def answer(q):
        try:
          client = session.create_client(q["service"], region_name=q["region"],
            config=Config(use_fips_endpoint=q["fips"], use_dualstack_endpoint=q["dual"]))
          return client._resolve_endpoint_ruleset(
            client.meta.service_model.operation_model(client.meta.service_model.operation_names[0]), {},
            {"client_region": q["region"]}, ignore_signing_region=True)[0]
        except EndpointVariantError as error:
          return "its tables disagree"
      """)
    var compared = 0
    // For two partitions one of its tables knows dual-stack names that another does not.
    for (question, answer) in zip(questions, answers) where answer != "its tables disagree" {
      let ours = try? Endpoint.url(
        service: question["service"]?.string ?? "", region: question["region"]?.string ?? "",
        fips: question["fips"]?.bool ?? false, dualStack: question["dual"]?.bool ?? false)  // nil is compared
      let found = ours.map { "https://\($0.host)" }
      if answer.string != found {
        Issue.record("\(question.text): \(found ?? "none"), botocore \(answer.string ?? "none")")
      }
      compared += 1
    }
    #expect(compared == questions.count - 20)
  }
}
