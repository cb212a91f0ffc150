import CareDomain

extension HouseholdRows {
    /// The rows of a household.
    ///
    /// - Parameters:
    ///   - household: State folded from all its events.
    ///   - lastSequence: The last of them.
    ///   - words: Words and readings of the published packs.
    package init(_ household: Household, lastSequence: UInt64, words: CarePolicyWords) {
        self.init(
            household: household.id, lastSequence: lastSequence, summary: Summary(household))
        archiveNumbers = ArchiveNumber.all(of: household)
        divisions = household.divisionPeriods.map { Division(division: $0.division, days: Days($0.period)) }
        let periods = household.hardshipPeriods()
        statuses = periods.map { period in
            let whole = periods.unbroken(period)
            return Status(
                kind: period.kind, days: Days(period.period), unbrokenFrom: whole.period.start,
                restsOn: whole.restsOn.sequence)
        }
        owedPairings = household.owedPairings(words.pairingDuties, statuses: periods).map {
            OwedPairing(clause: $0.duty.clause, days: Days($0.period))
        }
        members = household.members.map(Member.init)
        for line in SlotCoverage(household.pairings, slots: words.slots).lines {
            for period in line.filled { slots.append(Slot(kind: line.kind, days: Days(period))) }
            for part in line.parts {
                slots.append(Slot(kind: line.kind, days: Days(part.period), lacking: part.lacking))
            }
        }
        tenures = household.pairings.map(Tenure.init)
        needs = household.needs.map(Need.init)
        planItems = household.planItems.map(PlanItem.init)
        for entry in household.determinations { Self.add(entry, to: &entitlements) }
        visits = household.visits.map {
            Visit(sequence: $0.reference.sequence, day: $0.day, kind: $0.visit.kind, holiday: $0.visit.holiday)
        }
        handOuts = household.handOuts.map(HandOut.init)
        // Whoever was left behind by a merge may follow later: one row for each file.
        for merger in household.mergers where !mergers.contains(where: { $0.file == merger.file }) {
            mergers.append(merger)
        }
        origins = [household.origin].compactMap { $0 }
        notices = household.notices.map(Notice.init)
        unrecordedDeaths = household.unrecordedDeaths
        let shared = SharedDues(household, .published)
        sharedRuns = shared.runs
        for standing in household.dueStandings {
            let territory = words.territories[standing.pack]
            let person = standing.subject.person.flatMap { household.isShared($0) ? $0 : nil }
            let made = household.determinations.first {
                $0.made.clause == standing.clause && $0.made.subject == standing.subject
            }?.made
            let open = made.map { household.openDues($0, .published) }
            let payer = household.place(of: standing, within: territory)
            let awaited = AwaitedMonths(household, standing, .published)
            func own(_ lefts: [SharedDues.Left]) -> [SharedDues.Left]? {
                person.map { person in lefts.filter { $0.clause == standing.clause && $0.person == person } }
            }
            add(standing, own(shared.lefts), payer: payer) { month, kind, cause in
                let open = kind == .recovery ? open : nil
                let isAwaited = kind == .arrears && awaited.contains(month, of: cause.determination)
                let told = Difference.Kind(kind, isAwaited: isAwaited, open?.reason(month))
                return (told, open?.missing(month) ?? [])
            }
            // What was owed and is not known any longer.
            add(standing.cancelledWhileOpen, own(shared.cancelledWhileOpen), payer: payer) { month, kind, _ in
                guard let open, let reason = open.reason(month) else { return nil }
                return (Difference.Kind(kind, isAwaited: false, reason), open.missing(month))
            }
        }
    }

    /// - Parameters:
    ///   - lefts: The standing's months, of a person who is in other files, too.
    ///   - told: What each month is told as, and what is missing to know what is due in it; nil = it is not told.
    private mutating func add(
        _ standing: DueStanding, _ lefts: [SharedDues.Left]?, payer: (CivilMonth) -> DivisionCode?,
        _ told: (CivilMonth, DueStanding.Kind, DueStanding.Cause) -> (kind: Difference.Kind, missing: [String])?
    ) {
        struct Key: Hashable {
            let division: DivisionCode?
            let kind: Difference.Kind
            let missing: String?
        }
        func key(_ month: CivilMonth, _ kind: DueStanding.Kind, _ cause: DueStanding.Cause) -> Key? {
            told(month, kind, cause).map { told in
                Key(
                    division: payer(month), kind: told.kind,
                    missing: told.missing.isEmpty ? nil : told.missing.joined(separator: " "))
            }
        }
        for (entry, own) in standing.entries(by: key) {
            guard let own else { continue }
            let sequence = entry.cause.determination.sequence
            let earlier = differences.count { $0.sequence == sequence }
            differences.append(
                Difference(
                    entry, own.division, own.kind, missing: own.missing, ordinal: earlier, isShared: lefts != nil))
            for left in lefts ?? []
            where left.left.cause == entry.cause && left.left.kind == entry.kind
                && key(left.left.month, entry.kind, entry.cause) == own
            {
                sharedMonths.append(SharedMonth(sequence: sequence, ordinal: earlier, left: left))
            }
        }
    }

