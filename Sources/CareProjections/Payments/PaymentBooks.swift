import CareDomain
import CareWire
import EventLog

/// 账簿: every payment batch in the log with its lines and balances, and the families about whose arrears or
/// over-payments somebody decided. A fold of the log that is kept up by reading on; used by one thread.
package struct PaymentBooks: Sendable {
    /// A batch as the log has it.
    package struct Entry: Sendable {
        package var batch: PaymentBatch
        package var events: UInt64 = 0
        /// Whether every event of it adds up to nothing.
        package var isBalanced = true
    }

    package private(set) var entries: [BatchID: Entry] = [:]
    /// In the order in which they were begun.
    package private(set) var order: [BatchID] = []
    /// Families with a decision to pay arrears, or to take something back.
    package private(set) var decided: [DueStanding.Kind: Set<HouseholdID>] = [:]
    private var cursor = Cursor.start

    package init() {}

    private static let filter = ReadFilter(kinds: Set((230...239).map { UInt32($0) } + [81]))

    /// Reads the log on to its present end.
    /// - Throws: `EventLogError` when the log cannot be read; a retry may help.
    package mutating func catchUp(_ reader: any EventLogReader) throws(EventLogError) {
        while true {
            let slice = try reader.readAll(after: cursor, limit: 4096, filter: Self.filter)
            for event in slice.events { take(event) }
            cursor = slice.cursor
            if slice.isAtHead { return }
        }
    }

    /// Takes an event in; one of a newer program is stepped over.
    private mutating func take(_ event: StoredEvent) {
        guard let fields = try? RecordCoder.decode(event.record),
            let care = try? EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { return }
        switch care {
        case .batch(let event):
            guard let id = BatchID(fields.stream.key) else { return }
            if entries[id] == nil {
                entries[id] = Entry(batch: PaymentBatch(id: id))
                order.append(id)
            }
            let known = KnownBatchEvent(
                reference: EventReference(sequence: fields.sequence.rawValue),
                recordedAt: Moment(microseconds: fields.recordedAt.microseconds),
                occurredOn: CivilDay(dayNumber: fields.event.occurredOn.rawValue),
                command: CommandID(Identifier128(high: fields.appendID.high, low: fields.appendID.low)),
                actor: EventCodec.actor(metadata: fields.event.metadata.span.bytes), event: event)
            entries[id]?.batch.evolve(known)
            entries[id]?.events += 1
            if !event.postings.isBalanced { entries[id]?.isBalanced = false }
        case .household(.dueDecided(let decision)) where decision.isCarriedOut:
            guard let household = HouseholdID(fields.stream.key) else { return }
            decided[decision.kind, default: []].insert(household)
        default: return
        }
    }
}

