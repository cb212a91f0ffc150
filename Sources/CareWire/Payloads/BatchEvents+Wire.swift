import CareDomain

extension Posting: WireMapped {
    package init(wire: Care_V1_Posting) throws(WireError) {
        self.init(try Field.code(wire.account, "account"), Fen(wire.amountFen))
    }

    package func wire() -> Care_V1_Posting {
        var wire = Care_V1_Posting()
        wire.account = account.rawValue
        wire.amountFen = amount.amount
        return wire
    }
}

extension Field {
    /// The postings of an event. What does not add up to nothing is not read: it never was written.
    static func postings(_ wires: [Care_V1_Posting]) throws(WireError) -> [Posting] {
        let postings: [Posting] = try list(wires, "postings", limit: WireLimits.postings)
        var sum: Int64 = 0
        for posting in postings {
            let (next, overflows) = sum.addingReportingOverflow(posting.amount.amount)
            guard !overflows else { throw WireError(.outOfRange, "postings") }
            sum = next
        }
        guard sum == 0 else { throw WireError(.outOfRange, "postings") }
        return postings
    }

    static func paymentLine(_ number: UInt32) throws(WireError) -> Int {
        try count(number, "line", in: 1...WireLimits.paymentLines)
    }
}

extension BatchScope: WireMapped {
    package init(wire: Care_V1_BatchScope) throws(WireError) {
        let months = try Field.months(wire.firstMonth, wire.lastMonth)
        guard let period = PaymentPeriod(first: months.first, last: months.last) else {
            throw WireError(.outOfRange, "last_month")
        }
        let clauses = try Field.list(wire.clauses, "clauses", limit: WireLimits.scopeClauses) {
            text throws(WireError) in try Field.clause(text, "")
        }
        self.init(
            kind: try BatchKind(wire: wire.kind, "kind"), division: try Field.division(wire.division, "division"),
            period: period, clauses: clauses, number: try Field.count(wire.number, "number", in: 1...999))
        guard clauses == self.clauses else { throw WireError(.outOfRange, "clauses") }
    }

    package func wire() throws(WireError) -> Care_V1_BatchScope {
        var wire = Care_V1_BatchScope()
        wire.kind = kind.wire
        wire.division = division.rawValue
        wire.firstMonth = period.first.wireIndex
        wire.lastMonth = period.last.wireIndex
        wire.clauses = clauses.map(\.rawValue)
        wire.number = try Field.number(number, "number")
        return wire
    }
}

/// The scope of `PaymentBatchPrepared`.
struct PreparedScope: WireMapped {
    var scope: BatchScope

    init(_ scope: BatchScope) { self.scope = scope }

    init(wire: Care_V1_PaymentBatchPrepared) throws(WireError) {
        scope = try Field.required(wire.hasScope ? wire.scope : nil, "scope")
    }

    func wire() throws(WireError) -> Care_V1_PaymentBatchPrepared {
        var wire = Care_V1_PaymentBatchPrepared()
        wire.scope = try Field.wire(scope, "scope")
        return wire
    }
}

/// The families of `PaymentMembersNamed`.
struct NamedMembers: WireMapped {
    var households: [HouseholdID]

    init(_ households: [HouseholdID]) { self.households = households }

    init(wire: Care_V1_PaymentMembersNamed) throws(WireError) {
        guard !wire.householdIds.isEmpty else { throw WireError(.missing, "household_ids") }
        households = try Field.ids(wire.householdIds, "household_ids", limit: PaymentBatch.membersPerEvent)
    }

    func wire() -> Care_V1_PaymentMembersNamed {
        var wire = Care_V1_PaymentMembersNamed()
        wire.householdIds = households.map(\.data)
        return wire
    }
}

extension BatchClosed: WireMapped {
    package init(wire: Care_V1_PaymentBatchClosed) throws(WireError) {
        self.init(damagedBatches: try Field.ids(wire.damagedBatches, "damaged_batches", limit: Self.most))
    }

    package func wire() -> Care_V1_PaymentBatchClosed {
        var wire = Care_V1_PaymentBatchClosed()
        wire.damagedBatches = damagedBatches.map(\.data)
        return wire
    }
}

/// The place of `PaymentStepsDone`.
struct DoneSteps: WireMapped {
    var through: EventReference

    init(_ through: EventReference) { self.through = through }

    init(wire: Care_V1_PaymentStepsDone) throws(WireError) {
        through = try Field.reference(wire.throughSequence, "through_sequence")
    }

