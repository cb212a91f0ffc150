import CareDomain
import RuleEngine
import RulePacks
import Testing

/// What packs ask of offices in a year.
@Suite("职责日历")
struct DutyCalendarTests {
    private static func pack(_ id: String) throws -> RulePack {
        let file = try #require(try PackLibrary.bundled.packFiles(of: id).max { $0.name < $1.name })
        return try RulePack.load(bytes: file.bytes, name: id)
    }

    private static func items(_ id: String, _ year: Int, _ clause: String) throws -> [DutyItem] {
        try pack(id).dutyItems(year: year).filter { $0.clause.rawValue == clause }
    }

    @Test("博山配档表：季度末四期，11月25日前报送 5 至 10 张照片，中旬前至 20 日")
    func boshan() throws {
        let quarters = try Self.items("boshan-2021", 2021, "BS-4.2")
        #expect(quarters.map(\.period.rawValue) == ["2021-q1", "2021-q2", "2021-q3", "2021-q4"])
        #expect(
            quarters.map { $0.terms.lastDay?.description } == ["2021-03-31", "2021-06-30", "2021-09-30", "2021-12-31"])
        #expect(quarters.map(\.terms.firstDay.description) == ["2021-01-01", "2021-04-01", "2021-07-01", "2021-10-01"])
        let photos = try #require(try Self.items("boshan-2021", 2021, "BS-4.6a").first)
        #expect(photos.period.rawValue == "2021" && photos.terms.pieces == 5...10)
        #expect(photos.terms.lastDay?.description == "2021-11-25" && photos.terms.warnFrom?.description == "2021-11-20")
        let visits = try #require(try Self.items("boshan-2021", 2021, "BS-3.3a").first)
        #expect(DutyState(visits.terms, doneOn: CivilDay(parsing: "2021-10-20"), on: .init(dayNumber: 30_000)) == .done)
        #expect(
            DutyState(visits.terms, doneOn: CivilDay(parsing: "2021-10-21"), on: .init(dayNumber: 30_000)) == .doneLate)
    }

    @Test("没有截止日的：当期未到，期满没有记录的是未记录，记录了就是完成；有截止日的逾期就是逾期")
    func undated() throws {
        let always = try #require(try Self.items("guiyang-2013", 2014, "GY-3.1").first)
        #expect(always.terms.lastDay == nil && always.terms.periodEnd?.description == "2014-12-31")
        func state(_ item: DutyItem, _ day: String, _ doneOn: String? = nil) -> DutyState? {
            CivilDay(parsing: day).map { on in
                DutyState(item.terms, doneOn: doneOn.flatMap(CivilDay.init(parsing:)), on: on)
            }
        }
        #expect(state(always, "2014-12-31") == .open && state(always, "2015-01-01") == .unrecorded)
        #expect(state(always, "2015-01-01", "2014-06-01") == .done)
        let yearly = try #require(try Self.items("guiyang-2013", 2014, "GY-4.1").first)
        #expect(state(yearly, "2015-01-01") == .overdue && state(yearly, "2020-01-01") == .overdue)
        let quarter = try #require(try Self.items("boshan-2021", 2021, "BS-4.2").first)
        #expect(quarter.terms.periodEnd?.description == "2021-03-31")
    }

    @Test("贵阳十八条各有责任部门和凭据")
    func guiyang() throws {
        let clauses = Set(try Self.pack("guiyang-2013").dutyItems(year: 2014).map(\.clause.rawValue))
        for item in 1...18 {
            let found = clauses.contains { clause in
                let rest = clause.dropFirst("GY-3.\(item)".count)
                return clause.hasPrefix("GY-3.\(item)") && !(rest.first?.isNumber ?? false)
            }
            #expect(found, "GY-3.\(item)")
        }
    }

    @Test("每项职责都有目标：文件的原话，包里有数的带数；指导数表只写合计")
    func statedTargets() throws {
        for id in ["chenzhou-2014", "boshan-2021", "wenzhou-2021", "guiyang-2013", "xiamen-2017"] {
            let year = id.hasSuffix("2021") ? 2021 : id.hasSuffix("2017") ? 2018 : 2015
            for item in try Self.pack(id).dutyItems(year: year) {
                #expect(!item.target.words.isEmpty, "\(item.clause)")
            }
        }
        func figures(_ id: String, _ clause: String, _ year: Int = 2021) throws -> String? {
            try #require(try Self.items(id, year, clause).first).target.figures?.chinese
        }
        #expect(try figures("guiyang-2013", "GY-4.1", 2014) == "1 次")
        #expect(try figures("boshan-2021", "BS-4.6a") == "照片 5 至 10 张")
        #expect(try figures("wenzhou-2021", "WZ-A1") == "合计 1500")
        #expect(try figures("wenzhou-2021", "WZ-A3.2e") == "知晓率不低于 90 %，满意率不低于 90 %，20 分")
        #expect(try figures("guiyang-2013", "GY-3.2a", 2014) == nil)
    }

    @Test("谁的职责在谁的履责簿：社区、街道看责任单位，部门看条款的单位，都没有写的归发文的一级")
    func levels() throws {
        func level(_ id: String, _ clause: String, _ year: Int = 2021) throws -> AdministrativeLevel? {
            try Self.items(id, year, clause).first?.level
        }
        #expect(try level("boshan-2021", "BS-4.2") == .township && level("boshan-2021", "BS-4.6a") == .village)
        #expect(try level("boshan-2021", "BS-5.4") == .county && level("boshan-2021", "BS-A2.5") == .county)
        // 社区是受督查的单位，办的是街道。
        #expect(try level("boshan-2021", "BS-A2.6") == .township)
        #expect(try level("wenzhou-2021", "WZ-5.3a") == .county && level("wenzhou-2021", "WZ-5.3d") == .city)
        #expect(try level("xiamen-2017", "XM-2.4a") == .county && level("xiamen-2017", "XM-2.3") == .city)
        #expect(try level("guiyang-2013", "GY-4.1", 2014) == .city && level("guiyang-2013", "GY-4.3", 2014) == .city)
        #expect(try level("chenzhou-2014", "CZ-2.14b") == .township)
        #expect(try level("chenzhou-2014", "CZ-2.13a") == .village)
        let quarter = try #require(try Self.items("boshan-2021", 2021, "BS-4.2").first)
        #expect(quarter.isOwed(in: DivisionCode("370304001")!))
        for other in ["370304", "370304001002", "370300"] { #expect(!quarter.isOwed(in: DivisionCode(other)!)) }
    }

    @Test("节日每节一期，期间不重名，一年一项的职责期间就是年份")
    func periods() throws {
        for id in ["boshan-2021", "chenzhou-2014", "guiyang-2013", "wenzhou-2021", "xiamen-2017"] {
            let items = try Self.pack(id).dutyItems(year: 2024)
            let keys = items.map { "\($0.clause) \($0.period)" }
            #expect(Set(keys).count == keys.count, "\(id)")
            for item in items {
                #expect(DutyKey.year(of: item.period) == 2024)
                if let deadline = item.deadline { #expect(item.terms.firstDay <= deadline.lastDay) }
            }
            let days = items.compactMap { $0.terms.lastDay }
            #expect(days == days.sorted())
        }
        let spring = try Self.pack("chenzhou-2014").dutyItems(year: 2024).filter { $0.holiday?.chinese == "春节" }
        #expect(!spring.isEmpty && spring.allSatisfy { $0.period.rawValue.hasPrefix("2024-") })
    }

    @Test("已发布的版本：施行前到期的不算，别的区划不算")
    func published() throws {
        let pack = try Self.pack("boshan-2021")
        var registry = PackRegistry()
        registry.add(PublishedPack(pack: pack, publishedAt: Moment(microseconds: 1), effectiveFrom: pack.validFrom))
        let home = pack.territory ?? DivisionCode("370304")!
        let items = registry.dutyItems(of: pack.id, in: home, year: 2021)
        #expect(
            items.filter { $0.clause.rawValue == "BS-4.2" }.map(\.period.rawValue) == ["2021-q2", "2021-q3", "2021-q4"])
        #expect(
            registry.dutyItems(of: pack.id, in: DivisionCode("520100")!, year: 2021).isEmpty == (pack.territory != nil))
        #expect(registry.hasClause(ClauseID("BS-4.2")!, of: nil, in: home))
        #expect(!registry.hasClause(ClauseID("BS-4.2")!, of: PackID(unchecked: "guiyang-2013"), in: home))
    }

    @Test("温州：评估由市来做，评估的各部分仍是各单位自己的事")
    func evaluator() throws {
        let items = try Self.pack("wenzhou-2021").dutyItems(year: 2021)
        func found(_ level: AdministrativeLevel) -> Set<String> {
            Set(items.filter { $0.level == level }.map(\.clause.rawValue))
        }
        let above = ["WZ-5.3c", "WZ-A3.1", "WZ-A3.3", "WZ-A3.4"]
        #expect(found(.city).isSuperset(of: above) && found(.county).isDisjoint(with: above))
        #expect(Set(items.filter { $0.terms.evaluator == .city }.map(\.clause.rawValue)) == Set(above))
        #expect(found(.county).isSuperset(of: ["WZ-5.3a", "WZ-5.3b", "WZ-A3.2a", "WZ-A3.2e"]))
        for other in ["guiyang-2013", "xiamen-2017", "boshan-2021", "chenzhou-2014"] {
            #expect(try Self.pack(other).dutyItems(year: 2021).allSatisfy { $0.terms.evaluator == nil })
        }
    }

    @Test("报表归谁：附件4归村（居），季报表归计生协会，名单归条款的部门，指标归其部门或人口计生（卫生健康）")
    func reportOwners() throws {
        var registry = PackRegistry()
        for id in ["boshan-2021", "xiamen-2017", "guiyang-2013"] {
            let pack = try Self.pack(id)
            registry.add(PublishedPack(pack: pack, publishedAt: Moment(microseconds: 1), effectiveFrom: pack.validFrom))
        }
        func owners(_ kind: String, _ division: String, pack: String? = nil, clause: String? = nil) -> Set<String> {
            let day = CivilDay(dayNumber: 16_000)
            let scope = ReportScope(
                kind: Code(unchecked: kind), division: DivisionCode(division)!,
                pack: pack.map { PackID(unchecked: $0) }, clause: clause.flatMap { ClauseID($0) }, firstDay: day,
                lastDay: day)
            return Set(registry.owners(of: scope).map(\.rawValue))
        }
        let keepers: Set = ["dept.fp", "dept.health_commission"]
        #expect(owners("annex4", "370304001") == ["org.community"])
        #expect(owners("annex4", "520100").isEmpty, "no pack there has the form")
        #expect(owners("roll", "370304", clause: "BS-3.4").isSuperset(of: ["dept.health_commission"]))
        #expect(!owners("roll", "370304", clause: "BS-3.4").contains("dept.civil_affairs"))
        #expect(owners("indicators", "520100", pack: "guiyang-2013") == keepers)
        let village = owners("indicators", "520102001001", pack: "guiyang-2013")
        #expect(village == keepers.union(["org.community"]))
        #expect(owners("indicators", "350200", pack: "xiamen-2017") == keepers.union(["dept.fp_association"]))
        for kind in LoanReportScope.Kind.allCases {
            let day = CivilDay(dayNumber: 17_500)
            let loans = LoanReportScope(
                kind: kind, division: DivisionCode("350200")!, firstDay: day, lastDay: day)
            #expect(Set(registry.owners(of: loans).map(\.rawValue)) == ["dept.fp_association"])
        }
    }

    @Test("温州的知晓率、满意率目标是 90%")
    func targets() throws {
        let pack = try Self.pack("wenzhou-2021")
        var registry = PackRegistry()
        registry.add(PublishedPack(pack: pack, publishedAt: Moment(microseconds: 1), effectiveFrom: pack.validFrom))
        for measure in ["awareness", "satisfaction"] {
            let target = registry.targetPercent(
                Code(unchecked: measure), of: ClauseID("WZ-A3.2e")!, pack: pack.id)
            #expect(target == 90)
        }
        #expect(registry.targetPercent(Code(unchecked: "other"), of: ClauseID("WZ-A3.2e")!, pack: pack.id) == nil)
    }
}
