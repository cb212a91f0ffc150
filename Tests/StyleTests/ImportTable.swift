/// Who may depend on whom. Arrows never turn back: what a module may import is what it can reach along them.
enum ImportTable {
    /// Direct arrows between the modules of Sources.
    static let arrows: [String: Set<String>] = [
        "CZeroMQ": [],
        "CFileStatus": [],
        "CSQLite": [],
        "CJemalloc": [],
        "CSHA256": [],
        "CareDomain": [],
        "EventLog": ["CSHA256"],
        "OfficeFiles": [],
        "ServiceKit": ["CJemalloc"],
        "ZeroMQ": ["CZeroMQ"],
        "CareWire": ["CareDomain"],
        "RuleEngine": ["CareDomain"],
        "RulePacks": ["RuleEngine"],
        "RuleColumns": ["CSHA256", "RuleEngine"],
        "FactStore": ["CSHA256", "RuleColumns"],
        "AttachmentStore": ["CareDomain", "OfficeFiles"],
        "RuleReplay": ["RuleColumns"],
        "MessageBus": ["ZeroMQ"],
        "EventLogSQLite": ["EventLog", "CFileStatus", "CSQLite"],
        "CareProjections": ["CareDomain", "CareWire", "RuleEngine", "EventLog", "OfficeFiles"],
        "ReadModels": ["CareProjections", "EventLog", "RuleReplay"],
        "CaseImport": ["CareDomain", "CareWire", "OfficeFiles"],
        "SyntheticDistrict": ["CaseImport"],
        "IntakeCore": core,
        "EligibilityCore": core,
        "ArchiveClient": ["CareDomain", "CareWire", "EventLog"],
        "ServiceWiring": ["ServiceKit", "MessageBus", "ZeroMQ", "CareDomain", "CareWire", "EventLog"],
        "ArchiveCore": core,
        "NotifierCore": core,
    ]

    private static let core: Set<String> = [
        "CareDomain", "CareWire", "EventLog", "MessageBus", "RuleEngine", "CareProjections", "ArchiveClient",
    ]

    /// Only for tests and benchmarks; may import every other module.
    static let testKit = "CareTestKit"

    /// What an executable may import; not RuleEngine or CareDomain's deciding parts by another way than a core.
    static let services: Set<String> = [
        "IntakeCore", "EligibilityCore", "ArchiveCore", "NotifierCore", "ReadModels", "EventLogSQLite", "MessageBus",
        "AttachmentStore", "FactStore", "RuleColumns", "RulePacks", "RuleReplay", "ServiceKit", "ServiceWiring",
        "CaseImport",
        "SyntheticDistrict",
    ]

    /// Everything of ours that a file may import, or nil for a module that the table does not know.
    static func allowed(for file: SourceFile) -> Set<String>? {
        if file.path.hasPrefix("Services/") { return services.union(services.flatMap(reachable)) }
        if file.module == testKit { return Set(arrows.keys) }
        return arrows[file.module] == nil ? nil : reachable(from: file.module)
    }

    /// Modules that can be reached along the arrows.
    static func reachable(from module: String) -> Set<String> {
        var found: Set<String> = []
        var waiting = Array(arrows[module] ?? [])
        while let next = waiting.popLast() {
            if found.insert(next).inserted { waiting += arrows[next] ?? [] }
        }
        return found
    }
}