/// 核对: whether the books are right.
package struct Reconciliation: Hashable, Sendable {
    /// Something that is not right.
    package struct Finding: Hashable, Sendable {
        /// What it is.
        package enum Code: String, Hashable, Sendable {
            /// An event does not add up to nothing.
            case unbalanced
            /// A balance is not what the lines add up to.
            case balance
            /// The family's file has no such order.
            case orderMissing = "order_missing"
            /// It has another one.
            case orderDiffers = "order_differs"
            /// It says something else of the outcome.
            case outcomeDiffers = "outcome_differs"
            /// Two orders pay the same month of a right.
            case orderedTwice = "ordered_twice"
            /// More is taken back of some months than was paid of them, because a line that paid them was reversed: what is not
            /// collected is to be reversed, what was collected is owed to the family.
            case recoveryUnfounded = "recovery_unfounded"
            /// An order in a family's file belongs to no line of a batch that is frozen.
            case orderUnknown = "order_unknown"
        }

        package let batch: BatchID
        /// 0 = the batch as a whole.
        package let line: Int
        package let code: Code
        package let household: HouseholdID?
    }

    package private(set) var batches = 0
    package private(set) var events: UInt64 = 0
    package private(set) var lines = 0
    package private(set) var ledger = Ledger()
    package private(set) var findings: [Finding] = []

    /// Goes over some batches and the files of their families.
    /// - Parameter household: The state of a family's file; nil when there is none.
    package init(_ entries: [PaymentBooks.Entry], household: (HouseholdID) throws -> Household?) rethrows {
        var known: [HouseholdID: Household] = [:]
        for entry in entries {
            batches += 1
            events += entry.events
            lines += entry.batch.lines.count
            ledger.post(entry.batch.ledger.balances.map { Posting($0.key, $0.value) })
            checkBalances(entry)
            for line in entry.batch.lines {
                let id = line.ordered.household
                if known[id] == nil { known[id] = try household(id) }
                check(line, of: entry.batch, known[id])
            }
        }
        let ordered = Set(
            entries.flatMap { entry in
                entry.batch.lines.map { Place(household: $0.ordered.household, order: $0.ordered.order) }
            })
        let frozen = Set(entries.map(\.batch).filter(\.isFrozen).map(\.id))
        for (id, household) in known.sorted(by: { $0.key < $1.key }) {
            checkMonths(household)
            for order in household.payments.orders
            where frozen.contains(order.ordered.batch)
                && !ordered.contains(Place(household: id, order: order.reference))
            {
                findings.append(.init(batch: order.ordered.batch, line: 0, code: .orderUnknown, household: id))
            }
        }
    }

    private struct Place: Hashable {
        let household: HouseholdID
        let order: EventReference
    }

    private mutating func checkBalances(_ entry: PaymentBooks.Entry) {
        let (batch, ledger) = (entry.batch, entry.batch.ledger)
        func sum(_ matches: (BatchLine.State) -> Bool) -> Fen {
            batch.lines.filter { matches($0.state) }.reduce(.zero) { $0 + $1.amount }
        }
        if !entry.isBalanced || ledger.sum != .zero {
            findings.append(.init(batch: batch.id, line: 0, code: .unbalanced, household: nil))
        }
        let waiting = batch.lines.filter(\.isToBeSent).reduce(Fen.zero) { $0 + $1.amount }
        let isRight =
            ledger.balance(.payable) == -waiting
            && ledger.balance(.transit) == -sum { if case .inTransit = $0 { true } else { false } }
            && ledger.balance(.bank) == -sum { if case .paid = $0 { true } else { false } }
        if !isRight { findings.append(.init(batch: batch.id, line: 0, code: .balance, household: nil)) }
    }

    private mutating func check(_ line: BatchLine, of batch: PaymentBatch, _ household: Household?) {
        let found = household?.payments.orders.first { $0.reference == line.ordered.order }
        func add(_ code: Finding.Code) {
            findings.append(.init(batch: batch.id, line: line.number, code: code, household: line.ordered.household))
        }
        guard let order = found else { return add(.orderMissing) }
        if let household, household.isUnfounded(line.ordered.line), order.stands(line.ordered.place) {
            add(.recoveryUnfounded)
        }
        guard order.ordered.batch == batch.id, order.ordered.lines.indices.contains(line.ordered.place),
            order.ordered.lines[line.ordered.place] == line.ordered.line
        else { return add(.orderDiffers) }
        let told = order.outcomes[line.ordered.place]?.outcome.rawValue
        let agrees: Bool
        switch line.state {
        case .open: agrees = told == nil
        case .inTransit: agrees = told != "paid" && told != "reversed"
        case .paid, .failed, .returned, .reversed: agrees = told == line.state.code
        }
        // What is still to be told may be missing.
        if !agrees, batch.steps.isEmpty { add(.outcomeDiffers) }
    }

    private mutating func checkMonths(_ household: Household) {
        var paid: Set<PaidMonth> = []
        for order in household.payments.orders where order.ordered.kind == .regular {
            for line in order.standing {
                for offset in 0..<Int32(line.months) {
                    let month = PaidMonth(clause: line.clause, subject: line.subject, month: line.first + offset)
                    guard !paid.insert(month).inserted else { continue }
                    findings.append(
                        .init(batch: order.ordered.batch, line: 0, code: .orderedTwice, household: household.id))
                }
            }
        }
    }

    private struct PaidMonth: Hashable {
        let clause: ClauseID
        let subject: FactSubject
        let month: CivilMonth
    }
}

extension PaymentBatch {
    /// prepared, closing, frozen, or settled when every line is paid or reversed.
    package var stateCode: String {
        guard closedAt != nil else { return "prepared" }
        guard isFrozen else { return "closing" }
        let isSettled = lines.allSatisfy { line in
            switch line.state {
            case .paid, .reversed: true
            case .open, .inTransit, .failed, .returned: false
            }
        }
        return isSettled ? "settled" : "frozen"
    }
}
