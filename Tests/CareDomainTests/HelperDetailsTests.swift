import CareDomain
import CareTestKit
import Testing

/// What is on record of a helper, and how it is completed.
/// - Source: CZ-2.14a 实名制, reading CZ-Q27
@Suite("帮扶人的姓名、单位、联系方式")
struct HelperDetailsTests {
    private static let asked: HelperDetails = [.name, .unit, .contact]

    private static func assign(
        _ number: UInt64, _ name: String? = "赵一", unit: String? = nil, phone: String? = nil, claims: Bool? = nil
    ) -> HouseholdAction {
        let id = Family.person(number)
        let details = PersonalDetails(name: name, phone: phone)
        let sealed = details.isEmpty ? [] : [SealedPart(subject: id, details: details)]
        return .assignHelper(
            PairingAssigned(
                kind: PairingKind(unchecked: "cadre"),
                helper: Helper(id: id, unit: unit, hasRealName: name != nil, hasContact: claims), sealed: sealed))
    }

    /// Where the document asks for all three.
    private static func family() -> Family {
        var family = Family()
        for index in family.bench.context.policy.pairingSlots.indices {
            family.bench.context.policy.pairingSlots[index].asks = asked
        }
        return family
    }

    private static func remarks(_ decision: Decision) -> [Refusal] {
        guard case .events(_, let warnings) = decision else {
            Issue.record("refused")
            return []
        }
        return warnings
    }

    @Test("缺什么提醒什么，并说怎样补；都有的不提醒；文件只要姓名的地方不问单位、电话")
    func remarks() throws {
        for (action, lacking) in [
            (Self.assign(20), "缺单位、联系方式"), (Self.assign(20, unit: "镇政府"), "缺联系方式"),
            (Self.assign(20, phone: "14011112222"), "缺单位"),
        ] {
            var family = Self.family()
            let said = Self.remarks(family.say(action, on: "2014-08-10"))
            let remark = try #require(said.first)
            #expect(said.count == 1 && remark.code == "CARE-1452" && remark.field == "helper")
            #expect(remark.chinese.contains("（\(lacking)）") && remark.chinese.contains("pairing assign"))
        }
        var family = Self.family()
        let unnamed = Self.assign(20, nil, unit: "镇政府")
        #expect(Self.remarks(family.say(unnamed, on: "2014-08-10")).map(\.reason) == [.helperWithoutName])
        let whole = Self.assign(21, "钱二", unit: "镇政府", phone: "14011112222")
        #expect(Self.remarks(family.say(whole, on: "2014-08-10")).isEmpty)
        var elsewhere = Family()
        #expect(Self.remarks(elsewhere.say(Self.assign(20), on: "2014-08-10")).isEmpty)
    }

    @Test("有没有联系方式，由加密部分说了算，不由来的人说")
    func contactIsSaidByThePart() {
        var family = Self.family()
        family.accept(Self.assign(20, unit: "镇政府", claims: true), on: "2014-08-10")
        #expect(family.state.pairings[0].helper.hasContact == false)
        family.accept(Self.assign(21, "钱二", phone: "14011112222", claims: false), on: "2014-08-10")
        #expect(family.state.pairings[1].helper.hasContact == true)
        #expect(family.state.pairings[1].lacking(Self.asked, on: Family.day("2014-08-10")) == .unit)
    }

    @Test("对同一人再登记一次，写上所缺的，从那天起算补齐：不结束，也不另起一段；没有新内容的照旧不收")
    func completed() {
        var family = Self.family()
        family.accept(Self.assign(20), on: "2014-08-10")
        let begun = family.last
        family.refuse(.alreadyPaired, Self.assign(20), on: "2014-08-11")
        family.refuse(.alreadyPaired, Self.assign(20, unit: "镇政府"), on: "2014-08-09")
        let said = Self.remarks(family.say(Self.assign(20, nil, unit: "镇政府"), on: "2014-09-01"))
        #expect(said.map(\.reason) == [.helperIncomplete] && said.first?.detail == "缺联系方式")
        #expect(Self.remarks(family.say(Self.assign(20, nil, phone: "14011112222"), on: "2014-10-01")).isEmpty)
        family.refuse(.alreadyPaired, Self.assign(20, unit: "镇政府", phone: "14011112222"), on: "2014-10-02")
        let tenure = family.state.pairings[0]
        #expect(family.state.pairings.count == 1 && tenure.startedBy == begun && tenure.endedBy == nil)
        #expect(tenure.period == DayPeriod(start: Family.day("2014-08-10")))
        #expect(tenure.helper.unit == "镇政府" && tenure.details?.name == "赵一" && tenure.details?.phone == "14011112222")
        func lacking(_ day: String) -> HelperDetails { tenure.lacking(Self.asked, on: Family.day(day)) }
        #expect(lacking("2014-08-31") == [.unit, .contact] && lacking("2014-09-01") == .contact)
        #expect(lacking("2014-10-01") == [])
        #expect(tenure.period(with: Self.asked) == DayPeriod(start: Family.day("2014-10-01")))
        #expect(tenure.period(with: .name) == tenure.period)
    }

