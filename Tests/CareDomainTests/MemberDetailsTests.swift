import CareDomain
import CareTestKit
import Testing

@Suite("成员信息：每一天各是什么")
struct MemberDetailsTests {
    private static func change(
        _ person: PersonID, role: MemberRole? = nil, _ details: PersonalDetails? = nil
    ) -> HouseholdAction {
        .changePersonDetails(
            PersonDetailsChanged(
                person: person, role: role, sealed: details.map { [SealedPart(subject: person, details: $0)] } ?? []))
    }

    private func wife(_ family: Family) throws -> Member { try #require(family.state.member(Family.wife)) }

    @Test("改了电话，之前那些天仍是原来的")
    func changed() throws {
        var family = Family()
        family.accept(Self.change(Family.wife, PersonalDetails(phone: "14000000002")), on: "2015-03-01")
        let member = try wife(family)
        #expect(member.details(on: Family.day("2015-02-28"))?.phone == "14000000001")
        #expect(member.details(on: Family.day("2015-03-01"))?.phone == "14000000002")
        #expect(member.details(on: Family.day("2015-02-28"))?.name == "李某")
        #expect(member.details?.phone == "14000000002")
    }

    @Test("后来才知道的早先变化，不顶替更晚的变化")
    func learnedLate() throws {
        var family = Family()
        family.accept(Self.change(Family.wife, PersonalDetails(phone: "14000000003")), on: "2015-03-01")
        family.accept(Self.change(Family.wife, PersonalDetails(phone: "14000000002")), on: "2014-12-01")
        let member = try wife(family)
        #expect(member.details?.phone == "14000000003")
        #expect(member.details(on: Family.day("2014-12-01"))?.phone == "14000000002")
        #expect(member.details(on: Family.day("2014-11-30"))?.phone == "14000000001")
    }

    @Test("登记在本户以前的变更拒绝，说明哪天登记的；当时就有误的是更正")
    func beforeJoining() {
        var family = Family()
        let change = Self.change(Family.wife, PersonalDetails(name: "李梅"))
        family.refuse(.dayOrder, change, on: "2014-07-31")
        guard case .refused(let refusal) = family.say(change, on: "2014-07-31") else { return }
        #expect(refusal.chinese.contains("2014-07-31") && refusal.chinese.contains("2014-08-01"))
        family.accept(change, on: "2014-08-01")
    }

    @Test("后来补的姓名以前也是这个人，后来补的电话以前不知道")
    func becameKnown() throws {
        var family = Family()
        family.accept(
            Self.change(Family.husband, PersonalDetails(name: "陈某", phone: "14000000009")), on: "2015-03-01")
        let member = try #require(family.state.member(Family.husband))
        #expect(member.details(on: Family.day("2014-08-01"))?.name == "陈某")
        #expect(member.details(on: Family.day("2014-08-01"))?.phone == nil)
        #expect(member.details(on: Family.day("2015-03-01"))?.phone == "14000000009")
    }

    @Test("身份变化自当日起")
    func role() throws {
        var family = Family()
        family.accept(Self.change(Family.wife, role: .singleParent), on: "2015-03-01")
        let member = try wife(family)
        #expect(member.role(on: Family.day("2015-02-28")) == .wife)
        #expect(member.role(on: Family.day("2015-03-01")) == .singleParent)
        #expect(member.role == .singleParent)
    }
}
