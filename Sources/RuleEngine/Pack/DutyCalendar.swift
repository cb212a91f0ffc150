import CareDomain

/// Something asked of an office, for one period.
package struct DutyItem: Hashable, Sendable {
    package let clause: ClauseID
    package let title: Wording
    package let owner: DepartmentID
    /// The level of divisions in whose books it is owed, each in its own; others see how it stands there.
    package let level: AdministrativeLevel
    /// What is to be reached.
    package let target: DutyTarget
    /// What shows that it was done.
    package let evidence: Wording
    /// 2014, 2014-q3, 2014-h2, 2014-spring_festival.
    package let period: Code
    /// The feast it is for.
    package let holiday: Wording?
    /// Nil = no date is given.
    package let rule: DueRule?
    /// When it may be done, and until when it is in time.
    package let terms: DutyTerms

    /// The time it is due; nil = it has no date.
    package var deadline: DueRule.Deadline? {
        guard let warnFrom = terms.warnFrom, let lastDay = terms.lastDay else { return nil }
        return DueRule.Deadline(warnFrom: warnFrom, lastDay: lastDay)
    }

    /// Whether the offices of the division owe it themselves: it is on their list, and they are reminded of it.
    package func isOwed(in division: DivisionCode) -> Bool { division.administrativeLevel == level }
}

/// 目标: what a duty is to reach.
package struct DutyTarget: Hashable, Sendable {
    /// The words of the document.
    package let words: String
    /// Numbers that the pack holds for it (1 次, 20 分, 照片 5 至 10 张); nil = none.
    package let figures: Wording?

    package init(words: String, figures: Wording? = nil) {
        self.words = words
        self.figures = figures
    }
}

extension Declaration {
    /// Its numbers in words; of a table of guidance numbers the total.
    var figures: Wording? {
        var parts: [Wording] = []
        let alone = targets.filter { $0.counted == nil }
        for target in alone {
            switch target.unit {
            case "awareness_rate": parts.append(Wording("知晓率不低于 \(target.value) %", "awareness of \(target.value) %"))
            case "satisfaction_rate":
                parts.append(Wording("满意率不低于 \(target.value) %", "satisfaction of \(target.value) %"))
            default:
                let number = [String(target.value), target.unit ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
                parts.append(Wording(number, number))
            }
        }
        // The printed totals, or where none is printed the rows.
        let cells = targets.filter { $0.counted != nil }
        let totals = cells.filter { $0.unit == nil }
        if !cells.isEmpty {
            let sum = (totals.isEmpty ? cells : totals).reduce(0) { $0 + $1.value }
            parts.append(Wording("合计 \(sum)", "\(sum) in all"))
        }
        if let pieces {
            parts.append(
                Wording(
                    "照片 \(pieces.lowerBound) 至 \(pieces.upperBound) 张",
                    "\(pieces.lowerBound) to \(pieces.upperBound) photos"))
        }
        if let points { parts.append(Wording("\(points) 分", "\(points) points")) }
        guard !parts.isEmpty else { return nil }
        return Wording(
            parts.map(\.chinese).joined(separator: "，"), parts.map(\.english).joined(separator: ", "))
    }
}

extension AdministrativeLevel {
    /// The level that owes a duty: that of the office where it is the village's or the township's, otherwise the one that the
    /// clause's unit names; nil = neither says one.
    /// - Parameter unit: As the pack has it, `sub-district·quarter`.
    package init?(owing unit: String, owner: DepartmentID) {
        switch owner {
        case KnownOffices.community: self = .village
        case KnownOffices.township: self = .township
        default:
            switch unit.split(separator: "·").first.map(String.init) {
            case "city", "市": self = .city
            // A unit of Wenzhou's guidance numbers is a county, district or zone.
            case "district", "district policy", "county", "unit": self = .county
            case "sub-district", "township": self = .township
            case "community": self = .village
            default: return nil
            }
        }
    }
}

extension RulePack {
    /// What the pack asks of offices in a year, by its default readings: in the order of last days, then of clauses;
    /// what has no date stands at the end. Some holidays have no date outside the years of the lunar table.
    package func dutyItems(year: Int) -> [DutyItem] {
        // Where neither unit nor office names a level, the document's own government answers for it.
        let standard = territory?.administrativeLevel ?? .county
        let duties = duties.duties.flatMap { duty in
            items(
                Clause(
                    clause: duty.clause, title: duty.title, owner: duty.owner,
                    level: AdministrativeLevel(owing: "", owner: duty.owner) ?? standard,
                    target: DutyTarget(words: rule(duty.clause)?.words ?? ""), evidence: duty.evidence),
                due(duty, [:]), year)
        }
        let declared = declarations.flatMap { declaration in
            items(
                Clause(
                    clause: declaration.clause, title: declaration.title, owner: declaration.owner,
                    level: evaluator(declaration)
                        ?? AdministrativeLevel(owing: declaration.unit, owner: declaration.owner) ?? standard,
                    target: DutyTarget(words: declaration.words, figures: declaration.figures),
                    evidence: declaration.evidence, pieces: declaration.pieces, evaluator: evaluator(declaration)),
                due(declaration, [:]), year)
        }
        return (duties + declared).sorted { left, right in
            (left.terms.lastDay?.dayNumber ?? .max, left.clause, left.period)
                < (right.terms.lastDay?.dayNumber ?? .max, right.clause, right.period)
        }
    }

