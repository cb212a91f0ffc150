import CareDomain
import CareProjections
import CareWire

extension QueryEngine {
    /// Grants in one answer.
    private static let mostGrants = 4096

    /// Guidance numbers of a year with what is left of them, for the units in which the caller may act.
    func quota(_ query: Care_V1_QuotaQuery) throws -> Care_V1_QuotaPage {
        var page = Care_V1_QuotaPage()
        guard let terms = terms(of: Int(query.year)) else { return page }
        let wanted = try unitDivision(query.division)
        page.pack = terms.pack.rawValue
        page.isCap = terms.isCap
        page.projects = terms.projects.map { project in
            .with {
                $0.clause = project.clause.rawValue
                $0.title = project.title
                $0.column = project.column
                $0.standardFen = project.standard.amount
            }
        }
        page.units = terms.units.filter { unit in
            principal.mayAct(in: unit.division) && (wanted.map { unit.division.isWithin($0) } ?? true)
        }.map { row($0, terms, Int(query.year)) }
        return page
    }

    private func row(_ unit: GuidanceTerms.Unit, _ terms: GuidanceTerms, _ year: Int) -> Care_V1_QuotaPage.Unit {
        let standing = surroundings.units?.units[unit.division] ?? UnitStanding(division: unit.division)
        let known = standing.year(year)
        var wire = Care_V1_QuotaPage.Unit()
        wire.division = unit.division.rawValue
        wire.code = unit.code.rawValue
        wire.title = unit.title
        wire.cityParts = UInt32(clamping: unit.shares.city)
        wire.unitParts = UInt32(clamping: unit.shares.unit)
        let budget = known.budget ?? terms.budget(of: unit.division, in: year)
        if let budget { wire.budgetFen = budget.amount }
        if let advance = known.advance ?? terms.advance(of: unit.division, in: year) {
            wire.advanceFen = advance.amount
        }
        var full = Fen.zero
        for project in terms.projects {
            let taken = standing.taken(project.clause, in: year)
            let confirmed = taken.filter { $0.state != .reserved }
            var cell = Care_V1_QuotaPage.Cell()
            cell.clause = project.clause.rawValue
            cell.isSet = known.numbers[project.clause] != nil
            cell.places = UInt32(clamping: known.numbers[project.clause] ?? 0)
            cell.reserved = UInt32(clamping: taken.count - confirmed.count)
            cell.confirmed = UInt32(clamping: confirmed.count)
            cell.amountFen = confirmed.reduce(Fen.zero) { $0 + $1.amount }.amount
            wire.cells.append(cell)
            full += project.standard * Int64(known.numbers[project.clause] ?? 0)
        }
        wire.fullCostFen = full.amount
        wire.fullShareFen =
            Settlement.Result(
                cost: full, score: terms.reduction.fullFrom, shares: unit.shares, terms: terms.reduction, budget: nil
            ).share.amount
        return wire
    }

    /// Grants of the units in which the caller may act.
    func grants(_ query: Care_V1_ListGrantsQuery) throws -> Care_V1_GrantList {
        let wanted = try unitDivision(query.division)
        let household = query.household.isEmpty ? nil : HouseholdID(bytes: query.household)
        if !query.household.isEmpty, household == nil { throw QueryRefusal.field("household") }
        let prefix = query.grant.lowercased()
        guard prefix.isEmpty || (4...26).contains(prefix.utf8.count) else { throw QueryRefusal.field("grant") }
        var list = Care_V1_GrantList()
        let units = (surroundings.units?.units ?? [:]).values.sorted { $0.division < $1.division }
        for unit in units where principal.mayAct(in: unit.division) {
            guard wanted.map({ unit.division.isWithin($0) }) ?? true else { continue }
            for place in unit.order.compactMap({ unit.places[$0] }) {
                let reserved = place.reserved
                guard query.year == 0 || reserved.year == Int(query.year),
                    household == nil || reserved.household == household,
                    prefix.isEmpty || reserved.grant.description.hasPrefix(prefix)
                else { continue }
                guard list.entries.count < Self.mostGrants else {
                    list.hasMore_p = true
                    return list
                }
                list.entries.append(entry(place, unit.division))
            }
        }
        return list
    }

