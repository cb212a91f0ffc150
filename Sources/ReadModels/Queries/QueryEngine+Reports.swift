import CareDomain
import CareProjections
import CareWire
import RuleEngine

extension QueryEngine {
    /// Families whose records are gone through for one answer.
    private static let mostFamilies = 5000

    func indicators(_ query: Care_V1_IndicatorsQuery) throws -> Care_V1_IndicatorPage {
        guard let division = DivisionCode(query.division), principal.mayAct(in: division) else {
            throw QueryRefusal.field("division")
        }
        guard let pack = PackID(query.pack), let rules = surroundings.rules,
            rules.registry.applies(pack, in: division)
        else { throw QueryRefusal.field("pack") }
        guard let code = Code(query.period), let period = DayPeriod(named: code), let end = period.end else {
            throw QueryRefusal.field("period")
        }
        let day = query.hasAsOf ? try self.day(query.asOf, "as_of") : end - 1
        guard period.contains(day) else { throw QueryRefusal.field("as_of") }
        let knownAt = try query.hasKnownAt ? Moment(microseconds: query.knownAt) : lastRecordedAt()
        var page = Care_V1_IndicatorPage()
        page.asOf = day.dayNumber
        page.knownAt = knownAt.microseconds
        let counted = try count(pack, division, DayPeriod(start: period.start, end: day + 1), rules, knownAt, &page)
        let figures = surroundings.duties?.books[division]?.figures ?? []
        let version = rules.registry.inForce(on: day, knownAt: .recorded(knownAt)).first { $0.pack.id == pack }?.pack
        var facts = counted?.facts ?? [:]
        // Where the pack lends, what its funds and cases come to: the same figures as in the reports about loans.
        if version?.lending != nil {
            let lent = lendingFigures(in: division, period.start, day, knownAt)
            facts.merge(lent.cityFacts) { counted, _ in counted }
            page.figures = lent.figures.map { $0.wire() }
        }
        guard
            let found = Indicators(
                rules, pack: pack, figures: figures, counted: facts, on: day, knownAt: knownAt)
        else { throw QueryRefusal.field("period") }
        // What is asked of a city is not asked of its townships and villages.
        let values = Dictionary(uniqueKeysWithValues: found.inputs.map { ($0.fact, $0.value) })
        if division.judgesCityAims {
            let rates = version.flatMap { version in
                version.lending.map { _ in LendingRates(found.inputs, .init(version, rules.choices)) }
            }
            page.indicators = found.lines.map { rates?.told($0) ?? $0 }.map(\.wire)
            page.inputs = try found.inputs.map { try $0.wire() }
        }
        if division.administrativeLevel == .village,
            let village = Indicators(
                rules, pack: pack, figures: figures, counted: [:], on: day, knownAt: knownAt, of: .village)
        {
            page.indicators += village.lines.map(\.wire)
            page.inputs += try village.inputs.map { try $0.wire() }
        }
        if let counted {
            let aims = version.map {
                PolicyMoney.Aims($0, set: rules.parameters, rules.choices, on: day, knownAt: .recorded(knownAt))
            }
            let money = PolicyMoney(
                values, personsPaid: (rural: counted.rural.personsPaid, urban: counted.urban.personsPaid),
                aims: aims ?? PolicyMoney.Aims(floor: nil, rural: nil, urban: nil, earmark: nil))
            page.figures = money.figures.map { $0.wire() }
            if division.judgesCityAims {
                for (place, line) in found.lines.enumerated() { page.indicators[place] = money.judged(line).wire }
            }
        }
        return page
    }

    /// Counts the families' records where the pack says who is one of its families; nil where it does not.
    private func count(
        _ pack: PackID, _ division: DivisionCode, _ period: DayPeriod, _ rules: Evaluator, _ knownAt: Moment,
        _ page: inout Care_V1_IndicatorPage
    ) throws -> FamilyCount? {
        let versions = rules.registry.versions.filter { $0.pack.id == pack }
        guard versions.contains(where: { FamilyCount.isCounted(by: $0.pack) }) else { return nil }
        let households = try lists.everIn(division, allowed: principal.divisions, limit: Self.mostFamilies + 1)
        guard households.count <= Self.mostFamilies else {
            throw QueryRefusal.tooManyHouseholds(most: Self.mostFamilies)
        }
        var count = FamilyCount()
        for id in households {
            guard let loaded = try LoadedHousehold(id, from: reader, sealed: .skip), loaded.fence == nil,
                loaded.unread.isEmpty
            else {
                page.incompleteHouseholdCount += 1
                continue
            }
            count.add(loaded.history, over: period, division: division, rules, knownAt: knownAt)
        }
        return count
    }

