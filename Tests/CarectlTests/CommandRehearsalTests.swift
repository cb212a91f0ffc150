import CareDomain
import CaseImport
import RuleEngine
import RulePacks
import ServiceKit
import Testing

@testable import carectl

/// A preview judges each line by what stands on record and by the lines before it.
struct CommandRehearsalTests {
    private static let today = CivilDay(year: 2021, month: 1, day: 4)!
    private static let wife = valid("43100219670801002")
    private static let husband = valid("43100219660801001")

    /// The number with the last character that belongs to its first 17.
    private static func valid(_ body: String) -> String {
        body + String(UnicodeScalar(ResidentIDNumber.checkCharacter(body.utf8.map { Int($0) - 48 })))
    }

    static func id(_ line: UInt64) -> CommandID { CommandID(Identifier128(high: 1, low: line)) }
    static func house(_ line: UInt64) -> HouseholdID { DerivedIDs.household(of: id(line)) }

    private static func member(_ line: UInt64, _ number: String, _ role: MemberRole, sex: Sex? = nil) -> PersonJoined {
        let person = DerivedIDs.person(of: id(line), place: role == .husband ? 1 : 0)
        return PersonJoined(
            person: person, role: role, sex: sex,
            sealed: [SealedPart(subject: person, details: PersonalDetails(idNumber: number))])
    }

    static func command(_ line: UInt64, for household: HouseholdID, _ action: HouseholdAction)
        -> HouseholdCommand
    {
        HouseholdCommand(
            id: id(line), household: household, occurredOn: CivilDay(year: 2019, month: 3, day: 1)!, action: action)
    }

    static func register(
        _ line: UInt64, _ members: [PersonJoined], archive: String? = nil
    ) -> HouseholdCommand {
        let registered = HouseholdRegistered(division: DivisionCode("431002001")!, archiveNumber: archive)
        return command(
            line, for: house(line), .registerHousehold(RegisterHousehold(household: registered, members: members)))
    }

    static func close(_ line: UInt64, _ household: HouseholdID) -> HouseholdCommand {
        command(line, for: household, .closeHousehold(HouseholdClosed(reason: Code(unchecked: "moved_away"))))
    }

    static func leave(_ line: UInt64, _ household: HouseholdID, _ person: PersonID) -> HouseholdCommand {
        command(line, for: household, .removePerson(PersonLeft(person: person, reason: Code(unchecked: "divorce"))))
    }

    /// What intake has on record after these.
    static func history(_ commands: [HouseholdCommand]) throws -> HouseholdHistory {
        let context = DecisionContext(
            today: today, policy: .empty, rights: [.command], newHousehold: HouseholdID(Identifier128(high: 0, low: 0)))
        var history = HouseholdHistory(id: commands[0].household)
        for command in commands {
            guard case .events(let events, _) = history.decide(command, in: context) else { continue }
            history.rehearse(events, of: command.id)
        }
        return history
    }

    /// Judges the lines one after the other: "+" accepted, "?" not judged, the code of a refusal; a number before it says how
    /// often intake was asked.
    static func judge(
        _ commands: [HouseholdCommand], recorded histories: [HouseholdHistory] = [],
        policy: PolicyCatalog = .empty, caller: RehearsedCaller? = nil,
        intake: (HouseholdCommand) -> Refusal? = { _ in nil }
    ) -> [String] {
        let rehearsal = CommandRehearsal(
            policy: policy, histories: Dictionary(uniqueKeysWithValues: histories.map { ($0.id, $0) }), today: today,
            caller: caller)
        return commands.map { command in
            var step = rehearsal.step(for: command)
            var asked = 0
            while case .ask(let question) = step {
                asked += 1
                if let refusal = intake(question) {
                    step = rehearsal.refused(command, Failure(refusal))
                } else {
                    let recorded = Recorded(household: question.household, sequences: 1...1, isRepeated: false)
                    step = rehearsal.answered(command, recorded)
                }
            }
            guard case .told(let outcome) = step else { return "" }
            switch outcome {
            case .recorded: return "\(asked)+"
            case .unjudged: return "\(asked)?"
            case .refused(let failure): return "\(asked)\(failure.code)"
            case .queued, .stopped: return ""
            }
        }
    }

