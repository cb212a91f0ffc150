import ArchiveClient
import CareDomain
import CareTestKit
import CareWire
import IntakeCore
import Testing

/// A man leaves one family and joins another on one day: his own stream links the files, and nothing else does.
extension PaymentRunTests {
    private static let changed = CivilDay(year: 2024, month: 5, day: 20)!

    /// - Parameter isNumbered: whether the second family tells his number when he joins it.
    private static func remarried(
        seed: UInt64, isNumbered: Bool
    ) throws -> (world: IntakeWorld, left: HouseholdID, joined: HouseholdID, man: PersonID) {
        var world = try IntakeWorldTests.ready(1, seed: seed)
        var families: [HouseholdID] = []
        for (number, tokens) in [(UInt64(1), [UInt64(1), 2]), (2, [3])] {
            var register = IntakeWorldTests.registration(number, tokens: tokens)
            register.occurredOn = CivilDay(year: 2024, month: 5, day: 2)!
            try say(register, &world)
            families.append(register.household)
        }
        let former = try #require(try world.household(families[0]).household.members.last?.id)
        try say(
            HouseholdCommand(
                id: IntakeWorldTests.identifier(90), household: families[0], occurredOn: changed,
                action: .removePerson(PersonLeft(person: former, reason: Code(unchecked: "left")))), &world)
        let join = IntakeWorldTests.identifier(91)
        let man = PersonID.derived(from: join, place: 0)
        let joined = PersonJoined(
            person: man, role: .husband, token: isNumbered ? IntakeWorldTests.token(2) : nil)
        try say(
            HouseholdCommand(
                id: join, household: families[1], occurredOn: changed, action: .addPerson(joined)), &world)
        try entitle(former, from: "2024-05-02", until: "\(changed)", in: families[0], &world)
        try entitle(man, from: "\(changed)", until: nil, in: families[1], &world)
        return (world, families[0], families[1], man)
    }

    private static func say(_ command: HouseholdCommand, _ world: inout IntakeWorld) throws {
        let token = try world.send(command, to: 0, as: IntakeWorldTests.clerk)
        try world.run(steps: 300)
        guard case .recorded? = world.answers[token] else {
            Issue.record("not recorded: \(String(describing: world.answers[token]))")
            return
        }
    }

    /// Gives a person a right of 300 yuan a month, as eligibility would, and an account.
    private static func entitle(
        _ person: PersonID, from day: String, until end: String?, in household: HouseholdID,
        _ world: inout IntakeWorld, changes: [DueChange] = []
    ) throws {
        let last = try world.household(household).lastSequence
        var made = PaymentBench.determination(
            person, [(day, end, 300)], [PayerShare(payer: Code(unchecked: "finance"), parts: 1)], readThrough: last,
            changes: changes)
        made.packHash = Array(repeating: 7, count: 32)
        let account = FactStated(
            fact: .accountReference, subject: .person(person), value: .reference("acc-\(day)"),
            source: Code(unchecked: "form"))
        let id = CommandID.derived(CommandID(household.value), "entitled")
        let events: [HouseholdEvent] = [.factStated(account), .determinationMade(made)]
        try world.record(
            HouseholdAppend(
                household: household, expected: last, id: id, contentDigest: id.value,
                context: EventContext(principal: IntakeWorldTests.clerk.principal, command: id),
                events: events.map { ProposedEvent(occurredOn: IntakeWorldTests.today, event: $0) }))
    }

    @Test("同一天离开一户、加入另一户：两户同列一批，当月只在先在的一户列一笔，列户、截止都说明")
    func paidOnce() throws {
        var (world, left, joined, _) = try Self.remarried(seed: 31, isNumbered: true)
        let scope = Self.scope(5...6)
        let expected = [Refusal(.dueInOtherFile, detail: joined.description)]
        #expect(
            try Self.insist(Self.command(scope, "p", .prepare(scope, households: [left, joined])), &world, intakes: 1)
                == expected)
        #expect(try Self.insist(Self.command(scope, "c", .close), &world, intakes: 1) == expected)
        let batch = try world.batch(BatchID.derived(from: scope))
        #expect(batch.isFrozen && batch.total == .yuan(600))
        let months = batch.lines.map { ($0.ordered.household, $0.ordered.line.first, $0.ordered.line.last) }
        let (may, june) = (CivilMonth(year: 2024, month: 5), CivilMonth(year: 2024, month: 6))
        #expect(months.count == 2)
        #expect(months.contains { $0 == (left, may, may) } && months.contains { $0 == (joined, june, june) })
    }

    @Test("列了以后才补登身份证号：后列的一笔不送银行并说明（CARE-1479），先列的照送")
    func numberToldLater() throws {
        var (world, left, joined, man) = try Self.remarried(seed: 32, isNumbered: false)
        let scope = Self.scope(5...5)
        try Self.insist(Self.command(scope, "p", .prepare(scope, households: [left, joined])), &world, intakes: 1)
        try Self.insist(Self.command(scope, "c", .close), &world, intakes: 1)
        let batch = BatchID.derived(from: scope)
        #expect(try world.batch(batch).total == .yuan(600))
        try Self.say(
            HouseholdCommand(
                id: IntakeWorldTests.identifier(92), household: joined, occurredOn: IntakeWorldTests.today,
                action: .changePersonDetails(
                    PersonDetailsChanged(person: man, token: IntakeWorldTests.token(2)))), &world)
        var payer = IntakeWorldTests.clerk
        payer.principal.actor = Code(unchecked: "payer-1")
        let noted = try Self.noted(Self.command(scope, "i", .issue), &world, as: payer)
        #expect(noted.map(\.code) == ["CARE-1479"])
        let file = try #require(try world.batch(batch).files.first)
        let sent = try #require(file.entries.first)
        #expect(file.entries.count == 1 && file.total == .yuan(300))
        // Whichever was ordered first is sent, the other one waits and its file is named.
        let other = try #require(try world.batch(batch).lines.first { $0.number != sent.line })
        #expect(noted.first?.detail?.contains(other.ordered.household.description) == true)
    }
}

