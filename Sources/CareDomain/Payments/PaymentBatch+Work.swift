/// What a batch still has to have done, so that whoever resumes it after a crash goes on where it stopped.
package enum BatchWork: Hashable, Sendable {
    /// Order what these families are due, then freeze their lines.
    case order([HouseholdID])
    /// All families were looked at: freeze the batch.
    case freeze(BatchFrozen)
    /// Tell the families' files what became of their lines, then say that it is done up to this event.
    case tell([PaymentBatch.Step], through: EventReference)
}

extension PaymentBatch {
    /// Families whose lines one event freezes, at most.
    package static let membersPerFreezing = 64

    /// What comes next; nil when nothing is left to do.
    package var work: BatchWork? {
        if closedAt != nil, !isFrozen {
            guard membersDone < members.count else {
                return .freeze(BatchFrozen(lineCount: lines.count, total: total))
            }
            return .order(Array(members[membersDone...].prefix(Self.membersPerFreezing)))
        }
        guard let last = steps.map(\.concluded.cause).max() else { return nil }
        return .tell(steps, through: last)
    }

    /// The lines of families in the order in which they were named, from the orders in their files.
    /// - Parameter orders: What each of them ordered; nil = nothing.
    package func freezing(_ orders: [(household: HouseholdID, order: HouseholdPayments.Order?)]) -> BatchEvent {
        let lines = orders.flatMap { entry -> [BatchLine.Ordered] in
            guard let order = entry.order else { return [] }
            return order.ordered.lines.enumerated().map { place, line in
                BatchLine.Ordered(
                    household: entry.household, order: order.reference, place: place, line: line)
            }
        }
        return .linesFrozen(LinesFrozen(membersThrough: membersDone + orders.count, lines: lines))
    }
}
