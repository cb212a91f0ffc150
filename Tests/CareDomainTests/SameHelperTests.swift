import CareDomain
import CareTestKit
import Testing

/// One person in two slots under two ids: whoever types a helper anew for each slot makes a new id each time.
/// - Source: CZ-2.14a, reading CZ-Q26
@Suite("同一人不占两个结对岗位")
struct SameHelperTests {
    private static func helper(_ number: UInt64, _ name: String, _ unit: String?, _ phone: String?) -> (
        Helper, [SealedPart]
    ) {
        let id = Family.person(number)
        let details = PersonalDetails(name: name, phone: phone)
        return (Helper(id: id, unit: unit, hasRealName: true), [SealedPart(subject: id, details: details)])
    }

    private static func assign(
        _ kind: String, _ number: UInt64, _ name: String, unit: String? = nil, phone: String? = nil
    ) -> HouseholdAction {
        let (helper, sealed) = Self.helper(number, name, unit, phone)
        return .assignHelper(
            PairingAssigned(kind: PairingKind(unchecked: kind), helper: helper, sealed: sealed))
    }

    /// The cadre of the family from 2014-08-10 on.
    private static func family() -> Family {
        var family = Family()
        family.accept(assign("cadre", 20, "赵一", unit: "镇政府", phone: "14011112222"), on: "2014-08-10")
        return family
    }

