import CareDomain
import CareProjections
import CareWire
import RuleEngine

extension QueryEngine {
    private var books: LendingBooks { surroundings.lending ?? LendingBooks() }

    /// When an instalment is overdue, as known at a moment; nil = as known now.
    func overdueTerms(_ moment: Moment? = nil) -> OverdueTerms {
        surroundings.rules.map { rules in
            OverdueTerms(rules.registry, set: rules.parameters, knownAt: moment.map { .recorded($0) } ?? .latest)
        } ?? .standard
    }

    private func wantedDivision(_ text: String) throws -> DivisionCode? {
        guard !text.isEmpty else { return nil }
        guard let division = DivisionCode(text) else { throw QueryRefusal.field("division") }
        return division
    }

    // MARK: Funds

    func funds(_ query: Care_V1_ListFundsQuery) throws -> Care_V1_FundList {
        let wanted = try wantedDivision(query.division)
        var list = Care_V1_FundList()
        list.funds = try visibleFunds.filter { fund in
            wanted.map { fund.scope?.division.isWithin($0) ?? false } ?? true
        }.map(entry)
        return list
    }

    func fund(_ query: Care_V1_FundQuery) throws -> Care_V1_FundPage {
        let text = query.fund.lowercased()
        guard text.utf8.count >= 4 else { throw QueryRefusal.field("fund") }
        let found = visibleFunds.filter { $0.id.description.hasPrefix(text) }
        guard let fund = found.first, found.count == 1 else { throw QueryRefusal.notFound(.unknownFund) }
        var page = Care_V1_FundPage()
        page.fund = try entry(fund)
        let hidesCases = sight.hides(.loan, in: fund.scope.map { [$0.division] } ?? [])
        var available = Fen.zero
        let entries = FundEntries(books.events[.fund(fund.id)] ?? [], books)
        // Whoever applies to it from below is told what it has; its single movements are payouts to families of other places.
        let isOwn = fund.scope.map { principal.mayAct(in: $0.division) } ?? false
        for known in isOwn ? books.events[.fund(fund.id)] ?? [] : [] {
            guard case .fund(let event) = known.event else { continue }
            available += event.postings.filter { $0.account == .bank }.sum
            guard let movement = Self.movement(event) else { continue }
            var wire = Care_V1_FundPage.Movement()
            wire.sequence = known.reference.sequence
            wire.occurredOn = known.occurredOn.dayNumber
            wire.kind = movement.kind
            wire.amountFen = movement.amount.amount
            // Whose case a movement belongs to is told to whoever may see the cases.
            let isCase = movement.other.map { books.loans[LoanID($0)] != nil } ?? false
            wire.other = .init(isCase && hidesCases ? [] : movement.other?.bytes ?? [])
            if case .takenOver(let taken) = event { wire.cause = taken.cause.sequence }
            wire.reverses = entries.reversed[known.reference]?.sequence ?? 0
            wire.reversedBy = entries.reversals[known.reference]?.sequence ?? 0
            if !(isCase && hidesCases) { wire.reason = entries.reasons[known.reference]?.rawValue ?? "" }
            wire.availableFen = available.amount
            page.movements.append(wire)
        }
        return page
    }

    private static func movement(_ event: FundEvent) -> (kind: String, amount: Fen, other: Identifier128?)? {
        switch event {
        case .opened, .historyStated, .referenceTaken, .referenceFreed: nil
        case .deposited(let event): ("deposited", event.amount, nil)
        case .reserved(let claim): ("reserved", claim.amount, claim.loan.value)
        case .released(let claim): ("released", claim.amount, claim.loan.value)
        case .posted(let event):
            (
                event.movement.kind.rawValue + (event.movement.reverses == nil ? "" : "_reversed"),
                event.movement.amount, event.loan.value
            )
        case .reversed(let event): ("\(event.kind.rawValue)_reversed", event.amount, nil)
        case .handedOver(let event): ("handed_over", event.amount, event.to.value)
        case .takenOver(let event): ("taken_over", event.amount, event.from.value)
        }
    }

