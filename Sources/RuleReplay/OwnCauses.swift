import CareDomain
import Foundation
import RuleColumns
import RuleEngine

/// 反事实: a replay with some changes of the candidate taken back, for finding out which of them make a difference.
struct Counterfactual: Sendable {
    /// Those taken back, or, of what one does alone, those left.
    let changes: [PackDifference.Change]
    let replay: RuleReplay
    /// nil where it has no form over columns.
    var columns: ColumnReplay?

    /// What would differ for one household.
    typealias Answer = (changes: [PackDifference.Change], difference: HouseholdDifference?)
}

/// The counterfactuals of a replay, each made behind the first household that needs it and kept for those after it: most
/// replays need none, and of a candidate with many changes few share a clause.
///
/// `@unchecked Sendable`: what was made is touched only while `lock` is held. Making one is pure, so that it does not matter
/// for which household, and on which thread, it is made.
final class Counterfactuals: @unchecked Sendable {
    /// The most items of the pack that are tried one by one for a right; beyond it all of them are named.
    static let most = 16

    private enum Kind: Hashable { case without(Item), alone(Item), remainder }

    /// What is taken back together: a field of a rule, anything else whole.
    private struct Item: Hashable {
        let part: PackDifference.Part
        let place: [String]

        init(_ change: PackDifference.Change) {
            part = change.part
            place = change.path ?? [change.id, change.field]
        }
    }

    private struct Name: Hashable {
        let base: PackReference
        let kind: Kind
    }

    private let replay: RuleReplay
    /// Names of what the blocks keep beside their facts.
    private let kept: Set<String>
    private let lock = NSLock()
    private var made: [Name: Counterfactual?] = [:]
    /// Texts that the columns made last were built upon; nil = no columns are made.
    private var codes: CodeTable?

    /// - Parameters:
    ///   - codes: texts of the replay's own columns; nil where households are looked at one by one.
    ///   - kept: names of what the blocks keep beside their facts.
    init(_ replay: RuleReplay, codes: CodeTable?, kept: Set<String>) {
        self.replay = replay
        self.codes = codes
        self.kept = kept
    }

    /// Whether the causes of a right are too many to be tried one by one.
    static func areTooMany(_ causes: [PackDifference.Change]) -> Bool {
        causes.count > most && Set(causes.map(Item.init)).count > most
    }

    /// The replay with each one of the changes behind some rights taken back; changes without which the pack cannot be read
    /// are taken back together with what they brought.
    func takenBack(for rights: some Sequence<RightDifference>) -> [Counterfactual] {
        lock.withLock {
            each(rights) { item, base in
                without(item, of: base) ?? remainder(of: base)
            }
        }
    }

    /// The replay with one change alone, for each of those behind some rights.
    func alone(for rights: some Sequence<RightDifference>) -> [Counterfactual] {
        lock.withLock { each(rights) { item, base in alone(item, of: base) } }
    }

    /// What is made for each item behind the rights that have several, each once.
    private func each(
        _ rights: some Sequence<RightDifference>, _ make: (Item, RulePack) -> (name: Name, one: Counterfactual)?
    ) -> [Counterfactual] {
        var seen: Set<Name> = []
        var found: [Counterfactual] = []
        for right in rights where right.asksForCauses {
            for base in replay.bases where base.reference != replay.origin.candidate.reference {
                let shared = replay.causes(from: base).of(right.clause)
                for cause in right.causes where shared.contains(cause) {
                    guard let (name, one) = make(Item(cause), base), seen.insert(name).inserted else { continue }
                    found.append(one)
                }
            }
        }
        return found
    }

    private func without(_ item: Item, of base: RulePack) -> (name: Name, one: Counterfactual)? {
        let name = Name(base: base.reference, kind: .without(item))
        let one = make(name, base) {
            let changes = replay.causes(from: base).shared.filter { Item($0) == item }
            return (changes, changes)
        }
        return one.map { (name, $0) }
    }

    /// What cannot be taken back by itself, together with the facts, parameters, readings and definitions that came or went.
    private func remainder(of base: RulePack) -> (name: Name, one: Counterfactual)? {
        let name = Name(base: base.reference, kind: .remainder)
        let one = make(name, base) {
            let shared = replay.causes(from: base).shared
            let rest = shared.filter { change in
                replay.origin.candidate.takingBack(shared.filter { Item($0) == Item(change) }, to: base) == nil
            }
            return (rest + shared.filter { $0.isWholeItem && !rest.contains($0) }, rest)
        }
        return one.map { (name, $0) }
    }

    private func alone(_ item: Item, of base: RulePack) -> (name: Name, one: Counterfactual)? {
        let name = Name(base: base.reference, kind: .alone(item))
        let one = make(name, base) {
            let shared = replay.causes(from: base).shared
            return (shared.filter { Item($0) != item }, shared.filter { Item($0) == item })
        }
        return one.map { (name, $0) }
    }