    func wire() -> Care_V1_PaymentStepsDone {
        var wire = Care_V1_PaymentStepsDone()
        wire.throughSequence = through.sequence
        return wire
    }
}

extension BatchLine.Ordered: WireMapped {
    init(wire: Care_V1_PaymentLinesFrozen.Line) throws(WireError) {
        self.init(
            household: try Field.id(wire.household, "household"),
            order: try Field.reference(wire.orderSequence, "order_sequence"),
            place: try Field.count(wire.place, "place", in: 0...WireLimits.orderedLines - 1),
            line: try Field.required(wire.hasLine ? wire.line : nil, "line"))
    }

    func wire() throws(WireError) -> Care_V1_PaymentLinesFrozen.Line {
        var wire = Care_V1_PaymentLinesFrozen.Line()
        wire.household = household.data
        wire.orderSequence = order.sequence
        wire.place = try Field.number(place, "place")
        wire.line = try Field.wire(line, "line")
        return wire
    }
}

extension LinesFrozen: WireMapped {
    init(wire: Care_V1_PaymentLinesFrozen) throws(WireError) {
        self.init(
            membersThrough: try Field.count(wire.membersThrough, "members_through", in: 1...WireLimits.paymentLines),
            lines: try Field.list(wire.lines, "lines", limit: WireLimits.frozenLines),
            postings: try Field.postings(wire.postings))
    }

    func wire() throws(WireError) -> Care_V1_PaymentLinesFrozen {
        var wire = Care_V1_PaymentLinesFrozen()
        wire.membersThrough = try Field.number(membersThrough, "members_through")
        wire.lines = try Field.wires(lines, "lines")
        wire.postings = try Field.wires(postings, "postings")
        return wire
    }
}

extension BatchFrozen: WireMapped {
    init(wire: Care_V1_PaymentBatchFrozen) throws(WireError) {
        self.init(
            lineCount: try Field.count(wire.lineCount, "line_count", in: 0...WireLimits.paymentLines),
            total: Fen(wire.totalFen))
    }

    func wire() throws(WireError) -> Care_V1_PaymentBatchFrozen {
        var wire = Care_V1_PaymentBatchFrozen()
        wire.lineCount = try Field.number(lineCount, "line_count")
        wire.totalFen = total.amount
        return wire
    }
}

extension BankFileIssued.Entry: WireMapped {
    init(wire: Care_V1_BankFileIssued.Entry) throws(WireError) {
        // What is taken back is debited to no account.
        let isWithout = wire.accountRef.isEmpty && wire.amountFen < 0
        let account =
            isWithout ? "" : try Field.text(wire.accountRef, "account_ref", limit: WireLimits.accountReference)
        self.init(line: try Field.paymentLine(wire.line), account: account, amount: Fen(wire.amountFen))
    }

    func wire() throws(WireError) -> Care_V1_BankFileIssued.Entry {
        var wire = Care_V1_BankFileIssued.Entry()
        wire.line = try Field.number(line, "line")
        wire.accountRef = account
        wire.amountFen = amount.amount
        return wire
    }
}

extension BankFileIssued: WireMapped {
    init(wire: Care_V1_BankFileIssued) throws(WireError) {
        guard !wire.entries.isEmpty else { throw WireError(.missing, "entries") }
        self.init(
            file: try Field.count(wire.file, "file", in: 1...WireLimits.paymentLines),
            entries: try Field.list(wire.entries, "entries", limit: PaymentBatch.linesPerFile),
            postings: try Field.postings(wire.postings))
    }

    func wire() throws(WireError) -> Care_V1_BankFileIssued {
        var wire = Care_V1_BankFileIssued()
        wire.file = try Field.number(file, "file")
        wire.entries = try Field.wires(entries, "entries")
        wire.postings = try Field.wires(postings, "postings")
        return wire
    }
}

extension BankAnswerTaken.Result: WireMapped {
    init(wire: Care_V1_BankAnswerTaken.Result) throws(WireError) {
        self.init(
            line: try Field.paymentLine(wire.line),
            failure: try Field.code(ifSet: wire.hasFailure ? wire.failure : nil, "failure"))
    }

    func wire() throws(WireError) -> Care_V1_BankAnswerTaken.Result {
        var wire = Care_V1_BankAnswerTaken.Result()
        wire.line = try Field.number(line, "line")
        if let failure { wire.failure = failure.rawValue }
        return wire
    }
}