    /// Funds of the caller's divisions, and those that help families of its divisions: a village applies to its district's fund.
    private var visibleFunds: [Fund] {
        let sight = self.sight
        return books.fundOrder.compactMap { books.funds[$0] }.filter { fund in
            guard let place = fund.scope?.division else { return false }
            return principal.mayAct(in: place)
                || principal.divisions.contains { $0.isWithin(place) } && !sight.hides(.loan, in: [place])
        }
    }

    private func entry(_ fund: Fund) throws -> Care_V1_FundEntry {
        var wire = Care_V1_FundEntry()
        wire.fund = fund.id.wireData
        wire.division = fund.scope?.division.rawValue ?? ""
        wire.mode = fund.scope?.mode.rawValue ?? ""
        wire.number = UInt32(clamping: fund.scope?.number ?? 0)
        wire.openedOn = fund.openedOn?.dayNumber ?? 0
        wire.availableFen = fund.available.amount
        wire.reservedFen = fund.ledger.balance(.transit).amount
        wire.outstandingFen = fund.ledger.balance(.lent).amount
        wire.capitalFen = fund.deposits.reduce(Fen.zero) { $0 + $1.deposited.amount }.amount
        wire.underWayFen = books.underWay(from: fund).amount
        wire.balances = fund.ledger.balances.sorted { $0.key < $1.key }.map { Posting($0.key, $0.value).wire() }
        wire.findings = books.findings(of: fund).map(\.rawValue)
        return wire
    }

    // MARK: Cases

    func loans(_ query: Care_V1_ListLoansQuery) throws -> Care_V1_LoanList {
        let day = try day(query.asOf, "as_of")
        let wanted = try wantedDivision(query.division)
        let mother = query.mother.isEmpty ? nil : PersonID(bytes: query.mother)
        let household = query.household.isEmpty ? nil : HouseholdID(bytes: query.household)
        let terms = overdueTerms()
        let matches: (LoanCase) -> Bool
        switch query.filter {
        case "", "all": matches = { _ in true }
        case "open": matches = { [.reviewing, .approved, .running].contains($0.state(on: day)) }
        case "overdue": matches = { $0.overdue(on: day, by: terms) > .zero }
        case "due":
            let last = day + Int32(clamping: query.daysAhead)
            matches = { $0.next(on: day).map { $0.instalment.dueOn <= last } ?? false }
        default: throw QueryRefusal.field("filter")
        }
        var list = Care_V1_LoanList()
        list.loans = try visibleLoans.filter { loan in
            guard let applied = loan.application, applied.on <= day, matches(loan) else { return false }
            return wanted.map { isOf(loan, $0) } ?? true && mother.map { applied.content.mother == $0 } ?? true
                && household.map { applied.content.household == $0 } ?? true
        }.map { try entry($0, on: day, terms) }
        return list
    }

    func loan(_ query: Care_V1_LoanQuery) throws -> Care_V1_LoanPage {
        let day = try day(query.asOf, "as_of")
        let text = query.loan.lowercased()
        guard text.utf8.count >= 4 else { throw QueryRefusal.field("loan") }
        let found = visibleLoans.filter { $0.id.description.hasPrefix(text) }
        guard let loan = found.first, found.count == 1 else { throw QueryRefusal.notFound(.unknownLoan) }
        var page = Care_V1_LoanPage()
        let terms = overdueTerms()
        page.entry = try entry(loan, on: day, terms)
        var paid = loan.repaid(by: day)
        page.instalments = loan.instalments.map { instalment in
            var wire = Care_V1_LoanPage.Instalment()
            let part = min(paid, instalment.amount)
            paid = paid - part
            wire.instalment = instalment.wire()
            wire.repaidFen = part.amount
            wire.isOverdue = part < instalment.amount && loan.isOverdue(instalment, on: day, by: terms)
            return wire
        }
        page.acts = (books.events[.loan(loan.id)] ?? []).filter { $0.occurredOn <= day }.compactMap {
            Self.act($0, of: loan)
        }
        return page
    }