/// Who has no ID number is known by name and birth date in the files between which that claim went.
extension PaymentRunTests {
    private static let key = TokenKey(bytes: Array(repeating: 7, count: 32))!
    private static let birth = CivilDay(year: 1963, month: 2, day: 3)!

    /// What a form says of the man.
    struct Man: Sendable, CustomTestStringConvertible {
        var name = "陈某"
        var number: UInt64?
        var isNamesake = false

        var testDescription: String { "\(name) \(number.map(String.init) ?? "-") \(isNamesake)" }
        fileprivate var details: PersonalDetails {
            PersonalDetails(name: name, text: isNamesake ? "已核对，是两个人" : nil)
        }
        fileprivate func joined(_ person: PersonID) -> PersonJoined {
            PersonJoined(
                person: person, role: .husband, birthDate: PaymentRunTests.birth,
                token: number.map(IntakeWorldTests.token),
                namesake: isNamesake ? true : nil, sealed: [SealedPart(subject: person, details: details)])
        }
    }

    private struct TwoFiles {
        var world: IntakeWorld
        let left: HouseholdID
        let former: PersonID
        let joined: HouseholdID
        let man: PersonID
    }

    /// A family of a man.
    private static func registration(_ number: UInt64, _ man: Man, on day: CivilDay) -> HouseholdCommand {
        let id = IntakeWorldTests.identifier(number)
        let register = RegisterHousehold(
            household: HouseholdRegistered(division: IntakeWorldTests.division),
            members: [man.joined(PersonID.derived(from: id, place: 0))])
        return HouseholdCommand(
            id: id, household: HouseholdID.derived(from: id), occurredOn: day, action: .registerHousehold(register))
    }

    private static func command(_ number: UInt64, _ household: HouseholdID, _ action: HouseholdAction)
        -> HouseholdCommand
    {
        HouseholdCommand(
            id: IntakeWorldTests.identifier(number), household: household, occurredOn: changed, action: action)
    }

    /// Somebody leaves a family on 20 May 2024, or it is closed then, and is in a new family on the same day.
    /// - Parameter renamed: another name that is told of the first family's man before, as a change, or putting right what was typed.
    private static func twoFiles(
        seed: UInt64, _ first: Man, _ second: Man, isClosed: Bool = false,
        renamed: (to: String, isCorrection: Bool)? = nil
    ) throws -> TwoFiles {
        var world = try IntakeWorld(intakes: 1, seed: seed, start: IntakeWorldTests.start)
        world.restart(withKeys: [key])
        try world.run(steps: 300)
        let register = registration(1, first, on: CivilDay(year: 2024, month: 5, day: 2)!)
        try say(register, &world)
        let (left, former) = (register.household, PersonID.derived(from: register.id, place: 0))
        if let renamed {
            let sealed = [SealedPart(subject: former, details: PersonalDetails(name: renamed.to))]
            var rename = command(
                80, left, .changePersonDetails(PersonDetailsChanged(person: former, sealed: sealed)))
            if renamed.isCorrection {
                let joining = try #require(try world.household(left).household.member(former)?.joinedBy)
                rename.action = .addPerson(PersonJoined(person: former, role: .husband, sealed: sealed))
                rename.occurredOn = register.occurredOn
                rename.correction = Correction(corrects: joining, reason: Code(unchecked: "typing_error"))
            }
            try say(rename, &world)
        }
        let going: HouseholdAction =
            isClosed
            ? .closeHousehold(HouseholdClosed(reason: Code(unchecked: "moved_away")))
            : .removePerson(PersonLeft(person: former, reason: Code(unchecked: "left")))
        try say(command(81, left, going), &world)
        let anew = registration(2, second, on: changed)
        try say(anew, &world)
        let man = PersonID.derived(from: anew.id, place: 0)
        try entitle(former, from: "2024-05-02", until: "\(changed)", in: left, &world)
        let may = CivilMonth(year: 2024, month: 5)
        try entitle(
            man, from: "\(changed)", until: nil, in: anew.household, &world,
            changes: [DueChange(first: may, last: may, before: .zero, after: .yuan(300))])
        return TwoFiles(world: world, left: left, former: former, joined: anew.household, man: man)
    }

