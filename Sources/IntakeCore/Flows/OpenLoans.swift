import ArchiveClient
import CareDomain
import CareProjections

/// Loans and aid of the mothers of a file that is being closed: whoever closes it is told of those that are not over.
///
/// The id of a case follows from the mother and a number without gaps: of each kind, one is read after the other until one does
/// not exist. Nothing is decided by it.
package struct OpenLoans: Hashable, Sendable {
    private var begun = false
    /// Mothers and kinds that are still to be asked about.
    private var waiting: [Kind] = []
    private var reading: LoanCase?
    private var number = 1
    private var found: [LoanCase] = []

    private struct Kind: Hashable, Sendable {
        let mother: PersonID
        let mode: LendingMode
    }

    package init() {}

    /// What is to be read next: the case, and after which event; nil when all is known.
    mutating func next(of household: Household) -> (loan: LoanID, after: UInt64)? {
        if !begun {
            begun = true
            let mothers = household.members.filter { [.wife, .singleParent].contains($0.role) }.map(\.id)
            waiting = mothers.flatMap { mother in
                [LendingMode.revolvingLoan, .grant].map { Kind(mother: mother, mode: $0) }
            }
        }
        guard let kind = waiting.first else { return nil }
        let id = LoanID.derived(of: kind.mother, kind.mode, number: number)
        let one = reading ?? LoanCase(id: id)
        reading = one
        return (id, one.lastSequence)
    }

    /// Takes in what was read.
    mutating func read(_ events: [ReadLendingEvent], isWhole: Bool) {
        guard var one = reading else { return }
        for event in events { one.evolve(event.known) }
        reading = one
        guard isWhole else { return }
        reading = nil
        number += 1
        if one.application == nil {
            waiting.removeFirst()
            number = 1
        } else if !one.isOver {
            found.append(one)
        }
    }

    /// Leaves the rest of a mother's cases of a kind out: one of them cannot be read.
    mutating func skip() {
        reading = nil
        number = 1
        if !waiting.isEmpty { waiting.removeFirst() }
    }

    /// What whoever closes the file is told; nil when nothing is open.
    var remark: Refusal? {
        guard !found.isEmpty else { return nil }
        let day = CivilDay(dayNumber: .max)
        func told(_ one: LoanCase, _ state: String, _ rest: String) -> String {
            let sum = one.outstanding(on: day)
            return "\(one.id) \(state)" + (sum > .zero ? " \(rest)\(sum)" : "")
        }
        return Refusal(
            .closedWithLoans, detail: found.map { told($0, $0.latest.rawValue, "") }.joined(separator: ", "),
            words: found.map { told($0, $0.latest.chinese, "未还本金 ") }.joined(separator: "；"))
    }
}
