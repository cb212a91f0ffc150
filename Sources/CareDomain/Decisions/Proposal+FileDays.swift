/// Which days can be true of a file and of what is done for a family.
extension Proposal {
    /// No family is looked after on an earlier day: the first assistance for these families is of 2007.
    private static let earliestCare = CivilDay(year: 2000, month: 1, day: 1)!
    /// No file of a family of one child is older: couples were first asked for it, and certified, in 1979.
    private static let earliestFile = CivilDay(year: 1979, month: 1, day: 1)!

    /// A file is opened when there are such families.
    func checkFileDay(_ day: CivilDay, field: String?) throws(Refusal) {
        guard day < Self.earliestFile else { return }
        throw Refusal(
            .dayTooEarly, field: join(field, "occurred_on"), detail: day.description,
            words: "\(day)；独生子女家庭的档案不会早于 \(Self.earliestFile)",
            english: "\(day); no file of a family of one child is older than \(Self.earliestFile)")
    }

    /// A file is moved, split, merged, closed or found to be wrong on no day before it was opened.
    func checkFileIsOpen(on day: CivilDay, field: String?) throws(Refusal) {
        guard let registeredOn = household.registeredOn, day < registeredOn else { return }
        throw Refusal(
            .dayOrder, field: join(field, "occurred_on"), detail: day.description,
            words: "\(day)，早于建档之日 \(registeredOn)", english: "\(day), before the file of \(registeredOn)")
    }

    /// The number that a move brings is given by the county to which the registration moves, once.
    func checkNumber(of moved: HouseholdMoved, on day: CivilDay, field: String?) throws(Refusal) {
        guard let number = moved.archiveNumber else { return }
        guard moved.kind == .registration else { throw Refusal(.numberOfResidence, field: field) }
        guard let given = household.archiveNumber(on: day), given.number.map({ $0 != number }) ?? false,
            given.division.county == moved.division.county
        else { return }
        throw Refusal(.numberOfCounty, field: field)
    }

    /// Nobody goes on in another file before they came into this one, and none is closed before the last of its people came.
    func checkJoined(_ isConcerned: (Member) -> Bool, by day: CivilDay, field: String?) throws(Refusal) {
        let last = household.members.filter { $0.leftOn == nil && isConcerned($0) }.map(\.joinedOn).max()
        guard let last, day < last else { return }
        throw Refusal(
            .dayOrder, field: join(field, "occurred_on"), detail: day.description,
            words: "\(day)，而有成员 \(last) 才加入本户", english: "\(day), and a member joined the family on \(last)")
    }

    /// Helpers, guardians, visits, needs, plans, applications and decisions are of days on which there was such care.
    func checkCareDay(_ day: CivilDay, field: String?) throws(Refusal) {
        guard day < Self.earliestCare else { return }
        throw Refusal(
            .dayTooEarly, field: join(field, "occurred_on"), detail: day.description,
            words: "\(day)；走访、需求、计划、结对、监护、申请和待遇决定不会早于 \(Self.earliestCare)",
            english:
                "\(day); visits, needs, plans, helpers, guardians, applications and decisions are not earlier than "
                + "\(Self.earliestCare)")
    }

    /// Nobody learns of what happened before it happened. What is arranged, certified or decided may be known beforehand.
    func checkLearned(_ event: HouseholdEvent, on day: CivilDay, _ learnedOn: CivilDay?) throws(Refusal) {
        guard let learnedOn, learnedOn < day, event.isHappening else { return }
        throw Refusal(
            .dayOrder, field: "learned_on", detail: learnedOn.description,
            words: "\(learnedOn) 获知，而事情发生在 \(day)",
            english: "learned on \(learnedOn) of what happened on \(day)")
    }
}

extension HouseholdEvent {
    /// Whether it tells what happened on its day, which nobody can know before.
    fileprivate var isHappening: Bool {
        switch self {
        case .personDied, .childBorn, .childAdopted, .incidentReported, .visitRecorded, .goodsHandedOut: true
        default: false
        }
    }
}
