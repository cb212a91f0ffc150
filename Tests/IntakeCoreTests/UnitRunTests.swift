import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import RuleEngine
import RulePacks
import Testing

/// Two units, one family, several intakes, lost calls and kills between any two appends: one grant of the year stands, and
/// what the units count is what the families' files hold.
@Suite("受理：资助与名额")
struct UnitRunTests {
    static let today = CivilDay(year: 2021, month: 10, day: 20)!
    static let start = Moment(microseconds: Int64(today.dayNumber) * 86_400_000_000)
    static let units = [DivisionCode("330302")!, DivisionCode("330303")!]
    static let relief = ClauseID("WZ-3.2")!
    static let health = ClauseID("WZ-3.1")!

    private static func caller(_ name: String, _ divisions: [String], _ rights: Set<Principal.Right>) -> Caller {
        Caller(
            principal: Principal(
                peer: name, actor: Code(unchecked: name), role: Code(unchecked: "clerk"),
                department: DepartmentID(unchecked: "dept.health_commission"),
                divisions: divisions.map { DivisionCode($0)! }, rights: rights))
    }

    static let city = caller("city-1", ["330300"], [.command, .query, .operate])
    /// One clerk for each unit.
    static let clerks = [
        caller("lucheng-1", ["330302"], [.command, .query]), caller("longwan-1", ["330303"], [.command, .query]),
    ]

    /// A world that knows the Wenzhou pack, with guidance numbers of both units and families that are registered in the one
    /// and live in the other, each with a confirmed application for both projects.
    static func world(
        _ intakes: Int, families: Int, places: Int = 5, seed: UInt64
    ) throws -> (world: IntakeWorld, households: [HouseholdID]) {
        var world = try IntakeWorld(intakes: intakes, seed: seed, start: start)
        try world.run(steps: 40)
        let file = try #require(try PackLibrary.bundled.packFiles(of: "wenzhou-2021").first)
        let pack = try RulePack.load(bytes: file.bytes, name: "wenzhou-2021")
        let published = PackPublished(
            pack: pack.id, effectiveFrom: pack.validFrom, enactedOn: pack.dated, hash: pack.hash, bytes: file.bytes)
        let publish = PackCommand(
            id: IntakeWorldTests.identifier(1), pack: pack.id, occurredOn: pack.dated, event: .published(published))
        try world.send(publish, to: 0, as: city)
        try world.run(steps: 400)
        for unit in units {
            let numbers = [health, relief].map { GuidanceSet.Number(clause: $0, places: places) }
            try insist(
                UnitCommand(
                    id: IntakeWorldTests.identifier(UInt64(unit.rawValue)!), unit: unit, occurredOn: today,
                    action: .setGuidance(GuidanceSet(year: 2021, numbers: numbers))), &world, intakes: intakes, as: city
            )
        }
        let households = try (1...UInt64(families)).map { try family($0, &world) }
        return (world, households)
    }

    private static func family(_ number: UInt64, _ world: inout IntakeWorld) throws -> HouseholdID {
        let id = IntakeWorldTests.identifier(1000 + number)
        let person = PersonID.derived(from: id, place: 0)
        let household = HouseholdID.derived(from: id)
        var events: [HouseholdEvent] = [
            .registered(HouseholdRegistered(division: units[0])),
            .personJoined(PersonJoined(person: person, role: .wife)),
            .moved(HouseholdMoved(kind: .residence, division: units[1])),
        ]
        for clause in [health, relief] {
            let interval = DeterminationMade.Interval(
                period: DayPeriod(start: CivilDay(parsing: "2021-04-27")!, end: CivilDay(parsing: "2022-01-01")),
                status: .proposed, amount: clause == health ? .yuan(3500) : .yuan(3000))
            events.append(
                .determinationMade(
                    DeterminationMade(
                        clause: clause, subject: .household, pack: PackID(unchecked: "wenzhou-2021"),
                        packVersion: CivilDay(parsing: "2021-04-27")!, packHash: Array(repeating: 7, count: 32),
                        cadence: Code(unchecked: "year"), amountType: .inPrinciple, intervals: [interval], facts: [],
                        readThrough: EventReference(sequence: 3))))
            events.append(
                .application(
                    .submitted(
                        ApplicationSubmitted(
                            clause: clause, subject: .household, workflow: Code(unchecked: "project"),
                            step: Code(unchecked: "review")))))
            events.append(
                .application(
                    .confirmed(
                        ApplicationConfirmed(
                            application: EventReference(sequence: UInt64(events.count)),
                            step: Code(unchecked: "confirm"))
                    )))
        }
        try world.record(
            HouseholdAppend(
                household: household, expected: 0, id: id, contentDigest: id.value,
                context: EventContext(principal: caller("import", ["330300"], []).principal, command: id),
                events: events.map { ProposedEvent(occurredOn: CivilDay(parsing: "2021-06-01")!, event: $0) }))
        return household
    }

