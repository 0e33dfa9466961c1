// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled alike: Swift 6 mode, explicit existentials and imports, no warnings.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// Installed programs find the Swift runtime that travels with them (scripts/install).
let runtime: [LinkerSetting] = [
    .unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../lib/linda", "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN/../../lib/linda"])
]

let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let csv = Target.Dependency.product(name: "SwiftCSV", package: "SwiftCSV")

func shared(_ name: String, _ dependencies: [Target.Dependency] = [], more: [SwiftSetting] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Shared/\(name)", swiftSettings: settings + more)
}

/// Every call is parsed and checked here: tests of promises in time need it as fast as it is in a release.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// One process: what others may import (Contract), what it does (Core), and the program that wires it (Daemon).
func process(
    _ name: String,
    module: String,
    contract: [Target.Dependency] = [],
    core: [Target.Dependency] = [],
    exclude: [String] = [],
    resources: [Resource] = []
) -> [Target] {
    [
        .target(
            name: "\(module)Contract",
            dependencies: ["RPCContract", "Vocabulary"] + contract,
            path: "Services/\(name)/Contract",
            swiftSettings: settings
        ),
        .target(
            name: "\(module)Core",
            dependencies: [.target(name: "\(module)Contract"), "RPCContract", "RPCTransport", "ServiceKit", "Vocabulary"] + core,
            path: "Services/\(name)/Core",
            exclude: exclude,
            resources: resources,
            swiftSettings: settings
        ),
        .executableTarget(
            name: "linda-\(name)",
            dependencies: [.target(name: "\(module)Core"), "ServiceKit"],
            path: "Services/\(name)/Daemon",
            swiftSettings: settings,
            linkerSettings: runtime
        ),
    ]
}