    /// What a batch of May orders, by file, and what the office is told when it is prepared and when it is closed.
    private static func ordered(
        _ files: inout TwoFiles
    ) throws -> (sums: [HouseholdID: Fen], notes: [[Refusal]]) {
        let scope = Self.scope(5...5)
        var notes: [[Refusal]] = []
        for (step, action) in [
            ("p", PaymentAction.prepare(scope, households: [files.left, files.joined])), ("c", .close),
        ] {
            notes.append(try insist(command(scope, step, action), &files.world, intakes: 1))
        }
        var sums: [HouseholdID: Fen] = [:]
        for line in try files.world.batch(BatchID.derived(from: scope)).lines {
            sums[line.ordered.household, default: .zero] += line.ordered.line.amount
        }
        return (sums, notes)
    }

    @Test(
        "没有身份证号，或只有一户登记了号码：凭姓名和出生日期认出，当月只在先在的一户列一笔，后一户说明；离户另立的、停用后重新建档的都一样",
        arguments: [(Man(), Man()), (Man(), Man(number: 2)), (Man(number: 2), Man())], [false, true])
    func paidOnceWithoutNumbers(men: (first: Man, second: Man), isClosed: Bool) throws {
        var files = try Self.twoFiles(seed: 41, men.first, men.second, isClosed: isClosed)
        let (sums, notes) = try Self.ordered(&files)
        #expect(sums == [files.left: .yuan(300)])
        let expected = [Refusal(.dueInOtherFile, detail: files.joined.description)]
        #expect(notes == [expected, expected])
    }

    @Test(
        "说明是另一个人的、两户各有身份证号的：是两个人，各发各的",
        arguments: [(Man(), Man(isNamesake: true)), (Man(number: 2), Man(number: 3))])
    func twoPeople(men: (first: Man, second: Man)) throws {
        var files = try Self.twoFiles(seed: 42, men.first, men.second)
        let (sums, notes) = try Self.ordered(&files)
        #expect(sums == [files.left: .yuan(300), files.joined: .yuan(300)])
        #expect(notes == [[], []])
    }

    @Test("先前打错、已更正的姓名不算；改过的姓名仍是同一个人")
    func namesPutRight() throws {
        var wrong = try Self.twoFiles(seed: 43, Man(), Man(), renamed: (to: "陈芳", isCorrection: true))
        #expect(try Self.ordered(&wrong).sums == [wrong.left: .yuan(300), wrong.joined: .yuan(300)])
        var changed = try Self.twoFiles(seed: 44, Man(), Man(name: "陈芳"), renamed: (to: "陈芳", isCorrection: false))
        #expect(try Self.ordered(&changed).sums == [changed.left: .yuan(300)])
    }

    @Test(
        "没有身份证号的人，原户应发的月份，后一户不能决定补发（CARE-1430）；是两个人的可以",
        arguments: [(Man(), Man()), (Man(), Man(isNamesake: true)), (Man(number: 2), Man(number: 3))])
    func decidedOnce(men: (first: Man, second: Man)) throws {
        let isOne = !men.second.isNamesake && men.second.number == nil
        var files = try Self.twoFiles(seed: 45, men.first, men.second)
        let determination = try #require(try files.world.household(files.joined).events.last?.reference)
        let made = try #require(try files.world.household(files.joined).household.determinations.first?.made)
        let decided = DueDecided(
            determination: determination, clause: made.clause, subject: made.subject, kind: .arrears,
            isCarriedOut: true,
            reason: Code(unchecked: "late_record"))
        var caller = IntakeWorldTests.clerk
        caller.principal.divisions = [IntakeWorldTests.division]
        var decide = Self.command(82, files.joined, .decideDue(decided))
        decide.occurredOn = IntakeWorldTests.today
        let token = try files.world.send(decide, to: 0, as: caller)
        try files.world.run(steps: 300)
        switch files.world.answers[token] {
        case .refused(let refusal)?: #expect(isOne && refusal.code == "CARE-1430")
        case .recorded?: #expect(!isOne)
        case let other: Issue.record("\(String(describing: other))")
        }
    }
}
