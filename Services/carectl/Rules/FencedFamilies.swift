import CareDomain
import CareWire
import ServiceKit

/// Families whose record is damaged: they are named and left out, because facts worked out from what is left would be
/// wrong and nobody would see it.
struct FencedFamilies {
    private(set) var ids: Set<HouseholdID>

    /// Takes others in that were met.
    mutating func add(_ others: [HouseholdID]) { ids.formUnion(others) }

    /// - Throws: `Failure` when events are damaged of which nobody can tell the family.
    init(_ reply: Care_V1_FencedHouseholds) throws {
        ids = Set(reply.entries.compactMap { HouseholdID(bytes: $0.household) })
        guard let first = reply.unplacedPositions.first else { return }
        throw Failure(
            6198,
            UserText(
                zh: "日志有 \(reply.unplacedPositions.count) 条事件损坏（首条位置 \(first)），无法判断属于哪一户，任何一户的事实都可能不全",
                en:
                    "\(reply.unplacedPositions.count) events are damaged (the first at position \(first)) and their household cannot be told: the facts of any may be incomplete"
            ), advice: UserText(zh: "先运行 carectl log verify，从备份恢复", en: "run carectl log verify and restore a backup"),
            exit: .badData)
    }

    /// Names those left out.
    func mention(_ desk: Desk) {
        guard !ids.isEmpty else { return }
        let names = ids.map(\.description).sorted().prefix(10).joined(separator: " ")
        let more = ids.count > 10 ? " …" : ""
        desk.mention(
            UserText(
                zh: "\(ids.count) 户记录有损坏，未计入：\(names)\(more)；用 carectl log verify 查明，从备份恢复后再算",
                en:
                    "\(ids.count) households have damaged records and are left out: \(names)\(more); see carectl log verify, restore a backup and repeat"
            ))
    }
}

extension Line {
    /// The families that are fenced now. Asked after reading, it holds those whose damage was met on the way.
    func fencedFamilies() async throws -> FencedFamilies {
        guard case .fencedHouseholds(let reply) = try await ask(.fencedHouseholds(.init())) else {
            throw Failure.badAnswer
        }
        return try FencedFamilies(reply)
    }
}
