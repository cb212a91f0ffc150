import CareDomain
import RuleEngine

/// Counts and sums over many households.
package struct ReplayTotals: Hashable, Sendable {
    /// One line of a table.
    package struct Line: Hashable, Sendable {
        package var gained = 0
        package var lost = 0
        package var changed = 0
        /// Rights that wait for a fact or parameter, those whose rule fails, and those whose sum people have to decide.
        package var needsFact = 0
        package var failed = 0
        package var awaitsDecision = 0
        /// Of all these, rights of which no sum differs in any month: only the right itself does, what it waits for, or who
        /// answers for it.
        package var rightOnly = 0
        /// Sums up to the present month.
        package var arrears = Fen.zero
        package var overpayment = Fen.zero
        /// Sums up to the present month that are neither, because they are not known.
        package var undecided = Fen.zero
        /// Those that are neither, because people decide them and nobody has.
        package var awaiting = Fen.zero
        /// Later months compared.
        package var future = Fen.zero

        /// Whether there is anything in it that people have to decide first.
        package var awaitsAnything: Bool { awaitsDecision > 0 || awaiting > .zero }

        mutating func add(_ right: RightDifference) {
            count(right.kind, hasSums: right.hasSums)
            arrears = arrears + right.arrears
            overpayment = overpayment + right.overpayment
            undecided = undecided + right.undecided
            awaiting = awaiting + right.awaitingDecision
            future = future + right.future
        }

        /// - Parameter hasSums: whether the sum of some month differs.
        mutating func count(_ kind: RightDifference.Kind, hasSums: Bool) {
            if !hasSums { rightOnly += 1 }
            switch kind {
            case .gained: gained += 1
            case .lost: lost += 1
            case .changed: changed += 1
            case .needsFact: needsFact += 1
            case .failed: failed += 1
            case .awaitsDecision: awaitsDecision += 1
            }
        }

        mutating func add(_ other: Line) {
            gained += other.gained
            lost += other.lost
            changed += other.changed
            needsFact += other.needsFact
            failed += other.failed
            awaitsDecision += other.awaitsDecision
            rightOnly += other.rightOnly
            arrears = arrears + other.arrears
            overpayment = overpayment + other.overpayment
            undecided = undecided + other.undecided
            awaiting = awaiting + other.awaiting
            future = future + other.future
        }
    }

    /// Households looked at.
    package private(set) var households = 0
    /// Of these, those for which something differs.
    package private(set) var affected = 0
    /// Of these, those of which a sum of some month differs; of the others only the right itself does.
    package private(set) var affectedInMoney = 0
    /// Rights whose rule ends in an error after and answered before.
    package private(set) var failed = 0
    package private(set) var all = Line()
    package private(set) var byClause: [ClauseID: Line] = [:]
    package private(set) var byDivision: [String: Line] = [:]
    package private(set) var byDepartment: [String: Line] = [:]
    /// What each payer would pay more over all days compared.
    package private(set) var byPayer: [Code: Fen] = [:]

    package init() {}

    /// Takes households in whose rights are added apart.
    mutating func look(_ count: Int, affected: Int, inMoney: Int) {
        households += count
        self.affected += affected
        affectedInMoney += inMoney
    }

    /// Takes rights in whose rule ends in an error.
    mutating func fail(_ count: Int) { failed += count }

    mutating func add(_ line: Line, clause: ClauseID) {
        all.add(line)
        byClause[clause, default: Line()].add(line)
    }

    mutating func add(_ line: Line, division: DivisionCode?) {
        byDivision[division?.rawValue ?? "", default: Line()].add(line)
    }

    mutating func add(_ line: Line, department: DepartmentID?) {
        byDepartment[department?.rawValue ?? "", default: Line()].add(line)
    }

    mutating func add(_ sum: Fen, payer: Code) { byPayer[payer] = (byPayer[payer] ?? .zero) + sum }

    mutating func add(_ right: RightDifference, division: DivisionCode?) {
        if right.fails { failed += 1 }
        all.add(right)
        byClause[right.clause, default: Line()].add(right)
        if right.parts.isEmpty { byDivision[division?.rawValue ?? "", default: Line()].add(right) }
        for part in right.parts { byDivision[part.division?.rawValue ?? "", default: Line()].add(part.right) }
        byDepartment[right.department?.rawValue ?? "", default: Line()].add(right)
        for (payer, sum) in right.payers { add(sum, payer: payer) }
    }

    /// Takes one household in; nil = nothing differs.
    package mutating func add(_ difference: HouseholdDifference?) {
        households += 1
        guard let difference else { return }
        affected += 1
        if difference.hasSums { affectedInMoney += 1 }
        for right in difference.rights { add(right, division: difference.division) }
    }

    /// By the first six digits of the division: a township a line is too many to look at.
    package var byCounty: [String: Line] {
        Dictionary(byDivision.map { (String($0.key.prefix(6)), $0.value) }) { line, other in line.adding(other) }
    }

    /// Takes the totals of other households in.
    package mutating func add(_ other: ReplayTotals) {
        households += other.households
        affected += other.affected
        affectedInMoney += other.affectedInMoney
        failed += other.failed
        all.add(other.all)
        byClause.merge(other.byClause) { line, other in line.adding(other) }
        byDivision.merge(other.byDivision) { line, other in line.adding(other) }
        byDepartment.merge(other.byDepartment) { line, other in line.adding(other) }
        byPayer.merge(other.byPayer, uniquingKeysWith: +)
    }
}

extension ReplayTotals.Line {
    fileprivate func adding(_ other: Self) -> Self {
        var sum = self
        sum.add(other)
        return sum
    }
}
