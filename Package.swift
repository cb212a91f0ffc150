// swift-tools-version: 6.2
import PackageDescription

/// The build for tests (.ci/lib.sh): our modules can be looked into (@testable), those of others need not be.
let isForTests = Context.environment["GUANHUAI_TEST_BUILD"] == "1"

let strict: [SwiftSetting] =
    [.treatAllWarnings(as: .error)]
    + (isForTests ? [.unsafeFlags(["-enable-testing"], .when(configuration: .release))] : [])

// Third-party libraries, each with the one reason it is here.
let dependencies: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),  // wire contracts
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),  // hashes, keyed tokens
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),  // structured logs
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),  // command lines
    .package(
        url: "https://github.com/apple/swift-configuration", from: "1.4.0",
        traits: [.defaults, "YAML"]),  // flag > environment > file > default
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

let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

// What is tested is optimized, the tests themselves are not: that takes a third of the time to compile. Those whose own
// loops are long are. Whole modules, because single files are checked for unneeded `try` before `#expect` is expanded.
func tests(
    _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [], areOptimized: Bool = false
) -> Target {
    let plain = SwiftSetting.unsafeFlags(
        ["-Onone", "-whole-module-optimization", "-no-emit-module-separately-wmo"], .when(configuration: .release))
    return .testTarget(
        name: name, dependencies: dependencies, resources: resources,
        swiftSettings: areOptimized ? strict : strict + [plain])
}

// What prints, passes on, or reads and writes in wire form, lists and pages is not optimized in the build for tests:
// compiling it optimized takes a fifth of that build. The rules, the replay, the log and the bus always are, and what a
// deployment runs is everywhere.
let unoptimizedForTests: [SwiftSetting] =
    isForTests ? [.unsafeFlags(["-Onone", "-no-emit-module-separately-wmo"], .when(configuration: .release))] : []

func module(
    _ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = [], isThin: Bool = false
) -> Target {
    .target(
        name: name, dependencies: dependencies, resources: resources,
        swiftSettings: strict + (isThin ? unoptimizedForTests : []))
}

func service(_ name: String, _ dependencies: [Target.Dependency], isThin: Bool = false) -> Target {
    .executableTarget(
        name: name, dependencies: ["ServiceKit", "ServiceWiring", logging] + dependencies, path: "Services/\(name)",
        swiftSettings: strict + (isThin ? unoptimizedForTests : []))
}

