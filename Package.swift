// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

// Third-party libraries, each with the one reason it is here.
let dependencies: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),  // wire contracts
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),  // hashes, keyed tokens
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),  // structured logs
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),  // command lines
    .package(
        url: "https://github.com/apple/swift-configuration", from: "1.4.0",
        traits: [.defaults, "CommandLineArguments", "YAML"]),  // flag > environment > file > default
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),  // start and stop
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),  // health and metrics pages
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),  // read models
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),  // rule packs
]

let protobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

func module(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "guanhuai",
    platforms: [.macOS(.v15)],
    dependencies: dependencies,
    targets: [
        .systemLibrary(name: "CZeroMQ"),
        .systemLibrary(name: "CSQLite"),
        module("CareDomain", []),
        module("EventLog", [crypto]),
    ],
    swiftLanguageModes: [.v6]
)