let sharedTargets: [Target] = [
    .systemLibrary(name: "CArgon2", path: "Shared/CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
    .systemLibrary(name: "CSystemd", path: "Shared/CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
    .target(name: "CCurl", path: "Shared/CCurl", linkerSettings: [.linkedLibrary("curl")]),
    shared("Vocabulary"),
    shared("RPCContract", ["Vocabulary"], more: optimised),
    shared("Resilience"),
    shared("Coordination", ["Vocabulary"]),
    shared("RPCTransport", ["RPCContract", nioCore, nioPosix, logging]),
    shared("Storage", ["Coordination", "RPCContract", "Vocabulary", grdb]),
    shared("JobQueue", ["Coordination", "RPCContract", "Storage", "Resilience", "Vocabulary", grdb, logging, lifecycle]),
    shared("HTTPClient", ["CCurl"]),
    shared(
        "HTTPServer",
        [
            "Vocabulary", crypto, hummingbird, hummingbirdCore, httpTypes, lifecycle, logging, nioCore, nioHTTP1, nioHTTPTypes, nioPosix,
            nioSSL, nioTLS,
            nioWebSocket,
        ]
    ),
    shared("CSVTable", ["Vocabulary", csv]),
    shared("GraphMessages", ["RPCContract", "Vocabulary"]),
    shared("MetaEvents", ["RPCContract", "Vocabulary"]),
    shared("GraphAPI", ["GraphMessages", "HTTPClient", "RPCContract", "Vocabulary"]),
    shared("Observability", ["RPCContract", "Vocabulary", logging, metrics, coreMetrics]),
    shared(
        "ServiceKit",
        [
            "CSystemd", "Observability", "RPCContract", "RPCTransport", "Storage", "Vocabulary", lifecycle, unixSignals, logging, metrics,
            nioCore, nioPosix, yams, grdb,
        ]
    ),
    shared("Supervision", ["Vocabulary"]),
]

/// account-router's modules; each knows only those above it here, and owns its tables.
func accountModule(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(
        name: "Account\(name)",
        dependencies: ["AccountContract", "Vocabulary"] + dependencies,
        path: "Services/account-router/\(name)",
        swiftSettings: settings
    )
}

let accountModules = [
    accountModule("Pacing", ["Resilience"]),
    accountModule(
        "Numbers",
        [
            "AccountPacing", "Coordination", "GraphAPI", "MetaEvents", "RPCContract", "RPCTransport", "ServiceKit", "Storage", grdb,
            lifecycle,
            logging,
        ]
    ),
    accountModule("Contacts", ["RPCContract", "RPCTransport", "ServiceKit", "Storage", grdb]),
    accountModule(
        "Outbox",
        [
            "AccountContacts", "AccountNumbers", "AccountPacing", "Coordination", "GraphAPI", "GraphMessages", "HTTPClient", "JobQueue",
            "MetaEvents",
            "RPCContract", "RPCTransport", "Resilience", "ServiceKit", "Storage", "TemplateContract", grdb, lifecycle, logging, metrics,
        ]
    ),
    accountModule(
        "Campaigns",
        [
            "AccountContacts", "AccountNumbers", "AccountOutbox", "CSVTable", "Coordination", "GraphAPI", "GraphMessages", "JobQueue",
            "RPCContract",
            "RPCTransport", "Resilience", "ServiceKit", "Storage", "SyncContract", "TemplateContract", grdb, lifecycle, logging,
        ]
    ),
]

let services: [Target] =
    process(
        "gateway",
        module: "Gateway",
        core: [
            "AccountContract", "CArgon2", "Coordination", "HTTPServer", "IntelligenceContract", "JobQueue", "MetaEvents", "Observability",
            "Resilience", "Storage",
            "PosterContract", "SyncContract",
            "TemplateContract",
            crypto, grdb, hummingbird, httpTypes, lifecycle, logging, metrics, nioCore,
        ]
    )
    + process(
        "template-service",
        module: "Template",
        contract: ["MetaEvents"],
        core: ["AccountContract", "GraphAPI", "HTTPClient", "MetaEvents", "Storage", grdb, lifecycle, logging]
    )
    + process(
        "account-router",
        module: "Account",
        contract: ["GraphMessages", "MetaEvents"],
        core: [
            "AccountCampaigns", "AccountContacts", "AccountNumbers", "AccountOutbox", "AccountPacing", "Coordination", "GraphAPI",
            "GraphMessages",
            "HTTPClient",
            "JobQueue", "Storage", "SyncContract", "TemplateContract", grdb, lifecycle, logging,
        ]
    )
    + accountModules
    + process(
        "intelligence-service",
        module: "Intelligence",
        contract: ["MetaEvents"],
        core: ["AccountContract", "GraphMessages", "JobQueue", "MetaEvents", "Resilience", "Storage", grdb, lifecycle, logging, metrics]
    )
    + process("sync-service", module: "Sync", core: ["CSVTable", "Storage", grdb, lifecycle, logging])
    + process(
        "poster",
        module: "Poster",
        core: [
            "Coordination", "GatewayContract", "HTTPClient", "JobQueue", "Resilience", "Storage", crypto, grdb, lifecycle, logging, metrics,
        ]
    )
    + process(
        "sandbox",
        module: "Sandbox",
        core: [
            "HTTPClient", "HTTPServer", "Resilience", crypto, hummingbird, httpTypes, lifecycle, logging, nioCore,
        ],
        exclude: ["Schemas/README.md"],
        resources: [.embedInCode("Schemas/meta-openapi-v23-excerpt.json"), .embedInCode("Schemas/meta-openapi-v23-amendments.json")]
    )

let tools: [Target] = [
    .executableTarget(
        name: "linda-bench",
        dependencies: [
            "AccountContacts", "AccountContract", "AccountCore", "AccountNumbers", "Coordination", "GatewayContract", "GraphMessages",
            "HTTPServer", "JobQueue", "Observability", "PosterContract", "RPCContract", "RPCTransport", "Resilience", "SandboxContract",
            "Storage", "Supervision", "TemplateContract", "Vocabulary", crypto, grdb, hummingbird, httpTypes, lifecycle, logging,
            unixSignals,
        ],
        path: "Tests/Bench/Linda",
        swiftSettings: settings
    ),
    .target(name: "ConsentTexts", dependencies: ["AccountContacts"], path: "Tests/Training/Texts", swiftSettings: settings),
    .executableTarget(
        name: "linda-train", dependencies: ["AccountContacts", "ConsentTexts", "Observability", "Vocabulary"], path: "Tests/Training",
        exclude: ["Texts", "consent"], swiftSettings: settings),
    .executableTarget(
        name: "linda",
        dependencies: [
            "AccountContract", "CSVTable", "GatewayContract", "GraphMessages", "IntelligenceContract", "MetaEvents", "Observability",
            "RPCContract",
            "RPCTransport",
            "PosterContract", "SandboxContract", "Supervision", "SyncContract", "TemplateContract", "Vocabulary", argumentParser,
            unixSignals,
        ],
        path: "Services/linda",
        swiftSettings: settings,
        linkerSettings: runtime
    ),
]

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name,
        dependencies: dependencies + ["Support"],
        path: "Tests/\(name)",
        resources: resources,
        swiftSettings: settings
    )
}

let contracts: [Target.Dependency] = [
    "AccountContract", "GatewayContract", "IntelligenceContract", "PosterContract", "SandboxContract", "SyncContract",
    "TemplateContract",
]

