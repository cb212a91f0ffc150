import CareDomain
import CareWire

extension RowEventDecoder {
    static func determination(_ payload: UnsafeRawBufferPointer) -> HouseholdEvent? {
        // The pack's version and the facts stand in no row, so they are not read.
        var made = DeterminationMade(
            clause: noClause, subject: .household, pack: PackID(unchecked: ""), packVersion: .distantPast, packHash: [],
            cadence: Code(unchecked: ""), intervals: [], facts: [], readThrough: EventReference(sequence: 0))
        var fields = ProtoFields(payload)
        while let field = fields.next() {
            switch field.number {
            case 1:
                guard let clause = ClauseID(field.text) else { return nil }
                made.clause = clause
            case 2: made.subject = subject(field.bytes)
            case 3: made.pack = PackID(unchecked: field.text)
            case 6: made.cadence = Code(unchecked: field.text)
            // In which months its sums fall due, which are compared with what was ordered.
            case 7: made.monthRule = MonthRule(rawValue: field.text) ?? made.monthRule
            case 8: made.department = DepartmentID(unchecked: field.text)
            case 9:
                guard let interval = interval(field.bytes) else { return nil }
                made.intervals.append(interval)
            case 11: made.readThrough = EventReference(sequence: field.value)
            // Whether what is given once is one sum.
            case 13: made.amountType = AmountType(rawValue: field.text) ?? made.amountType
            case 14:
                guard let change = rulesChange(field.bytes) else { return nil }
                made.rulesChange = change
            case 12:
                guard let change = change(field.bytes) else { return nil }
                made.changes.append(change)
            default: break
            }
        }
        return fields.isWhole ? .determinationMade(made) : nil
    }

    private static func interval(_ bytes: UnsafeRawBufferPointer) -> DeterminationMade.Interval? {
        var period = DayPeriod(start: CivilDay(dayNumber: 0))
        var status: UInt64 = 0
        var amount: Fen?
        var hours: Int64?
        var rightHolds = false
        var payers: [PayerShare] = []
        // Whether a person's grant gives a sum tells whether another one is waited for.
        var standard: Fen?
        var decision: EventReference?
        var missing: [String] = []
        var rhythm: (cadence: Code, monthRule: MonthRule)?
        var fields = ProtoFields(bytes)
        while let field = fields.next() {
            switch field.number {
            case 1: period = days(field.bytes)
            case 2: status = field.value
            case 3: amount = Fen(field.signed)
            case 4: hours = field.signed
            case 5: missing.append(field.text)
            case 6: rightHolds = field.value != 0
            case 7: payers.append(payer(field.bytes))
            case 9: standard = Fen(field.signed)
            case 10: decision = EventReference(sequence: field.value)
            case 11: rhythm = (Code(unchecked: field.text), rhythm?.monthRule ?? .anyDay)
            case 12: rhythm = (rhythm?.cadence ?? Code(unchecked: ""), MonthRule(rawValue: field.text) ?? .anyDay)
            default: break
            }
        }
        let statuses = DeterminationMade.Status.all
        guard fields.isWhole, (1...UInt64(statuses.count)).contains(status) else { return nil }
        return DeterminationMade.Interval(
            period: period, status: statuses[Int(status) - 1], rightHolds: rightHolds, amount: amount,
            standard: standard, hoursThousandths: hours, payers: payers, missing: missing, decision: decision,
            rhythm: rhythm.map { DueRhythm(cadence: $0.cadence, monthRule: $0.monthRule) })
    }

    private static func payer(_ bytes: UnsafeRawBufferPointer) -> PayerShare {
        var payer = Code(unchecked: "")
        var parts: Int64 = 0
        var fields = ProtoFields(bytes)
        while let field = fields.next() {
            switch field.number {
            case 1: payer = Code(unchecked: field.text)
            case 2: parts = Int64(clamping: field.value)
            default: break
            }
        }
        return PayerShare(payer: payer, parts: parts)
    }

    private static func rulesChange(_ bytes: UnsafeRawBufferPointer) -> RulesChange? {
        var pack = ""
        var what: RulesChange.What?
        var fields = ProtoFields(bytes)
        while let field = fields.next() {
            switch field.number {
            case 1: pack = field.text
            case 2: what = .version(from: field.day)
            case 3: what = .parameter(ParameterID(unchecked: field.text))
            default: break
            }
        }
        guard fields.isWhole, let what else { return nil }
        return RulesChange(pack: PackID(unchecked: pack), what: what)
    }

    /// Bounds are checked before an event is written; a damaged one is left out whole.
    private static func change(_ bytes: UnsafeRawBufferPointer) -> DueChange? {
        var first: Int32 = 0
        var last: Int32 = 0
        var before: Int64 = 0
        var after: Int64 = 0
        var fields = ProtoFields(bytes)
        while let field = fields.next() {
            switch field.number {
            case 1: first = Int32(truncatingIfNeeded: field.signed)
            case 2: last = Int32(truncatingIfNeeded: field.signed)
            case 3: before = field.signed
            case 4: after = field.signed
            default: break
            }
        }
        let sums: ClosedRange<Int64> = -10_000_000_000_000...10_000_000_000_000
        guard fields.isWhole, first <= last, first >= -100_000, last <= 100_000, sums.contains(before),
            sums.contains(after)
        else { return nil }
        return DueChange(
            first: CivilMonth(wireIndex: first), last: CivilMonth(wireIndex: last), before: Fen(before),
            after: Fen(after))
    }

    private static func days(_ bytes: UnsafeRawBufferPointer) -> DayPeriod {
        var start = CivilDay(dayNumber: 0)
        var end: CivilDay?
        var fields = ProtoFields(bytes)
        while let field = fields.next() {
            switch field.number {
            case 1: start = field.day
            case 2: end = field.day
            default: break
            }
        }
        return DayPeriod(start: start, end: end)
    }

    static func subject(_ bytes: UnsafeRawBufferPointer) -> FactSubject {
        var fields = ProtoFields(bytes)
        while let field = fields.next() {
            if field.number == 2, let person = field.id { return .person(person) }
            if field.number == 3 { return .incident(EventReference(sequence: field.value)) }
        }
        return .household
    }

    private static let noClause: ClauseID = {
        guard let clause = ClauseID("CZ-0") else { preconditionFailure("CZ-0 is a clause id") }
        return clause
    }()
}

extension RowEventDecoder {
    /// The payload up to its sealed parts, which stand last because fields are written in ascending order. When they
    /// stand elsewhere, the whole payload: it is then read with them stepped over. Of a pairing the whole as well, for its
    /// parts tell whether a telephone was given where the event does not say it.
    package static func open(_ kind: UInt32, _ payload: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        switch EventKind(rawValue: Int(kind)) {
        case .pairingAssigned, .pairingHandedOver: return payload
        default: break
        }
        var fields = ProtoFields(payload)
        var end = 0
        var sealedSince: Int?
        while let field = fields.next() {
            if field.number == 15 {
                if sealedSince == nil { sealedSince = end }
            } else if sealedSince != nil {
                return payload
            }
            end = fields.position
        }
        guard fields.isWhole, let sealedSince else { return payload }
        return UnsafeRawBufferPointer(rebasing: payload[..<sealedSince])
    }
}