    @Test("起始日更正到补充资料之后：退回，同一人不在一个岗位上占两份")
    func movedBehindCompletion() {
        var family = Self.family()
        let whole = Self.assign(20, unit: "镇政府", phone: "14011112222")
        family.accept(Self.assign(20), on: "2014-08-10")
        let begun = family.last
        family.accept(whole, on: "2014-10-01")
        // All of it from the first: what completed it adds nothing any more.
        family.accept(whole, on: "2014-08-09", correcting: begun)
        let corrected = family.last
        family.refuse(.alreadyPaired, whole, on: "2014-11-01", correcting: corrected)
        family.accept(whole, on: "2014-10-01", correcting: corrected)
        #expect(family.state.pairings.map(\.period) == [DayPeriod(start: Family.day("2014-10-01"))])
    }

    @Test("没写姓名的，补上姓名之日起算实名")
    func namedLater() {
        var family = Self.family()
        family.accept(Self.assign(20, nil, unit: "镇政府"), on: "2014-08-10")
        #expect(family.state.pairings[0].period(with: .name) == nil)
        family.accept(Self.assign(20, "赵一"), on: "2014-09-01")
        #expect(family.state.pairings.count == 1 && family.state.pairings[0].helper.hasRealName)
        #expect(family.state.pairings[0].period(with: .name) == DayPeriod(start: Family.day("2014-09-01")))
    }

    @Test("另起编号的同名人补上所缺的，视为同一人并说明；单位或电话对不上的是另一个人")
    func typedAnew() {
        var family = Self.family()
        family.accept(Self.assign(20, unit: "镇政府"), on: "2014-08-10")
        let said = Self.remarks(
            family.say(Self.assign(21, "赵 一", unit: "镇政府", phone: "14011112222"), on: "2014-09-01"))
        #expect(said.map(\.code) == ["CARE-1453"] && said.first?.chinese.contains("撤回") == true)
        #expect(family.state.pairings.map(\.helper.id) == [Family.person(20)])
        #expect(family.state.pairings[0].details?.phone == "14011112222")
        family.accept(Self.assign(22, unit: "妇联", phone: "14033334444"), on: "2014-09-02")
        #expect(family.state.pairings.map(\.helper.id) == [Family.person(20), Family.person(22)])
    }

    @Test("同一人有两个编号：用另一编号登记结对不合并；从结对起始日交接，只剩一个编号，中间没有空缺")
    func twoIdentifiers() {
        let (kind, phone) = (PairingKind(unchecked: "cadre"), "14011112222")
        let details = PersonalDetails(name: "赵一", phone: phone)
        let handover = HouseholdAction.handOverPairing(
            PairingHandedOver(
                kind: kind, from: Family.person(20),
                to: Helper(id: Family.person(21), unit: "镇政府", hasRealName: true), reason: Code(unchecked: "other"),
                sealed: [SealedPart(subject: Family.person(21), details: details)]))
        let other = Self.assign(21, unit: "镇政府", phone: phone)
        func standing(_ family: Family) -> [PersonID] {
            family.state.pairings.filter { $0.stands(from: Family.day("2014-08-10")) }.map(\.helper.id)
        }
        // Whoever holds the slot with nothing lacking does not hold it twice; of whom something is lacking, keeps the id.
        var whole = Self.family()
        whole.accept(Self.assign(20, unit: "镇政府", phone: phone), on: "2014-08-10")
        whole.refuse(.helperInSlot, other, on: "2014-09-01")
        var lacking = Self.family()
        lacking.accept(Self.assign(20, unit: "镇政府"), on: "2014-08-10")
        lacking.accept(other, on: "2014-09-01")
        #expect(standing(lacking) == [Family.person(20)])

        var family = Self.family()
        family.accept(Self.assign(20, unit: "镇政府"), on: "2014-08-10")
        family.accept(handover, on: "2014-08-10")
        #expect(standing(family) == [Family.person(21)])
        let tenure = family.state.pairings.last
        #expect(tenure?.period == DayPeriod(start: Family.day("2014-08-10")))
        #expect(tenure?.lacking(Self.asked, on: Family.day("2014-08-10")) == [])
        // From a later day on it would be a second time of the same person's.
        var later = Self.family()
        later.accept(Self.assign(20, unit: "镇政府"), on: "2014-08-09")
        later.refuse(.handoverToSelf, handover, on: "2014-08-10")
    }

