import CareDomain
import CareTestKit
import Testing

@testable import CareProjections

/// What is still open on the page: a death that an accident alone tells, and needs whose visit was withdrawn.
@Suite("档案页：去世尚未登记，走访撤回后留下的需求")
struct UnrecordedDeathPageTests {
    private static let people = (1...2).map { PersonID(Identifier128(high: 8, low: $0)) }

    private static func stream() -> InventedStream {
        var stream = InventedStream(9)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode("431002")!)), on: "2014-08-01")
        for (person, role) in zip(people, [MemberRole.wife, .onlyChild]) {
            let named = SealedPart(subject: person, details: PersonalDetails(name: "欧阳某某"))
            stream.add(.personJoined(PersonJoined(person: person, role: role, sealed: [named])), on: "2014-08-01")
        }
        return stream
    }

    private static func page(
        _ stream: InventedStream, _ day: String = "2016-01-01", knownAt: String? = nil, keeping: Set<UInt64> = []
    ) -> CareArchive {
        CareArchive(
            stream.history,
            ArchiveQuestion(asOf: .invented(day), knownAt: knownAt.flatMap { Moment(parsing: $0) }), words: .sample,
            withheld: WithheldFacts(sequences: keeping))
    }

    @Test("独生子女死于意外、去世未登记：页面、JSON 都说；当日以前、当时不知、遮着的不说；登记以后没有了")
    func death() throws {
        var stream = Self.stream()
        let victim = IncidentReported.Victim(person: Self.people[1], outcome: IncidentReported.death)
        let incident = stream.add(
            .incidentReported(IncidentReported(kind: Code(unchecked: "accident"), victims: [victim])),
            on: "2015-02-01")
        let page = Self.page(stream)
        let child = try #require(page.members.last)
        #expect(child.fatalIncident == .init(day: .invented("2015-02-01"), sequence: incident.sequence))
        #expect(child.standing == .present && page.header.status == nil && page.members[0].fatalIncident == nil)
        let text = page.text()
        #expect(text.contains("提示      独生子女 欧阳** 的去世尚未登记：第 \(incident.sequence) 条记此人死于 2015-02-01 的突发事件"))
        #expect(text.contains("不据此认定失独") && text.contains("在户（去世未登记）"))
        #expect(text.contains("家庭类别  未认定失独：独生子女的去世尚未登记"))
        let told = #""unrecorded_death":{"incident_on":"2015-02-01","incident":\#(incident.sequence)}"#
        #expect(page.json.text().contains(told))
        #expect(try CareArchive(page.wire) == page)

        let silent = [
            Self.page(stream, "2015-01-31"), Self.page(stream, knownAt: "2015-01-20"),
            Self.page(stream, keeping: [incident.sequence]),
        ]
        for page in silent { #expect(page.members.allSatisfy { $0.fatalIncident == nil }) }
        stream.add(.personDied(PersonDied(person: Self.people[1])), on: "2015-02-03", recorded: "2015-05-01")
        let later = Self.page(stream)
        #expect(later.members.last?.standing == .died && !later.text().contains("去世尚未登记"))
        #expect(later.header.status?.kind == .bereaved)
        #expect(Self.page(stream, knownAt: "2015-04-01").members.last?.fatalIncident != nil)
    }

    @Test("收养子女没有收养日期：类别待补并提示补登；补登以后没有了；去世的是收养子女的，写明为什么不属失独")
    func adoption() throws {
        var stream = Self.stream()
        stream.add(.personDied(PersonDied(person: Self.people[1])), on: "2013-02-03")
        #expect(Self.page(stream).header.status?.kind == .bereaved)
        let adopted = PersonID(Identifier128(high: 8, low: 3))
        stream.add(.personJoined(PersonJoined(person: adopted, role: .adoptedChild)), on: "2015-03-01")
        let page = Self.page(stream)
        #expect(page.header.status == nil && page.members.map(\.isAdoptionUndated) == [false, false, true])
        #expect(page.text().contains("家庭类别  待补：收养子女的收养日期没有登记"))
        #expect(page.text().contains("提示      收养子女 的收养日期尚未登记"))
        #expect(page.json.text().contains(#""adoption_undated":true"#))
        #expect(try CareArchive(page.wire) == page)
        #expect(Self.page(stream, "2015-02-28").header.status?.kind == .bereaved)
        stream.add(.childAdopted(ChildAdopted(child: adopted)), on: "2015-06-01")
        let dated = Self.page(stream)
        #expect(dated.members.allSatisfy { !$0.isAdoptionUndated } && !dated.text().contains("收养日期尚未登记"))
        #expect(Self.page(stream, "2015-05-31").header.status?.kind == .bereaved)

        var other = InventedStream(10)
        other.add(.registered(HouseholdRegistered(division: DivisionCode("431002")!)), on: "2014-08-01")
        other.add(.personJoined(PersonJoined(person: adopted, role: .adoptedChild)), on: "2014-08-01")
        other.add(.childAdopted(ChildAdopted(child: adopted)), on: "2014-08-01")
        other.add(.personDied(PersonDied(person: adopted)), on: "2014-09-01")
        #expect(Self.page(other).text().contains("家庭类别  不属失独：去世的是收养子女，档案里没有登记独生子女"))
    }

    @Test("失独家庭里像是子女的其他成员：页面提醒；登记生育以后不是失独，也不再提醒；出生以前、长辈不提醒")
    func laterChild() {
        var stream = InventedStream(11)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode("431002")!)), on: "2014-08-01")
        let people = (1...4).map { PersonID(Identifier128(high: 8, low: $0)) }
        let births = ["1972-01-01", "1995-01-01", "2012-05-05", "1945-05-05"]
        for (index, role) in [MemberRole.wife, .onlyChild, .other, .other].enumerated() {
            let joined = PersonJoined(person: people[index], role: role, birthDate: .invented(births[index]))
            stream.add(.personJoined(joined), on: "2014-08-01")
        }
        #expect(Self.page(stream).possibleLaterChildren.isEmpty)
        stream.add(.personDied(PersonDied(person: people[1])), on: "2010-10-10")
        let page = Self.page(stream)
        #expect(page.header.status?.kind == .bereaved && page.possibleLaterChildren.count == 1)
        #expect(page.text().contains("提示      其他成员 2012-05-05 出生，年龄像是这对父母的子女"))
        stream.add(.childBorn(ChildBorn(child: people[2])), on: "2012-05-05")
        let born = Self.page(stream)
        #expect(born.header.status == nil && born.possibleLaterChildren.isEmpty)
    }

    @Test("空缺没有帮扶人而结束的，清单与页面同说结对不再要求；有人补上的说结对补齐")
    func gapsThatEnded() {
        var stream = Self.stream()
        let kind = Code(unchecked: "pairing_gap_closed")
        for (key, persons) in [("one", []), ("other", [PersonID(Identifier128(high: 8, low: 7))])] {
            let notice = NoticeRaised(kind: kind, key: key, subject: .household, persons: persons)
            stream.add(.noticeRaised(notice), on: "2015-01-10")
        }
        let rows = HouseholdRows(stream.history.household, lastSequence: 9, words: .sample)
        #expect(rows.notices.map(\.isUnfilled) == [true, false])
        let words = rows.notices.map { CarePolicyWords.sample.notice($0.kind, isUnfilled: $0.isUnfilled) }
        #expect(words.first == "结对不再要求" && Set(words) == Set(Self.page(stream).notices.map(\.kind.chinese)))
    }

    @Test("以前单独撤回的走访，当时提出的需求仍在的，注明走访记录已撤回")
    func needs() throws {
        var stream = Self.stream()
        let visit = stream.add(.visitRecorded(VisitRecorded(kind: Code(unchecked: "routine"))), on: "2015-01-10")
        let found = stream.add(
            .needRaised(NeedRaised(kind: Code(unchecked: "need_other"))), on: "2015-01-10", together: true)
        let own = stream.add(.needRaised(NeedRaised(kind: Code(unchecked: "need_other"))), on: "2015-01-10")
        #expect(Self.page(stream).needs.allSatisfy { !$0.isVisitWithdrawn })
        stream.add(.withdrawn, on: "2015-03-01", corrects: visit)
        let page = Self.page(stream)
        #expect(page.needs.map(\.sequence) == [found.sequence, own.sequence])
        #expect(page.needs.map(\.isVisitWithdrawn) == [true, false])
        #expect(page.text().contains("待答复（走访记录已撤回）") && page.json.text().contains(#""visit_withdrawn":true"#))
        #expect(try CareArchive(page.wire) == page)
        #expect(Self.page(stream, knownAt: "2015-02-01").needs.allSatisfy { !$0.isVisitWithdrawn })
    }
}
