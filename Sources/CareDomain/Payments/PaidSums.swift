/// Names a line of an order in a family's file.
package struct OrderPlace: Hashable, Sendable {
    /// The order in the family's stream.
    package let order: EventReference
    /// Place of the line in it, from 0.
    package let place: Int

    package init(order: EventReference, place: Int) {
        self.order = order
        self.place = place
    }
}

/// What stands paid of a right, by the lines that paid it.
///
/// A sum that is taken back comes from the latest line that paid its month, then from the latest that paid a month counted with it:
/// one line went to one account, so this tells where the sum lies.
struct PaidSums {
    private struct Paid {
        let by: OrderPlace
        let month: CivilMonth
        var left: Fen
    }

    private var paid: [Paid] = []
    /// From which lines each line that takes back takes how much.
    private(set) var taken: [OrderPlace: [OrderPlace: Fen]] = [:]
    private let together: MonthsTogether

    init(
        _ payments: HouseholdPayments, of clause: ClauseID, _ subject: FactSubject, counting together: MonthsTogether
    ) {
        self.together = together
        for order in payments.orders {
            for (place, line) in order.ordered.lines.enumerated()
            where line.clause == clause && line.subject == subject && order.stands(place) {
                let own = OrderPlace(order: order.reference, place: place)
                for month in (line.first...line.last).months {
                    guard line.isTakenBack else {
                        paid.append(Paid(by: own, month: month, left: line.monthly))
                        continue
                    }
                    for (from, amount) in take(-line.monthly, of: month) {
                        if let from { taken[own, default: [:]][from, default: .zero] += amount }
                    }
                }
            }
        }
    }

    /// Takes a positive sum back of a month.
    /// - Returns: How much from which line; nil = more is taken back than stands paid.
    mutating func take(_ amount: Fen, of month: CivilMonth) -> [(from: OrderPlace?, amount: Fen)] {
        let span = together.span(of: month)
        let own = paid.indices.reversed().filter { paid[$0].month == month }
        let others = paid.indices.reversed().filter { paid[$0].month != month && span.contains(paid[$0].month) }
        var (rest, parts) = (amount, [(from: OrderPlace?, amount: Fen)]())
        for index in own + others where rest > .zero && paid[index].left > .zero {
            let part = min(rest, paid[index].left)
            paid[index].left = paid[index].left - part
            rest = rest - part
            if let place = parts.firstIndex(where: { $0.from == paid[index].by }) {
                parts[place].amount += part
            } else {
                parts.append((paid[index].by, part))
            }
        }
        if rest > .zero { parts.append((nil, rest)) }
        return parts
    }

    /// The lines of which something stands paid of these months, or of months counted with them, in the order of the orders.
    func standing(in months: ClosedRange<CivilMonth>) -> [OrderPlace] {
        let first = together.span(of: months.lowerBound).lowerBound
        let span = first...max(months.upperBound, together.span(of: months.upperBound).upperBound)
        var places: [OrderPlace] = []
        for one in paid where one.left > .zero && span.contains(one.month) && !places.contains(one.by) {
            places.append(one.by)
        }
        return places
    }
}

extension Household {
    /// From which lines of its orders a line takes back, and how much, a positive sum; in the order in which they were ordered.
    package func sources(of recovery: OrderPlace) -> [(from: OrderPlace, amount: Fen)] {
        let order = payments.orders.first { $0.reference == recovery.order }
        guard let order, order.ordered.lines.indices.contains(recovery.place) else { return [] }
        let line = order.ordered.lines[recovery.place]
        let sums = PaidSums(
            payments, of: line.clause, line.subject, counting: together(line.clause, line.subject, payments))
        return (sums.taken[recovery] ?? [:]).sorted {
            ($0.key.order, $0.key.place) < ($1.key.order, $1.key.place)
        }.map { ($0.key, $0.value) }
    }

    /// The batch that made an order.
    package func batch(of order: EventReference) -> BatchID? {
        payments.orders.first { $0.reference == order }?.ordered.batch
    }
}

extension PaymentBatch {
    /// The account to which a line of a family went, or was sent last; nil when it never was.
    package func account(of place: OrderPlace, in household: HouseholdID) -> String? {
        let line = lines.first {
            $0.ordered.household == household && $0.ordered.order == place.order && $0.ordered.place == place.place
        }
        guard let line else { return nil }
        let paidIn: Int? = if case .paid(let file) = line.state { file } else { nil }
        let file = files.last { file in
            paidIn.map { $0 == file.number } ?? true && file.entries.contains { $0.line == line.number }
        }
        return file?.entries.first { $0.line == line.number }?.account
    }
}