    /// The level that evaluates, where the clause is about how the units with guidance numbers are evaluated: the duty is its
    /// own, and not the unit's. The parts of the evaluation say what the units themselves do.
    /// - Source: 温卫发〔2021〕42号, 五（三）、附件3 (WZ-5.3c, WZ-A3.1, WZ-A3.3, WZ-A3.4)
    private func evaluator(_ declaration: Declaration) -> AdministrativeLevel? {
        guard let guidance, declaration.kind == .evaluation,
            !guidance.parts.contains(where: { $0.clause == declaration.clause })
        else { return nil }
        return territory?.administrativeLevel
    }

    /// The departments whose a clause is: that of its rule, and whoever owes its duty; empty = the pack does not have it.
    func owners(of clause: ClauseID) -> [DepartmentID] {
        let ruled = rule(clause)?.department.map { [$0] } ?? []
        return ruled + duties.duties.filter { $0.clause == clause }.map(\.owner)
            + declarations.filter { $0.clause == clause }.map(\.owner)
    }

    /// The departments whose the indicators are: that of the clauses judged there, where all of them are of one; otherwise the
    /// family-planning authority's, which answers for the whole. Of a village they are the village's, too.
    fileprivate func indicatorOwners(in division: DivisionCode) -> [DepartmentID] {
        let isVillage = division.administrativeLevel == .village
        let judged = rules.filter { isVillage ? $0.unit.beneficiary == .village : $0.unit.beneficiary == .city }
        let named = Set(judged.compactMap(\.department))
        let own = named.count == 1 ? Array(named) : []
        return own + KnownOffices.keepers + (isVillage ? [KnownOffices.community] : [])
    }

    /// Whether the pack has the clause: as a rule, a duty or something declared.
    package func hasClause(_ clause: ClauseID) -> Bool {
        rule(clause) != nil || declarations.contains { $0.clause == clause }
            || duties.duties.contains { $0.clause == clause }
    }

    /// What all periods of a duty have in common.
    private struct Clause {
        var clause: ClauseID
        var title: Wording
        var owner: DepartmentID
        var level: AdministrativeLevel
        var target: DutyTarget
        var evidence: Wording
        var pieces: ClosedRange<Int>?
        var evaluator: AdministrativeLevel?
    }

    private func items(_ clause: Clause, _ rule: DueRule?, _ year: Int) -> [DutyItem] {
        func units(_ letter: String, _ unit: CalendarUnit) -> [(suffix: String, first: CivilMonth)] {
            unit.firsts(inYear: year).enumerated().map { ("-\(letter)\($0 + 1)", $1) }
        }
        let january = CivilMonth(year: year, month: 1)
        let months: [(suffix: String, first: CivilMonth)] =
            switch rule {
            case .quarterEnd?: units("q", .quarter)
            case .halfYearEnd?: units("h", .halfYear)
            default: [("", january)]
            }
        func item(
            _ suffix: String, _ month: CivilMonth, _ deadline: DueRule.Deadline?, _ holiday: Wording? = nil
        ) -> DutyItem {
            let period = Code(unchecked: "\(year)\(suffix)")
            let end = DayPeriod(named: period)?.end ?? CivilMonth(year: year, month: 12).lastDay + 1
            return DutyItem(
                clause: clause.clause, title: clause.title, owner: clause.owner, level: clause.level,
                target: clause.target, evidence: clause.evidence, period: period, holiday: holiday, rule: rule,
                terms: DutyTerms(
                    firstDay: month.firstDay, warnFrom: deadline?.warnFrom, lastDay: deadline?.lastDay,
                    pieces: clause.pieces, owner: clause.owner, periodEnd: end - 1, evaluator: clause.evaluator))
        }
        if case .holiday? = rule {
            return duties.holidays.compactMap { feast in
                feast.period(year: year).flatMap { rule?.deadline(for: $0) }.map { deadline in
                    item("-\(feast.code)", january, deadline, feast.title)
                }
            }
        }
        let deadlines = rule?.deadlines(year: year) ?? []
        guard deadlines.count == months.count else { return [item("", january, deadlines.first)] }
        return zip(months, deadlines).map { item($0.suffix, $0.first, $1) }
    }
}

extension PackRegistry {
    /// What the published versions of a pack ask of the offices of a division in a year: each duty by the version in force
    /// on its last day, those without a date by the last version of the year.
    package func dutyItems(of pack: PackID, in division: DivisionCode, year: Int) -> [DutyItem] {
        guard (1...9999).contains(year) else { return [] }
        let whole = DayPeriod(
            start: CivilMonth(year: year, month: 1).firstDay, end: CivilMonth(year: year, month: 12).lastDay + 1)
        let versions = periods(of: pack).filter { version in
            version.version.pack.isFor(division) && version.period.start < (whole.end ?? .init(dayNumber: .max))
                && (version.period.end.map { $0 > whole.start } ?? true)
        }
        return versions.enumerated().flatMap { index, version in
            version.version.pack.dutyItems(year: year).filter { item in
                item.terms.lastDay.map { version.period.contains($0) } ?? (index == versions.count - 1)
            }
        }
    }