    @Test("登记、销户、再登记同一人：都收；没有销户，第二次登记退回")
    func aClosedHouseholdFreesItsPeople() {
        let first = Self.register(1, [Self.member(1, Self.wife, .wife)], archive: "7")
        let again = Self.register(3, [Self.member(3, Self.wife, .wife)], archive: "7")
        #expect(Self.judge([first, Self.close(2, Self.house(1)), again]) == ["1+", "0+", "1+"])
        #expect(Self.judge([first, again]) == ["1+", "1CARE-1304"])
        let number = Self.register(4, [Self.member(4, Self.husband, .husband)], archive: "7")
        #expect(Self.judge([first, number]) == ["1+", "1CARE-1423"])
        // The same line once more is the same command.
        #expect(Self.judge([first, first]) == ["1+", "0+"])
    }

    @Test("前面的行改动过的户：申请按密钥的部门和岗位判定，与受理一样；不知道是谁的不判；待遇决定要到导入时才知道")
    func applications() throws {
        var rules = PublishedRules()
        let pack = try #require(try PackLibrary.bundled.packFiles(of: "chenzhou-2014").first)
        let loaded = try RulePack.load(bytes: pack.bytes, name: pack.name)
        _ = rules.take(
            .published(
                PackPublished(
                    pack: loaded.id, effectiveFrom: loaded.validFrom, enactedOn: loaded.dated, hash: loaded.hash,
                    bytes: pack.bytes)), of: loaded.id, occurredOn: loaded.validFrom,
            recordedAt: Moment(microseconds: 0))
        let policy = rules.registry.policyCatalog(parameters: rules.parameters)
        let clause = try #require(ClauseID("CZ-2.1"))
        let wife = Self.member(1, Self.wife, .wife)
        let submit = { (line: UInt64) in
            Self.command(
                line, for: Self.house(1),
                .application(.submitted(ApplicationSubmitted(clause: clause, subject: .person(wife.person)))))
        }
        let award = Self.command(
            4, for: Self.house(1),
            .decideAward(
                AwardDecided(
                    clause: clause, subject: .person(wife.person), outcome: .held,
                    period: DayPeriod(start: Self.today), reason: Code(unchecked: "verification"))))
        let lines = [Self.register(1, [wife]), submit(2), submit(3), award]
        func caller(_ department: String) -> RehearsedCaller {
            RehearsedCaller(
                actor: Code(unchecked: "x"), roles: [], department: DepartmentID(unchecked: department),
                divisions: [DivisionCode("431002")!])
        }
        // Two applications for one right cannot be under way; an office without the function makes none.
        #expect(
            Self.judge(lines, policy: policy, caller: caller("dept.fp")) == ["1+", "0+", "0CARE-1771", "0?"])
        #expect(Self.judge(lines, policy: policy).dropFirst() == ["0?", "0?", "0?"])
        // A decision that is refused whatever is determined is refused here; a sum of which only that tells is not.
        let rightly = AwardDecided(
            clause: clause, subject: .person(wife.person), outcome: .held, period: DayPeriod(start: Self.today),
            reason: Code(unchecked: "verification"))
        func decided(_ department: String, _ change: (inout AwardDecided) -> Void) -> String? {
            var changed = rightly
            change(&changed)
            let line = Self.command(7, for: Self.house(1), .decideAward(changed))
            return Self.judge([lines[0], line], policy: policy, caller: caller(department)).last
        }
        #expect(decided("dept.fp") { _ in } == "0?")
        #expect(decided("dept.fp") { $0.outcome = .granted(Fen(1)) } == "0?")
        #expect(decided("dept.fp") { $0.clause = ClauseID("CZ-9.9")! } == "0CARE-1711")
        #expect(
            decided("dept.fp") { $0.subject = .person(Self.member(9, Self.husband, .husband).person) } == "0CARE-1302")
        #expect(decided("dept.fp") { $0.secondApprover = Code(unchecked: "x") } == "0CARE-1717")
        #expect(decided("dept.fp") { $0.period = DayPeriod(start: Self.today, end: Self.today) } == "0CARE-1203")
        let disabled = Self.command(
            5, for: Self.house(1),
            .assessDisability(DisabilityAssessed(person: wife.person, kind: Code(unchecked: "physical"), grade: 2)))
        let known = try Self.history([lines[0]])
        let plan = Self.command(
            6, for: Self.house(1), .openPlanItem(PlanItemOpened(department: DepartmentID(unchecked: "dept.fp"))))
        let stated = { Self.judge([plan, disabled], recorded: [known], policy: policy, caller: caller($0)).last }
        #expect(stated("dept.fp") == "0+" && stated("dept.finance")?.hasPrefix("0CARE-") == true)
    }

    @Test("预览说出登记时会提醒的：销档还有什么没办完、去世未登记；问过受理的以受理所说为准")
    func remarks() throws {
        let first = Self.register(1, [Self.member(1, Self.wife, .wife)])
        let house = Self.house(1)
        let plan = Self.command(
            2, for: house, .openPlanItem(PlanItemOpened(department: DepartmentID(unchecked: "dept.fp"))))
        let victim = IncidentReported.Victim(
            person: Self.member(1, Self.wife, .wife).person, outcome: IncidentReported.death)
        let accident = Self.command(
            3, for: house, .reportIncident(IncidentReported(kind: Code(unchecked: "accident"), victims: [victim])))
        let rehearsal = CommandRehearsal(policy: .empty, histories: [:], today: Self.today)
        let said = UserText(zh: "CARE-1604 请核对", en: "CARE-1604 check")
        func codes(_ command: HouseholdCommand) -> [String]? {
            var step = rehearsal.step(for: command)
            while case .ask(let question) = step {
                let answer = Recorded(
                    household: question.household, sequences: 1...1, isRepeated: false, remarks: [said])
                step = rehearsal.answered(command, answer)
            }
            guard case .told(.recorded(let recorded)) = step else { return nil }
            return recorded.warnings.map { String($0.zh.prefix(9)) }
        }
        #expect(codes(first) == ["CARE-1604"])
        #expect(codes(plan) == [])
        #expect(codes(accident) == ["CARE-1447"])
        #expect(codes(Self.close(4, house)) == ["CARE-1108"])
    }

    @Test("离户以后可以在另一户登记")
    func whoeverLeftIsFree() {
        let couple = Self.register(1, [Self.member(1, Self.wife, .wife), Self.member(1, Self.husband, .husband)])
        let gone = Self.leave(2, Self.house(1), Self.member(1, Self.wife, .wife).person)
        let hers = Self.register(3, [Self.member(3, Self.wife, .singleParent)])
        let his = Self.register(4, [Self.member(4, Self.husband, .singleParent)])
        #expect(Self.judge([couple, gone, hers, his]) == ["1+", "0+", "1+", "1CARE-1304"])
    }

    @Test("拒绝的行不占号码：性别与号码不符按本行的错误说")
    func aRefusedLineHoldsNobody() {
        let wrong = Self.register(1, [Self.member(1, Self.wife, .other, sex: .male)])
        let right = Self.register(2, [Self.member(2, Self.wife, .wife)])
        let told = Self.judge([wrong, right]) {
            $0.id == wrong.id ? Refusal(.idNumberDisagrees, field: "members[0].sex") : nil
        }
        #expect(told == ["1CARE-1308", "1+"])
    }

    @Test("本文件登记的家庭加一个有号码的人，后面的行照样预判")
    func whoeverJoinsIsAskedAboutAlone() {
        let first = Self.register(1, [Self.member(1, Self.wife, .wife)])
        let joins = Self.command(2, for: Self.house(1), .addPerson(Self.member(2, Self.husband, .husband)))
        let dies = Self.command(
            3, for: Self.house(1), .recordDeath(PersonDied(person: Self.member(2, Self.husband, .husband).person)))
        var asked: [HouseholdCommand] = []
        let told = Self.judge([first, joins, dies]) {
            asked.append($0)
            return nil
        }
        #expect(told == ["1+", "1+", "0+"])
        #expect(asked.count == 2 && asked[1].household != Self.house(1))
        #expect(asked[1].numberedPeople.map(\.number.digits) == [Self.husband])
        // Somebody who is in another household on record does not join, and cannot die here.
        let elsewhere = Self.judge([first, joins, dies]) {
            $0.id == first.id ? nil : Refusal(.personElsewhere, field: "members")
        }
        #expect(elsewhere == ["1+", "1CARE-1304", "0CARE-1302"])
        // What the question alone cannot tell is not told.
        let unclear = Self.judge([first, joins, dies]) {
            $0.id == first.id ? nil : Refusal(.notYourDivision, field: "household.division")
        }
        #expect(unclear == ["1+", "1?", "0?"])
    }

    @Test("分户：新户能否开在那里问受理服务；新户的人和档案号归新户")
    func whatASplitTakesAlongIsTheNewFiles() {
        let husband = Self.member(1, Self.husband, .husband)
        let first = Self.register(1, [Self.member(1, Self.wife, .wife), husband], archive: "7")
        let split = Self.command(
            2, for: Self.house(1),
            .splitHousehold(
                SplitHousehold(
                    persons: [husband.person],
                    household: HouseholdRegistered(division: DivisionCode("431002002")!, archiveNumber: "9"))))
        let number = Self.register(3, [Self.member(3, Self.valid("43100219670802002"), .wife)], archive: "9")
        let his = Self.register(4, [Self.member(4, Self.husband, .singleParent)])
        #expect(Self.judge([first, split, number, his]) == ["1+", "1+", "1CARE-1423", "1CARE-1304"])
        // Where the new file may not be opened nothing is taken along.
        let refused = Self.judge([first, split, number, his]) {
            $0.id == first.id || !$0.numberedPeople.isEmpty ? nil : Refusal(.notYourDivision)
        }
        #expect(refused == ["1+", "1CARE-1106", "1+", "1CARE-1304"])
        let taken = Self.register(5, [Self.member(5, Self.valid("43100219670803002"), .wife)], archive: "7")
        #expect(Self.judge([first, split, Self.close(6, Self.house(1)), taken]) == ["1+", "1+", "0+", "1+"])
    }

    @Test("迁到邻县带新号：旧号让出，新号占住；在档的家庭也一样")
    func numbersOfAMove() throws {
        func registers(_ line: UInt64, _ archive: String, in division: String = "431002001") -> HouseholdCommand {
            let number = Self.valid("4310021967080\(line)002")
            var command = Self.register(line, [Self.member(line, number, .wife)], archive: archive)
            if case .registerHousehold(var register) = command.action {
                register.household.division = DivisionCode(division)!
                command.action = .registerHousehold(register)
            }
            return command
        }
        let first = registers(1, "7")
        let move = Self.command(
            2, for: Self.house(1),
            .moveHousehold(
                HouseholdMoved(
                    kind: .registration, division: DivisionCode("431003001")!, archiveNumber: "9")))
        let freed = registers(3, "7")
        let taken = registers(4, "9", in: "431003002")
        #expect(Self.judge([first, move, freed, taken]) == ["1+", "0+", "1+", "1CARE-1423"])
        let known = try Self.history([first])
        let told = Self.judge([move, freed, taken], recorded: [known]) { question in
            guard case .registerHousehold(let register) = question.action, register.household.archiveNumber == "7"
            else { return nil }
            return Refusal(.archiveNumberTaken, field: "household.archive_number", candidate: Self.house(1))
        }
        #expect(told == ["1+", "1+", "1CARE-1423"])
    }

    @Test("在档的家庭：离户的人按出生日期和性别认，留下的人仍算本户")
    func peopleOnRecordAreToldByBirthDateAndSex() throws {
        let wife = Self.member(1, Self.wife, .wife, sex: .female)
        let husband = Self.member(1, Self.husband, .husband, sex: .male)
        func onRecord(_ joined: PersonJoined, _ year: Int) -> PersonJoined {
            PersonJoined(
                person: joined.person, role: joined.role, sex: joined.sex,
                birthDate: CivilDay(year: year, month: 8, day: 1))
        }
        let known = try Self.history([Self.register(1, [onRecord(wife, 1967), onRecord(husband, 1966)])])
        let gone = Self.leave(2, Self.house(1), wife.person)
        let hers = Self.register(3, [Self.member(3, Self.wife, .singleParent)])
        let his = Self.register(4, [Self.member(4, Self.husband, .singleParent)])
        let intake = { (question: HouseholdCommand) -> Refusal? in
            question.numberedPeople.isEmpty
                ? nil : Refusal(.personElsewhere, field: "members", candidate: Self.house(1))
        }
        let told = Self.judge([gone, hers, his], recorded: [known], intake: intake)
        #expect(told == ["1+", "2+", "2CARE-1304"])
        #expect(Self.judge([Self.close(2, Self.house(1)), his], recorded: [known], intake: intake) == ["1+", "2+"])
        #expect(Self.judge([his], recorded: [known], intake: intake) == ["1CARE-1304"])
    }

    /// A family on record as the subscription shows it: tokens of the deployment's key, and nobody's number.
    private static func onRecord(and more: [HouseholdCommand] = []) throws -> HouseholdHistory {
        func shown(_ number: String, _ role: MemberRole) -> PersonJoined {
            var joined = member(1, number, role)
            let known = try? ResidentIDNumber(number)
            (joined.birthDate, joined.sex) = (known?.birthDate, known?.sex)
            joined.token = PersonToken(Identifier128(high: 7, low: role == .wife ? 1 : 2))
            joined.sealed = []
            return joined
        }
        return try history([register(1, [shown(wife, .wife), shown(husband, .husband)])] + more)
    }

    private static func said(_ line: UInt64, _ role: MemberRole, _ details: PersonalDetails) -> HouseholdCommand {
        let person = member(1, role == .wife ? wife : husband, role).person
        let changed = PersonDetailsChanged(person: person, sealed: [SealedPart(subject: person, details: details)])
        return HouseholdCommand(
            id: id(line), household: house(1), occurredOn: CivilDay(year: 2020, month: 5, day: 1)!,
            action: .changePersonDetails(changed))
    }

    @Test("已故的人改姓名：在册的姓名这里看不到，问受理；前面的行才报死亡的，要到导入时才知道")
    func namesOfTheDead() throws {
        let death = HouseholdCommand(
            id: Self.id(9), household: Self.house(1), occurredOn: CivilDay(year: 2019, month: 6, day: 1)!,
            action: .recordDeath(PersonDied(person: Self.member(1, Self.husband, .husband).person)))
        let phone = Self.said(2, .wife, PersonalDetails(phone: "13900000000"))
        let name = Self.said(3, .husband, PersonalDetails(name: "改名"))
        let intake = { (question: HouseholdCommand) in question.id == name.id ? Refusal(.afterDeath) : nil }
        let dead = try Self.onRecord(and: [death])
        #expect(Self.judge([phone, name], recorded: [dead], intake: intake) == ["1+", "1CARE-1421"])
        #expect(Self.judge([name, phone], recorded: [dead], intake: intake) == ["1CARE-1421", "1+"])
        // A name that was not known is learned; whether somebody of that name and birth date is elsewhere is asked, too.
        #expect(Self.judge([phone, name], recorded: [dead]) == ["1+", "2+"])
        let living = try Self.onRecord()
        #expect(Self.judge([phone, name], recorded: [living]) == ["1+", "2+"])
        #expect(Self.judge([death, name], recorded: [living]) == ["1+", "1?"])
        #expect(Self.judge([death, name, name], recorded: [living]) == ["1+", "1?", "0?"])
        // What lines before do not touch is decided here, whatever intake says of the line by itself.
        let other = { (question: HouseholdCommand) in question.id == name.id ? Refusal(.householdNotActive) : nil }
        #expect(Self.judge([phone, name], recorded: [dead], intake: other) == ["1+", "2+"])
    }

    @Test("姓名相同就是同一人：在册的姓名这里看不到，问受理；前面的行动过这些人的，要到导入时才知道")
    func namesOfOthers() throws {
        let known = try Self.onRecord()
        let person = DerivedIDs.person(of: Self.id(3), place: 0)
        let joined = PersonJoined(
            person: person, role: .other, birthDate: CivilDay(year: 1966, month: 8, day: 1),
            sealed: [SealedPart(subject: person, details: PersonalDetails(name: "同名"))])
        let added = Self.command(3, for: Self.house(1), .addPerson(joined))
        let phone = Self.said(2, .wife, PersonalDetails(phone: "13900000000"))
        let gone = Self.leave(2, Self.house(1), Self.member(1, Self.husband, .husband).person)
        for reason in [Refusal.Reason.personTwice, .personBack] {
            let judge = { (lines: [HouseholdCommand]) in
                Self.judge(lines, recorded: [known]) { $0.id == added.id ? Refusal(reason) : nil }
            }
            #expect(judge([phone, added]) == ["1+", "1" + Refusal(reason).code])
            #expect(judge([gone, added]) == ["1+", "1?"])
        }
        #expect(Self.judge([phone, added], recorded: [known]) == ["1+", "2+"])
    }

    /// Intake with that family on record: it knows both numbers, and what was never said of anybody is free.
    private static func hasBoth(_ question: HouseholdCommand) -> Refusal? {
        guard question.household != house(1) else { return nil }
        let isKnown = question.numberedPeople.contains { [wife, husband].contains($0.number.digits) }
        return isKnown ? Refusal(.personElsewhere, field: "members", candidate: house(1)) : nil
    }

    private static func renamed(
        _ line: UInt64, _ role: MemberRole, sequence: UInt64, number: String, name: String = "改名"
    ) -> HouseholdCommand {
        let person = member(1, number, role).person
        let details = PersonalDetails(name: name, idNumber: number)
        let joined = PersonJoined(person: person, role: role, sealed: [SealedPart(subject: person, details: details)])
        return HouseholdCommand(
            id: id(line), household: house(1), occurredOn: CivilDay(year: 2019, month: 3, day: 1)!,
            correction: Correction(
                corrects: EventReference(sequence: sequence), reason: Code(unchecked: "typing_error")),
            action: .addPerson(joined))
    }

    @Test("一户两人的姓名一起更正，证件号照录：都收；把一人的号码写给另一人，退回")
    func twoNamesOfOneFamily() throws {
        let known = try Self.onRecord()
        let hers = Self.renamed(2, .wife, sequence: 2, number: Self.wife)
        let his = Self.renamed(3, .husband, sequence: 3, number: Self.husband)
        let judge = { Self.judge($0, recorded: [known], intake: Self.hasBoth) }
        // Intake is asked about the number, and, once that is known for the one on record, about the name.
        #expect(judge([hers, his]) == ["1+", "2+"])
        #expect(judge([his, hers]) == ["1+", "2+"])
        let again = Self.renamed(4, .husband, sequence: 5, number: Self.husband, name: "又改")
        #expect(judge([hers, his, again]) == ["1+", "2+", "1+"])
        let wrong = Self.valid("43100219660802001")
        #expect(judge([hers, Self.renamed(3, .husband, sequence: 3, number: wrong)]) == ["1+", "1+"])
        let third = Self.command(5, for: Self.house(1), .addPerson(Self.member(5, Self.husband, .other)))
        #expect(judge([hers, third]) == ["1+", "1CARE-1303"])
        // Whoever has another number by now has left the old one to others.
        let freed = Self.renamed(3, .husband, sequence: 3, number: wrong)
        #expect(judge([hers, freed, third]) == ["1+", "1+", "2+"])
    }

    @Test("变更里照录的证件号就是在册的那一个：收；另一个号码：与受理一样退回")
    func theSameNumberAsAChange() throws {
        let known = try Self.onRecord()
        let hers = Self.renamed(2, .wife, sequence: 2, number: Self.wife)
        func change(_ line: UInt64, _ number: String) -> HouseholdCommand {
            let person = Self.member(1, Self.husband, .husband).person
            let details = PersonalDetails(idNumber: number, phone: "13900000000")
            let changed = PersonDetailsChanged(
                person: person, sealed: [SealedPart(subject: person, details: details)])
            return Self.command(line, for: Self.house(1), .changePersonDetails(changed))
        }
        let judge = { Self.judge($0, recorded: [known], intake: Self.hasBoth) }
        #expect(judge([hers, change(3, Self.husband), change(4, Self.husband)]) == ["1+", "1+", "0+"])
        #expect(judge([change(3, Self.husband), change(4, Self.husband)]) == ["1+", "0+"])
        let other = Self.valid("43100219660801003")
        #expect(judge([hers, change(3, other)]) == ["1+", "1" + Refusal(.numberNeverChanges).code])
        #expect(judge([hers, change(3, Self.wife)]).last?.hasSuffix("+") == false)
    }
}