    @Test("同名同电话、或同名同单位而有一方没留电话的，视为同一人，指明已在哪个岗位，并说怎么办")
    func refused() {
        var family = Self.family()
        let decision = family.say(
            Self.assign("volunteer", 21, "赵一", unit: "妇联", phone: "140 1111 2222"), on: "2014-08-11")
        guard case .refused(let refusal) = decision else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.code == "CARE-1607" && refusal.detail == "干部" && refusal.clause == ClauseID("CZ-2.14a"))
        #expect(refusal.chinese.contains("（干部）") && refusal.chinese.contains("各自的电话或单位"))
        family.refuse(.helperAlike, Self.assign("party_member", 21, "赵 一", unit: "镇政府"), on: "2014-08-11")
        // A handover brings somebody new, too.
        family.accept(Self.assign("volunteer", 22, "钱二", unit: "妇联"), on: "2014-08-12")
        let (successor, sealed) = Self.helper(23, "赵一", "镇政府", "14011112222")
        family.refuse(
            .helperAlike,
            .handOverPairing(
                PairingHandedOver(
                    kind: PairingKind(unchecked: "volunteer"), from: Family.person(22), to: successor,
                    reason: Family.code("transfer"), sealed: sealed)), on: "2014-09-01")
    }

    @Test("部门岗位的人也一样：结对、交接、更正都不能让同一人再占干部、党员、志愿者，反过来也是")
    func department() {
        var family = Self.family()
        let alike = Self.assign("department", 26, "赵一", unit: "镇政府", phone: "14011112222")
        family.refuse(.helperAlike, alike, on: "2014-08-11")
        family.refuse(.helperOverlap, .assign("department", 20), on: "2014-08-11")
        family.accept(Self.assign("department", 30, "孙三", unit: "卫生健康局"), on: "2014-08-11")
        let department = family.last
        family.refuse(.helperOverlap, .assign("volunteer", 30), on: "2014-08-12")
        family.refuse(.helperAlike, Self.assign("volunteer", 31, "孙三", unit: "卫生健康局"), on: "2014-08-12")
        let (successor, sealed) = Self.helper(32, "孙三", "卫生健康局", nil)
        family.refuse(
            .helperAlike,
            .handOverPairing(
                PairingHandedOver(
                    kind: PairingKind(unchecked: "cadre"), from: Family.person(20), to: successor,
                    reason: Family.code("transfer"), sealed: sealed)), on: "2014-09-01")
        family.refuse(.helperOverlap, .handOver("department", 30, 20), on: "2014-09-01")
        // Neither the entry itself nor an earlier one can be made into it.
        family.refuse(.helperOverlap, .assign("department", 20), on: "2014-08-11", correcting: department)
        family.accept(Self.assign("volunteer", 33, "李四", unit: "妇联"), on: "2014-09-02")
        family.refuse(
            .helperAlike, Self.assign("department", 34, "李四", unit: "妇联"), on: "2014-08-11", correcting: department)
        // Whoever left one slot may take another.
        family.accept(.endPairing("department", 30), on: "2014-10-01")
        family.accept(Self.assign("party_member", 35, "孙三", unit: "卫生健康局"), on: "2014-10-01")
    }

    private static func handOver(
        _ kind: String, from old: UInt64, to new: UInt64, _ name: String, unit: String? = nil, phone: String? = nil
    ) -> HouseholdAction {
        let (helper, sealed) = Self.helper(new, name, unit, phone)
        return .handOverPairing(
            PairingHandedOver(
                kind: PairingKind(unchecked: kind), from: Family.person(old), to: helper,
                reason: Family.code("transfer"), sealed: sealed))
    }

    @Test("同一岗位上同一人不占两份：另起编号再登记、交接给本人、交接给同岗位的另一位，都不收，并说怎么办")
    func twiceInOneSlot() {
        var family = Self.family()
        let phone = "14011112222"
        for (unit, given) in [("镇政府", phone), ("镇政府", nil), (nil, phone), (nil, nil)] {
            family.refuse(
                .helperInSlot, Self.assign("cadre", 21, "赵 一", unit: unit, phone: given), on: "2014-08-11")
            family.refuse(
                .handoverToSelf, Self.handOver("cadre", from: 20, to: 21, "赵一", unit: unit, phone: given),
                on: "2014-08-11")
        }
        // Also from a day before the pairing began: it would stand beside it.
        family.refuse(.helperInSlot, Self.assign("cadre", 21, "赵一", unit: "镇政府"), on: "2014-08-05")
        // Another telephone, another unit or another name is another person.
        family.accept(Self.assign("cadre", 22, "赵一", unit: "镇政府", phone: "14033334444"), on: "2014-08-11")
        guard
            case .refused(let refusal) = family.say(
                Self.handOver("cadre", from: 20, to: 22, "赵一", unit: "镇政府", phone: "14033334444"), on: "2014-09-01")
        else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.code == "CARE-1823" && refusal.field == "to" && refusal.chinese.contains("pairing end"))
        family.refuse(
            .helperInSlot, Self.handOver("cadre", from: 20, to: 23, "赵一", phone: "14033334444"), on: "2014-09-01")
        let another = Self.handOver("cadre", from: 20, to: 24, "赵一", unit: "妇联", phone: "14055556666")
        family.accept(another, on: "2014-09-01")
        // Whoever left may come back.
        family.accept(.endPairing("cadre", 24), on: "2014-10-01")
        family.accept(Self.assign("cadre", 20, "赵一", unit: "镇政府", phone: phone), on: "2014-10-01")
    }

    @Test("允许兼任的部署也不许同一岗位占两份")
    func neverTwice() {
        var family = Self.family()
        family.bench.context.policy.places[0].allowsHelperOverlap = true
        family.refuse(.helperInSlot, Self.assign("cadre", 21, "赵一", unit: "镇政府"), on: "2014-08-11")
        family.refuse(.handoverToSelf, .handOver("cadre", 20, 20), on: "2014-08-11")
    }

    @Test("另有电话、没有电话而单位不同、名字不同、没有姓名、前任离任之后：收")
    func accepted() {
        var family = Self.family()
        family.accept(Self.assign("volunteer", 21, "赵一", unit: "镇政府", phone: "14033334444"), on: "2014-08-11")
        family.accept(Self.assign("party_member", 22, "赵一", unit: "妇联"), on: "2014-08-11")
        family.accept(Self.assign("party_member", 23, "赵二", unit: "镇政府", phone: "14011112222"), on: "2014-08-11")
        family.accept(.assign("volunteer", 24), on: "2014-08-11")
        family.accept(.assign("party_member", 25), on: "2014-08-11")
        family.accept(.endPairing("cadre", 20), on: "2014-10-01")
        let again = Self.assign("volunteer", 27, "赵一", unit: "镇政府", phone: "14011112222")
        family.refuse(.helperAlike, again, on: "2014-09-30")
        family.accept(again, on: "2014-10-01")
    }

    @Test("允许兼任的部署只提醒；姓名读不出的不作判断")
    func warned() {
        var family = Self.family()
        family.bench.context.policy.places[0].allowsHelperOverlap = true
        let decision = family.say(
            Self.assign("volunteer", 21, "赵一", unit: "镇政府", phone: "14011112222"), on: "2014-08-11")
        guard case .events(_, let warnings) = decision else {
            Issue.record("refused")
            return
        }
        #expect(warnings.map(\.reason) == [.helperAlike] && warnings.first?.detail == "干部")
        let tenure = family.state.pairings[0]
        #expect(!tenure.isOfSamePerson(as: tenure.helper, nil))
        #expect(!tenure.isOfSamePerson(as: tenure.helper, PersonalDetails(phone: "14011112222")))
    }
}