    static func give(
        _ number: UInt64, _ household: HouseholdID, _ unit: DivisionCode, _ clause: ClauseID = relief,
        reason: String? = nil
    ) -> UnitCommand {
        UnitCommand(
            id: CommandID(Identifier128(high: 0x6E, low: number)), unit: unit, occurredOn: today,
            action: .give(
                GrantOrder(
                    household: household, clause: clause, subject: .household, year: 2021,
                    reason: reason.map { Code(unchecked: $0) })))
    }

    static func end(_ number: UInt64, _ grant: UInt64, _ unit: DivisionCode, expires: Bool = false) -> UnitCommand {
        let end = GrantEnd(grant: GrantID(Identifier128(high: 0x6E, low: grant)), reason: Code(unchecked: "moved"))
        return UnitCommand(
            id: CommandID(Identifier128(high: 0xE0, low: number)), unit: unit, occurredOn: today,
            action: expires ? .expire(end) : .release(end))
    }

    /// Sends a command until it is answered for good, each time to the next intake.
    /// - Returns: The refusal; nil when it was recorded.
    @discardableResult
    static func insist(
        _ command: UnitCommand, _ world: inout IntakeWorld, intakes: Int, as caller: Caller
    ) throws -> Refusal? {
        for attempt in 0..<60 {
            let token = try world.send(command, to: attempt % intakes, as: caller)
            try world.run(steps: 200)
            switch world.answers[token] {
            case .recorded?: return nil
            case .refused(let refusal)?: return refusal
            default: continue
            }
        }
        Issue.record("never answered: \(command.action)")
        return nil
    }

