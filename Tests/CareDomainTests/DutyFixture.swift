import CareDomain

/// A duty book on a bench: commands are decided as one department, and what they lead to is written into it.
struct DutyBench {
    static let city = DivisionCode("520100")!
    static let pack = PackID(unchecked: "guiyang-2013")
    static let supervision = ClauseID("GY-4.1")!
    static let photos = ClauseID("BS-4.6a")!
    static let today = day("2015-03-01")

    var book = DutyBook(division: city)
    var department = DepartmentID(unchecked: "dept.fp")
    var today = Self.today
    /// The divisions for which that department acts; nil = nobody is behind it.
    var actsFor: [DivisionCode]?
    /// The years in which the city is a unit that is evaluated by the clause of supervision.
    var evaluatedIn: ClosedRange<Int>?
    /// Whose figures are, and what is a part of what.
    var figureTerms: [FactID: FigureTerms] = [:]
    /// What the store has.
    var kept: [FileDigest: Code] = [:]
    /// The departments whose the reports are.
    var reportOwners: [DepartmentID] = []

    static func day(_ text: String) -> CivilDay { CivilDay(parsing: text)! }

    static func digest(_ byte: UInt8) -> FileDigest { FileDigest(bytes: Array(repeating: byte, count: 32))! }

    static func key(_ period: String, _ clause: ClauseID = supervision) -> DutyKey {
        DutyKey(pack: pack, clause: clause, period: Code(unchecked: period))
    }

    /// Due by the end of the year; the photos by 25 November, five to ten of them.
    static func terms(_ key: DutyKey) -> DutyTerms? {
        guard let year = key.year, key.period.rawValue == "\(year)", key.pack == pack else { return nil }
        let first = CivilDay(year: year, month: 1, day: 1)!
        switch key.clause {
        case supervision:
            return DutyTerms(
                firstDay: first, warnFrom: day("\(year)-12-01"), lastDay: day("\(year)-12-31"),
                owner: DepartmentID(unchecked: "dept.fp"))
        case photos:
            return DutyTerms(
                firstDay: first, warnFrom: day("\(year)-11-20"), lastDay: day("\(year)-11-25"), pieces: 5...10,
                owner: DepartmentID(unchecked: "org.community"))
        default: return nil
        }
    }

    var context: DutyContext {
        var context = DutyContext(
            today: today, department: department, terms: { Self.terms($0) },
            knowsClause: { pack, clause in
                (pack == nil || pack == Self.pack) && ["GY-4.1", "BS-4.6a", "GY-3.18a"].contains(clause.rawValue)
            },
            figure: { pack, fact, value in
                guard pack == Self.pack, fact.rawValue.hasPrefix("city.") else { return .unknown }
                if case .money(let fen) = value, fen >= .zero { return .good }
                return .badValue
            }, actsFor: actsFor,
            isEvaluated: { [evaluatedIn] clause, year in
                clause == Self.supervision && evaluatedIn?.contains(year) ?? false
            })
        context.kept = kept
        context.reportOwners = { [reportOwners] _ in reportOwners }
        context.figureTerms = { [figureTerms] pack, fact in pack == Self.pack ? figureTerms[fact] : nil }
        return context
    }

    /// Carries a command out.
    /// - Returns: The reference of its event.
    @discardableResult
    mutating func carryOut(_ action: DutyEvent, on day: String) throws(Refusal) -> EventReference {
        let command = DutyCommand(
            id: CommandID(Identifier128(high: 1, low: book.lastSequence)), division: Self.city,
            occurredOn: Self.day(day),
            action: action)
        let event = try book.decide(command, in: context)
        let reference = EventReference(sequence: book.lastSequence + 1)
        book.evolve(
            KnownDutyEvent(
                reference: reference, recordedAt: Moment(microseconds: Int64(reference.sequence)),
                occurredOn: command.occurredOn, command: command.id, department: department, event: event))
        return reference
    }

    /// Why a command is refused; nil when it is carried out.
    mutating func refusal(_ action: DutyEvent, on day: String) -> Refusal.Reason? {
        do throws(Refusal) {
            try carryOut(action, on: day)
            return nil
        } catch { return error.reason }
    }

    func state(_ period: String, on day: String, _ clause: ClauseID = supervision) -> DutyState? {
        let key = Self.key(period, clause)
        return Self.terms(key).map { DutyState($0, doneOn: book.report(of: key)?.doneOn, on: Self.day(day)) }
    }
}

extension DutyEvidence {
    /// So many files.
    static func files(_ number: UInt8) -> DutyEvidence {
        DutyEvidence(attachments: (0..<number).map { DutyBench.digest($0) })
    }
}
