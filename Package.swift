// swift-tools-version: 6.2
import PackageDescription

// Three layers on one ground floor: Recorder and Replay import Format, never each other; Platform knows no sessions.
// Flags that would bar other packages from depending on these libraries are passed by the Makefile instead.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "ssmcast",
  products: [
    .library(name: "Format", targets: ["Format"]),
    .library(name: "Recorder", targets: ["Recorder"]),
    .library(name: "Replay", targets: ["Replay"]),
    .executable(name: "ssmrec", targets: ["ssmrec"]),
    .executable(name: "ssmplay", targets: ["ssmplay"]),
    .executable(name: "session-manager-plugin", targets: ["session-manager-plugin"]),
  ],
  targets: [
    .systemLibrary(name: "CZlib", path: "Sources/Platform/C/zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "COpenSSL", path: "Sources/Platform/C/openssl", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLinux", path: "Sources/Platform/C/linux"),
    .target(name: "Platform", dependencies: ["CLinux"], exclude: ["README.md", "C"], swiftSettings: strict),
    .target(
      name: "Format", dependencies: ["Platform", "CZlib", "COpenSSL"], exclude: ["README.md"],
      swiftSettings: strict, linkerSettings: [.linkedLibrary("crypto")]),
    .target(
      name: "Recorder", dependencies: ["Format", "Platform", "COpenSSL"],
      exclude: ["README.md", "Plugin", "Command"],
      swiftSettings: strict, linkerSettings: [.linkedLibrary("ssl")]),
    .target(
      name: "Replay", dependencies: ["Format", "Platform"], exclude: ["README.md", "Command"],
      swiftSettings: strict),
    .executableTarget(
      name: "session-manager-plugin", dependencies: ["Recorder", "Platform"], path: "Sources/Recorder/Plugin",
      swiftSettings: strict),
    .executableTarget(
      name: "ssmrec", dependencies: ["Recorder", "Platform"], path: "Sources/Recorder/Command",
      swiftSettings: strict),
    .executableTarget(
      name: "ssmplay", dependencies: ["Replay", "Platform"], path: "Sources/Replay/Command",
      swiftSettings: strict),
    .executableTarget(
      name: "websocket-echo", dependencies: ["Recorder", "Format", "Platform"], path: "Tests/WebSocketEcho",
      swiftSettings: strict),
    .testTarget(name: "PlatformTests", dependencies: ["Platform"], swiftSettings: strict),
    .testTarget(name: "FormatTests", dependencies: ["Format", "Platform"], swiftSettings: strict),
    .testTarget(
      name: "RecorderTests", dependencies: ["Recorder", "Format", "Platform"], exclude: ["vectors.json"],
      swiftSettings: strict),
    .testTarget(name: "ReplayTests", dependencies: ["Replay", "Format", "Platform"], swiftSettings: strict),
    .testTarget(
      name: "CommandTests",
      dependencies: ["Format", "Platform", "ssmrec", "ssmplay", "session-manager-plugin", "websocket-echo"],
      swiftSettings: strict),
  ]
)
