import CareDomain
import CareTestKit
import Testing

/// Who says that somebody is another person than one of the same name and birth date says why (Decision 0053).
@Suite("同名同日另有其人")
struct NamesakeTests {
    private static let other = Family.person(4)

    private static func joined(_ reason: String?, namesake: Bool? = true) -> PersonJoined {
        PersonJoined(
            person: other, role: .other, birthDate: Family.day("1970-01-01"), namesake: namesake,
            sealed: [SealedPart(subject: other, details: PersonalDetails(name: "周某", text: reason))])
    }

    @Test("说是另一个人而没有理由：退回，说怎么办；有理由的、没有这样说的照收")
    func reason() {
        for reason in [nil, "", " 　"] {
            var family = Family()
            guard case .refused(let refusal) = family.say(.addPerson(Self.joined(reason)), on: "2015-01-01") else {
                Issue.record("accepted without a reason")
                continue
            }
            #expect(refusal.code == "CARE-1319" && refusal.field == "text")
            #expect(refusal.chinese.contains("理由") && refusal.english.contains("reason"))
        }
        var silent = Family()
        silent.accept(.addPerson(Self.joined(nil, namesake: false)), on: "2015-01-01")
        #expect(silent.state.member(Self.other)?.isNamesake == false)
        var family = Family()
        family.accept(.addPerson(Self.joined("两人都见过")), on: "2015-01-01")
        #expect(family.state.member(Self.other)?.isNamesake == true)
        family.refuse(
            .namesakeWithoutReason,
            .changePersonDetails(PersonDetailsChanged(person: Family.wife, namesake: true)), on: "2015-01-01")
        var unregistered = Family(registered: false)
        guard
            case .refused(let refusal) = unregistered.say(
                Family.registration(Family.members() + [Self.joined(nil)]), on: "2014-08-01")
        else {
            Issue.record("registered without a reason")
            return
        }
        #expect(refusal.reason == .namesakeWithoutReason && refusal.field == "members[3].text")
    }

    @Test("只算说的那个姓名和出生日期：更正、变更成别的，不再算数；照旧的仍算")
    func boundToName() {
        func said(_ name: String, born: String = "1970-01-01") -> PersonJoined {
            PersonJoined(
                person: Self.other, role: .other, birthDate: Family.day(born),
                sealed: [SealedPart(subject: Self.other, details: PersonalDetails(name: name))])
        }
        for (correction, holds) in [
            (said("周　某"), true), (said("吴某"), false), (said("周某", born: "1970-01-02"), false),
        ] {
            var family = Family()
            family.accept(.addPerson(Self.joined("两人都见过")), on: "2015-01-01")
            family.accept(.addPerson(correction), on: "2015-01-02", correcting: family.last)
            #expect(family.state.member(Self.other)?.isNamesake == holds)
        }
        for (name, holds) in [("周某", true), ("吴某", false)] {
            var family = Family()
            family.accept(.addPerson(Self.joined("两人都见过")), on: "2015-01-01")
            let changed = PersonDetailsChanged(
                person: Self.other,
                sealed: [SealedPart(subject: Self.other, details: PersonalDetails(name: name, phone: "14000000001"))])
            family.accept(.changePersonDetails(changed), on: "2015-01-02")
            #expect(family.state.member(Self.other)?.isNamesake == holds)
        }
    }

    @Test("姓名前后的空白、看不见的字符不算姓名")
    func unseen() {
        for name in ["李某 ", "\u{FEFF}李某", "李\u{200B}某", " 李\u{3000}某\u{00A0}", "\t李某\u{2060}"] {
            #expect(PersonName.closed(name) == "李某")
        }
        #expect(PersonName.closed(" Ann  Marie ") == "Ann  Marie" && PersonName.closed(" \u{200B} ") == "")
    }

    @Test("更正没有再说的，仍然算数；后来说不是的，不再算数")
    func kept() {
        var family = Family()
        family.accept(.addPerson(Self.joined("两人都见过")), on: "2015-01-01")
        var day = Self.joined(nil, namesake: nil)
        day.sealed = []
        family.accept(.addPerson(day), on: "2015-01-02", correcting: family.last)
        #expect(family.state.member(Self.other)?.isNamesake == true)
        #expect(family.state.member(Self.other)?.details?.text == "两人都见过")
        family.accept(
            .changePersonDetails(PersonDetailsChanged(person: Self.other, namesake: false)), on: "2015-01-03")
        #expect(family.state.member(Self.other)?.isNamesake == false)
    }

    @Test("分户：亡故的独生子女在新户只是同记，走的人不是；说过的另有其人带着走")
    func split() throws {
        var family = Family()
        family.accept(.addPerson(Self.joined("两人都见过")), on: "2015-01-01")
        family.accept(.death(Family.child), on: "2015-01-02")
        let day = Family.day("2015-06-01")
        let context = DecisionContext(
            today: Family.today, policy: .empty, rights: [.command],
            newHousehold: HouseholdID(Identifier128(high: 0, low: 0)))
        func moved(
            _ number: UInt64, _ action: HouseholdAction, _ source: HouseholdHistory, _ target: HouseholdHistory
        ) throws -> HouseholdHistory {
            let command = HouseholdCommand(
                id: CommandID(Identifier128(high: 8, low: number)), household: source.id, occurredOn: day,
                action: action)
            return try HouseholdMove.rehearse(command, from: source, into: target, in: context).target
        }
        let split = HouseholdAction.splitHousehold(
            SplitHousehold(
                persons: [Family.husband, Self.other],
                household: HouseholdRegistered(division: try #require(DivisionCode("431002001")))))
        let new = try moved(
            1, split, family.bench.history, HouseholdHistory(id: HouseholdID(Identifier128(high: 7, low: 8))))
        #expect(new.household.member(Family.child)?.isAlsoElsewhere == true)
        #expect(new.household.member(Family.husband)?.isAlsoElsewhere == false)
        #expect(new.household.member(Self.other)?.isNamesake == true)
        #expect(family.state.member(Family.child)?.isAlsoElsewhere == false)
    }
}
