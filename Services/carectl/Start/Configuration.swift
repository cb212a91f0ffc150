import Foundation
import ServiceKit

/// The four services, named like their executables.
enum CareService: String, CaseIterable, Sendable {
    case intake
    case careArchive = "care-archive"
    case eligibility
    case notifier

    /// Where it takes requests.
    var endpoint: Setting<String> {
        let port =
            switch self {
            case .intake: 7201
            case .careArchive: 7202
            case .eligibility: 7204
            case .notifier: 7205
            }
        return Setting(
            "\(rawValue).endpoint", default: "tcp://127.0.0.1:\(port)",
            help: UserText(zh: "\(rawValue) 的地址", en: "address of \(rawValue)"))
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
    private let endpoints: [CareService: String]

    private static let dataFolder = Setting(
        "data.dir", default: ".guanhuai", help: UserText(zh: "数据目录", en: "folder of the data"))
    private static let keyFolder = Setting(
        "keys.dir", default: ".guanhuai/keys", help: UserText(zh: "密钥目录", en: "folder of the keys"))
    private static let peerList = Setting(
        "keys.peers", default: ".guanhuai/peers.yaml", help: UserText(zh: "通信名单", en: "the peer list"))

    /// Reads the layers.
    /// - Parameter path: what stood after `--config`.
    /// - Throws: `SettingsError`; a retry does not help.
    static func load(path: String?, environment: [String: String]) async throws -> Configuration {
        let usual = ".guanhuai/guanhuai.yaml"
        let file =
            path ?? environment["GUANHUAI_CONFIG"] ?? (FileManager.default.fileExists(atPath: usual) ? usual : nil)
        var declared: [any AnySetting] = [dataFolder, keyFolder, peerList]
        for service in CareService.allCases { declared.append(service.endpoint) }
        let settings = try await ServiceSettings.ofTool(
            "carectl", declared: declared, environment: environment, path: file)
        return Configuration(
            dataFolder: settings[dataFolder], keyFolder: settings[keyFolder], peerList: settings[peerList],
            endpoints: Dictionary(uniqueKeysWithValues: CareService.allCases.map { ($0, settings[$0.endpoint]) }))
    }

    /// Where a service takes requests.
    func endpoint(of service: CareService) -> String { endpoints[service] ?? "" }

    /// The key file that a name stands for; a text with a slash is a path already.
    func keyFile(_ name: String) -> String { name.contains("/") ? name : "\(keyFolder)/\(name).key" }

    /// The public key of a service.
    func publicKeyFile(_ service: CareService) -> String { "\(keyFolder)/\(service.rawValue).pub" }
}
