import CareDomain
import CareProjections
import CareTestKit
import CareWire
import EventLog
import ReadModels
import Testing

@Suite("查询：权限、遮蔽、错误回答", .timeLimit(.minutes(10)))
struct QueryEngineTests {
    private let bench: Bench
    private let file: ReadModelFile
    private let family = InventedFamily(number: 1)

    init() throws {
        bench = try Bench()
        file = try bench.filled([family.stream, InventedFamily(number: 2, division: "430102").stream])
    }

    private func engine(divisions: [String] = ["431000"], rights: Set<Principal.Right> = [.query]) throws -> QueryEngine
    {
        QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: .sample,
            principal: Principal(
                peer: "carectl", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
                department: DepartmentID(unchecked: "dept.fp"), divisions: divisions.compactMap { DivisionCode($0) },
                rights: rights), today: .invented("2016-03-01"))
    }

    private func page(_ text: String, reason: String = "") -> Care_V1_Query {
        var query = Care_V1_Query()
        query.householdPage.household = text
        query.householdPage.asOf = CivilDay.invented("2016-03-01").dayNumber
        query.householdPage.revealReason = reason
        return query
    }

    private func refusal(_ query: Care_V1_Query, _ engine: QueryEngine) -> QueryRefusal? {
        do {
            _ = try engine.answer(query)
            return nil
        } catch { return error as? QueryRefusal }
    }

    @Test("编号或其开头都能打开档案")
    func pageByIdOrPrefix() throws {
        let id = family.stream.id.description
        for text in [id, String(id.prefix(6)), id.uppercased()] {
            let answer = try engine().answer(page(text))
            #expect(try CareArchive(answer.reply.householdPage).header.household == family.stream.id)
            #expect(answer.access == nil)
        }
    }

    @Test("辖区外的户与不存在的户回答相同")
    func othersHouseholdsDoNotExist() throws {
        let foreign = InventedStream(2).id.description
        let nobody = InventedStream(99).id.description
        #expect(try refusal(page(foreign), engine()) == .householdNotFound)
        #expect(try refusal(page(nobody), engine()) == .householdNotFound)
        #expect(try refusal(page(String(foreign.prefix(10))), engine()) == .householdNotFound)
        #expect(try refusal(page(family.stream.id.description), engine(divisions: [])) == .householdNotFound)
    }

    @Test("查看完整信息须有权限与理由，并要求先留痕")
    func revealNeedsRightAndReason() throws {
        let id = family.stream.id.description
        #expect(try refusal(page(id, reason: "核对"), engine()) == .missingRight(.reveal))
        let allowed = try engine(rights: [.query, .reveal])
        #expect(refusal(page(id, reason: "  "), allowed) == .revealReason)
        #expect(refusal(page(id, reason: String(repeating: "长", count: 200)), allowed) == .revealReason)
        let answer = try allowed.answer(page(id, reason: "核对身份"))
        #expect(answer.access == .read(SealedPartsRead(household: family.stream.id, reason: "核对身份")))
        #expect(answer.reply.householdPage.members.first?.name == "甲妻")
    }

    @Test("看不懂的条件各有说法")
    func badQueries() throws {
        let engine = try engine()
        #expect(refusal(page("ab"), engine) == .householdText)
        #expect(refusal(page("张三的家"), engine) == .householdText)
        #expect(refusal(Care_V1_Query(), engine) == .empty)
        var query = Care_V1_Query()
        query.listNeeds.state = "lost"
        #expect(refusal(query, engine) == .field("state"))
        query.pairingCoverage.depth = 7
        #expect(refusal(query, engine) == .field("depth"))
        query.findHouseholds.division = "43100"
        #expect(refusal(query, engine) == .field("division"))
        query.findHouseholds = .init()
        query.findHouseholds.page.after = "x"
        #expect(refusal(query, engine) == .field("page.after"))
        #expect(try refusal(page(family.stream.id.description), self.engine(rights: [])) == .missingRight(.query))
        query.listConsumers = .init()
        #expect(refusal(query, engine) == .missingRight(.operate))
    }

    @Test("区划、深度不对的，说明该怎么写")
    func fieldsSayWhatIsRight() {
        let (division, depth) = (QueryRefusal.field("division"), QueryRefusal.field("depth"))
        #expect(division.code == "CARE-3503" && division.chinese.hasPrefix("查询条件 division 无效：应为"))
        #expect(division.chinese.contains("6、9 或 12 位区划代码") && division.english.contains("6, 9 or 12 digits"))
        #expect(depth.chinese == "查询条件 depth 无效：应为 6（县）、9（乡镇）或 12（村）")
        #expect(QueryRefusal.field("kind").chinese == "查询条件 kind 无效")
    }

    @Test("覆盖、空缺、导出与进度都经由查询可得")
    func everythingElse() throws {
        let engine = try engine()
        let day = CivilDay.invented("2015-12-01").dayNumber
        var query = Care_V1_Query()
        query.pairingCoverage.asOf = day
        let coverage = try engine.answer(query).reply.pairingCoverage
        #expect(coverage.total.householdCount == 1)
        #expect(coverage.total.kinds.map(\.filledCount) == [1, 1, 1, 0])
        #expect(coverage.total.coveredCount == 0)
        query.pairingMissing.asOf = day
        let gaps = try engine.answer(query).reply.pairingGaps
        #expect(gaps.households.first?.gaps.first?.kind.textZh == "志愿者")
        query.householdExport.household = family.stream.id.description
        let export = try engine.answer(query).reply.householdExport
        #expect(export.lines == CanonicalExport.lines(of: family.history))
        query.projectionStatus = .init()
        let status = try engine.answer(query).reply.projectionStatus
        #expect(status.position == status.headPosition)
        #expect(status.householdCount == 2)
    }

    @Test("受限的事实只给列明的部门：页面、导出、事件都一样，其余照常；遮的是哪些写明")
    func restrictedFacts() throws {
        let fact = try #require(
            family.history.events.lazy.compactMap { event -> FactID? in
                if case .factStated(let stated) = event.event { stated.fact } else { nil }
            }.first)
        let id = family.stream.id.description
        func shown(to department: String) throws -> (
            page: String, export: String, events: Int, last: UInt64, withheld: [String]
        ) {
            var words = CarePolicyWords.sample
            words.restrictions.add(
                FactRestrictions.Version(
                    territory: DivisionCode("431000"), inForce: DayPeriod(start: .invented("2014-07-16")),
                    facts: [fact], shownTo: [fact: [DepartmentID(unchecked: "org.community")]]),
                of: PackID(unchecked: "chenzhou-2014"))
            let engine = QueryEngine(
                file: file, reader: try bench.log.makeReader(), words: words,
                principal: Principal(
                    peer: "x", actor: Code(unchecked: "x"), role: Code(unchecked: "none"),
                    department: DepartmentID(unchecked: department), divisions: [.everywhere], rights: [.query]),
                today: .invented("2016-03-01"))
            var query = Care_V1_Query()
            query.householdExport.household = id
            let export = try engine.answer(query).reply.householdExport.lines.joined()
            query.householdEvents.household = id
            let events = try engine.answer(query).reply.householdEvents
            let archive = try CareArchive(engine.answer(page(id)).reply.householdPage)
            return (
                "\(archive.facts) \(archive.history)", export, events.entries.count, archive.header.lastSequence,
                archive.withheldFacts.map(\.code)
            )
        }
        let (mine, others) = (try shown(to: "org.community"), try shown(to: "dept.fp"))
        #expect(mine.page.contains(fact.rawValue) && mine.export.contains(fact.rawValue))
        #expect(!others.page.contains(fact.rawValue) && !others.export.contains(fact.rawValue))
        #expect(others.events == mine.events - 1 && others.last == mine.last)
        #expect(mine.withheld.isEmpty && others.withheld == [fact.rawValue])
    }

    @Test("应补与多发的查询：别的区划看不到，认不得的类别指出是哪一项")
    func dueDifferences() throws {
        var query = Care_V1_Query()
        query.listDueDifferences.asOf = CivilDay.invented("2016-03-01").dayNumber
        let list = try engine().answer(query).reply.dueDifferences
        #expect(list.total == 1 && list.arrearsFen == 120_000 && list.recoveriesFen == 0)
        #expect(list.entries.first?.hasFactSequence ?? false)
        #expect(list.entries.first.map { $0.firstMonth == CivilMonth(year: 2015, month: 11).wireIndex } ?? false)
        #expect(try engine(divisions: []).answer(query).reply.dueDifferences.total == 0)
        // Of another place only where it is asked for with the files that the key reads.
        query.listDueDifferences.division = "110101"
        #expect(throws: QueryRefusal.notYourDivision) { try engine().answer(query) }
        query.listDueDifferences.everyPlace = true
        #expect(try engine().answer(query).reply.dueDifferences.total == 0)
        query.listDueDifferences.everyPlace = false
        query.listDueDifferences.division = "430000"
        #expect(try engine().answer(query).reply.dueDifferences.total == 1)
        query.listDueDifferences.kind = "both"
        #expect(try refusal(query, engine()) == .field("kind"))
    }
}
