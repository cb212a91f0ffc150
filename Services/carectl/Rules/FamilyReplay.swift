import CareDomain
import RuleEngine
import RuleReplay
import ServiceKit

/// A replay over every family of the log that this key may see.
struct FamilyReplay {
    let replay: RuleReplay
    let archive: Line
    let rules: PublishedRules
    /// Whether the log itself is read, not the standing columns.
    let readsLog: Bool
    /// The families whose whole record this key does not read; nil = it reads everybody's.
    var elsewhere: FamiliesElsewhere?
    /// Clauses of which nothing is told; nil = all are looked at, as far as their facts are seen.
    var withheld: ClausesWithheld?
    /// Whether the changes that make each family's difference are found out.
    var tellsCauses = true

    /// Compares family by family, in order.
    /// - Returns: families that are damaged and were not looked at.
    func run(_ desk: Desk, take: (DistrictReplay.Found) throws -> Void) async throws -> FencedFamilies {
        let district = DistrictReplay(replay, tellsCauses: tellsCauses)
        if let obstacle = district.obstacle {
            desk.mention(
                UserText(
                    zh: "规则中有不能按列计算的内容，逐户计算，较慢，结果相同",
                    en: "worked out household by household, slower, the same answers: \(obstacle.what)"))
        }
        let standing =
            readsLog || district.obstacle != nil || withheld?.differsByFamily ?? false
            ? nil : try await StandingFacts.current(archive, rules, district.packVocabularies, desk)
        if let standing {
            let stored = DistrictReplay(
                replay, codes: standing.store.codes, kept: Set(standing.store.manifest.kept), tellsCauses: tellsCauses)
            let clauses = withheld?.of(FactBase()) ?? []
            try await standing.compare(stored, archive, desk) { try take($0.without(clauses)) }
            return standing.leftOut
        }
        let facts = try await LogFacts.read(archive, desk)
        let apart = district.looksIntoFilesLeft && elsewhere != nil ? facts.withUnseen : []
        if district.looksIntoFilesLeft, elsewhere == nil { facts.mentionUnseen(desk) }
        let asked = Set(apart)
        var more = 0
        let size = district.obstacle == nil ? 512 : 32
        try await facts.each(desk, UserText(zh: "重放", en: "replaying"), size: size) { entries in
            district.compare(entries.map { ($0.id, $0.facts) })
        } take: { entry, found in
            guard !asked.contains(entry.id) else { return }
            let clauses = withheld?.of(entry.facts) ?? []
            if clauses.count > withheld?.clauses.count ?? 0, found.isWanted { more += 1 }
            try take(found.without(clauses))
        }
        withheld?.mention(families: more, desk)
        var leftOut = facts.leftOut
        guard let elsewhere else { return leftOut }
        let own = Set(facts.entries.map(\.id))
        let away = try await elsewhere.replay(replay)
        for found in away.found where !own.contains(found.household) { try take(found) }
        leftOut.add(away.leftOut)
        guard !apart.isEmpty else { return leftOut }
        let arrived = try await elsewhere.replay(replay, of: apart)
        for found in arrived.found { try take(found) }
        leftOut.add(arrived.leftOut)
        return leftOut
    }
}
