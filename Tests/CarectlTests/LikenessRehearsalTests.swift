import CareDomain
import CaseImport
import Testing

@testable import carectl

/// Whoever has no ID number is told by name and birth date, in a preview as by intake (Decision 0053).
struct LikenessRehearsalTests {
    private typealias Lines = CommandRehearsalTests

    private static let birth = CivilDay(year: 1967, month: 8, day: 1)!
    private static let otherBirth = CivilDay(year: 1966, month: 8, day: 1)!

    private static func number(_ birth: CivilDay, _ serial: String) -> String {
        let body = "431002" + birth.description.filter { $0 != "-" } + serial
        return body + String(UnicodeScalar(ResidentIDNumber.checkCharacter(body.utf8.map { Int($0) - 48 })))
    }

    private static func member(
        _ line: UInt64, _ name: String, _ role: MemberRole = .wife, born day: CivilDay = birth, number: String? = nil,
        reason: String? = nil
    ) -> PersonJoined {
        let person = DerivedIDs.person(of: Lines.id(line), place: role == .husband ? 1 : 0)
        let details = PersonalDetails(name: name, idNumber: number, text: reason)
        return PersonJoined(
            person: person, role: role, birthDate: day, namesake: reason.map { _ in true },
            sealed: [SealedPart(subject: person, details: details)])
    }

    private static func renamed(_ line: UInt64, _ household: HouseholdID, _ person: PersonID, _ name: String)
        -> HouseholdCommand
    {
        let changed = PersonDetailsChanged(
            person: person, sealed: [SealedPart(subject: person, details: PersonalDetails(name: name))])
        return Lines.command(line, for: household, .changePersonDetails(changed))
    }

    @Test("一个文件里同一家登记两次：第二次退回；各有身份证号、说明另有其人的照收；第三次仍退回")
    func twiceInOneFile() {
        let first = Lines.register(1, [Self.member(1, "李某")])
        let again = Lines.register(2, [Self.member(2, "李　某")])
        let elsewhen = Lines.register(2, [Self.member(2, "李某", born: Self.otherBirth)])
        #expect(Lines.judge([first, again]) == ["1+", "1CARE-1318"])
        #expect(Lines.judge([first, elsewhen]) == ["1+", "1+"])
        let said = Lines.register(2, [Self.member(2, "李某", reason: "已核对是两个人")])
        #expect(Lines.judge([first, said, Lines.register(3, [Self.member(3, "李某")])]) == ["1+", "1+", "1CARE-1318"])
        let numbered = { (line: UInt64, serial: String) in
            Lines.register(line, [Self.member(line, "李某", number: Self.number(Self.birth, serial))])
        }
        #expect(Lines.judge([numbered(1, "002"), numbered(2, "004")]) == ["1+", "1+"])
        #expect(Lines.judge([numbered(1, "002"), again]) == ["1+", "1CARE-1318"])
        #expect(Lines.judge([first, numbered(2, "004")]) == ["1+", "1CARE-1318"])
    }

    @Test("离婚的父母各立一户，都写着亡故的独生子女：都收；同一位父母再立一户的退回")
    func mournedByBoth() {
        func registration(_ line: UInt64, _ parent: String, born day: CivilDay) -> HouseholdCommand {
            let child = PersonID(Identifier128(high: 5, low: line))
            var command = Lines.register(line, [Self.member(line, parent, .singleParent, born: day)])
            guard case .registerHousehold(var form) = command.action else { return command }
            form.members.append(
                PersonJoined(
                    person: child, role: .onlyChild, birthDate: CivilDay(year: 1990, month: 5, day: 6),
                    sealed: [SealedPart(subject: child, details: PersonalDetails(name: "陈小某"))]))
            form.facts = [
                ProposedEvent(
                    occurredOn: CivilDay(year: 2012, month: 3, day: 1)!, event: .personDied(PersonDied(person: child)))
            ]
            command.action = .registerHousehold(form)
            return command
        }
        let mother = registration(1, "李某", born: Self.birth)
        let father = registration(2, "陈某", born: Self.otherBirth)
        let again = registration(3, "李某", born: Self.otherBirth)
        #expect(Lines.judge([mother, father, again]) == ["1+", "1+", "1CARE-1318"])
    }

    @Test("前面的行销户、离户、改名：让出来的可以登记")
    func freed() {
        let first = Lines.register(1, [Self.member(1, "李某"), Self.member(1, "陈某", .husband, born: Self.otherBirth)])
        let hers = Lines.register(3, [Self.member(3, "李某")])
        #expect(Lines.judge([first, Lines.close(2, Lines.house(1)), hers]) == ["1+", "0+", "1+"])
        let wife = Self.member(1, "李某").person
        #expect(Lines.judge([first, Lines.leave(2, Lines.house(1), wife), hers]) == ["1+", "0+", "1+"])
        // Under the new name intake is asked whether somebody has it already.
        let renamed = Self.renamed(2, Lines.house(1), wife, "李芳")
        #expect(Lines.judge([first, renamed, hers]) == ["1+", "1+", "1+"])
        let taken = Lines.register(4, [Self.member(4, "李芳")])
        #expect(Lines.judge([first, renamed, hers, taken]) == ["1+", "1+", "1+", "1CARE-1318"])
    }

