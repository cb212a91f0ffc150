import CareDomain
import CareWire
import EventLog

/// 资金与个案簿: every fund, case and report of the Happiness Project in the log. A fold of the log that is kept up by
/// reading on, and that can be made anew as known at an earlier moment; used by one thread.
package struct LendingBooks: Sendable {
    package private(set) var funds: [FundID: Fund] = [:]
    package private(set) var loans: [LoanID: LoanCase] = [:]
    package private(set) var reports: [LoanReportID: LoanReport] = [:]
    /// In the order in which they were begun.
    package private(set) var fundOrder: [FundID] = []
    package private(set) var loanOrder: [LoanID] = []
    /// Events of each, in order.
    package private(set) var events: [LendingStream: [KnownLendingEvent]] = [:]
    /// When the log learned the last of them.
    package private(set) var lastRecordedAt = Moment(microseconds: 0)
    private var cursor = Cursor.start

    package init() {}

    private static let filter = ReadFilter(
        kinds: Set([330...359, 405...408, 415...419].joined().map { UInt32($0) }))

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
        guard let fields = try? RecordCoder.decode(event.record), let known = Self.known(fields) else { return }
        let stream: LendingStream? =
            switch known.event {
            case .fund: FundID(fields.stream.key).map { .fund($0) }
            case .loan: LoanID(fields.stream.key).map { .loan($0) }
            case .report: LoanReportID(fields.stream.key).map { .report($0) }
            }
        if let stream { take(known, of: stream) }
    }

    /// What an event says; nil for one that is not about funds and cases, or of a newer program.
    static func known(_ event: StoredEvent) -> KnownLendingEvent? {
        (try? RecordCoder.decode(event.record)).flatMap { known($0) }
    }

    private static func known(_ fields: RecordFields) -> KnownLendingEvent? {
        guard
            case .lending(let lending)? = try? EventCodec.decodeAny(
                kind: fields.event.kind, version: fields.event.version, payload: fields.event.payload)
        else { return nil }
        return KnownLendingEvent(
            reference: EventReference(sequence: fields.sequence.rawValue),
            recordedAt: Moment(microseconds: fields.recordedAt.microseconds),
            occurredOn: CivilDay(dayNumber: fields.event.occurredOn.rawValue),
            command: CommandID(Identifier128(high: fields.appendID.high, low: fields.appendID.low)),
            actor: EventCodec.actor(metadata: fields.event.metadata.span.bytes), event: lending)
    }

    /// Takes an event of a stream in.
    package mutating func take(_ known: KnownLendingEvent, of stream: LendingStream) {
        events[stream, default: []].append(known)
        lastRecordedAt = max(lastRecordedAt, known.recordedAt)
        switch stream {
        case .fund(let id):
            if funds[id] == nil { fundOrder.append(id) }
            funds[id, default: Fund(id: id)].evolve(known)
        case .loan(let id):
            if loans[id] == nil { loanOrder.append(id) }
            loans[id, default: LoanCase(id: id)].evolve(known)
        case .report(let id): reports[id, default: LoanReport(id: id)].evolve(known)
        }
    }

    /// The books as the log had them at a moment.
    package func known(at moment: Moment) -> LendingBooks {
        guard moment < lastRecordedAt else { return self }
        var books = LendingBooks()
        for id in fundOrder { books.take(events[.fund(id)] ?? [], of: .fund(id), until: moment) }
        for id in loanOrder { books.take(events[.loan(id)] ?? [], of: .loan(id), until: moment) }
        return books
    }

    private mutating func take(_ events: [KnownLendingEvent], of stream: LendingStream, until moment: Moment) {
        for event in events where event.recordedAt <= moment { take(event, of: stream) }
    }

    /// The division of the fund that a case asks.
    package func district(of loan: LoanCase) -> DivisionCode? {
        loan.application.flatMap { funds[$0.content.fund]?.scope?.division }
    }

    /// What the cases and funds of a division come to.
    package func figures(
        of division: DivisionCode, from first: CivilDay, through last: CivilDay,
        overdueBy terms: OverdueTerms = .standard, lentIn places: LendingPlaces = .everywhere
    ) -> LendingFigures {
        LendingFigures(
            cases: loanOrder.compactMap { loans[$0] }.filter { district(of: $0)?.isWithin(division) ?? false },
            funds: fundOrder.compactMap { funds[$0] }.filter { $0.scope?.division.isWithin(division) ?? false },
            from: first, through: last, overdueBy: terms, lentIn: places)
    }

    /// Handed over by a fund and not taken over yet, or given back and not back yet.
    package func underWay(from fund: Fund) -> Fen {
        fund.handedOver.filter { cause, event in
            guard let target = funds[event.to], target.hasTaken(cause, from: fund.id) else { return true }
            return target.hasReturned(cause, to: fund.id)
        }
        .reduce(.zero) { $0 + $1.value.amount }
    }

    /// What the books of a fund and its cases do not agree about; codes in a fixed order, empty when all is right.
    package func findings(of fund: Fund) -> [Code] {
        var found: [String] = []
        let cases = loanOrder.compactMap { loans[$0] }.filter { $0.application?.content.fund == fund.id }
        if !fund.isBalanced || fund.ledger.sum != .zero { found.append("unbalanced") }
        let isPosted = cases.allSatisfy { one in one.movements.allSatisfy { fund.hasPosted($0, of: one.id) } }
        if !isPosted { found.append("not_posted") }
        let outstanding = cases.reduce(Fen.zero) { $0 + $1.outstanding(on: CivilDay(dayNumber: .max)) }
        if isPosted, fund.ledger.balance(.lent) != outstanding { found.append("outstanding") }
        if fund.available < .zero || fund.ledger.balance(.transit) < .zero { found.append("negative") }
        return found.map(Code.init(unchecked:))
    }
}
