import CareDomain
import Testing

@Suite("“无”“不详”和横线不是姓名")
struct PlaceholderTests {
    @Test("“无”“不详”“同上”和横线认得出，写法不同也一样；名字不算")
    func placeholders() {
        for cell in [
            "无", "没 有", "暂无", "/", "／", "-", "——", "－", "、", "N/A", "null", "不详", "不知道", "同上", "〃", "...", "？",
        ] {
            #expect(Placeholder.isAny(cell), "\(cell)")
        }
        for cell in ["无名", "吴某", "何大山", "A-1", "1/2", "同安", "", "Na Li"] {
            #expect(!Placeholder.isAny(cell), "\(cell)")
        }
        #expect(Placeholder.isNone("没有") && !Placeholder.isNone("不详") && !Placeholder.isNone("/"))
        #expect(Placeholder.isUnknown("不详") && Placeholder.isStroke("—") && Placeholder.isDitto("同上"))
    }

    @Test("写成“无”的人不登记：成员、结对人、接手的人、监护人、走访人都一样，指出是哪一项", arguments: ["无", "/", "不 详", "－－"])
    func refused(word: String) throws {
        var family = Family()
        func part(_ person: PersonID) -> SealedPart {
            SealedPart(subject: person, details: PersonalDetails(name: word, phone: "14011112222"))
        }
        let nobody = Helper(id: Family.person(20), hasRealName: true)
        let kind = PairingKind(unchecked: "cadre")
        family.accept(.assign("cadre", 21), on: "2014-08-10")
        let actions: [(HouseholdAction, String)] = [
            (.assignHelper(PairingAssigned(kind: kind, helper: nobody, sealed: [part(nobody.id)])), "helper.name"),
            (
                .handOverPairing(
                    PairingHandedOver(
                        kind: kind, from: Family.person(21), to: nobody, reason: Family.code("transfer"),
                        sealed: [part(nobody.id)])), "to.name"
            ),
            (
                .assignHelper(
                    PairingAssigned(kind: kind, helper: Helper(id: nobody.id, unit: "不详", hasRealName: true))),
                "helper.unit"
            ),
            (
                .assignHelper(
                    PairingAssigned(
                        kind: kind, helper: nobody,
                        sealed: [SealedPart(subject: nobody.id, details: PersonalDetails(name: "李明", phone: "无"))])),
                "helper.phone"
            ),
            (
                .recordVisit(
                    RecordVisit(
                        visit: VisitRecorded(
                            kind: Family.code("routine"), visitor: nobody.id, sealed: [part(nobody.id)]))),
                "visitor.name"
            ),
            (
                .changePersonDetails(PersonDetailsChanged(person: Family.wife, sealed: [part(Family.wife)])), "name"
            ),
        ]
        for (action, field) in actions {
            guard case .refused(let refusal) = family.say(action, on: "2014-09-01") else {
                Issue.record("\(field)")
                continue
            }
            #expect(refusal.code == "CARE-1808" && refusal.field == field)
            #expect(!refusal.chinese.contains("14011112222"))
        }
        // Without a name, a unit or a way to reach them nobody is named, and the slot stays empty.
        family.accept(.endPairing("cadre", 21), on: "2014-09-01")
        family.refuse(.helperUntold, .assign("cadre", 22, named: false), on: "2014-09-02")
    }

    @Test("姓名里写“已故”的成员不登记：建档、加入、信息变更都一样；去世要登记去世")
    func deathInName() {
        func named(_ person: PersonID, _ name: String) -> [SealedPart] {
            [SealedPart(subject: person, details: PersonalDetails(name: name))]
        }
        var new = Family(registered: false)
        let members = [
            PersonJoined(person: Family.wife, role: .wife, sealed: named(Family.wife, "李某")),
            PersonJoined(person: Family.husband, role: .husband, sealed: named(Family.husband, "戴 21（已故）")),
        ]
        guard case .refused(let refusal) = new.say(Family.registration(members), on: "2014-08-01") else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.code == "CARE-1314" && refusal.field == "members[1].name")
        #expect(refusal.chinese.contains("record_death") && !refusal.chinese.contains("戴"))
        var family = Family()
        let dead = named(Family.wife, "李某(去世)")
        family.refuse(
            .deathInName, .changePersonDetails(PersonDetailsChanged(person: Family.wife, sealed: dead)),
            on: "2014-09-01")
        let joined = PersonJoined(
            person: Family.person(9), role: .other, sealed: named(Family.person(9), "[亡]赵某"))
        family.refuse(.deathInName, .addPerson(joined), on: "2014-09-01")
    }
}
