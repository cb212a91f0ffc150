import CareDomain
import CareProjections
import CareWire
import Foundation
import RuleEngine
import RuleReplay
import ServiceKit

/// Families whose whole record this key does not read: those that moved away, of whose months some are its places', and those
/// into whose files persons came from others. care-archive works out what rules make of them and tells months and sums only.
struct FamiliesElsewhere {
    let archive: Line
    /// Digits or a division asked for; nil = all of the key's.
    let division: String?

    /// Families that care-archive looks at for one question.
    private static let most = 64

    /// What a replay finds.
    /// - Parameter households: those of this key with files that were left; empty = the families that moved away.
    func replay(
        _ replay: RuleReplay, of households: [HouseholdID] = []
    ) async throws -> (found: [DistrictReplay.Found], leftOut: [HouseholdID]) {
        let last = (replay.period.end ?? replay.period.start) - 1
        var query = Care_V1_ReplayQuery.with {
            $0.pack = Data(replay.candidateBytes)
            $0.effectiveFrom = replay.effectiveFrom.dayNumber
            $0.firstDay = replay.period.start.dayNumber
            $0.lastDay = last.dayNumber
            $0.transition = replay.transition.rawValue
            $0.assumesAwards = replay.assumesAwards
            $0.asOf = replay.present.firstDay.dayNumber
        }
        var found: [DistrictReplay.Found] = []
        var leftOut: [HouseholdID] = []
        try await each(households) { families in
            query.families = families
            guard case .replay(let list) = try await archive.ask(.replay(query)) else { throw Failure.badAnswer }
            found += try list.households.map { try DistrictReplay.Found($0, present: replay.present) }
            leftOut += list.omittedHouseholds.compactMap { HouseholdID(bytes: $0) }
            return list.next
        }
        return (found, leftOut)
    }

    /// Takes what is forecast in.
    func add(
        to forecast: inout Forecast, from first: CivilMonth, months: Int, assumesAwards: Bool,
        of households: [HouseholdID] = []
    ) async throws -> [HouseholdID] {
        var query = Care_V1_ForecastQuery.with {
            $0.firstMonth = first.wireIndex
            $0.monthCount = UInt32(clamping: months)
            $0.assumesAwards = assumesAwards
        }
        var lists: [Care_V1_ForecastList] = []
        try await each(households) { families in
            query.families = families
            guard case .forecast(let list) = try await archive.ask(.forecast(query)) else { throw Failure.badAnswer }
            lists.append(list)
            return list.next
        }
        for list in lists {
            forecast.add(
                households: Int(list.householdCount), turns: try list.turns.map(Forecast.Turn.init),
                failed: try list.failures.map(Forecast.Failed.init),
                budget: Dictionary(
                    list.budgets.map { entry in
                        (
                            Forecast.Key(
                                month: CivilMonth(wireIndex: entry.month), division: entry.division, payer: entry.payer),
                            Fen(entry.dueFen)
                        )
                    }, uniquingKeysWith: +))
        }
        return lists.flatMap(\.omittedHouseholds).compactMap { HouseholdID(bytes: $0) }
    }

    /// Asks part by part.
    /// - Parameter ask: gives where the next part begins; empty = there is none.
    private func each(
        _ households: [HouseholdID], _ ask: (Care_V1_OtherFamilies) async throws -> String
    ) async throws {
        var families = Care_V1_OtherFamilies.with { $0.division = division ?? "" }
        guard households.isEmpty else {
            for start in stride(from: 0, to: households.count, by: Self.most) {
                families.households = households[start..<min(start + Self.most, households.count)].map(\.wireData)
                _ = try await ask(families)
            }
            return
        }
        repeat { families.after = try await ask(families) } while !families.after.isEmpty
    }
}

extension ReplayScope {
    /// Of which places somebody is told who asks for a division.
    /// - Parameters:
    ///   - asked: 2 to 12 digits; nil = all of the key's.
    ///   - own: where the key acts.
    /// - Throws: `Failure` for what is no division, or none of the key's: nothing of it would be told, which looks as if nobody
    ///   lived there.
    init(asked: String?, of own: [DivisionCode], _ desk: Desk) throws {
        self.init(asked: asked, allowed: own)
        guard let asked else { return }
        guard (2...12).contains(asked.utf8.count), asked.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw Failure(
                6336, UserText(zh: "--division 应是 2 至 12 位数字", en: "--division must be 2 to 12 digits"), exit: .usage)
        }
        let places = own.map(\.rawValue).joined(separator: "、")
        guard !isNowhere else {
            throw Failure(
                6335,
                UserText(
                    zh: "区划 \(asked) 不是此密钥的：它管的是 \(places.isEmpty ? "没有区划" : places)",
                    en: "division \(asked) is none of this key's, which are \(places.isEmpty ? "none" : places)"),
                advice: UserText(
                    zh: "去掉 --division 看自己的区划，或用 --key 换管那里的密钥",
                    en: "leave --division out for the key's own, or use a key of that place with --key"),
                exit: .notPermitted)
        }
        guard !containsAll(of: asked) else { return }
        desk.mention(
            UserText(
                zh: "区划 \(asked) 里只算此密钥看得到的：\(places)",
                en: "of division \(asked) only what this key may see: \(places)"))
    }
}