    /// Whether a published version for the division has the clause.
    /// - Parameter pack: Only of this pack; nil = of any.
    package func hasClause(_ clause: ClauseID, of pack: PackID?, in division: DivisionCode) -> Bool {
        packs.contains { id in
            (pack == nil || pack == id)
                && periods(of: id).contains { $0.version.pack.isFor(division) && $0.version.pack.hasClause(clause) }
        }
    }

    /// The departments whose a report is, by the published packs for its division; empty = no pack names one, and any may
    /// send it.
    package func owners(of report: ReportScope) -> [DepartmentID] {
        let found = packs.filter { report.pack == nil || report.pack == $0 }.flatMap { periods(of: $0) }
            .map(\.version.pack).filter { $0.isFor(report.division) }
        guard let clause = report.owningClause else {
            return found.last?.indicatorOwners(in: report.division) ?? []
        }
        return found.flatMap { $0.owners(of: clause) }
    }

    /// The departments whose a report about loans is; empty = no pack names one, and any may send it.
    package func owners(of report: LoanReportScope) -> [DepartmentID] {
        packs.flatMap { periods(of: $0) }.map(\.version.pack).filter { $0.isFor(report.division) }
            .flatMap { $0.owners(of: report.kind.clause) }
    }

    /// Whether some published version of the pack is for the division.
    package func applies(_ pack: PackID, in division: DivisionCode) -> Bool {
        periods(of: pack).contains { $0.version.pack.isFor(division) }
    }

    /// Whether a published version for the division reads the figure: a fact about a city in the book of a city or county, one
    /// about a village in the village's.
    package func check(
        _ fact: FactID, _ value: FactValue, of pack: PackID, in division: DivisionCode
    ) -> DutyContext.FigureCheck {
        let versions = periods(of: pack).map(\.version.pack).filter { $0.isFor(division) }
        let found = versions.filter { $0.vocabulary[fact].map { $0.isFigure && $0.isStated(in: division) } ?? false }
        guard !found.isEmpty else { return .unknown }
        return found.contains { $0.accepts(value, as: fact) } ? .good : .badValue
    }

    /// Target in percent that a published version sets for a measure (`awareness_rate`); nil = none.
    package func targetPercent(_ measure: Code, of clause: ClauseID, pack: PackID) -> Int? {
        let targets = periods(of: pack).flatMap(\.version.pack.declarations).filter { $0.clause == clause }
            .flatMap(\.targets)
        return targets.last { $0.unit == "\(measure)_rate" }.map { Int($0.value) }
    }
}

extension RulePack {
    /// Whether the pack applies in the division.
    func isFor(_ division: DivisionCode) -> Bool { territory.map { division.isWithin($0) } ?? true }

    /// Whether the figure may have the value: of its form, none less than nothing, and within the bound that the pack declares.
    fileprivate func accepts(_ value: FactValue, as fact: FactID) -> Bool {
        guard let definition = vocabulary[fact], definition.accepts(value) else { return false }
        guard let most = figure(fact)?.most else { return true }
        return switch value {
        case .int(let number): number <= most
        case .decimal(let thousandths): Int128(thousandths) <= Int128(most) * 1_000
        case .money(let fen): Int128(fen.amount) <= Int128(most) * 100
        default: true
        }
    }
}