extension BankAnswerTaken: WireMapped {
    init(wire: Care_V1_BankAnswerTaken) throws(WireError) {
        guard !wire.results.isEmpty else { throw WireError(.missing, "results") }
        self.init(
            file: try Field.count(wire.file, "file", in: 1...WireLimits.paymentLines),
            results: try Field.list(wire.results, "results", limit: PaymentBatch.linesPerFile),
            postings: try Field.postings(wire.postings))
    }

    func wire() throws(WireError) -> Care_V1_BankAnswerTaken {
        var wire = Care_V1_BankAnswerTaken()
        wire.file = try Field.number(file, "file")
        wire.results = try Field.wires(results, "results")
        wire.postings = try Field.wires(postings, "postings")
        return wire
    }
}

extension LineReturned: WireMapped {
    init(wire: Care_V1_PaymentReturned) throws(WireError) {
        self.init(
            line: try Field.paymentLine(wire.line), reason: try Field.code(wire.reason, "reason"),
            postings: try Field.postings(wire.postings))
    }

    func wire() throws(WireError) -> Care_V1_PaymentReturned {
        var wire = Care_V1_PaymentReturned()
        wire.line = try Field.number(line, "line")
        wire.reason = reason.rawValue
        wire.postings = try Field.wires(postings, "postings")
        return wire
    }
}

extension LineReversed: WireMapped {
    init(wire: Care_V1_PaymentReversed) throws(WireError) {
        self.init(
            line: try Field.paymentLine(wire.line), reason: try Field.code(wire.reason, "reason"),
            postings: try Field.postings(wire.postings))
    }

    func wire() throws(WireError) -> Care_V1_PaymentReversed {
        var wire = Care_V1_PaymentReversed()
        wire.line = try Field.number(line, "line")
        wire.reason = reason.rawValue
        wire.postings = try Field.wires(postings, "postings")
        return wire
    }
}

extension BatchEvent {
    /// Its type's number.
    var kind: EventKind {
        switch self {
        case .prepared: .paymentBatchPrepared
        case .membersNamed: .paymentMembersNamed
        case .closed: .paymentBatchClosed
        case .linesFrozen: .paymentLinesFrozen
        case .frozen: .paymentBatchFrozen
        case .fileIssued: .bankFileIssued
        case .answerTaken: .bankAnswerTaken
        case .returned: .paymentReturned
        case .reversed: .paymentReversed
        case .stepsDone: .paymentStepsDone
        }
    }

    /// Its payload in the newest version.
    func payload() throws(WireError) -> [UInt8] {
        switch self {
        case .prepared(let scope): try Payload.encode(PreparedScope(scope))
        case .membersNamed(let households): try Payload.encode(NamedMembers(households))
        case .closed(let event): try Payload.encode(event)
        case .linesFrozen(let event): try Payload.encode(event)
        case .frozen(let event): try Payload.encode(event)
        case .fileIssued(let event): try Payload.encode(event)
        case .answerTaken(let event): try Payload.encode(event)
        case .returned(let event): try Payload.encode(event)
        case .reversed(let event): try Payload.encode(event)
        case .stepsDone(let through): try Payload.encode(DoneSteps(through))
        }
    }

    /// Reads a payload of the newest version; nil for a type that is none of a batch's.
    init?(kind: EventKind, newest bytes: RawSpan) throws(WireError) {
        switch kind {
        case .paymentBatchPrepared:
            let prepared: PreparedScope = try Payload.decode(bytes)
            self = .prepared(prepared.scope)
        case .paymentMembersNamed:
            let named: NamedMembers = try Payload.decode(bytes)
            self = .membersNamed(named.households)
        case .paymentBatchClosed: self = .closed(try Payload.decode(bytes))
        case .paymentLinesFrozen: self = .linesFrozen(try Payload.decode(bytes))
        case .paymentBatchFrozen: self = .frozen(try Payload.decode(bytes))
        case .bankFileIssued: self = .fileIssued(try Payload.decode(bytes))
        case .bankAnswerTaken: self = .answerTaken(try Payload.decode(bytes))
        case .paymentReturned: self = .returned(try Payload.decode(bytes))
        case .paymentReversed: self = .reversed(try Payload.decode(bytes))
        case .paymentStepsDone:
            let done: DoneSteps = try Payload.decode(bytes)
            self = .stepsDone(through: done.through)
        default: return nil
        }
    }
}