extension Line {
    /// Where this key acts.
    func divisions() async throws -> (all: Bool, own: [DivisionCode]) {
        guard case .projectionStatus(let status) = try await ask(.projectionStatus(.init())) else {
            throw Failure.badAnswer
        }
        let all = status.seesEverywhere
        return (all, all ? [.everywhere] : status.divisions.compactMap { DivisionCode($0) })
    }
}

extension DistrictReplay.Found {
    fileprivate init(_ wire: Care_V1_ReplayList.Household, present: CivilMonth) throws {
        let id = try HouseholdID(wireData: wire.household, "household")
        let division = DivisionCode(wire.division)
        let rights = try wire.rights.map { try RightDifference($0, present) }
        self.init(
            household: id, division: division, isWanted: true,
            difference: rights.isEmpty
                ? nil : HouseholdDifference(household: id, division: division, rights: rights))
    }
}

extension RightDifference {
    fileprivate init(_ wire: Care_V1_ReplayList.Right, _ present: CivilMonth) throws {
        guard let kind = Kind(rawValue: wire.kind), let before = OutcomeStatus(rawValue: wire.statusBefore),
            let after = OutcomeStatus(rawValue: wire.statusAfter), let clause = ClauseID(wire.clause)
        else { throw Failure.badAnswer }
        self.init(
            clause: clause, subject: try RuleSubject(wire: wire.subject), kind: kind,
            department: DepartmentID(wire.department), cadence: Cadence(rawValue: wire.cadence) ?? .none,
            statusBefore: before, statusAfter: after,
            standingBefore: wire.hasStandingBeforeFen ? Fen(wire.standingBeforeFen) : nil,
            standingAfter: wire.hasStandingAfterFen ? Fen(wire.standingAfterFen) : nil,
            months: wire.months.map { month in
                Month(
                    month: CivilMonth(wireIndex: month.month), before: Fen(month.beforeFen), after: Fen(month.afterFen),
                    open: Open(rawValue: month.open))
            },
            sums: (
                Fen(Int64(clamping: wire.arrearsFen)), Fen(Int64(clamping: wire.overpaymentFen)), Fen(wire.laterFen)
            ),
            present: present,
            payers: wire.payers.map { (payer: Code(unchecked: $0.payer), difference: Fen($0.differenceFen)) },
            causes: wire.causes.compactMap(PackDifference.Change.init))
        fails = wire.fails
        leftOut = wire.leftOutFacts.map(FactID.init(unchecked:))
        parts = try wire.parts.map { part in
            Part(division: DivisionCode(part.division), right: try RightDifference(part.right, present))
        }
    }
}

extension PackDifference.Change {
    fileprivate init?(_ wire: Care_V1_ReplayList.Change) {
        guard let part = PackDifference.Part(rawValue: wire.part) else { return nil }
        self.init(
            part: part, id: wire.id, field: wire.field, before: wire.hasBefore ? wire.before : nil,
            after: wire.hasAfter ? wire.after : nil,
            title: wire.titleZh.isEmpty ? nil : Wording(wire.titleZh, wire.titleEn))
    }
}

extension Forecast.Turn {
    fileprivate init(_ wire: Care_V1_ForecastList.Turn) throws {
        guard let clause = ClauseID(wire.clause) else { throw Failure.badAnswer }
        self.init(
            household: try HouseholdID(wireData: wire.household, "household"), division: DivisionCode(wire.division),
            clause: clause, subject: try RuleSubject(wire: wire.subject), day: CivilDay(dayNumber: wire.day),
            begins: wire.begins, amount: wire.hasAmountFen ? Fen(wire.amountFen) : nil)
    }
}

extension Forecast.Failed {
    fileprivate init(_ wire: Care_V1_ForecastList.Failed) throws {
        guard let clause = ClauseID(wire.clause) else { throw Failure.badAnswer }
        self.init(
            household: try HouseholdID(wireData: wire.household, "household"), division: DivisionCode(wire.division),
            clause: clause, subject: try RuleSubject(wire: wire.subject), first: CivilMonth(wireIndex: wire.firstMonth),
            last: CivilMonth(wireIndex: wire.lastMonth))
    }
}