    @Test("加入文件里刚登记的户：按姓名和出生日期单独问受理服务，别户在册的退回，指出是哪一格")
    func joins() {
        let first = Lines.register(1, [Self.member(1, "李某")])
        let joins = Lines.command(
            2, for: Lines.house(1), .addPerson(Self.member(2, "陈某", .husband, born: Self.otherBirth)))
        var asked: [HouseholdCommand] = []
        let told = Lines.judge([first, joins]) { question in
            asked.append(question)
            guard question.id != first.id else { return nil }
            return Refusal(.namesakeElsewhere, field: "members[0].name", candidate: Lines.house(9))
        }
        #expect(told == ["1+", "1CARE-1318"])
        guard asked.count == 2, case .registerHousehold(let register) = asked[1].action else {
            Issue.record("not asked about the person alone")
            return
        }
        let alone = register.members[0]
        #expect(alone.birthDate == Self.otherBirth && alone.sealed.details(of: alone.person)?.name == "陈某")
        let said = Lines.command(
            2, for: Lines.house(1),
            .addPerson(Self.member(2, "陈某", .husband, born: Self.otherBirth, reason: "已核对是两个人")))
        #expect(Lines.judge([first, said]) == ["1+", "0+"])
    }

    @Test("在档的家庭看不到姓名：离户的人按出生日期认，留下的人仍算本户")
    func onRecord() throws {
        func shown(_ joined: PersonJoined) -> PersonJoined {
            PersonJoined(person: joined.person, role: joined.role, birthDate: joined.birthDate)
        }
        let (wife, husband) = (Self.member(1, "李某"), Self.member(1, "陈某", .husband, born: Self.otherBirth))
        let known = try Lines.history([Lines.register(1, [shown(wife), shown(husband)])])
        let intake = { (question: HouseholdCommand) -> Refusal? in
            guard question.claimedPeople(in: nil).contains(where: { $0.likeness != nil }) else { return nil }
            return Refusal(.namesakeElsewhere, field: "members[0].name", candidate: Lines.house(1))
        }
        let gone = Lines.leave(2, Lines.house(1), wife.person)
        let hers = Lines.register(3, [Self.member(3, "李某")])
        let his = Lines.register(4, [Self.member(4, "陈某", born: Self.otherBirth)])
        let told = Lines.judge([gone, hers, his], recorded: [known], intake: intake)
        #expect(told == ["1+", "2+", "2CARE-1318"])
        #expect(Lines.judge([his], recorded: [known], intake: intake) == ["1CARE-1318"])
        let renamed = Self.renamed(2, Lines.house(1), wife.person, "李芳")
        #expect(Lines.judge([renamed, hers], recorded: [known], intake: intake) == ["1+", "2+"])
    }

    @Test("在档的两户在一个文件里得到同名同日的人：先到的收，后到的退回，与导入一样；改成别的姓名、说明另有其人的照收")
    func oneLikenessForTwoOnRecord() throws {
        func shown(_ line: UInt64) -> PersonJoined {
            let husband = Self.member(line, "", .husband)
            return PersonJoined(person: husband.person, role: .husband, birthDate: Self.birth)
        }
        let records = try (1...2).map { try Lines.history([Lines.register(UInt64($0), [shown(UInt64($0))])]) }
        let husbands = (1...2).map { shown(UInt64($0)).person }
        let first = Self.renamed(3, Lines.house(1), husbands[0], "孔某")
        let second = Self.renamed(4, Lines.house(2), husbands[1], "孔某")
        #expect(Lines.judge([first, second], recorded: records) == ["1+", "1CARE-1318"])
        let other = Self.renamed(4, Lines.house(2), husbands[1], "孔甲")
        #expect(Lines.judge([first, other], recorded: records) == ["1+", "1+"])
        func joins(_ line: UInt64, _ house: UInt64, reason: String? = nil) -> HouseholdCommand {
            Lines.command(
                line, for: Lines.house(house),
                .addPerson(Self.member(line, "程某", .other, born: Self.otherBirth, reason: reason)))
        }
        #expect(Lines.judge([joins(5, 1), joins(6, 2)], recorded: records) == ["1+", "1CARE-1318"])
        #expect(Lines.judge([joins(5, 1), joins(6, 2, reason: "已核对是两个人")], recorded: records) == ["1+", "1+"])
        #expect(first.mayChangeClaims && joins(5, 1).mayChangeClaims)
        let phone = PersonDetailsChanged(
            person: husbands[0],
            sealed: [SealedPart(subject: husbands[0], details: PersonalDetails(phone: "14000000001"))])
        #expect(!Lines.command(7, for: Lines.house(1), .changePersonDetails(phone)).mayChangeClaims)
    }
}