    private static func act(_ known: KnownLendingEvent, of loan: LoanCase) -> Care_V1_LoanPage.Act? {
        guard case .loan(let event) = known.event else { return nil }
        var wire = Care_V1_LoanPage.Act()
        wire.sequence = known.reference.sequence
        wire.occurredOn = known.occurredOn.dayNumber
        wire.kind = UInt32(clamping: event.kind.rawValue)
        wire.actor = known.actor?.rawValue ?? ""
        // That an act counts no more is told of every day, for it counts on none.
        if let reversal = loan.entries.first(where: { $0.reference == known.reference })?.reversal {
            wire.reversedBy = reversal.reference.sequence
            wire.reversedOn = reversal.on.dayNumber
        }
        switch event {
        case .applied(let applied): (wire.detail, wire.amountFen) = (applied.purpose.rawValue, applied.amount.amount)
        case .reviewed(let reviewed):
            wire.detail = reviewed.level.rawValue + (reviewed.reason.map { ":\($0)" } ?? "")
        case .guaranteed(let committee, let paper): wire.detail = "\(committee) \(paper)"
        case .signed(let party, _):
            let counts = loan.signatures[party]?.reference == known.reference
            wire.detail = party.rawValue + (counts ? "" : ":replaced")
        case .informed: break
        case .helperNamed(let code), .withdrawn(let code): wire.detail = code.rawValue
        case .writeOffProposed(let code):
            let proposal = loan.proposals.first { $0.reference == known.reference }?.content
            (wire.detail, wire.amountFen) = (code.rawValue, proposal?.rest.amount ?? 0)
        case .disbursed(let amount), .writtenOff(let amount): wire.amountFen = amount.amount
        case .repaid(let amount, let receipt):
            let isRecovery = loan.entries.contains { $0.reference == known.reference && $0.kind == .recovered }
            (wire.detail, wire.amountFen) = ((isRecovery ? "recovered:" : "") + receipt.rawValue, amount.amount)
        case .staged(let stage): wire.detail = stage.rawValue
        case .exitAssessed(let isOut, let basis): wire.detail = (isOut ? "out:" : "back:") + basis.rawValue
        case .noticeRaised(let notice):
            (wire.detail, wire.amountFen) = (notice.kind.rawValue, notice.amount?.amount ?? 0)
        case .reversed(let reversed):
            (wire.detail, wire.amountFen) = (reversed.reason.rawValue, reversed.amount.amount)
            wire.reverses = reversed.entry.sequence
        case .noticeDelivered: return nil
        }
        return wire
    }

    var visibleLoans: [LoanCase] {
        let (divisions, sight) = (principal.divisions, self.sight)
        return books.loanOrder.compactMap { books.loans[$0] }.filter { loan in
            loan.application != nil && divisions.contains { isOf(loan, $0) } && maySee(loan, sight)
        }
    }

    /// Of some cases those that are told to the department.
    func told(_ cases: [LoanCase]) -> [LoanCase] {
        let sight = self.sight
        return cases.filter { maySee($0, sight) }
    }

    /// Whether the cases of a place are told to the department: each is told whole or not at all.
    func maySee(_ loan: LoanCase, _ sight: FactSight) -> Bool {
        guard sight.mayHide(.loan) else { return true }
        let places = [loan.application?.content.division, books.district(of: loan)].compactMap { $0 }
        return !sight.hides(.loan, in: Set(places))
    }

    /// Whether a case is of a division: the household's, or the fund's.
    private func isOf(_ loan: LoanCase, _ division: DivisionCode) -> Bool {
        loan.application?.content.division?.isWithin(division) ?? false
            || books.district(of: loan)?.isWithin(division) ?? false
    }

    private func entry(_ loan: LoanCase, on day: CivilDay, _ terms: OverdueTerms) throws -> Care_V1_LoanEntry {
        var wire = Care_V1_LoanEntry()
        wire.loan = loan.id.wireData
        if let application = loan.application {
            wire.application = try application.content.wire()
            wire.appliedOn = application.on.dayNumber
        }
        wire.state = loan.state(on: day).rawValue
        if let payout = loan.payout, payout.on <= day { wire.disbursedOn = payout.on.dayNumber }
        wire.outstandingFen = loan.outstanding(on: day).amount
        wire.overdueFen = loan.overdue(on: day, by: terms).amount
        if let next = loan.next(on: day) {
            wire.next = next.instalment.wire()
            wire.nextRestFen = next.rest.amount
        }
        wire.helper = loan.helper(on: day)?.rawValue ?? ""
        wire.stage = loan.stage(on: day)?.rawValue ?? ""
        wire.isOut = loan.isOut(on: day) ?? false
        if [.reviewing, .approved].contains(loan.state(on: day)) {
            wire.missingSteps = loan.missing(on: day).map(\.rawValue)
        }
        return wire
    }

