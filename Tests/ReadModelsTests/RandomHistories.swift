import CareDomain
import CareTestKit
import EventLog

/// Invented random histories: every type of event that read models look at, with corrections, in no sensible order.
struct RandomHistories {
    private var random: SeededNumbers
    private(set) var streams: [InventedStream]

    init(seed: UInt64, households: Int) {
        random = SeededNumbers(state: seed)
        streams = (0..<households).map { InventedStream(UInt64($0) &+ seed &* 1000) }
        for index in streams.indices { register(index) }
    }

    private func person(_ number: Int) -> PersonID { PersonID(Identifier128(high: 77, low: UInt64(number))) }
    private mutating func day() -> CivilDay { .invented("2014-01-01") + Int32(random.below(1500)) }
    private mutating func division() -> DivisionCode {
        DivisionCode(["431002", "431003001", "431003002", "430102", "431081"][random.below(5)])!
    }

    private mutating func register(_ index: Int) {
        streams[index].add(
            .registered(HouseholdRegistered(division: division(), archiveNumber: "A\(index)")), on: day())
        // Some families come with the opening of the file, others are told one by one after it.
        let comeWithFile = random.below(2) == 0
        let roles: [MemberRole] = [.wife, .husband, .onlyChild] + (random.below(5) == 0 ? [.adoptedChild] : [])
        for (number, role) in roles.enumerated() {
            streams[index].add(
                .personJoined(
                    PersonJoined(
                        person: person(number), role: role,
                        birthDate: .invented("1965-01-01") + Int32(random.below(9000)),
                        token: PersonToken(Identifier128(high: UInt64(index), low: UInt64(number))),
                        sealed: [SealedPart(subject: person(number), details: PersonalDetails(name: "某某"))])),
                on: day(), together: comeWithFile)
        }
    }

    /// Adds one random event to a household.
    mutating func step(_ index: Int) {
        let count = streams[index].events.count
        let earlier = EventReference(sequence: UInt64(random.below(count)) + 1)
        if random.below(12) == 0, let correction = correction(of: earlier, in: streams[index]) {
            streams[index].add(correction, on: day(), corrects: earlier)
            return
        }
        if random.below(25) == 0 { return arrive(index) }
        if random.below(60) == 0 {
            streams[index].add(ending(), on: day())
            return
        }
        streams[index].add(random.below(2) == 0 ? fact(earlier) : careWork(earlier), on: day())
    }

    /// A child who comes from another household's file, with what is known of it.
    private mutating func arrive(_ index: Int) {
        let on = day()
        let child = person(60 + random.below(3))
        let other = streams[random.below(streams.count)].id
        streams[index].add(
            random.below(2) == 0
                ? .merged(HouseholdMerged(other: other, side: .absorbing))
                : .split(HouseholdSplit(other: other, side: .separated, persons: [child])), on: on)
        streams[index].add(.personJoined(PersonJoined(person: child, role: .onlyChild)), on: on)
        streams[index].add(.personDied(PersonDied(person: child)), on: day())
    }

    private mutating func ending() -> HouseholdEvent {
        switch random.below(3) {
        case 0: .merged(HouseholdMerged(other: streams[random.below(streams.count)].id, side: .absorbed))
        case 1: .registeredInError(HouseholdRegisteredInError(reason: Code(unchecked: "duplicate")))
        default: .closed(HouseholdClosed(reason: Code(unchecked: "other")))
        }
    }

    /// A correction of an event that may be corrected: withdrawn, or said again for another day.
    private mutating func correction(of earlier: EventReference, in stream: InventedStream) -> HouseholdEvent? {
        let event = stream.events[Int(earlier.sequence) - 1]
        guard event.proposed.correction == nil, event.event.isCorrectable, earlier.sequence > 1 else { return nil }
        return random.below(3) == 0 ? .withdrawn : event.event
    }

    private mutating func fact(_ earlier: EventReference) -> HouseholdEvent {
        let child = person(2)
        let reason = Code(unchecked: "other")
        switch random.below(15) {
        case 0: return .personDied(PersonDied(person: person(random.below(3))))
        case 1, 2: return .disabilityAssessed(DisabilityAssessed(person: child, grade: random.below(5)))
        case 3: return .childBorn(ChildBorn())
        case 4:
            let kind: HouseholdMoved.Kind = random.below(2) == 0 ? .registration : .residence
            let place = division()
            let number = kind == .registration && place.rawValue.hasSuffix("3") ? "B-\(place)" : nil
            return .moved(HouseholdMoved(kind: kind, division: place, archiveNumber: number))
        case 5: return .personLeft(PersonLeft(person: person(random.below(3)), reason: reason))
        case 6:
            return .factStated(
                FactStated(
                    fact: FactID(unchecked: ["household.only_child_status", "household.dibao"][random.below(2)]),
                    subject: .household, value: .code(Code(unchecked: ["dead", "alive"][random.below(2)])),
                    source: Code(unchecked: "list")))
        case 7: return .personDetailsChanged(PersonDetailsChanged(person: child, sex: .female))
        case 8:
            return random.below(8) == 0 ? .closed(HouseholdClosed(reason: reason)) : .childBorn(ChildBorn(child: child))
        case 9: return .pairingEnded(PairingEnded(kind: kind(), helper: person(50 + random.below(4)), reason: reason))
        case 10:
            return .pairingHandedOver(
                PairingHandedOver(
                    kind: kind(), from: person(50 + random.below(4)),
                    to: Helper(id: person(50 + random.below(4)), hasRealName: true), reason: reason))
        case 11:
            let outcome = Code(unchecked: ["death", "disability"][random.below(2)])
            return .incidentReported(
                IncidentReported(
                    kind: Code(unchecked: "accident"),
                    victims: [.init(person: person(random.below(3)), outcome: outcome)]))
        case 12, 13: return adoption()
        default:
            let helper = person(50 + random.below(4))
            // Also as earlier programs wrote it, without a word of the telephone.
            let phone = random.below(3) > 0 ? "1390000\(random.below(9))" : nil
            let hasContact = random.below(2) == 0 ? nil : phone != nil
            return .pairingAssigned(
                PairingAssigned(
                    kind: kind(),
                    helper: Helper(
                        id: helper, unit: random.below(5) > 0 ? "某单位" : nil, hasRealName: random.below(6) > 0,
                        hasContact: hasContact),
                    sealed: [SealedPart(subject: helper, details: PersonalDetails(name: "某帮扶", phone: phone))]))
        }
    }