let package = Package(
    name: "guanhuai",
    platforms: [.macOS(.v15)],
    dependencies: dependencies,
    targets: [
        .systemLibrary(name: "CZeroMQ"),
        .systemLibrary(name: "CFileStatus"),
        .systemLibrary(name: "CSQLite"),
        .systemLibrary(name: "CJemalloc"),
        .target(name: "CSHA256"),
        .target(name: "CSM3", linkerSettings: [.linkedLibrary("crypto")]),

        // The domain and its wire form.
        module("CareDomain", []),
        module("CareWire", ["CareDomain", protobuf, crypto], isThin: true),
        module("RuleEngine", ["CareDomain", yams, crypto]),
        module("RulePacks", ["RuleEngine", "CareDomain", yams], resources: [.copy("Packs")]),
        module(
            "CareProjections", ["CareDomain", "CareWire", "RuleEngine", "EventLog", "OfficeFiles", crypto], isThin: true
        ),

        module("RuleColumns", ["CSHA256", "RuleEngine", "CareDomain"]),
        module("FactStore", ["CSHA256", "RuleColumns", "RuleEngine", "CareDomain"]),
        module("RuleReplay", ["RuleColumns", "RuleEngine", "CareDomain"]),

        // The log and the bus.
        module("EventLog", ["CSHA256", "CSM3"]),
        module("EventLogSQLite", ["EventLog", "CFileStatus", "CSQLite"]),
        module("ZeroMQ", ["CZeroMQ"]),
        module("MessageBus", ["ZeroMQ"]),
        module("ArchiveClient", ["CareDomain", "CareWire", "EventLog", protobuf]),

        // What services do, as step machines.
        module(
            "IntakeCore",
            [
                "ArchiveClient", "CareDomain", "CareProjections", "CareWire", "EventLog", "MessageBus", "RuleEngine",
                protobuf,
            ]),
        module(
            "EligibilityCore",
            ["ArchiveClient", "CareDomain", "CareWire", "EventLog", "MessageBus", "RuleEngine", protobuf]),
        module("ArchiveCore", ["CareDomain", "CareProjections", "CareWire", "EventLog", "MessageBus", protobuf]),
        module(
            "NotifierCore",
            ["ArchiveClient", "CareDomain", "CareWire", "EventLog", "MessageBus", "RuleEngine", protobuf], isThin: true),
        module(
            "ReadModels", ["CareProjections", "CareDomain", "CareWire", "EventLog", "RuleEngine", "RuleReplay", grdb],
            isThin: true),

        // Files of an office, invented data, start-up.
        module("OfficeFiles", []),
        module("AttachmentStore", ["CareDomain", "OfficeFiles", crypto]),
        module("CaseImport", ["CareDomain", "CareWire", "OfficeFiles"], isThin: true),
        module("SyntheticDistrict", ["CareDomain", "CaseImport"]),
        module(
            "ServiceKit",
            [
                "CJemalloc", logging, lifecycle, yams,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
            ], isThin: true),
        module(
            "ServiceWiring",
            ["ServiceKit", "MessageBus", "ZeroMQ", "CareDomain", "CareWire", "EventLog", crypto, logging, lifecycle],
            isThin: true),

        // The executables.
        service("intake", ["IntakeCore", "CareDomain", "CareWire", "MessageBus", "ZeroMQ"]),
        service("eligibility", ["EligibilityCore", "CareDomain", "MessageBus", "ZeroMQ"]),
        service(
            "care-archive",
            [
                "ArchiveClient", "ArchiveCore", "AttachmentStore", "CareDomain", "CareProjections", "CareWire",
                "EventLog", "EventLogSQLite", "MessageBus", "ReadModels", "RuleEngine", "ZeroMQ", protobuf, lifecycle,
            ]),
        service("notifier", ["NotifierCore", "CareDomain", "MessageBus", "ZeroMQ"]),
        service(
            "carectl",
            [
                "AttachmentStore", "CareDomain", "CareProjections", "CareWire", "CaseImport", "EventLog",
                "EventLogSQLite", "MessageBus", "NotifierCore", "FactStore", "OfficeFiles", "RuleColumns", "RuleEngine",
                "RulePacks",
                "RuleReplay", "SyntheticDistrict", "ZeroMQ", arguments, crypto, protobuf,
            ], isThin: true),
        // Measures the product; a release build on an idle machine.
        service(
            "care-bench",
            [
                "ArchiveClient", "ArchiveCore", "CSQLite", "CareDomain", "CareProjections", "CareWire", "CaseImport",
                "EligibilityCore", "EventLog", "EventLogSQLite", "IntakeCore", "MessageBus", "OfficeFiles",
                "FactStore", "ReadModels", "RuleColumns", "RuleEngine", "RulePacks", "RuleReplay", "SyntheticDistrict",
                "ZeroMQ", arguments, protobuf,
            ], isThin: true),

        // Tests.
        module(
            "CareTestKit",
            ["ArchiveClient", "ArchiveCore", "IntakeCore", "CareProjections", "CareDomain", "CareWire", "EventLog"]),
        tests("CareDomainTests", ["CareDomain", "CareTestKit"]),
        tests(
            "CareWireTests", ["CareWire", "CareDomain", "EventLog", protobuf, crypto], resources: [.copy("Fixtures")]),
        tests("RuleEngineTests", ["RuleEngine", "CareDomain"]),
        tests(
            "RulePacksTests", ["RulePacks", "RuleEngine", "CareDomain"], resources: [.copy("Fixtures")]),
        tests(
            "RuleReplayTests", ["RuleReplay", "FactStore", "RuleColumns", "RuleEngine", "RulePacks", "CareDomain"],
            areOptimized: true),
        // Runs the public conformance cases of CEL; see Tests/cel-conformance.
        .executableTarget(
            name: "cel-conformance", dependencies: ["RuleEngine", "CareDomain"], path: "Tests/CELConformance",
            swiftSettings: strict),
        // Tries the readers of foreign bytes with libFuzzer; see Tests/fuzz. Test builds compile the readers too, without it.
        .executableTarget(
            name: "reader-fuzz",
            dependencies: [
                "CareDomain", "CareWire", "CaseImport", "EventLog", "MessageBus", "OfficeFiles", "RuleEngine",
                "RulePacks", "SyntheticDistrict",
            ], path: "Tests/ReaderFuzz", swiftSettings: strict + (isForTests ? [.define("READERS_CHECKED")] : [])),
        tests(
            "CareProjectionsTests",
            ["CareProjections", "CareDomain", "CareWire", "EventLog", "CareTestKit", "RuleEngine", protobuf],
            resources: [.copy("Fixtures")]),
        tests(
            "ReadModelsTests",
            [
                "ReadModels", "ArchiveCore", "CareProjections", "CareDomain", "CareWire", "EventLog", "CareTestKit",
                "MessageBus", "RuleEngine", "RulePacks", "RuleReplay", "ZeroMQ", protobuf, grdb,
            ]),
        tests("EventLogTests", ["EventLog", "CareTestKit", "CSHA256"]),
        tests("EventLogSQLiteTests", ["EventLogSQLite", "EventLog", "CareTestKit", "CSQLite"], areOptimized: true),
        tests("ZeroMQTests", ["ZeroMQ"]),
        tests("MessageBusTests", ["MessageBus", "ZeroMQ", "CareWire", protobuf]),
        tests(
            "IntakeCoreTests",
            [
                "IntakeCore", "ArchiveClient", "ArchiveCore", "CareProjections", "CareTestKit", "CareDomain",
                "CareWire", "EventLog", "MessageBus", "RuleEngine", "RulePacks", "ZeroMQ", protobuf,
            ], resources: [.copy("Fixtures")]),
        tests(
            "EligibilityCoreTests",
            [
                "EligibilityCore", "ArchiveClient", "ArchiveCore", "CareDomain", "CareProjections", "CareTestKit",
                "CareWire", "CaseImport", "EventLog", "MessageBus", "RuleEngine", "RulePacks", "RuleReplay",
                "SyntheticDistrict", protobuf,
            ]),
        tests(
            "NotifierCoreTests",
            [
                "NotifierCore", "ArchiveClient", "CareDomain", "CareWire", "EventLog", "MessageBus", "RuleEngine",
                "RulePacks",
            ]),
        // All services on one thread, with network, clock and disk played from a seed.
        tests(
            "SimulationTests",
            [
                "ArchiveClient", "ArchiveCore", "CSQLite", "CareDomain", "CareProjections", "CareWire",
                "EligibilityCore", "EventLog", "EventLogSQLite", "IntakeCore", "MessageBus", "NotifierCore",
                "ReadModels", "RuleEngine", "ZeroMQ", protobuf,
            ], areOptimized: true),
        tests("OfficeFilesTests", ["OfficeFiles"]),
        tests("AttachmentStoreTests", ["AttachmentStore", "CareDomain"]),
        tests("CaseImportTests", ["CaseImport", "CareDomain", "CareWire", "OfficeFiles", "CareTestKit"]),
        tests("SyntheticDistrictTests", ["SyntheticDistrict", "CaseImport", "CareDomain", "CareTestKit"]),
        tests("ServiceKitTests", ["ServiceKit", logging, lifecycle]),
        tests(
            "CarectlTests",
            [
                "carectl", "CareDomain", "CareProjections", "CareWire", "CaseImport", "EventLog", "MessageBus",
                "OfficeFiles", "RuleEngine", "RulePacks", "ServiceKit", "ServiceWiring", protobuf,
            ]),
        tests("StyleTests", []),
    ],
    swiftLanguageModes: [.v6]
)