    func reports(_ query: Care_V1_ListReportsQuery) throws -> Care_V1_ReportList {
        let wanted = query.division.isEmpty ? nil : DivisionCode(query.division)
        if !query.division.isEmpty, wanted == nil { throw QueryRefusal.field("division") }
        let id = query.report.isEmpty ? nil : ReportID(bytes: query.report)
        if !query.report.isEmpty, id == nil { throw QueryRefusal.field("report") }
        let files = sentReports().filter { file in
            guard let scope = file.versions.first?.sent.scope else { return false }
            return principal.mayAct(in: scope.division) && (id == nil || id == file.id)
                && (query.kind.isEmpty || query.kind == scope.kind.rawValue)
                && (wanted.map { scope.division.isWithin($0) } ?? true)
        }
        var list = Care_V1_ReportList()
        list.knownAt = try lastRecordedAt().microseconds
        list.reports = try files.sorted { $0.order < $1.order }.map { file in
            var wire = Care_V1_ReportList.Report()
            wire.report = file.id.wireData
            wire.versions = try file.versions.map { try $0.wire(isWhole: !query.report.isEmpty) }
            return wire
        }
        return list
    }

    /// Every report that was sent: those frozen as documents, and those about loans, frozen as figures.
    private func sentReports() -> [SentReport] {
        var reports: [SentReport] = []
        for (id, file) in surroundings.reports?.files ?? [:] {
            let versions = file.versions.map {
                SentReport.Version(sent: $0.sent, on: $0.on, recordedAt: $0.recordedAt, by: $0.by)
            }
            reports.append(SentReport(id: id, versions: versions))
        }
        for (id, report) in surroundings.lending?.reports ?? [:] {
            let versions = report.versions.map {
                SentReport.Version(sent: $0.sent.listed, on: $0.on, recordedAt: $0.recordedAt, by: $0.by)
            }
            reports.append(SentReport(id: ReportID(id.value), versions: versions))
        }
        return reports
    }

    /// When the log learned its last event.
    private func lastRecordedAt() throws -> Moment {
        Moment(microseconds: try reader.head().recordedAt?.microseconds ?? 0)
    }
}

extension DivisionCode {
    /// Whether the aims of a city are judged there: in cities, and in the counties that follow its plan (GY-4.1).
    fileprivate var judgesCityAims: Bool {
        switch administrativeLevel {
        case .township, .village: false
        default: true
        }
    }
}

/// A report of whatever kind with the versions that were sent.
private struct SentReport {
    /// A version as it was sent.
    struct Version {
        let sent: ReportSent
        let on: CivilDay
        let recordedAt: Moment
        let by: Code?
    }

    let id: ReportID
    let versions: [Version]

    /// What it is sorted by.
    var order: String { versions.first?.sent.scope.canonicalText ?? "" }
}

extension SentReport.Version {
    fileprivate func wire(isWhole: Bool) throws -> Care_V1_ReportList.Version {
        var wire = Care_V1_ReportList.Version()
        wire.sent = try sent.wire()
        if !isWhole { wire.sent.content = .init() }
        wire.sentOn = on.dayNumber
        wire.recordedAt = recordedAt.microseconds
        wire.actor = by?.rawValue ?? ""
        return wire
    }
}

extension Indicators.Line {
    fileprivate var wire: Care_V1_IndicatorPage.Indicator {
        var wire = Care_V1_IndicatorPage.Indicator()
        wire.clause = clause.rawValue
        wire.titleZh = title.chinese
        wire.titleEn = title.english
        wire.state = state.rawValue
        if let measure { wire.measureThousandths = measure }
        wire.unit = unit
        wire.reasons = reasons.map { reason in
            .with {
                $0.textZh = reason.chinese
                $0.textEn = reason.english
            }
        }
        return wire
    }
}

extension Indicators.Input {
    fileprivate func wire() throws -> Care_V1_IndicatorPage.Input {
        var wire = Care_V1_IndicatorPage.Input()
        wire.fact = fact.rawValue
        wire.titleZh = title.chinese
        wire.titleEn = title.english
        wire.value = try value.wire()
        if let stated { wire.sequence = stated.sequence }
        if let counted { wire.counted = try counted.wire() }
        return wire
    }
}