    // MARK: Reports

    func loanReport(_ query: Care_V1_LoanReportQuery) throws -> Care_V1_LoanReportPage {
        guard let kind = LoanReportScope.Kind(rawValue: query.kind) else { throw QueryRefusal.field("kind") }
        guard let division = try wantedDivision(query.division), principal.mayAct(in: division) else {
            throw QueryRefusal.field("division")
        }
        let scope = LoanReportScope(
            kind: kind, division: division, firstDay: try day(query.firstDay, "first_day"),
            lastDay: try day(query.lastDay, "last_day"))
        guard scope.firstDay <= scope.lastDay else { throw QueryRefusal.field("last_day") }
        let knownAt = query.hasKnownAt ? Moment(microseconds: query.knownAt) : books.lastRecordedAt
        let id = LoanReportID.derived(from: scope)
        var page = Care_V1_LoanReportPage()
        page.report = id.wireData
        page.knownAt = knownAt.microseconds
        page.figures = figures(scope, knownAt).map { $0.wire() }
        page.versions = try (books.reports[id]?.versions ?? []).map { version in
            var wire = Care_V1_LoanReportPage.Version()
            wire.report = try version.sent.wire()
            wire.sentOn = version.on.dayNumber
            wire.actor = version.by?.rawValue ?? ""
            wire.isReproduced = figures(scope, version.sent.knownAt) == version.sent.figures
            return wire
        }
        return page
    }

    private func figures(_ scope: LoanReportScope, _ moment: Moment) -> [LoanFigure] {
        lendingFigures(in: scope.division, scope.firstDay, scope.lastDay, moment).figures
    }

    /// What funds and cases of a division come to.
    func lendingFigures(
        in division: DivisionCode, _ first: CivilDay, _ last: CivilDay, _ moment: Moment
    ) -> LendingFigures {
        // As the document has it that is in force on the last day.
        let versions = surroundings.rules?.registry.inForce(on: last, knownAt: .recorded(moment)) ?? []
        let places = versions.lazy.compactMap(\.pack.lendingPlaces).first {
            $0.territory.map { division.isWithin($0) || $0.isWithin(division) } ?? false
        }
        return books.known(at: moment).figures(
            of: division, from: first, through: last, overdueBy: overdueTerms(moment), lentIn: places ?? .everywhere)
    }
}

/// Which movements of a fund reverse which, by their sequences in its stream.
private struct FundEntries {
    /// The entry that a movement reverses.
    private(set) var reversed: [EventReference: EventReference] = [:]
    /// The movement that reverses an entry.
    private(set) var reversals: [EventReference: EventReference] = [:]
    /// Why.
    private(set) var reasons: [EventReference: Code] = [:]

    private struct Booked: Hashable {
        let loan: LoanID
        let cause: EventReference
    }

    init(_ events: [KnownLendingEvent], _ books: LendingBooks) {
        var booked: [Booked: EventReference] = [:]
        for known in events {
            switch known.event {
            case .fund(.posted(let event)):
                booked[Booked(loan: event.loan, cause: event.movement.cause)] = known.reference
                guard let cause = event.movement.reverses,
                    let entry = booked[Booked(loan: event.loan, cause: cause)]
                else { continue }
                let own = books.loans[event.loan]?.entries.first { $0.reference == cause }
                take(known.reference, entry, own?.reversal?.content.reason)
            case .fund(.reversed(let event)): take(known.reference, event.entry, event.reason)
            default: continue
            }
        }
    }

    private mutating func take(_ reversal: EventReference, _ entry: EventReference, _ reason: Code?) {
        reversed[reversal] = entry
        reversals[entry] = reversal
        reasons[reversal] = reason
    }
}
