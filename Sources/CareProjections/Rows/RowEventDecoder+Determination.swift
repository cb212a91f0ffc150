import CareDomain

extension RowEventDecoder {
    static func determination(_ payload: UnsafeRawBufferPointer) -> HouseholdEvent? {
        // The pack, the facts and how far was read stand in no row, so they are not read.
        var made = DeterminationMade(
            clause: noClause, subject: .household, pack: PackID(unchecked: ""), packVersion: .distantPast, packHash: [],
            cadence: Code(unchecked: ""), intervals: [], facts: [], readThrough: EventReference(sequence: 0),
            difference: .zero)
        var fields = ProtoFields(payload)
        while let field = fields.next() {
            switch field.number {
            case 1:
                guard let clause = ClauseID(field.text) else { return nil }
                made.clause = clause
            case 2: made.subject = subject(field.bytes)
            case 6: made.cadence = Code(unchecked: field.text)
            case 8: made.department = DepartmentID(unchecked: field.text)
            case 9:
                guard let interval = interval(field.bytes) else { return nil }
                made.intervals.append(interval)
            case 12: made.difference = Fen(field.signed)
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
        var fields = ProtoFields(bytes)
        while let field = fields.next() {
            switch field.number {
            case 1: period = days(field.bytes)
            case 2: status = field.value
            case 3: amount = Fen(field.signed)
            case 4: hours = field.signed
            default: break
            }
        }
        guard fields.isWhole, (1...5).contains(status) else { return nil }
        return DeterminationMade.Interval(
            period: period, status: DeterminationMade.Status.all[Int(status) - 1], amount: amount,
            hoursThousandths: hours)
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
    /// stand elsewhere, the whole payload: it is then read with them stepped over.
    package static func open(_ payload: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
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
