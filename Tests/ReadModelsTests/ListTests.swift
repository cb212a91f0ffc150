import CareDomain
import CareProjections
import CareTestKit
import ReadModels
import Testing

@Suite("结对覆盖、空缺与清单", .timeLimit(.minutes(10)))
struct ListTests {
    private let bench: Bench
    private let lists: ReadModelLists
    private let families: [InventedFamily]

    init() throws {
        bench = try Bench()
        families = [
            InventedFamily(number: 1), InventedFamily(number: 2, division: "431003001"),
            InventedFamily(number: 3, division: "430102"),
        ]
        lists = ReadModelLists(try bench.filled(families.map(\.stream)), words: .sample)
    }

    private func counts(_ row: CoverageRow) -> [Int] { [row.households] + row.filled + [row.covered] }

    @Test("各日覆盖：结对前零，全员到位后满，非特困期间不计，离任后缺一")
    func coverageByDay() throws {
        func total(_ day: String) throws -> [Int] {
            counts(try lists.coverage(.chenzhou(day), depth: 6).total)
        }
        #expect(try total("2013-02-28") == [0, 0, 0, 0, 0, 0])
        #expect(try total("2014-08-04") == [2, 0, 0, 0, 0, 0])
        #expect(try total("2014-08-19") == [2, 2, 2, 2, 0, 0])
        #expect(try total("2014-08-20") == [2, 2, 2, 2, 2, 2])
        #expect(try total("2015-02-01") == [0, 0, 0, 0, 0, 0])
        #expect(try total("2015-11-20") == [2, 2, 2, 2, 0, 0])
    }

    @Test("按区划逐级计数，只数看得到的")
    func coverageByDivision() throws {
        let bySix = try lists.coverage(.chenzhou("2014-09-01"), depth: 6)
        #expect(bySix.rows.map(\.division) == ["431002", "431003"])
        let byNine = try lists.coverage(.chenzhou("2014-09-01"), depth: 9)
        #expect(byNine.rows.map(\.division) == ["431002", "431003001"])
        let own = try lists.coverage(.chenzhou("2014-09-01", allowed: ["431003"]), depth: 6)
        #expect(own.total.households == 1)
        #expect(try lists.coverage(.chenzhou("2014-09-01", allowed: []), depth: 6).total.households == 0)
        let wanted = try lists.coverage(.chenzhou("2014-09-01", division: "431002"), depth: 6)
        #expect(wanted.rows.map(\.division) == ["431002"])
    }

    @Test("没有文件要求结对的地方，失独照样列出，结对不缺")
    func elsewhereNobodyIsMissing() throws {
        let scope = ListScope.chenzhou("2014-08-15", division: "430102", allowed: ["430000"])
        let found = try lists.households(scope, .init(status: .any))
        #expect(found.entries.map(\.household) == [families[2].stream.id])
        #expect(try lists.gaps(scope).total == 0)
        #expect(try lists.coverage(scope, depth: 6).rows.isEmpty)
        let page = CareArchive(
            families[2].history, ArchiveQuestion(asOf: .invented("2014-08-15")), words: .sample)
        #expect(page.header.status != nil && page.slots.allSatisfy { $0.missingSince == nil })
    }

    @Test("空缺清单写明哪几类、自何日")
    func missing() throws {
        let gaps = try lists.gaps(.chenzhou("2014-08-15"))
        #expect(gaps.total == 2)
        #expect(gaps.entries.allSatisfy { $0.gaps.map(\.kind.rawValue) == ["volunteer"] })
        #expect(gaps.entries.allSatisfy { $0.gaps.map(\.since) == [.invented("2014-07-16")] })
        let later = try lists.gaps(.chenzhou("2015-12-01"))
        #expect(later.entries.allSatisfy { $0.gaps.map(\.since) == [.invented("2015-11-20")] })
        #expect(try lists.gaps(.chenzhou("2014-08-20")).entries.isEmpty)
        #expect(try lists.gaps(.chenzhou("2015-12-01"), lacking: PairingKind(unchecked: "cadre")).total == 0)
    }

