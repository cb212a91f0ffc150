import CareDomain
import CareProjections
import CareWire

extension QueryEngine {
    /// Families named in one part of the list.
    private static let candidatesPerPart = 4096

    func candidates(_ query: Care_V1_PaymentCandidatesQuery) throws -> Care_V1_PaymentCandidates {
        let scope: BatchScope
        do { scope = try BatchScope(wire: query.scope) } catch { throw QueryRefusal.field("scope.\(error.field)") }
        guard principal.mayAct(in: scope.division) else { throw QueryRefusal.field("scope.division") }
        var after: HouseholdID?
        if !query.afterHousehold.isEmpty {
            after = HouseholdID(bytes: query.afterHousehold)
            if after == nil { throw QueryRefusal.field("after_household") }
        }
        let limit = Self.candidatesPerPart
        let found = try lists.paymentCandidates(
            scope, granted: granted(in: scope.division), after: after, limit: limit + 1)
        var kept = Array(found.prefix(limit))
        switch scope.kind {
        case .regular: break
        case .arrears: kept = kept.filter { surroundings.books?.decided[.arrears]?.contains($0) ?? false }
        case .recovery: kept = kept.filter { surroundings.books?.decided[.recovery]?.contains($0) ?? false }
        }
        var list = Care_V1_PaymentCandidates()
        list.householdIds = kept.map(\.wireData)
        list.hasMore_p = found.count > limit
        // The list goes on after the last family looked at, whether or not it is kept.
        if list.hasMore_p, let last = found.prefix(limit).last, kept.last != last {
            list.householdIds.append(last.wireData)
        }
        return list
    }

    /// Families with a grant of a unit within the division, wherever they are registered.
    private func granted(in division: DivisionCode) -> Set<HouseholdID> {
        let units = surroundings.units?.units.values.filter { $0.division.isWithin(division) } ?? []
        return Set(units.flatMap(\.places.values).filter(\.isTaken).map(\.reserved.household))
    }

    func batches(_ query: Care_V1_ListPaymentBatchesQuery) throws -> Care_V1_PaymentBatchList {
        var wanted: DivisionCode?
        if !query.division.isEmpty {
            wanted = DivisionCode(query.division)
            if wanted == nil { throw QueryRefusal.field("division") }
        }
        var list = Care_V1_PaymentBatchList()
        list.batches = visibleBatches.map(\.batch)
            .filter { batch in wanted.map { batch.scope?.division.isWithin($0) ?? false } ?? true }.map(Self.summary)
        return list
    }

    func batch(_ query: Care_V1_PaymentBatchQuery) throws -> Care_V1_PaymentBatchPage {
        let batch = try entry(query.batch).batch
        let showsAccounts = !sight.hides(.accountReference, in: batch.scope?.division)
        var page = Care_V1_PaymentBatchPage()
        page.summary = Self.summary(batch)
        page.lines = try batch.lines.map { line in
            var wire = Care_V1_PaymentBatchPage.Line()
            wire.number = UInt32(clamping: line.number)
            wire.household = line.ordered.household.wireData
            wire.orderSequence = line.ordered.order.sequence
            wire.line = try line.ordered.line.wire()
            wire.state = line.state.code
            wire.reason = line.state.reason?.rawValue ?? ""
            wire.title = words.title(line.ordered.line.clause)
            return wire
        }
        try tellUnrecordedDeaths(of: batch, in: &page)
        if batch.scope?.kind == .recovery { try tellHolders(of: batch, showsAccounts: showsAccounts, in: &page) }
        page.files = batch.files.map { file in
            var wire = Care_V1_PaymentBatchPage.File()
            wire.number = UInt32(clamping: file.number)
            wire.issuedOn = file.issuedOn.dayNumber
            wire.unansweredCount = UInt32(clamping: batch.unanswered(in: file))
            wire.firstOfRun = UInt32(clamping: batch.firstOfRun(file))
            wire.entries = file.entries.map { entry in
                var wire = Care_V1_PaymentBatchPage.Entry()
                wire.reference = BankReference(batch: batch.id, file: file.number, line: entry.line).description
                wire.line = UInt32(clamping: entry.line)
                wire.accountRef = showsAccounts ? entry.account : "***"
                wire.amountFen = entry.amount.amount
                if batch.lines.indices.contains(entry.line - 1) {
                    let line = batch.lines[entry.line - 1].ordered.line
                    wire.clause = line.clause.rawValue
                    wire.months = line.first == line.last ? "\(line.first)" : "\(line.first)..\(line.last)"
                }
                return wire
            }
            return wire
        }
        return page
    }

    /// Says of sums that are taken back which institutions got them, by the batches that paid.
    private func tellHolders(
        of batch: PaymentBatch, showsAccounts: Bool, in page: inout Care_V1_PaymentBatchPage
    ) throws {
        let entries = surroundings.books?.entries ?? [:]
        for (household, lines) in Dictionary(grouping: batch.lines, by: \.ordered.household) {
            guard let history = try LoadedHousehold(household, from: reader, sealed: .skip)?.history else { continue }
            for line in lines where page.lines.indices.contains(line.number - 1) {
                let holders = history.holders(of: line, payee: words.payees[line.ordered.line.clause]) {
                    entries[$0]?.batch
                }
                guard holders.contains(where: { $0.institution != nil }) else { continue }
                page.lines[line.number - 1].holders = holders.map { holder in
                    var wire = Care_V1_PaymentBatchPage.Holder()
                    wire.titleZh = holder.institution?.chinese ?? ""
                    wire.titleEn = holder.institution?.english ?? ""
                    wire.accountRef = holder.account.map { showsAccounts ? $0 : "***" } ?? ""
                    wire.amountFen = holder.amount.amount
                    return wire
                }
            }
        }
    }

