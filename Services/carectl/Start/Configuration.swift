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

extension CareService {
    /// Where the service's section of the file puts its operators' door.
    fileprivate var doorHost: Setting<String> {
        Setting("\(rawValue).ops.host", default: "127.0.0.1", help: CommonSettings.opsHost.help)
    }

    fileprivate var doorPort: Setting<Int> {
        Setting("\(rawValue).ops.port", default: 0, help: CommonSettings.opsPort.help)
    }

    fileprivate var door: [any AnySetting] { [doorHost, doorPort] }
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
    private let doors: [CareService: ReadyDoor]

    /// A deployment by its places.
    init(
        dataFolder: String, keyFolder: String, peerList: String, addresses: [CareService: String],
        doors: [CareService: ReadyDoor] = [:]
    ) {
        self.dataFolder = dataFolder
        self.keyFolder = keyFolder
        self.peerList = peerList
        self.addresses = addresses
        self.doors = doors
    }

    /// Reads the layers.
    /// - Parameter path: what stood after `--config`.
    /// - Throws: `SettingsError`; a retry does not help.
    static func load(path: String?, environment: [String: String]) async throws -> Configuration {
        let usual = ".guanhuai/guanhuai.yaml"
        let file =
            path ?? environment["GUANHUAI_CONFIG"] ?? (FileManager.default.fileExists(atPath: usual) ? usual : nil)
        let settings = try await ServiceSettings.ofTool(
            "carectl", declared: BusSettings.all + CareService.allCases.flatMap(\.door), environment: environment,
            path: file)
        return Configuration(
            dataFolder: settings[BusSettings.dataDirectory], keyFolder: settings[BusSettings.keyDirectory],
            peerList: settings[BusSettings.peerList],
            addresses: Dictionary(uniqueKeysWithValues: CareService.allCases.map { ($0, settings[$0.address]) }),
            doors: Dictionary(
                uniqueKeysWithValues: CareService.allCases.map {
                    ($0, ReadyDoor(host: settings[$0.doorHost], port: settings[$0.doorPort]))
                }))
    }

    /// Where a service takes requests.
    func address(of service: CareService) -> String { addresses[service] ?? "" }

    /// Where a service on this machine says whether it can do its work.
    func door(of service: CareService) -> ReadyDoor? { doors[service] }

    /// The key files.
    var keys: KeyRing { KeyRing(directory: keyFolder) }
}