let testTargets: [Target] = [
    .target(
        name: "Support",
        dependencies: [
            "AccountCore", "GatewayCore", "IntelligenceCore", "Observability", "PosterCore", "RPCContract", "RPCTransport", "SandboxCore",
            "ServiceKit", "Storage",
            "Supervision", "SyncCore", "TemplateCore", "Vocabulary", "HTTPServer", crypto, grdb, hummingbird, httpTypes, lifecycle, logging,
            nioCore, nioEmbedded, nioPosix, nioSSL, nioTLS,
        ] + contracts,
        path: "Tests/Support",
        swiftSettings: settings
    ),
    tests("ContractTests", ["RPCContract", "Vocabulary"] + contracts),
    tests("RPCTests", ["RPCContract", "RPCTransport", "Supervision", "Vocabulary", logging, nioCore, nioEmbedded]),
    tests(
        "StorageTests",
        ["Coordination", "JobQueue", "Resilience", "Storage", "Vocabulary", "Observability", "RPCContract", grdb, lifecycle, logging]),
    tests(
        "HTTPTests",
        [
            "HTTPClient", "HTTPServer", "Supervision", "Vocabulary", hummingbird, httpTypes, lifecycle, logging, nioCore, nioEmbedded,
            nioHTTPTypes, nioSSL, nioWebSocket,
        ]
    ),
    tests("MetaEventTests", ["MetaEvents", "RPCContract", "Vocabulary"]),
    tests(
        "TemplateCoreTests",
        [
            "AccountContract", "GraphAPI", "HTTPClient", "MetaEvents", "TemplateCore", "TemplateContract", "RPCContract", "RPCTransport",
            "Storage", "Vocabulary", grdb, hummingbird, httpTypes, logging, nioCore,
        ]),
    tests(
        "AccountCoreTests",
        [
            "AccountCampaigns", "AccountContacts", "AccountContract", "AccountCore", "AccountNumbers", "AccountOutbox", "AccountPacing",
            "ConsentTexts", "Coordination", "GraphAPI", "GraphMessages", "HTTPClient", "JobQueue", "MetaEvents", "RPCContract",
            "RPCTransport", "Resilience", "SandboxCore",
            "Storage", "TemplateContract", "Vocabulary", grdb, hummingbird, httpTypes, logging, nioCore,
        ]
    ),
    tests(
        "GatewayCoreTests",
        [
            "AccountContract", "GatewayCore", "GatewayContract", "HTTPServer", "IntelligenceContract", "MetaEvents", "RPCContract",
            "RPCTransport",
            "PosterContract", "ServiceKit", "Storage", "Supervision", "SyncContract", "TemplateContract", hummingbird, httpTypes, nioCore,
            "Vocabulary", grdb,
            lifecycle,
            logging,
            sqlite,
        ]),
    tests(
        "IntelligenceCoreTests",
        ["AccountContract", "IntelligenceCore", "IntelligenceContract", "JobQueue", "RPCContract", "Storage", "Vocabulary", grdb]),
    tests("SyncCoreTests", ["SyncCore", "SyncContract", "CSVTable", "RPCContract", "Storage", "Vocabulary", grdb]),
    tests(
        "PosterCoreTests",
        [
            "Coordination", "GatewayContract", "HTTPClient", "JobQueue", "PosterCore", "PosterContract", "RPCContract", "RPCTransport",
            "Storage", "Supervision", "Vocabulary", grdb, hummingbird, httpTypes, lifecycle, logging, nioCore,
        ]),
    tests(
        "SandboxCoreTests",
        ["SandboxCore", "SandboxContract", "RPCContract", "ServiceKit", "Supervision", "Vocabulary", hummingbird, httpTypes, nioCore],
        resources: [.copy("Fixtures/samples.json")]),
    tests(
        "CommandTests",
        [
            "linda", "AccountContract", "CSVTable", "GatewayContract", "IntelligenceContract", "MetaEvents", "PosterContract",
            "RPCContract",
            "SyncContract", "TemplateContract", "Vocabulary", argumentParser,
        ]),
    tests(
        "Integration",
        [
            "GraphMessages", "MetaEvents", "RPCContract", "SandboxCore", "RPCTransport", "HTTPClient", "Supervision", "Vocabulary", grdb,
            crypto, hummingbird, httpTypes, nioCore,
        ] + contracts),
]

let package = Package(
    name: "linda",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
    ],
    targets: sharedTargets + services + tools + testTargets,
    swiftLanguageModes: [.v6]
)