    /// Somebody is on record as an adopted child, or an adoption says since when; often the one without the other.
    private mutating func adoption() -> HouseholdEvent {
        let child = person(70 + random.below(2))
        switch random.below(3) {
        case 0: return .childAdopted(ChildAdopted(child: random.below(3) == 0 ? nil : child))
        case 1: return .personDetailsChanged(PersonDetailsChanged(person: child, role: .adoptedChild))
        default:
            let birthDate = random.below(2) == 0 ? nil : day()
            return .personJoined(PersonJoined(person: child, role: .adoptedChild, birthDate: birthDate))
        }
    }

    private mutating func kind() -> PairingKind {
        PairingKind(unchecked: ["department", "cadre", "party_member", "volunteer"][random.below(4)])
    }

    private mutating func careWork(_ earlier: EventReference) -> HouseholdEvent {
        switch random.below(10) {
        case 8: return goods()
        case 0: return .visitRecorded(VisitRecorded(kind: Code(unchecked: "routine")))
        case 1: return .needRaised(NeedRaised(kind: Code(unchecked: "need_checkup"), items: 1 + random.below(3)))
        case 2:
            return .needAnswered(
                NeedAnswered(
                    need: earlier, by: DepartmentID(unchecked: "dept.health"), outcome: Code(unchecked: "relayed")))
        case 3: return .needClosed(NeedClosed(need: earlier, reason: Code(unchecked: "other")))
        case 4:
            return .planItemOpened(
                PlanItemOpened(
                    clause: ClauseID("CZ-2.15"), department: DepartmentID(unchecked: "dept.fp"), dueOn: day()))
        case 5: return .planItemDone(PlanItemDone(item: earlier))
        case 6:
            return .noticeRaised(
                NoticeRaised(
                    kind: Code(unchecked: "right_begins"), key: "k\(earlier.sequence)", subject: .person(person(0)),
                    dueOn: day()))
        case 7:
            return .noticeDelivered(
                NoticeDelivered(
                    notice: earlier, channel: Code(unchecked: "webhook"),
                    outcome: [.delivered, .parked, .skipped][random.below(3)], attempts: 1))
        default: return determination()
        }
    }

    private mutating func goods() -> HouseholdEvent {
        let isSigned = random.below(2) == 0
        return .goodsHandedOut(
            GoodsHandedOut(
                clause: ClauseID("BS-3.2")!, period: Code(unchecked: "\(2014 + random.below(3))"),
                items: [HandedGoods(goods: Code(unchecked: "soap"), count: 1 + random.below(3))],
                receiver: person(random.below(3)),
                relation: random.below(3) == 0 ? Code(unchecked: "neighbour") : nil,
                receipt: isSigned
                    ? .slip(FileDigest(bytes: Array(repeating: UInt8(random.below(9)), count: 32))!)
                    : GoodsHandedOut.Receipt.none(Code(unchecked: "declined"))))
    }

    private mutating func determination() -> HouseholdEvent {
        let start = day()
        return .determinationMade(
            DeterminationMade(
                clause: ClauseID(["CZ-2.1", "CZ-1.1"][random.below(2)])!, subject: .person(person(random.below(2))),
                pack: PackID(unchecked: "chenzhou-2014"), packVersion: .invented("2014-07-16"),
                packHash: Array(repeating: 1, count: 32), cadence: Code(unchecked: "month"),
                intervals: [
                    .init(period: DayPeriod(start: start, end: start + 90), status: .notEntitled),
                    .init(
                        period: DayPeriod(start: start + 90), status: .entitled, amount: Fen(Int64(random.below(999)))),
                ], facts: [EventReference(sequence: 1)], readThrough: EventReference(sequence: 1),
                changes: [
                    DueChange(
                        first: CivilMonth(containing: start), last: CivilMonth(containing: start) + 1, before: .zero,
                        after: Fen(Int64(random.below(500)) - 250))
                ], rulesChange: Self.rulesChange(start)))
    }

    /// Of a determination from the day: none, a version adopted, or a parameter set.
    private static func rulesChange(_ day: CivilDay) -> RulesChange? {
        let pack = PackID(unchecked: "chenzhou-2014")
        return switch day.dayNumber % 3 {
        case 0: nil
        case 1: RulesChange(pack: pack, what: .version(from: day))
        default: RulesChange(pack: pack, what: .parameter(ParameterID(unchecked: "cz.low_income_line")))
        }
    }

    /// A number below the bound.
    mutating func below(_ bound: Int) -> Int { random.below(bound) }
}

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededNumbers {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}