    private func entry(_ place: UnitStanding.Place, _ unit: DivisionCode) -> Care_V1_GrantList.Entry {
        let reserved = place.reserved
        var wire = Care_V1_GrantList.Entry()
        wire.grant = .init(reserved.grant.value.bytes)
        wire.division = unit.rawValue
        wire.year = UInt32(clamping: reserved.year)
        wire.clause = reserved.clause.rawValue
        wire.title = words.title(reserved.clause)
        wire.household = reserved.household.wireData
        wire.amountFen = place.amount.amount
        wire.state = place.stateCode
        wire.isBeyond = reserved.isBeyond
        wire.reason = reserved.reason?.rawValue ?? ""
        if case .released(_, let reason) = place.state { wire.reason = reason.rawValue }
        wire.reservedOn = place.reservedOn.dayNumber
        wire.actor = place.by?.rawValue ?? ""
        wire.awardSequence = place.award?.sequence ?? 0
        return wire
    }

    /// What a settlement rests on, and the settlements made.
    func settlement(_ query: Care_V1_SettlementQuery) throws -> Care_V1_SettlementPage {
        let year = Int(query.year)
        guard let division = try unitDivision(query.division), principal.mayAct(in: division),
            let terms = terms(of: year), let unit = terms.unit(division)
        else { throw QueryRefusal.unitNotFound }
        let standing = surroundings.units?.units[division] ?? UnitStanding(division: division)
        let known = standing.year(year)
        var page = Care_V1_SettlementPage()
        page.division = division.rawValue
        page.title = unit.title
        page.year = query.year
        page.parts = terms.parts.map { part($0, known, most: $0.most) } + [part(terms.adjustment, known, most: nil)]
        if let budget = known.budget ?? terms.budget(of: division, in: year) { page.budgetFen = budget.amount }
        if let advance = known.advance ?? terms.advance(of: division, in: year) { page.advanceFen = advance.amount }
        page.carriedInFen = standing.year(year - 1).settlements.last?.settlement.carriedOut.amount ?? 0
        page.versions = try known.settlements.map { made in
            var wire = Care_V1_SettlementPage.Version()
            wire.settlement = try made.settlement.wire()
            wire.frozenOn = made.on.dayNumber
            wire.actor = made.by?.rawValue ?? ""
            wire.lines = SettlementSheet(made.settlement, title: words.title).lines.map { line in
                .with {
                    $0.code = line.code
                    $0.textZh = line.title.chinese
                    $0.textEn = line.title.english
                    $0.formula = line.formula
                    $0.result = line.result
                }
            }
            return wire
        }
        return page
    }

    private func part(
        _ part: GuidanceTerms.Part, _ known: UnitStanding.Year, most: Points?
    ) -> Care_V1_SettlementPage.Part {
        var wire = Care_V1_SettlementPage.Part()
        wire.clause = part.clause.rawValue
        wire.title = part.title
        wire.mostThousandths = most?.thousandths ?? 0
        guard let score = known.scores[part.clause] else { return wire }
        wire.pointsThousandths = score.scored.points.thousandths
        wire.evidence = score.scored.evidence ?? ""
        wire.reason = score.scored.reason?.rawValue ?? ""
        wire.actor = score.by?.rawValue ?? ""
        return wire
    }

    private func terms(of year: Int) -> GuidanceTerms? { words.guidance.last { $0.years.contains(year) } }

    private func unitDivision(_ text: String) throws -> DivisionCode? {
        if text.isEmpty { return nil }
        guard let division = DivisionCode(text) else { throw QueryRefusal.field("division") }
        return division
    }
}