    @Test("资料不全的岗位：不算齐也不算空缺，另行计数，清单写明缺什么；补上之日起算齐")
    func incompleteSlots() throws {
        var family = InventedFamily()
        let helper = PersonID(Identifier128(high: 9, low: 51))
        let volunteer = PairingKind(unchecked: "volunteer")
        func assign(_ unit: String?, _ details: PersonalDetails, on day: String) {
            family.stream.add(
                .pairingAssigned(
                    PairingAssigned(
                        kind: volunteer, helper: Helper(id: helper, unit: unit, hasRealName: details.name != nil),
                        sealed: [SealedPart(subject: helper, details: details)])), on: day)
        }
        assign(nil, PersonalDetails(phone: "14000000001"), on: "2015-11-25")
        assign(nil, PersonalDetails(name: "壬志愿"), on: "2015-12-10")
        assign("某医院", PersonalDetails(), on: "2016-01-10")
        let bench = try Bench()
        defer { withExtendedLifetime(bench) {} }
        let lists = ReadModelLists(try bench.filled([family.stream]), words: .sample)
        func told(_ day: String) throws -> [String] {
            let total = try lists.coverage(.chenzhou(day), depth: 6).total
            let gaps = try lists.gaps(.chenzhou(day)).entries.flatMap(\.gaps).map { gap in
                "\(gap.kind) \(gap.isIncomplete ? "incomplete" : "empty") \(gap.since) \(gap.lacking.codes)"
            }
            let filled = try lists.households(.chenzhou(day), .init()).entries.map(\.filledSlots)
            return ["\(total.filled) \(total.incomplete) \(total.covered) \(total.coveredIncompletely) \(filled)"]
                + gaps
        }
        #expect(try told("2015-11-24") == ["[1, 1, 1, 0] [0, 0, 0, 0] 0 0 [3]", "volunteer empty 2015-11-20 []"])
        #expect(
            try told("2015-12-01") == [
                "[1, 1, 1, 0] [0, 0, 0, 0] 0 0 [3]", #"volunteer empty 2015-11-20 ["name", "unit"]"#,
            ])
        #expect(
            try told("2015-12-20") == [
                "[1, 1, 1, 0] [0, 0, 0, 1] 0 1 [3]", #"volunteer incomplete 2015-11-20 ["unit"]"#,
            ])
        #expect(try told("2016-01-10") == ["[1, 1, 1, 1] [0, 0, 0, 0] 1 0 [4]"])
        #expect(try lists.gaps(.chenzhou("2015-12-20"), lacking: volunteer).total == 1)
        #expect(try lists.gaps(.chenzhou("2015-12-20"), lacking: PairingKind(unchecked: "cadre")).total == 0)
    }

    @Test("清单与档案页说的一样", arguments: ["2014-07-20", "2014-08-07", "2014-09-01", "2015-08-01", "2016-01-01"])
    func listsAgreeWithThePage(_ day: String) throws {
        let gaps = try lists.gaps(.chenzhou(day)).entries
        for family in families.prefix(2) {
            let page = CareArchive(
                family.history, ArchiveQuestion(asOf: .invented(day)), words: .sample)
            let entry = gaps.first { $0.household == family.stream.id }
            let onPage = page.slots.filter { $0.missingSince != nil }
            #expect(entry?.gaps.map(\.kind.rawValue) ?? [] == onPage.map(\.kind.code))
            #expect(entry?.gaps.map(\.since) ?? [] == onPage.compactMap(\.missingSince))
        }
    }

    @Test("需求、待遇、提醒各有清单与合计")
    func otherLists() throws {
        #expect(try lists.needs(.chenzhou("2014-09-10")).entries.map(\.state) == [.open, .open])
        #expect(try lists.needs(.chenzhou("2014-09-20"), state: .answered).total == 2)
        #expect(try lists.needs(.chenzhou("2014-09-07")).total == 0)
        let rights = try lists.entitlements(.chenzhou("2016-03-01"), clause: ClauseID("CZ-2.1"))
        #expect(rights.part.entries.map(\.amount) == [Fen(30_000), Fen(30_000)])
        #expect(rights.total == Fen.yuan(600))
        #expect(rights.part.entries.allSatisfy { $0.from == .invented("2015-11-20") && $0.until == nil })
        #expect(try lists.entitlements(.chenzhou("2014-09-09")).part.total == 0)
        let parked = try lists.notices(.chenzhou("2016-03-01"), state: .parked)
        #expect(parked.entries.map(\.parkedChannels) == [["webhook"], ["webhook"]])
    }

    @Test("应补与多发成清单：只有看得到的区划，缘由、月份、金额、部门、自何日；可按类别、政策包、采用筛选")
    func differences() throws {
        let found = try lists.differences(.chenzhou("2016-03-01"))
        #expect(found.part.total == 2 && found.arrears == .yuan(2400) && found.recoveries == .zero)
        let entry = try #require(found.part.entries.first)
        #expect(entry.clause == "CZ-2.1" && entry.kind == .arrears && entry.months == 4 && entry.sum == .yuan(1200))
        #expect(entry.first.description == "2015-11" && entry.last.description == "2016-02")
        #expect(entry.since == .invented("2016-02-26") && entry.department?.rawValue == "dept.fp")
        #expect(entry.rulesChange == nil && entry.fact != nil && entry.person != nil && entry.incident == nil)
        #expect(try lists.differences(.chenzhou("2016-02-25")).part.total == 0)
        #expect(try lists.differences(.chenzhou("2016-03-01", allowed: ["431003"])).part.total == 1)
        #expect(try lists.differences(.chenzhou("2016-03-01", allowed: [])).part.total == 0)
        #expect(try lists.differences(.chenzhou("2016-03-01"), .init(kind: .recovery)).part.total == 0)
        #expect(try lists.differences(.chenzhou("2016-03-01"), .init(pack: PackID("chenzhou-2014"))).part.total == 2)
        #expect(try lists.differences(.chenzhou("2016-03-01"), .init(pack: PackID("boshan-2021"))).part.total == 0)
        #expect(
            try lists.differences(.chenzhou("2016-03-01"), .init(adoptedFrom: .invented("2014-07-16"))).part.total == 0)
    }

    @Test("迁居的家庭：差额按月归当时应付的县，各县只列自己的月份；现居地不同不影响")
    func differencesOfAFamilyThatMoved() throws {
        var family = InventedFamily(number: 1)
        let month = CivilMonth(year: 2015, month: 11)
        family.stream.add(
            .moved(HouseholdMoved(kind: .registration, division: DivisionCode("431003")!)), on: "2016-01-10")
        family.stream.add(
            .determinationMade(
                DeterminationMade(
                    clause: ClauseID("CZ-2.2")!, subject: .household, pack: PackID(unchecked: "chenzhou-2014"),
                    packVersion: .invented("2014-07-16"), packHash: Array(repeating: 7, count: 32),
                    cadence: Code(unchecked: "month"), intervals: [], facts: [family.died], readThrough: family.died,
                    changes: [DueChange(first: month, last: month + 3, before: .yuan(0), after: .yuan(100))])),
            on: "2016-02-28")
        let lists = ReadModelLists(try Bench().filled([family.stream]), words: .sample)
        func listed(_ division: String?) throws -> [String] {
            try lists.differences(.chenzhou("2016-03-01", division: division)).part.entries
                .filter { $0.clause == "CZ-2.2" }
                .map { "\($0.division) \($0.first) \($0.last) \($0.months) \($0.sum)" }
        }
        #expect(try listed("431003") == ["431003 2016-01 2016-02 2 200.00"])
        let before = try #require(try listed(nil).first { !$0.hasPrefix("431003") })
        #expect(before.hasSuffix(" 2015-11 2015-12 2 200.00") && before.hasPrefix("431002"))
        #expect(try listed("431002") == [before])
        #expect(try listed(nil).count == 2 && listed("431021").isEmpty)
        func own(_ key: String, everyPlace: Bool = false, household: String? = nil) throws -> [String] {
            let filter = ReadModelLists.DifferenceFilter(household: household, everyPlace: everyPlace)
            let found = try lists.differences(.chenzhou("2016-03-01", allowed: [key]), filter)
            #expect(found.arrears == found.part.entries.map(\.sum).reduce(.zero, +) && found.recoveries == .zero)
            return found.part.entries.filter { $0.clause == "CZ-2.2" }.map { "\($0.division) \($0.first)" }
        }
        // The place that the family has left sees its own months and no others; today's asks for all of the file it reads.
        let there = "\(before.prefix { $0 != " " }) 2015-11"
        #expect(try own("431002") == [there] && own("431002", everyPlace: true) == [there])
        #expect(try own("431003") == ["431003 2016-01"])
        #expect(try own("431003", everyPlace: true) == [there, "431003 2016-01"])
        let id = family.stream.id.description
        #expect(try own("431002", household: String(id.prefix(6))) == [there])
        #expect(try own("431002", household: InventedStream(9).id.description) == [])
    }

    @Test("销档、误登的档案，待决定的应补多发仍在清单里，由所属区划看到", arguments: Array(endings.suffix(2)))
    func differencesOfEndedFiles(_ event: HouseholdEvent) throws {
        let (lists, file) = try ended(event)
        for (key, count) in [("431002", 1), ("431003", 0)] {
            let found = try lists.differences(.chenzhou("2016-05-01", allowed: [key])).part.entries
            #expect(found.filter { $0.clause == "CZ-2.1" }.map(\.household) == Array(repeating: file, count: count))
        }
    }

    @Test("采用造成的差额按版本可查；后来改回，清单里就没有了")
    func adoptedAndCancelled() throws {
        func lists(_ revisions: [(before: Int64, after: Int64)]) throws -> ReadModelLists {
            var family = InventedFamily(number: 1)
            let month = CivilMonth(year: 2016, month: 1)
            for revision in revisions {
                family.stream.add(
                    .determinationMade(
                        DeterminationMade(
                            clause: ClauseID("CZ-2.2")!, subject: .household, pack: PackID(unchecked: "chenzhou-2014"),
                            packVersion: .invented("2016-01-01"), packHash: Array(repeating: 7, count: 32),
                            cadence: Code(unchecked: "month"), intervals: [], facts: [family.died],
                            readThrough: family.died,
                            changes: [
                                DueChange(
                                    first: month, last: month + 1, before: .yuan(revision.before),
                                    after: .yuan(revision.after))
                            ],
                            rulesChange: RulesChange(
                                pack: PackID(unchecked: "chenzhou-2014"), what: .version(from: .invented("2016-01-01")))
                        )),
                    on: "2016-02-28")
            }
            return ReadModelLists(try Bench().filled([family.stream]), words: .sample)
        }
        let filter = ReadModelLists.DifferenceFilter(adoptedFrom: .invented("2016-01-01"))
        let once = try lists([(300, 200)]).differences(.chenzhou("2016-03-01"), filter)
        #expect(once.part.entries.map(\.kind) == [.recovery] && once.recoveries == .yuan(200))
        #expect(once.part.entries.first?.rulesChange?.description == "chenzhou-2014@2016-01-01")
        #expect(try lists([(300, 200), (200, 300)]).differences(.chenzhou("2016-03-01"), filter).part.total == 0)
    }

    @Test("正常批次走过的月份列为应补；还没走过的另列，不在合计里；一次也没发过的、发过又冲销的，都列为应补", arguments: 0..<3)
    func awaitingBatch(paid: Int) throws {
        var family = InventedFamily(number: 1)
        let (clause, month) = (ClauseID("CZ-2.2")!, CivilMonth(year: 2015, month: 12))
        func determine(_ changes: [DueChange]) -> EventReference {
            family.stream.add(
                .determinationMade(
                    DeterminationMade(
                        clause: clause, subject: .household, pack: PackID(unchecked: "chenzhou-2014"),
                        packVersion: .invented("2014-07-16"), packHash: Array(repeating: 7, count: 32),
                        cadence: Code(unchecked: "month"),
                        intervals: [.init(period: DayPeriod(start: month.firstDay), status: .entitled)],
                        facts: [family.died], readThrough: family.died, changes: changes)), on: "2016-02-28")
        }
        let first = determine([])
        if paid > 0 {
            let batch = BatchID(Identifier128(high: 8, low: 1))
            let line = OrderedLine(
                clause: clause, subject: .household, first: month, last: month,
                parts: [PayerPart(payer: Code(unchecked: "finance"), amount: .yuan(300))])
            let order = family.stream.add(
                .paymentOrdered(PaymentOrdered(batch: batch, kind: .regular, knownThrough: first, lines: [line])),
                on: "2016-02-28")
            if paid == 2 {
                family.stream.add(
                    .paymentConcluded(
                        PaymentConcluded(
                            batch: batch, order: order, line: 0, outcome: .reversed, cause: first,
                            reason: Code(unchecked: "mistake"))), on: "2016-02-28")
            }
        }
        _ = determine([DueChange(first: month, last: month + 2, before: .yuan(300), after: .yuan(400))])
        let lists = ReadModelLists(try Bench().filled([family.stream]), words: .sample)
        func listed(_ filter: ReadModelLists.DifferenceFilter = .init()) throws -> [String] {
            try lists.differences(.chenzhou("2016-03-01"), filter).part.entries.filter { $0.clause == "CZ-2.2" }
                .map { "\($0.kind.rawValue) \($0.first)…\($0.last) \($0.sum)" }
        }
        let ahead = "awaiting_batch 2016-01…2016-02 200.00"
        #expect(
            try listed()
                == (paid == 1 ? ["arrears 2015-12…2015-12 100.00", ahead] : ["arrears 2015-12…2016-02 300.00"])
        )
        #expect(try listed(.init(kind: .awaitingBatch)) == (paid == 1 ? [ahead] : []))
        let found = try lists.differences(.chenzhou("2016-03-01"))
        let sums = found.part.entries.filter { $0.kind == .arrears }.map(\.sum)
        #expect(found.arrears == sums.reduce(.zero, +) && found.recoveries == .zero)
    }

    @Test("只因缺事实、规则出错或改由人决定变少的：列为待补、待查、待决定，不算多发；后来认定为没有权利，才是多发")
    func undecided() throws {
        func found(_ statuses: [DeterminationMade.Status]) throws -> [String] {
            var family = InventedFamily(number: 1)
            let month = CivilMonth(year: 2016, month: 1)
            for (place, status) in statuses.enumerated() {
                let days = DayPeriod(start: month.firstDay)
                family.stream.add(
                    .determinationMade(
                        DeterminationMade(
                            clause: ClauseID("CZ-2.2")!, subject: .household, pack: PackID(unchecked: "chenzhou-2014"),
                            packVersion: .invented("2014-07-16"), packHash: Array(repeating: 7, count: 32),
                            cadence: Code(unchecked: "month"), intervals: [.init(period: days, status: status)],
                            facts: [family.died], readThrough: family.died,
                            changes: place > 0
                                ? [] : [DueChange(first: month, last: month + 1, before: .yuan(300), after: .zero)])),
                    on: "2016-02-28")
            }
            let lists = ReadModelLists(try Bench().filled([family.stream]), words: .sample)
            let list = try lists.differences(.chenzhou("2016-03-01"))
            let entries = list.part.entries.filter { $0.clause == "CZ-2.2" }
            let filter = ReadModelLists.DifferenceFilter(kind: entries.first?.kind)
            #expect(try lists.differences(.chenzhou("2016-03-01"), filter).part.entries.contains(entries[0]))
            return entries.map { "\($0.kind.rawValue) \($0.months) \($0.sum)" } + ["\(list.recoveries)"]
        }
        #expect(try found([.needsFact]) == ["needs_fact 2 600.00", "0.00"])
        #expect(try found([.needsParameter]) == ["needs_fact 2 600.00", "0.00"])
        #expect(try found([.failed]) == ["failed 2 600.00", "0.00"])
        #expect(try found([.proposed]) == ["awaiting_decision 2 600.00", "0.00"])
        #expect(try found([.needsFact, .notEntitled]) == ["recovery 2 600.00", "600.00"])
        #expect(try found([.proposed, .notEntitled]) == ["recovery 2 600.00", "600.00"])
    }

    @Test("应补的月份因缺事实或规则出错成了未知：列为待补、待查，写明缺什么，不在合计里；补上以后照旧应补，或不再列")
    func owedUndecided() throws {
        func found(_ statuses: [DeterminationMade.Status]) throws -> [String] {
            var family = InventedFamily(number: 1)
            let month = CivilMonth(year: 2016, month: 1)
            var before = Fen.zero
            for status in statuses {
                let after: Fen = status == .entitled ? .yuan(300) : .zero
                let missing = status == .needsFact ? ["household.income@household"] : []
                let change = DueChange(first: month, last: month + 1, before: before, after: after)
                family.stream.add(
                    .determinationMade(
                        DeterminationMade(
                            clause: ClauseID("CZ-2.2")!, subject: .household, pack: PackID(unchecked: "chenzhou-2014"),
                            packVersion: .invented("2014-07-16"), packHash: Array(repeating: 7, count: 32),
                            cadence: Code(unchecked: "month"),
                            intervals: [
                                .init(
                                    period: DayPeriod(start: month.firstDay), status: status,
                                    amount: status == .entitled ? after : nil,
                                    payers: [PayerShare(payer: Code(unchecked: "finance"), parts: 1)], missing: missing)
                            ], facts: [family.died], readThrough: family.died, changes: before == after ? [] : [change])
                    ), on: "2016-02-28")
                before = after
            }
            let lists = ReadModelLists(try Bench().filled([family.stream]), words: .sample)
            let list = try lists.differences(.chenzhou("2016-03-01"))
            // What the family is owed besides.
            let others = list.part.entries.filter { $0.clause != "CZ-2.2" && $0.kind == .arrears }
                .reduce(Fen.zero) { $0 + $1.sum }
            return list.part.entries.filter { $0.clause == "CZ-2.2" }.map {
                ["\($0.kind.rawValue) \($0.direction.rawValue) \($0.first)…\($0.last) \($0.sum)"] + $0.missing
            }.map { $0.joined(separator: " ") } + ["\(list.arrears - others) \(list.recoveries)"]
        }
        #expect(
            try found([.entitled, .needsFact]) == [
                "needs_fact arrears 2016-01…2016-02 600.00 household.income@household", "0.00 0.00",
            ])
        #expect(try found([.entitled, .failed]) == ["failed arrears 2016-01…2016-02 600.00", "0.00 0.00"])
        #expect(
            try found([.entitled, .proposed]) == ["awaiting_decision arrears 2016-01…2016-02 600.00", "0.00 0.00"])
        // Still unknown by another determination, which changes nothing.
        #expect(
            try found([.entitled, .failed, .needsFact]).first
                == "needs_fact arrears 2016-01…2016-02 600.00 household.income@household")
        #expect(
            try found([.entitled, .needsFact, .entitled]) == ["arrears arrears 2016-01…2016-02 600.00", "600.00 0.00"])
        // Once it was said that nothing is due, nothing is owed that could be unknown.
        #expect(try found([.entitled, .needsFact, .notEntitled, .needsFact]) == ["0.00 0.00"])
    }

    @Test("按状态、身份证令牌、档案号、编号开头查户")
    func find() throws {
        let scope = ListScope.chenzhou("2014-09-01")
        #expect(try lists.households(scope, .init(status: .kind(.disabledChild))).total == 2)
        #expect(try lists.households(scope, .init(status: .kind(.bereaved))).total == 0)
        let first = families[0].stream.id
        let token = PersonToken(Identifier128(high: first.value.low, low: families[0].wife.value.low))
        let found = try lists.households(scope, .init(token: token))
        #expect(found.entries.map(\.household) == [first])
        #expect(found.entries.map(\.memberCount) == [3])
        #expect(found.entries.map(\.filledSlots) == [4])
        #expect(try lists.households(scope, .init(archiveNumber: "CZ-1")).entries.map(\.household) == [first])
        let prefix = String(first.description.prefix(8))
        #expect(try lists.households(scope, .init(prefix: prefix)).entries.map(\.household) == [first])
        // Of another prefecture: not seen, not counted.
        #expect(try lists.households(scope, .init()).total == 2)
        #expect(try lists.households(scope, .init(archiveNumber: "CZ-3")).total == 0)
    }

    @Test("翻页不重不漏")
    func paging() throws {
        var seen: [HouseholdID] = []
        var after: ListPage.Key?
        repeat {
            let part = try lists.households(
                .chenzhou("2014-09-01", allowed: ["430000"]), .init(), ListPage(size: 1, after: after))
            #expect(part.total == 3)
            seen += part.entries.map(\.household)
            after = part.next
        } while after != nil
        #expect(seen == families.map(\.stream.id).sorted { $0.description < $1.description })
    }

    /// One of the family's files by what ended it on 2016-04-01, in a read model of its own.
    private func ended(_ event: HouseholdEvent) throws -> (lists: ReadModelLists, file: HouseholdID) {
        var family = InventedFamily(number: 1)
        family.stream.add(
            .determinationMade(
                DeterminationMade(
                    clause: ClauseID("CZ-1.1")!, subject: .household, pack: PackID(unchecked: "chenzhou-2014"),
                    packVersion: .invented("2014-07-16"), packHash: Array(repeating: 7, count: 32),
                    cadence: Code(unchecked: "none"),
                    intervals: [.init(period: DayPeriod(start: .invented("2013-03-01")), status: .entitled)],
                    facts: [family.died], readThrough: family.died)), on: "2016-02-26")
        family.stream.add(event, on: "2016-04-01")
        let bench = try Bench()
        return (ReadModelLists(try bench.filled([family.stream]), words: .sample), family.stream.id)
    }

    static let endings: [HouseholdEvent] = [
        .merged(HouseholdMerged(other: InventedStream(7).id, side: .absorbed)),
        .closed(HouseholdClosed(reason: Code(unchecked: "other"))),
        .registeredInError(HouseholdRegisteredInError(reason: Code(unchecked: "duplicate"))),
    ]

    @Test("并入他户、销档、误登的档案当日起不在任何待办清单与计数里，也不等认定先到；提醒照旧列出", arguments: endings)
    func endedFilesCountNowhere(_ event: HouseholdEvent) throws {
        let (lists, file) = try ended(event)
        let isError = if case .registeredInError = event { true } else { false }
        for (day, isOpen) in [("2016-03-31", !isError), ("2016-04-01", false), ("2020-01-01", false)] {
            let scope = ListScope.chenzhou(day)
            let count = isOpen ? 1 : 0
            #expect(try lists.coverage(scope, depth: 6).total.households == count)
            #expect(try lists.gaps(scope).total == count)
            #expect(try lists.needs(scope).total == count)
            #expect(try lists.entitlements(scope, clause: ClauseID("CZ-1.1")).part.total == count)
            #expect(try lists.entitlements(scope).part.total == 2 * count)
            #expect(try lists.entitlements(scope).total == Fen.yuan(isOpen ? 300 : 0))
            #expect(try lists.households(scope, .init()).total == count)
            for status in [HouseholdFilter.Status.any, .none, .kind(.bereaved)] {
                let expected = status == .none ? 0 : count
                #expect(try lists.households(scope, .init(status: status)).total == expected, "\(status) \(day)")
            }
            #expect(try lists.households(scope, .init(status: .closed)).total == (isError || isOpen ? 0 : 1))
            #expect(try lists.households(scope, .init(status: .registeredInError)).total == (isError ? 1 : 0))
            // What names the file finds it, and says that it is closed; one registered in error is nobody's file.
            let found = try lists.households(scope, .init(archiveNumber: "CZ-1")).entries
            #expect(found.map(\.household) == (isError ? [] : [file]))
            #expect(found.allSatisfy { ($0.state == .active) == isOpen })
            // What was told stays told, and what is parked waits for the operator.
            #expect(try lists.notices(scope).total == (isError ? 0 : 1))
            #expect(try lists.notices(scope, state: .parked).total == (isError ? 0 : 1))
        }
    }

    private typealias HouseholdFilter = ReadModelLists.HouseholdFilter

    @Test("并户之后，之前的日子只数原户一次，之后只数并入的那户")
    func mergedFamiliesCountOnce() throws {
        let source = InventedFamily(number: 1).stream
        var target = InventedStream(2)
        target.add(.registered(HouseholdRegistered(division: DivisionCode("431002")!)), on: "2014-08-01")
        let day = CivilDay.invented("2016-04-01")
        for event in try source.history.merging(into: target.history.household, on: day, learnedOn: nil) {
            target.add(event.event, on: event.occurredOn, recorded: day)
        }
        var absorbed = source
        absorbed.add(.merged(HouseholdMerged(other: target.id, side: .absorbed)), on: day)
        let bench = try Bench()
        let lists = ReadModelLists(try bench.filled([absorbed, target]), words: .sample)
        for (asOf, file) in [("2014-09-01", source.id), ("2016-03-31", source.id), ("2016-04-01", target.id)] {
            let scope = ListScope.chenzhou(asOf)
            #expect(try lists.coverage(scope, depth: 6).total.households == 1, "\(asOf)")
            #expect(try lists.households(scope, .init(status: .any)).entries.map(\.household) == [file], "\(asOf)")
        }
        let gaps = try #require(try lists.gaps(.chenzhou("2016-05-01")).entries.first)
        #expect(gaps.household == target.id && gaps.gaps.allSatisfy { $0.since == day })
        let rebuilt = try bench.rebuilder().run(path: bench.path("rebuilt.sqlite")).file
        let again = ReadModelLists(rebuilt, words: .sample)
        #expect(try again.households(.chenzhou("2016-04-01"), .init()).entries.map(\.household) == [target.id])
    }
}