    @Test("一点也没写结对人是谁的不收，结对、交接、更正都一样，说要写什么；有一样的收")
    func untold() throws {
        let kind = PairingKind(unchecked: "cadre")
        func handover(_ unit: String?) -> HouseholdAction {
            .handOverPairing(
                PairingHandedOver(
                    kind: kind, from: Family.person(20),
                    to: Helper(id: Family.person(21), unit: unit, hasRealName: false),
                    reason: Code(unchecked: "transfer")))
        }
        var family = Self.family()
        guard case .refused(let refusal) = family.say(Self.assign(20, nil), on: "2014-08-10") else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.code == "CARE-1820" && refusal.field == "helper" && refusal.chinese.contains("姓名、单位、联系方式"))
        // The program's word that there is a telephone is none.
        family.refuse(.helperUntold, Self.assign(20, nil, claims: true), on: "2014-08-10")
        family.accept(Self.assign(20, nil, unit: "镇政府"), on: "2014-08-10")
        let begun = family.last
        family.refuse(.helperUntold, Self.assign(21, nil), on: "2014-08-10", correcting: begun)
        family.refuse(.helperUntold, handover(nil), on: "2014-09-01")
        family.accept(handover("街道办"), on: "2014-09-01")
        family.accept(Self.assign(22, nil, phone: "14011112222"), on: "2014-09-02")
    }

    @Test("撤回补登的一条，就又缺；更正原来的一条，补登的仍然算；重新写一遍不算更正")
    func corrected() {
        var family = Self.family()
        family.accept(Self.assign(20, unit: "镇政府"), on: "2014-08-10")
        let begun = family.last
        family.accept(Self.assign(20, nil, phone: "14011112222"), on: "2014-09-01")
        let added = family.last
        family.refuse(.nothingToDo, Self.assign(20, unit: "镇政府"), on: "2014-08-10", correcting: begun)
        family.accept(Self.assign(20, unit: "街道办"), on: "2014-08-10", correcting: begun)
        #expect(family.state.pairings[0].helper.unit == "街道办")
        #expect(family.state.pairings[0].lacking(Self.asked, on: Family.today) == [])
        family.accept(.withdraw, on: "2014-09-01", correcting: added)
        #expect(family.state.pairings.count == 1)
        #expect(family.state.pairings[0].lacking(Self.asked, on: Family.today) == .contact)
    }

    @Test("更正结对人的姓名、编号：补登的一条跟着走，岗位上仍是一个人，各项仍从各自之日起算")
    func correctedName() {
        var completed = Self.family()
        completed.accept(Self.assign(20, unit: "镇政府"), on: "2014-08-10")
        let begun = completed.last
        completed.accept(Self.assign(20, unit: "镇政府", phone: "14011112222"), on: "2014-09-01")
        for number in [20, 23] as [UInt64] {
            var family = completed
            family.accept(Self.assign(number, "钱一", unit: "镇政府"), on: "2014-08-10", correcting: begun)
            let all = family.state.pairings
            #expect(all.count == 1 && all[0].helper.id == Family.person(number) && all[0].details?.name == "钱一")
            #expect(all[0].details?.phone == "14011112222" && all[0].helper.unit == "镇政府")
            #expect(all[0].lacking(Self.asked, on: Family.day("2014-08-31")) == .contact)
            #expect(all[0].lacking(Self.asked, on: Family.day("2014-09-01")) == [])
        }
        // Only the day: what completed it stays as it was told.
        var moved = completed
        moved.accept(Self.assign(20, unit: "镇政府"), on: "2014-08-05", correcting: begun)
        #expect(moved.bench.history.events.last?.proposed.correction?.corrects == begun)
        #expect(moved.state.pairings[0].lacking(Self.asked, on: Family.day("2014-08-31")) == .contact)
    }

    @Test("早先的记录不写有没有电话：看加密部分；看不到的不算缺")
    func earlierEvents() {
        let id = Family.person(20)
        let helper = Helper(id: id, unit: "镇政府", hasRealName: true)
        func lacking(_ sealed: [SealedPart]) -> HelperDetails {
            Self.asked.subtracting(helper.told(with: sealed))
        }
        let named = PersonalDetails(name: "赵一")
        let reached = PersonalDetails(name: "赵一", phone: "14011112222")
        #expect(lacking([]) == .contact)
        #expect(lacking([SealedPart(subject: id, details: named)]) == .contact)
        #expect(lacking([SealedPart(subject: id, details: reached)]) == [])
        #expect(lacking([SealedPart(subject: id, details: nil)]) == [])
        #expect(lacking([SealedPart(subject: Family.person(21), details: reached)]) == .contact)
    }
}