    /// What both sides say agrees: a place is confirmed exactly when its grant stands, and no family has two.
    static func verify(_ world: IntakeWorld, _ households: [HouseholdID], seed: UInt64, isSettled: Bool = true) throws {
        var standing: [GrantID: HouseholdID] = [:]
        for household in households {
            let awards = try world.household(household).household.awards.filter {
                $0.decided.outcome.gives && $0.stands
            }
            #expect(awards.count <= 1, "seed \(seed): two grants of one year")
            for award in awards { standing[try #require(award.decided.place?.grant)] = household }
            let given = try world.household(household).events.filter {
                if case .awardDecided(let decided) = $0.event { decided.outcome.gives } else { false }
            }.compactMap { if case .awardDecided(let decided) = $0.event { decided.place?.grant } else { nil } }
            #expect(Set(given).count == given.count, "seed \(seed): a grant was decided twice")
        }
        for unit in units {
            for (grant, place) in try world.unit(unit).places {
                switch place.state {
                case .confirmed: #expect(standing[grant] == place.reserved.household, "seed \(seed)")
                case .reserved: #expect(!isSettled, "seed \(seed): a place is left open")
                case .released: #expect(standing[grant] == nil, "seed \(seed): a free place has a grant")
                }
            }
            standing = standing.filter { (try? world.unit(unit).places[$0.key]) == nil }
        }
        #expect(standing.isEmpty, "seed \(seed): a grant without a place")
    }

    @Test("已资助的再发：换了金额，说已资助多少、编号；无权的密钥仍被退回，不答已登记；上级定的也是")
    func repeatedOtherwise() throws {
        var (world, homes) = try Self.world(1, families: 1, seed: 5)
        var civil = Self.clerks[0]
        civil.principal.actor = Code(unchecked: "lucheng-civil-1")
        civil.principal.department = DepartmentID(unchecked: "dept.civil_affairs")
        let given = Self.give(1, homes[0], Self.units[0])
        #expect(try Self.insist(given, &world, intakes: 1, as: Self.clerks[0]) == nil)
        let other = UnitCommand(
            id: given.id, unit: given.unit, occurredOn: given.occurredOn,
            action: .give(
                GrantOrder(
                    household: homes[0], clause: Self.relief, subject: .household, year: 2021, amount: .yuan(3200),
                    reason: Code(unchecked: "larger_need"), secondApprover: Code(unchecked: "lucheng-2"))))
        let said = try Self.insist(other, &world, intakes: 1, as: Self.clerks[0])
        #expect(said?.code == "CARE-1475")
        #expect(said?.chinese.contains("3000.00 元，资助 \(GrantID(given.id))") ?? false)
        for command in [given, other] {
            let refused = try Self.insist(command, &world, intakes: 1, as: civil)
            #expect(refused?.reason == .functionOffice)
        }
        let numbers = UnitCommand(
            id: IntakeWorldTests.identifier(330302), unit: Self.units[0], occurredOn: Self.today,
            action: .setGuidance(
                GuidanceSet(
                    year: 2021, numbers: [Self.health, Self.relief].map { .init(clause: $0, places: 5) })))
        #expect(try Self.insist(numbers, &world, intakes: 1, as: Self.clerks[0])?.reason == .unitAbove)
        #expect(try Self.insist(numbers, &world, intakes: 1, as: Self.city) == nil)
        try Self.verify(world, homes, seed: 5)
    }

    @Test("占名额、入户、确认；再发一次是同一个回答；取消两次，第二次说清楚")
    func fromEndToEnd() throws {
        var (world, homes) = try Self.world(1, families: 1, seed: 3)
        let command = Self.give(1, homes[0], Self.units[0])
        let first = try world.send(command, to: 0, as: Self.clerks[0])
        try world.run(steps: 200)
        guard case .recorded(let recorded)? = world.answers[first] else {
            Issue.record("\(String(describing: world.answers[first]))")
            return
        }
        #expect(recorded.household == homes[0] && !recorded.isRepeated && !recorded.place.cursor.isEmpty)
        let again = try world.send(command, to: 0, as: Self.clerks[0])
        try world.run(steps: 200)
        guard case .recorded(let repeated)? = world.answers[again] else { return }
        #expect(repeated.isRepeated && repeated.place.last == recorded.place.last)
        try Self.verify(world, homes, seed: 3)
        let unit = try world.unit(Self.units[0])
        #expect(unit.taken(Self.relief, in: 2021).map(\.amount) == [.yuan(3000)])

        var other = command
        other.action = .give(
            GrantOrder(household: homes[0], clause: Self.health, subject: .household, year: 2021))
        let reused = try world.send(other, to: 0, as: Self.clerks[0])
        try world.run(steps: 200)
        #expect(world.answers[reused] == .failed(.idReused))

        let stranger = try Self.insist(Self.give(2, homes[0], Self.units[0]), &world, intakes: 1, as: Self.clerks[1])
        #expect(stranger?.reason == .notYourDivision)
        #expect(try Self.insist(Self.end(1, 1, Self.units[0]), &world, intakes: 1, as: Self.clerks[0]) == nil)
        #expect(try Self.insist(Self.end(1, 1, Self.units[0]), &world, intakes: 1, as: Self.clerks[0]) == nil)
        let twice = try Self.insist(Self.end(2, 1, Self.units[0]), &world, intakes: 1, as: Self.clerks[0])
        #expect(twice?.code == "CARE-6410" && twice?.chinese.contains("已取消") ?? false)
        let unknown = try Self.insist(Self.end(3, 77, Self.units[0]), &world, intakes: 1, as: Self.clerks[0])
        #expect(unknown?.reason == .unknownGrant)
        try Self.verify(world, homes, seed: 3)
        #expect(try Self.insist(Self.give(3, homes[0], Self.units[0]), &world, intakes: 1, as: Self.clerks[0]) == nil)
    }

    @Test("两个单位同一刻资助同一户：一个成，另一个说明已有什么；许多轮", arguments: 1...30)
    func race(seed: UInt64) throws {
        var (world, homes) = try Self.world(2, families: 2, seed: seed)
        let tokens = try homes.indices.map { index in
            try (0..<2).map { side in
                try world.send(
                    Self.give(UInt64(index * 2 + side), homes[index], Self.units[side]), to: side, as: Self.clerks[side]
                )
            }
        }
        try world.run(steps: 600)
        for pair in tokens {
            let answers = pair.map { world.answers[$0] }
            let recorded = answers.filter { if case .recorded? = $0 { true } else { false } }
            #expect(recorded.count == 1, "seed \(seed): \(answers)")
            let refused = answers.compactMap { answer -> Refusal? in
                if case .refused(let refusal)? = answer { refusal } else { nil }
            }
            #expect(refused.first?.reason == .grantStands && refused.first?.detail?.contains("WZ-3.2") ?? false)
        }
        try Self.verify(world, homes, seed: seed)
    }

    @Test("失联和反复被杀：重发同一命令直到有答复，一户一项，名额与档案一致，不多占一个", arguments: 1...20)
    func roughWeather(seed: UInt64) throws {
        var (world, homes) = try Self.world(2, families: 3, places: 2, seed: seed)
        world.weather = .init(callsLost: 60, answersLost: 60, kills: 20)
        var number: UInt64 = 0
        for _ in 0..<2 {
            for home in homes {
                for side in 0..<2 {
                    number += 1
                    try world.send(
                        Self.give(number, home, Self.units[side], reason: "need"), to: side, as: Self.clerks[side])
                }
            }
            try world.run(steps: 300)
        }
        world.weather = .init()
        try world.run(steps: 500)
        var given = 0
        for round in 1...number {
            let side = Int((round - 1) % 2)
            let home = homes[Int((round - 1) / 2) % homes.count]
            let command = Self.give(round, home, Self.units[side], reason: "need")
            if try Self.insist(command, &world, intakes: 2, as: Self.clerks[side]) == nil { given += 1 }
        }
        #expect(given == homes.count, "seed \(seed): every family has one")
        try Self.verify(world, homes, seed: seed)
        // Take everything back, in the same weather, then all is free.
        world.weather = .init(callsLost: 60, answersLost: 60, kills: 20)
        for round in 1...number {
            let unit = Self.units[Int((round - 1) % 2)]
            guard case .confirmed? = try world.unit(unit).places[GrantID(Identifier128(high: 0x6E, low: round))]?.state
            else { continue }
            try world.send(Self.end(round, round, unit), to: 0, as: Self.city)
            try world.run(steps: 100)
        }
        world.weather = .init()
        try world.run(steps: 500)
        for round in 1...number {
            let unit = Self.units[Int((round - 1) % 2)]
            guard case .confirmed? = try world.unit(unit).places[GrantID(Identifier128(high: 0x6E, low: round))]?.state
            else { continue }
            #expect(try Self.insist(Self.end(100 + round, round, unit), &world, intakes: 2, as: Self.city) == nil)
        }
        for unit in Self.units { #expect(try world.unit(unit).taken(Self.relief, in: 2021).isEmpty) }
        try Self.verify(world, homes, seed: seed)
    }

    @Test("占位后再无人问：释放占位；慢回来的同一命令被拒绝，不会无名额而得资助")
    func expiry() throws {
        var (world, homes) = try Self.world(1, families: 1, seed: 9)
        let command = Self.give(1, homes[0], Self.units[0])
        // Whoever reserved it died right after.
        let reserved = PlaceReserved(
            grant: GrantID(command.id), year: 2021, clause: Self.relief, household: homes[0], amount: .yuan(3000),
            isBeyond: false, reason: nil)
        let digest = try UnitCodec.decode(try UnitCodec.encode(command)).digest
        let id = CommandID.derived(command.id, "reserve", 1)
        try world.record(
            UnitAppend(
                unit: Self.units[0], expected: 1, id: id, contentDigest: digest,
                context: EventContext(principal: Self.clerks[0].principal, command: id), occurredOn: Self.today,
                events: [.placeReserved(reserved)]))
        let early = try Self.insist(Self.end(1, 1, Self.units[0]), &world, intakes: 1, as: Self.clerks[0])
        #expect(early?.reason == .grantUnfinished)
        // It neither ends before it began nor on a day to come, and such a command leaves nothing behind.
        for (number, day, reason) in [
            (UInt64(4), Self.today - 1, Refusal.Reason.dayOrder), (5, Self.today + 1, .dayInFuture),
        ] {
            var wrong = Self.end(number, 1, Self.units[0], expires: true)
            wrong.occurredOn = day
            #expect(try Self.insist(wrong, &world, intakes: 1, as: Self.clerks[0])?.reason == reason)
        }
        #expect(
            try Self.insist(Self.end(2, 1, Self.units[0], expires: true), &world, intakes: 1, as: Self.clerks[0]) == nil
        )
        let late = try Self.insist(command, &world, intakes: 1, as: Self.clerks[0])
        #expect(late?.reason == .commandAbandoned)
        try Self.verify(world, homes, seed: 9)
        // Another grant goes on; one that stands is not expired.
        #expect(try Self.insist(Self.give(2, homes[0], Self.units[0]), &world, intakes: 1, as: Self.clerks[0]) == nil)
        let stands = try Self.insist(
            Self.end(3, 2, Self.units[0], expires: true), &world, intakes: 1, as: Self.clerks[0])
        #expect(stands?.reason == .grantConfirmed)
        try Self.verify(world, homes, seed: 9)
    }

    @Test("指导数用完：须写理由；多个申请同时抢最后一个名额，只有一个不写理由能成")
    func lastPlace() throws {
        var (world, homes) = try Self.world(2, families: 4, places: 1, seed: 12)
        let tokens = try homes.enumerated().map { index, home in
            try world.send(Self.give(UInt64(index), home, Self.units[0]), to: index % 2, as: Self.clerks[0])
        }
        try world.run(steps: 800)
        let reasons = tokens.map { token -> Refusal.Reason? in
            if case .refused(let refusal)? = world.answers[token] { refusal.reason } else { nil }
        }
        #expect(reasons.filter { $0 == .beyondGuidance }.count == 3 && reasons.filter { $0 == nil }.count == 1)
        #expect(try world.unit(Self.units[0]).taken(Self.relief, in: 2021).count == 1)
        try Self.verify(world, homes, seed: 12)
    }
}