    /// What was made under the name, or is made now; nil where the pack cannot be read without the changes. Called with the
    /// lock.
    /// - Parameter changes: those taken back, and those that the answer tells about.
    private func make(
        _ name: Name, _ base: RulePack,
        _ changes: () -> (taken: [PackDifference.Change], told: [PackDifference.Change])
    ) -> Counterfactual? {
        if let known = made[name] { return known }
        let (taken, told) = changes()
        var one = taken.isEmpty ? nil : replay.without(taken, of: base, told: told)
        if let codes, let other = one?.replay {
            // Each builds on the texts of the one before, so that a block built upon the last suits all.
            one?.columns = try? ColumnReplay(other, codes: codes, kept: kept)
            self.codes = one?.columns?.codes ?? codes
        }
        made[name] = .some(one)
        return one
    }
}

extension RuleReplay {
    fileprivate func without(
        _ changes: [PackDifference.Change], of base: RulePack, told: [PackDifference.Change]
    ) -> Counterfactual? {
        guard let pack = origin.candidate.takingBack(changes, to: base) else { return nil }
        let replay = RuleReplay(
            current: current, candidate: pack, effectiveFrom: origin.effectiveFrom, period: period,
            today: present.firstDay, transition: origin.transition, assumesAwards: assumesAwards, scope: scope,
            tellsCauses: false)
        return Counterfactual(changes: told, replay: replay)
    }
}

extension HouseholdDifference {
    /// The same, each right with the changes that make it differ for this very household: those without which it would be
    /// another difference. Where each could be missed, because others do the same, those that would do so alone.
    /// - Parameters:
    ///   - others: what would differ with some changes taken back.
    ///   - alone: what would differ by one change alone; nil = not looked at yet.
    /// - Returns: nil where that has to be looked at.
    func withOwnCauses(_ others: [Counterfactual.Answer], alone: [Counterfactual.Answer]?) -> Self? {
        var own: [RightDifference] = []
        for right in rights {
            guard right.asksForCauses else {
                own.append(right)
                continue
            }
            var causes = right.proven(by: others)
            if causes.isEmpty {
                guard let alone else { return nil }
                causes = right.causes.filter { cause in
                    alone.contains { one in
                        let same = one.difference?.right(like: right).map { $0.saysTheSame(as: right) }
                        return one.changes.contains(cause) && same ?? false
                    }
                }
            }
            own.append(causes.isEmpty ? right : right.with(causes))
        }
        return HouseholdDifference(household: household, division: division, rights: own)
    }

    fileprivate func right(like other: RightDifference) -> RightDifference? {
        rights.first { $0.clause == other.clause && $0.subject == other.subject }
    }
}

extension RightDifference {
    /// Whether it has to be found out which of several changes make it.
    var asksForCauses: Bool { causes.count > 1 && !hasTooManyCauses }

    /// Whether so many changes can bear on it that all are named, and not only those that make it.
    package var hasTooManyCauses: Bool { Counterfactuals.areTooMany(causes) }

    /// The changes without which it would be another difference. What only makes room for others, such as a fact that a new
    /// condition reads, is named where nothing else is.
    fileprivate func proven(by others: [Counterfactual.Answer]) -> [PackDifference.Change] {
        let needed = others.filter { other in
            !(other.difference?.right(like: self).map { $0.saysTheSame(as: self) } ?? false)
        }
        let found = causes.filter { cause in needed.contains { $0.changes.contains(cause) } }
        let telling = found.filter { !$0.isWholeItem }
        return telling.isEmpty ? found : telling
    }

    /// Whether the other tells the same change of the same right.
    fileprivate func saysTheSame(as other: RightDifference) -> Bool {
        kind == other.kind && statusBefore == other.statusBefore && statusAfter == other.statusAfter
            && standingBefore == other.standingBefore && standingAfter == other.standingAfter && fails == other.fails
            && department == other.department && cadence == other.cadence
            && months == other.months && payers.map(\.payer) == other.payers.map(\.payer)
            && payers.map(\.difference) == other.payers.map(\.difference)
    }

    fileprivate func with(_ causes: [PackDifference.Change]) -> RightDifference {
        var right = self
        right.causes = causes
        right.parts = parts.map { part in
            // Where versions for new cases only judge some rights, each place's time may have its own.
            let own = part.right.causes.filter { causes.contains($0) }
            return Part(division: part.division, right: part.right.with(own.isEmpty ? causes : own))
        }
        return right
    }
}

extension PackDifference.Change {
    /// Whether a fact, parameter, reading or definition came or went, which decides nothing before a rule reads it.
    fileprivate var isWholeItem: Bool {
        switch part {
        case .fact, .parameter, .reading, .definition: field.isEmpty
        case .rule, .interaction, .pack, .declaration, .workflow, .indexation: false
        }
    }
}