    private static func add(_ entry: MadeDetermination, to rows: inout [Entitlement]) {
        let made = entry.made
        var difference = made.difference
        for (ordinal, interval) in made.intervals.enumerated() {
            // "No" is the answer wherever there is no row; only a difference still has to stand somewhere.
            if interval.status == .notEntitled && (difference == .zero || ordinal + 1 < made.intervals.count) {
                continue
            }
            rows.append(
                Entitlement(
                    sequence: entry.reference.sequence, ordinal: ordinal, clause: made.clause,
                    person: made.subject.person, days: Days(interval.period), status: interval.status,
                    amount: interval.amount, hoursThousandths: interval.hoursThousandths, cadence: made.cadence,
                    department: made.department, difference: difference))
            difference = .zero
        }
    }
}

extension HouseholdRows.Summary {
    fileprivate init(_ household: Household) {
        let (state, since): (CareArchive.FileState, CivilDay?) =
            switch household.status {
            case .absent: (.absent, nil)
            case .active: (.active, household.registeredOn)
            case .closed(let on, _): (.closed, on)
            case .absorbed(_, let on): (.absorbed, on)
            case .registeredInError: (.registeredInError, nil)
            }
        self.init(
            state: state, stateSince: since, registeredOn: household.registeredOn)
    }
}

extension HouseholdRows.ArchiveNumber {
    /// One for each number, of the days from when it was given to when the next one was.
    fileprivate static func all(of household: Household) -> [Self] {
        let entries = household.archiveNumbers
        return entries.indices.compactMap { index -> Self? in
            let from = index == 0 ? CivilDay.distantPast : entries[index].from
            let to = index + 1 < entries.count ? entries[index + 1].from : .distantFuture
            guard let number = entries[index].number, from < to else { return nil }
            return Self(number: number, days: HouseholdRows.Days(DayPeriod(start: from, end: to)))
        }
    }
}

extension HouseholdRows.Member {
    fileprivate init(_ member: CareDomain.Member) {
        self.init(
            person: member.id, sequence: member.joinedBy.sequence, role: member.role, sex: member.sex,
            birthDate: member.birthDate, token: member.token, joinedOn: member.joinedOn, leftOn: member.leftOn,
            diedOn: member.diedOn)
    }
}

extension HouseholdRows.Tenure {
    fileprivate init(_ tenure: PairingTenure) {
        self.init(
            sequence: tenure.startedBy.sequence, kind: tenure.kind, helper: tenure.helper.id,
            unit: tenure.helper.unit, hasRealName: tenure.helper.hasRealName,
            days: HouseholdRows.Days(tenure.period))
    }
}

extension HouseholdRows.Need {
    fileprivate init(_ need: CareDomain.Need) {
        let last = need.answers.last
        self.init(
            sequence: need.reference.sequence, kind: need.raised.kind, items: need.raised.items,
            raisedOn: need.raisedOn, answeredOn: need.answers.lazy.map(\.day).min(),
            lastOutcome: last?.answered.outcome, answeredBy: last?.answered.by, closedOn: need.closedOn,
            closedFor: need.closedFor)
    }
}

extension HouseholdRows.PlanItem {
    fileprivate init(_ item: CareDomain.PlanItem) {
        self.init(
            sequence: item.reference.sequence, clause: item.opened.clause, department: item.opened.department,
            openedOn: item.openedOn, dueOn: item.opened.dueOn, doneOn: item.doneOn)
    }
}

extension HouseholdRows.Difference {
    fileprivate init(
        _ entry: DueStanding.Entry, _ division: DivisionCode?, _ kind: Kind, missing: String?, ordinal: Int,
        isShared: Bool
    ) {
        self.init(
            sequence: entry.cause.determination.sequence, ordinal: ordinal, division: division, kind: kind,
            direction: entry.kind, missing: missing, clause: entry.clause, subject: entry.subject, first: entry.first,
            last: entry.last, months: entry.months, sum: entry.sum,
            since: entry.cause.on, rulesChange: entry.cause.rulesChange, fact: entry.cause.readThrough,
            department: entry.department, pack: entry.pack, isShared: isShared)
    }
}

extension HouseholdRows.HandOut {
    fileprivate init(_ entry: CareDomain.HandOut) {
        let handed = entry.handed
        self.init(
            sequence: entry.reference.sequence, clause: handed.clause, period: handed.period, day: entry.day,
            items: handed.items.map { "\($0.goods)=\($0.count)" }.joined(separator: " "), relation: handed.relation)
        switch handed.receipt {
        case .slip(let digest): receipt = digest.reference
        case .none(let reason): noReceipt = reason
        }
    }
}

extension HouseholdRows.Notice {
    fileprivate init(_ notice: CareDomain.Notice) {
        var latest: [Code: NoticeDelivered.Outcome] = [:]
        for delivery in notice.deliveries { latest[delivery.channel] = delivery.outcome }
        let parked = latest.isEmpty ? [] : latest.filter { $0.value == .parked }.keys.sorted().map(\.rawValue)
        self.init(
            sequence: notice.reference.sequence, kind: notice.raised.kind, person: notice.raised.subject.person,
            raisedOn: notice.raisedOn, dueOn: notice.raised.dueOn, department: notice.raised.department,
            isDelivered: latest.values.contains(.delivered),
            parkedChannels: parked.isEmpty ? nil : parked.joined(separator: ","), isUnfilled: notice.raised.isUnfilled)
    }
}

extension FactSubject {
    /// The person it is about; nil for the household.
    package var person: PersonID? {
        switch self {
        case .household: nil
        case .person(let person): person
        case .incident: nil
        }
    }
}
