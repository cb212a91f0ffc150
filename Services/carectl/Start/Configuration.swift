import Foundation
import ServiceKit
import ServiceWiring

/// The four services, named like their executables.
enum CareService: String, CaseIterable, Sendable {
    case intake
    case careArchive = "care-archive"
    case eligibility
    case notifier

    /// Where it takes requests.
    var address: Setting<String> {
        switch self {
        case .intake: BusSettings.intake
        case .careArchive: BusSettings.archive
        case .eligibility: BusSettings.eligibility
        case .notifier: BusSettings.notifier
        }
    }
}

/// What carectl was told: environment before file before default.
struct Configuration: Sendable {
    /// Data of the deployment.
    let dataFolder: String
    /// Key files.
    let keyFolder: String
    /// The peer list.
    let peerList: String
    private let addresses: [CareService: String]

    /// A deployment by its places.
    init(dataFolder: String, keyFolder: String, peerList: String, addresses: [CareService: String]) {
        self.dataFolder = dataFolder
        self.keyFolder = keyFolder
        self.peerList = peerList
        self.addresses = addresses
    }

    /// Reads the layers.
    /// - Parameter path: what stood after `--config`.
    /// - Throws: `SettingsError`; a retry does not help.
    static func load(path: String?, environment: [String: String]) async throws -> Configuration {
        let usual = ".guanhuai/guanhuai.yaml"
        let file =
            path ?? environment["GUANHUAI_CONFIG"] ?? (FileManager.default.fileExists(atPath: usual) ? usual : nil)
        let settings = try await ServiceSettings.ofTool(
            "carectl", declared: BusSettings.all, environment: environment, path: file)
        return Configuration(
            dataFolder: settings[BusSettings.dataDirectory], keyFolder: settings[BusSettings.keyDirectory],
            peerList: settings[BusSettings.peerList],
            addresses: Dictionary(uniqueKeysWithValues: CareService.allCases.map { ($0, settings[$0.address]) }))
    }

    /// Where a service takes requests.
    func address(of service: CareService) -> String { addresses[service] ?? "" }

    /// The key files.
    var keys: KeyRing { KeyRing(directory: keyFolder) }
}