    func reconcile(_ query: Care_V1_ReconcileQuery) throws -> Care_V1_Reconciliation {
        let entries = query.batch.isEmpty ? visibleBatches : [try entry(query.batch)]
        let found = try Reconciliation(entries) { household in
            try LoadedHousehold(household, from: reader, sealed: .skip)?.history.household
        }
        var wire = Care_V1_Reconciliation()
        wire.batchCount = UInt32(clamping: found.batches)
        wire.eventCount = found.events
        wire.lineCount = UInt64(found.lines)
        wire.balances = Self.balances(found.ledger)
        wire.sumFen = found.ledger.sum.amount
        wire.findings = found.findings.prefix(1000).map { finding in
            var wire = Care_V1_Reconciliation.Finding()
            wire.batch = .init(finding.batch.value.bytes)
            wire.line = UInt32(clamping: finding.line)
            wire.code = finding.code.rawValue
            if let household = finding.household { wire.household = household.wireData }
            return wire
        }
        return wire
    }

    func separation(_ query: Care_V1_SeparationQuery) throws -> Care_V1_SeparationReport {
        let about = query.batch.isEmpty ? nil : try entry(query.batch).batch.id
        let applying = query.batch.isEmpty ? try householdsWithApplications() : []
        var audit = try SeparationAudit(visibleBatches.map(\.batch), about: about, applying: applying) { household in
            try LoadedHousehold(household, from: reader, sealed: .skip)?.history.household
        }
        if query.batch.isEmpty {
            let units = surroundings.units?.units.values.filter { principal.mayAct(in: $0.division) } ?? []
            for unit in units.sorted(by: { $0.division < $1.division }) { audit.look(unit) }
            for loan in visibleLoans { audit.look(loan) }
        }
        var wire = Care_V1_SeparationReport()
        wire.caseCount = UInt64(audit.cases)
        for function in CaseFunction.allCases {
            for actor in audit.holders[function]?.sorted() ?? [] {
                var act = Care_V1_PaymentAct()
                act.act = function.rawValue
                act.actor = actor.rawValue
                wire.holders.append(act)
            }
        }
        wire.findings = audit.findings.prefix(1000).map { finding in
            var wire = Care_V1_SeparationReport.Finding()
            if let batch = finding.batch { wire.batch = .init(batch.value.bytes) }
            if let household = finding.household { wire.household = household.wireData }
            wire.clause = finding.clause?.rawValue ?? ""
            wire.unit = finding.unit?.rawValue ?? ""
            wire.year = Int32(clamping: finding.year ?? 0)
            if let loan = finding.loan { wire.loan = loan.wireData }
            wire.actor = finding.actor.rawValue
            wire.functions = finding.functions.map(\.rawValue) + (finding.statesAccounts ? ["accounts"] : [])
            return wire
        }
        return wire
    }

    /// Batches of divisions in which the caller may act.
    private var visibleBatches: [PaymentBooks.Entry] {
        guard let books = surroundings.books else { return [] }
        return books.order.compactMap { books.entries[$0] }.filter { entry in
            entry.batch.scope.map { principal.mayAct(in: $0.division) } ?? false
        }
    }

    private func entry(_ text: String) throws -> PaymentBooks.Entry {
        let text = text.lowercased()
        guard text.utf8.count >= 4, text.utf8.count <= 26 else { throw QueryRefusal.field("batch") }
        let found = visibleBatches.filter { $0.batch.id.description.hasPrefix(text) }
        guard let first = found.first, found.count == 1 else { throw QueryRefusal.batchNotFound }
        return first
    }

    private static func summary(_ batch: PaymentBatch) -> Care_V1_PaymentBatchSummary {
        var wire = Care_V1_PaymentBatchSummary()
        wire.batch = .init(batch.id.value.bytes)
        if let scope = try? batch.scope?.wire() { wire.scope = scope }
        wire.state = batch.stateCode
        if let day = batch.preparedOn { wire.preparedOn = day.dayNumber }
        if let moment = batch.closedAt { wire.closedAt = moment.microseconds }
        wire.memberCount = UInt32(clamping: batch.members.count)
        wire.membersDone = UInt32(clamping: batch.membersDone)
        wire.lineCount = UInt32(clamping: batch.lines.count)
        wire.totalFen = batch.total.amount
        for code in ["open", "in_transit", "paid", "failed", "returned", "reversed"] {
            let lines = batch.lines.filter { $0.state.code == code }
            guard !lines.isEmpty else { continue }
            var state = Care_V1_PaymentStateSum()
            state.state = code
            state.lineCount = UInt32(clamping: lines.count)
            state.totalFen = lines.reduce(Fen.zero) { $0 + $1.amount }.amount
            wire.states.append(state)
        }
        wire.balances = balances(batch.ledger)
        wire.hasOpenSteps_p = batch.work != nil
        wire.acts = batch.actors.map { acted in
            var act = Care_V1_PaymentAct()
            act.act = acted.act.rawValue
            act.actor = acted.actor.rawValue
            return act
        }
        return wire
    }

    private static func balances(_ ledger: Ledger) -> [Care_V1_Posting] {
        ledger.balances.sorted { $0.key < $1.key }.map { Posting($0.key, $0.value).wire() }
    }
}
