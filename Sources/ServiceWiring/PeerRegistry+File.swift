import CareWire
import MessageBus
import ServiceKit
import ZeroMQ

extension PeerRegistry {
    /// Reads the list of peers from its file.
    /// - Parameter generation: Larger than that of the list before.
    /// - Throws: `PeerListError` with every mistake and its line; the list before stays in force.
    package init(file path: String, generation: UInt64) throws {
        var peers: [Peer] = []
        for entry in try PeerListFile.read(path) {
            var kinds: Set<UInt32> = []
            for name in entry.eventTypes {
                guard let kind = Care_V1_EventKind.number(named: name) else {
                    throw PeerListError(
                        path: path,
                        mistakes: [
                            .init(
                                line: 1,
                                UserText(zh: "\(entry.name)：没有事件类型 \(name)", en: "\(entry.name): no event type \(name)")
                            )
                        ])
                }
                kinds.insert(kind)
            }
            let rights = try entry.rights.map { name in
                guard let right = PeerRight(name: name) else {
                    throw PeerListError(
                        path: path,
                        mistakes: [
                            .init(
                                line: 1,
                                UserText(zh: "\(entry.name)：没有权限 \(name)", en: "\(entry.name): no right \(name)"))
                        ])
                }
                return right
            }
            guard let key = CurvePublicKey(entry.publicKey.text) else { continue }
            peers.append(
                Peer(
                    name: entry.name, key: key, department: entry.department,
                    divisions: [entry.division ?? "000000"], roles: Set(entry.roles), eventKinds: kinds,
                    rights: Set(rights),
                    expiresAt: entry.expiresOn.map { (Int64($0) + 1) * 86_400_000_000 - 8 * 3_600_000_000 }))
        }
        try self.init(peers, generation: generation)
    }
}

extension Care_V1_EventKind {
    /// Every event type, by its name in the peer list.
    private static let numbers = Dictionary(
        uniqueKeysWithValues: allCases.filter { $0 != .unspecified }.map { (snakeCase("\($0)"), UInt32($0.rawValue)) })

    /// The number of an event type by its name in the peer list, `pairing_assigned`.
    package static func number(named name: String) -> UInt32? { numbers[name] }

    private static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { result, character in
            if character.isUppercase { result += "_" }
            result += character.lowercased()
        }
    }
}
