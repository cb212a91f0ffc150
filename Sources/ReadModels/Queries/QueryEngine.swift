import CareDomain
import CareProjections
import CareWire
import EventLog

/// Answers queries from the read model and the log. Has no state; called on a worker thread with that thread's reader.
package struct QueryEngine {
    /// What the owner of the log knows and the engine does not.
    package struct Surroundings: Sendable {
        /// Consumers as they reported.
        package var consumers = Care_V1_ConsumerList()
        /// Events that consumers cannot process.
        package var parkedEvents = Care_V1_ParkedEventList()
        /// Set while a rebuild runs.
        package var rebuild: ReadModelRebuild.Progress?
        /// Why the last rebuild failed; empty when it did not.
        package var lastFailure = ""
        /// The published rules, for the reasons on an archive page; without them it gives none.
        package var rules: PageRules?
        /// Positions of damaged events whose stream cannot be told.
        package var unplaced: [UInt64] = []
        /// The payment batches; without them none is shown.
        package var books: PaymentBooks?
        /// The applications; without them no list is shown.
        package var applications: ApplicationBooks?
        /// The units with their guidance numbers and grants; without them none is shown.
        package var units: UnitBooks?
        /// Funds and cases of the Happiness Project; without them none is shown.
        package var lending: LendingBooks?
        /// The duty books of the divisions; without them nothing is reported.
        package var duties: DutyBooks?
        /// Reports as they were sent; without them none is shown.
        package var reports: ReportBooks?
        /// Which files are kept; without them none is.
        package var attachments: AttachmentBooks?
        /// The newest signed checkpoint, and the proof of a stream with it; nil while there is none.
        package var checkpoint: @Sendable (StreamName?) throws -> (checkpoint: String, proof: String)? = { _ in nil }

        package init() {}
    }

    /// An answer, with what must be recorded before it may leave.
    package struct Answer: Sendable {
        package var reply: Care_V1_QueryReply
        /// Personal data is behind the reply: append this to the access stream first, and answer only when that succeeded.
        package var access: AccessEvent?
        /// What was compared, for whoever keeps count of it.
        package var comparison: Comparison?
    }

    let file: ReadModelFile
    let reader: any EventLogReader
    let words: CarePolicyWords
    let principal: Principal
    let today: CivilDay
    package let surroundings: Surroundings
    let tokens: TokenKey?

    /// - Parameters:
    ///   - file: The read model that answers.
    ///   - reader: The log; used by this thread only.
    ///   - words: Words of the published packs, the same with which the rows were made.
    ///   - principal: Who asks. Lists and counts hold only households of its divisions.
    ///   - today: The day on which it asks: who may open a household's page depends on where it belongs today.
    ///   - tokens: Makes tokens of ID numbers; without it nobody can be found by number.
    package init(
        file: ReadModelFile, reader: any EventLogReader, words: CarePolicyWords, principal: Principal,
        today: CivilDay, surroundings: Surroundings = Surroundings(), tokens: TokenKey? = nil
    ) {
        self.file = file
        self.reader = reader
        self.words = words
        self.principal = principal
        self.today = today
        self.surroundings = surroundings
        self.tokens = tokens
    }

    /// Answers one query.
    /// - Throws: `QueryRefusal` for a query that has no answer, `ReadModelError` or `EventLogError` when storage fails.
    package func answer(_ query: Care_V1_Query) throws -> Answer {
        try checkRights(to: query)
        var reply = Care_V1_QueryReply()
        switch query.query {
        case .householdPage(let query)?:
            let (page, access) = try page(query)
            reply.householdPage = page.wire
            return Answer(reply: reply, access: access)
        case .householdExport(let query)?:
            let (export, access) = try export(query)
            reply.householdExport = export
            return Answer(reply: reply, access: access)
        case .householdEvents(let query)?: reply.householdEvents = try events(query)
        case .fencedHouseholds?: reply.fencedHouseholds = try fenced()
        case .findHouseholds(let query)?: reply.households = try households(query)
        case .pairingCoverage(let query)?: reply.pairingCoverage = try coverage(query)
        case .pairingMissing(let query)?: reply.pairingGaps = try gaps(query)
        case .listNeeds(let query)?: reply.needs = try needs(query)
        case .listEntitlements(let query)?: reply.entitlements = try entitlements(query)
        case .listNotices(let query)?: reply.notices = try notices(query)
        case .listDueDifferences(let query)?: reply.dueDifferences = try dueDifferences(query)
        case .paymentCandidates(let query)?: reply.paymentCandidates = try candidates(query)
        case .paymentBatch(let query)?: reply.paymentBatch = try batch(query)
        case .listPaymentBatches(let query)?: reply.paymentBatches = try batches(query)
        case .reconcile(let query)?: reply.reconciliation = try reconcile(query)
        case .separation(let query)?: reply.separation = try separation(query)
        case .listApplications(let query)?: reply.applications = try applications(query)
        case .needsSummary(let query)?: reply.needsSummary = try needsSummary(query)
        case .visitCoverage(let query)?: reply.visitCoverage = try visitCoverage(query)
        case .visitMissing(let query)?: reply.visitMissing = try visitMissing(query)
        case .quota(let query)?: reply.quota = try quota(query)
        case .listGrants(let query)?: reply.grants = try grants(query)
        case .settlement(let query)?: reply.settlement = try settlement(query)
        case .rightsRoll(let query)?: reply.rightsRoll = try rightsRoll(query)
        case .helperLoad(let query)?: reply.helperLoad = try helperLoad(query)
        case .helperSuggestions(let query)?: reply.helperSuggestions = try helperSuggestions(query)
        case .listFunds(let query)?: reply.funds = try funds(query)
        case .fund(let query)?: reply.fund = try fund(query)
        case .listLoans(let query)?: reply.loans = try loans(query)
        case .loan(let query)?: reply.loan = try loan(query)
        case .loanReport(let query)?: reply.loanReport = try loanReport(query)
        case .dutyCalendar(let query)?: reply.dutyCalendar = try dutyCalendar(query)
        case .listExchanges(let query)?: reply.exchanges = try exchanges(query)
        case .listConsultations(let query)?: reply.consultations = try consultations(query)
        case .listSurveys(let query)?: reply.surveys = try surveys(query)
        case .samples(let query)?: reply.samples = try samples(query)
        case .listAttachments(let query)?: reply.attachments = try attachments(query)
        case .keptAttachments(let query)?: reply.keptAttachments = try kept(query)
        case .handOuts(let query)?: reply.handOuts = try handOuts(query)
        case .handOutCoverage(let query)?: reply.handOutCoverage = try handOutCoverage(query)
        case .listOfficeNotices(let query)?: reply.officeNotices = try officeNotices(query)
        case .indicators(let query)?: reply.indicators = try indicators(query)
        case .listReports(let query)?: reply.reports = try reports(query)
        case .listConsumers?: reply.consumers = surroundings.consumers
        case .listParkedEvents(let query)?: reply.parkedEvents = try parkedEvents(query)
        case .withheldFacts?: reply.withheldFacts = withheldFacts()
        case .replay(let query)?: reply.replay = try replay(query)
        case .forecast(let query)?: reply.forecast = try forecast(query)
        case .listUnrecordedDeaths(let query)?: reply.unrecordedDeaths = try unrecordedDeaths(query)
        case .projectionStatus?: reply.projectionStatus = try status()
        case .checkpoint(let query)?: reply.checkpoint = try checkpoint(query)
        case .compareDetails(let query)?:
            let (compared, comparison) = try compare(query)
            reply.comparedDetails = compared
            return Answer(reply: reply, access: .compared(comparison.record), comparison: comparison)
        case nil: throw QueryRefusal.empty
        }
        return Answer(reply: reply, access: nil)
    }

    /// - Throws: `QueryRefusal` naming the first right that is missing for the query.
    private func checkRights(to query: Care_V1_Query) throws {
        for right in query.query.map(QueryRights.needed) ?? [.query] where !principal.rights.contains(right) {
            throw QueryRefusal.missingRight(right)
        }
    }

    /// The checkpoint says nothing about anybody; a proof tells how many events a household has.
    private func checkpoint(_ query: Care_V1_CheckpointQuery) throws -> Care_V1_CheckpointReply {
        let stream = query.household.isEmpty ? nil : try household(query.household, sealed: .skip).history.id.stream
        guard let found = try surroundings.checkpoint(stream) else { throw QueryRefusal.noCheckpoint }
        if stream != nil, found.proof.isEmpty { throw QueryRefusal.noProof }
        return .with {
            $0.checkpoint = found.checkpoint
            $0.proof = found.proof
        }
    }

    // MARK: One household

    private func page(_ query: Care_V1_HouseholdPageQuery) throws -> (CareArchive, AccessEvent?) {
        let isRevealed = try wantsReveal(query.revealReason)
        let loaded = try household(query.household, sealed: .open)
        let question = ArchiveQuestion(
            asOf: try day(query.asOf, "as_of"),
            knownAt: query.hasKnownAt ? Moment(microseconds: query.knownAt) : nil,
            basis: CareArchive.Basis(query.basis), isRevealed: isRevealed)
        let people = try PeopleElsewhere(of: loaded.history, knownAt: question.knownAt, from: reader)
        var page = CareArchive(
            loaded, question, words: words, evaluator: surroundings.rules,
            others: try others(of: loaded.history, people), people: people,
            withheld: sight.withheld(of: loaded.history))
        let members = loaded.history.household.members.map(\.id)
        let cases = try FamilyLoans.cases(of: members, knownAt: question.knownAt, from: reader)
        page.take(told(cases), words: words, overdueBy: overdueTerms(question.knownAt))
        return (page, access(loaded.history.id, query.revealReason))
    }

    /// The files with which a household exchanged persons, and those that know its people besides: what they paid and owe of a right
    /// says what is owed here.
    private func others(of history: HouseholdHistory, _ people: PeopleElsewhere) throws -> [HouseholdHistory] {
        var read: [HouseholdID: HouseholdHistory] = [:]
        while let next = history.filesWanted(beside: read, people).first {
            read[next] = try LoadedHousehold(next, from: reader, sealed: .skip)?.history ?? HouseholdHistory(id: next)
        }
        return read.values.sorted { $0.id < $1.id }
    }

    private func export(_ query: Care_V1_HouseholdExportQuery) throws -> (Care_V1_HouseholdExport, AccessEvent?) {
        let isRevealed = try wantsReveal(query.revealReason)
        let loaded = try household(query.household, sealed: .open)
        var export = Care_V1_HouseholdExport()
        export.household = loaded.history.id.wireData
        let withheld = sight.withheld(of: loaded.history)
        export.lines = CanonicalExport.lines(
            of: loaded.history, isRevealed: isRevealed, withheld: withheld.sequences)
        export.withheldFacts = told(withheld.facts)
        export.fenced = loaded.fence != nil
        export.unreadableSequences = loaded.unreadable
        return (export, access(loaded.history.id, query.revealReason))
    }

    private func wantsReveal(_ reason: String) throws -> Bool {
        if reason.isEmpty { return false }
        try requireReveal(reason)
        return true
    }

    /// Personal data is shown with the right and a reason only.
    package func requireReveal(_ reason: String) throws {
        guard principal.rights.contains(.reveal) else { throw QueryRefusal.missingRight(.reveal) }
        guard reason.utf8.count <= 500, reason.contains(where: { !$0.isWhitespace }) else {
            throw QueryRefusal.revealReason
        }
    }

    private func access(_ household: HouseholdID, _ reason: String) -> AccessEvent? {
        reason.isEmpty ? nil : .read(SealedPartsRead(household: household, reason: reason))
    }

    /// The household with this id, or the only one the caller may see whose id begins like this.
    func household(_ text: String, sealed: SealedReading) throws -> LoadedHousehold {
        let text = text.lowercased()
        var id = HouseholdID(text)
        if id == nil {
            guard text.utf8.count < 26 else { throw QueryRefusal.householdText }
            let found = try lists.households(scope(today, ""), .init(prefix: prefix(text)), ListPage(size: 5))
            guard found.entries.count < 2 else { throw QueryRefusal.ambiguous(found.entries.map(\.household)) }
            id = found.entries.first?.household
        }
        // Read from the log, not from the rows: a household that was registered a moment ago is there already.
        guard let id, let loaded = try LoadedHousehold(id, from: reader, sealed: sealed) else {
            throw QueryRefusal.householdNotFound
        }
        if let division = loaded.history.household.division(on: today) {
            guard principal.mayAct(in: division) else { throw QueryRefusal.householdNotFound }
            return loaded
        }
        // The damage took its registration with it: the rows still know to whom it belongs, and "no such file" would be false.
        let known =
            try loaded.unreadable.isEmpty ? 0 : lists.households(scope(today, ""), .init(prefix: id.description)).total
        throw known > 0 ? QueryRefusal.damaged(id, []) : QueryRefusal.householdNotFound
    }

    /// The beginning of a household's id, or all of it.
    func prefix(_ text: String) throws -> String {
        let text = text.lowercased()
        let isPlain = text.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) }
        guard (4...26).contains(text.utf8.count), isPlain else { throw QueryRefusal.householdText }
        return text
    }

    // MARK: Read model

    private func status() throws -> Care_V1_ProjectionStatus {
        var status = Care_V1_ProjectionStatus()
        let head = try reader.head()
        if let checkpoint = try file.checkpoint() {
            status.cursor = .init(checkpoint.cursor.bytes)
            status.position = checkpoint.cursor.position(in: head.shard).rawValue
            status.packVersions = checkpoint.packVersions.map { "\($0.pack)@\($0.effectiveFrom)" }
        }
        status.headPosition = head.position.rawValue
        if let moment = head.recordedAt { status.headRecordedAt = moment.microseconds }
        status.householdCount = UInt64(try lists.householdCount())
        if let rebuild = surroundings.rebuild {
            status.rebuild.doneEvents = rebuild.events
            status.rebuild.totalEvents = rebuild.totalEvents
            status.rebuild.householdCount = UInt64(rebuild.households)
        }
        status.lastFailure = surroundings.lastFailure
        status.seesEverywhere = principal.divisions.contains(.everywhere)
        status.divisions = principal.divisions.map(\.rawValue).sorted()
        status.actor = principal.actor.rawValue
        status.roles = principal.roles.map(\.rawValue).sorted()
        status.department = principal.department.rawValue
        return status
    }

    // MARK: Reading queries

    var lists: ReadModelLists { ReadModelLists(file, words: words) }

    func day(_ number: Int32, _ field: String) throws -> CivilDay {
        let day = CivilDay(dayNumber: number)
        guard (1...9999).contains(day.year) else { throw QueryRefusal.field(field) }
        return day
    }

    func scope(_ asOf: CivilDay, _ division: String) throws -> ListScope {
        var wanted: DivisionCode?
        if !division.isEmpty {
            wanted = DivisionCode(division)
            if wanted == nil { throw QueryRefusal.field("division") }
        }
        return ListScope(asOf: asOf, division: wanted, allowed: principal.divisions)
    }

    func page(_ wire: Care_V1_Page) throws -> ListPage {
        var after: ListPage.Key?
        if !wire.after.isEmpty {
            after = ListPage.Key(text: wire.after)
            if after == nil { throw QueryRefusal.field("page.after") }
        }
        return ListPage(size: wire.size == 0 ? 100 : Int(wire.size), after: after)
    }

    func code<C: CodeValue>(_ text: String, _ field: String) throws -> C? {
        if text.isEmpty { return nil }
        guard let code = C(text) else { throw QueryRefusal.field(field) }
        return code
    }
}
