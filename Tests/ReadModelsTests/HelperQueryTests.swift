import CareDomain
import CareProjections
import CareTestKit
import CareWire
import EventLog
import ReadModels
import Testing

@Suite("结对人：各有几户，谁可再结对一户", .timeLimit(.minutes(10)))
struct HelperQueryTests {
    private let bench: Bench
    private let file: ReadModelFile
    /// Three families with the same four helpers, in two townships and another city, and one without any.
    private let alone: HouseholdID

    init() throws {
        bench = try Bench()
        var streams = [
            InventedFamily(number: 1, division: "431002001"), InventedFamily(number: 2, division: "431003001"),
            InventedFamily(number: 3, division: "430102"),
        ].map(\.stream)
        var own = InventedStream(4)
        own.add(.registered(HouseholdRegistered(division: DivisionCode("431003001")!)), on: "2014-08-01")
        // Two cadres more: one in the same township with two families, one in the same county with one.
        for (number, helper, division) in [(5, 31, "431003001"), (6, 31, "431003002"), (7, 32, "431003002")] {
            var stream = InventedStream(UInt64(number))
            stream.add(.registered(HouseholdRegistered(division: DivisionCode(division)!)), on: "2014-08-01")
            Self.assign("cadre", UInt64(helper), &stream)
            streams.append(stream)
        }
        alone = own.id
        streams.append(own)
        file = try bench.filled(streams)
    }

    /// - Parameter id: Under another id than the number says.
    private static func assign(
        _ kind: String, _ number: UInt64, _ stream: inout InventedStream, id: UInt64? = nil
    ) {
        let helper = PersonID(Identifier128(high: 9, low: id ?? number))
        stream.add(
            .pairingAssigned(
                PairingAssigned(
                    kind: PairingKind(unchecked: kind),
                    helper: Helper(id: helper, unit: "单位\(number)", hasRealName: true),
                    sealed: [SealedPart(subject: helper, details: PersonalDetails(name: "干部\(number)"))])),
            on: "2014-09-01")
    }

    private func answer(
        _ query: Care_V1_Query.OneOf_Query, _ divisions: [String] = ["431000"]
    ) throws -> Care_V1_QueryReply {
        let engine = QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: .sample,
            principal: Principal(
                peer: "carectl", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
                department: DepartmentID(unchecked: "dept.fp"), divisions: divisions.compactMap { DivisionCode($0) },
                rights: [.query]), today: .invented("2016-03-01"))
        return try engine.answer(.with { $0.query = query }).reply
    }

    private func load(
        _ divisions: [String] = ["431000"], _ change: (inout Care_V1_HelperLoadQuery) -> Void = { _ in }
    ) throws -> Care_V1_HelperLoadList {
        var query = Care_V1_HelperLoadQuery()
        query.asOf = CivilDay.invented("2015-01-01").dayNumber
        change(&query)
        return try answer(.helperLoad(query), divisions).helperLoad
    }

    @Test("只数辖区内的户；多的在前；按类别、按最少户数")
    func counts() throws {
        let all = try load()
        #expect(all.total == 6)
        #expect(all.entries.map(\.householdCount) == [2, 2, 2, 2, 2, 1])
        let first = try #require(all.entries.first)
        #expect(first.name == "某区卫生健康局" && first.unit == "某区卫生健康局")
        #expect(first.kinds.map(\.code) == ["department"])
        #expect(first.divisions == ["431002001", "431003001"])
        #expect(try load(["000000"]).entries.map(\.householdCount) == [3, 3, 3, 3, 2, 1])
        #expect(try load { $0.kind = "cadre" }.entries.map(\.name) == ["丁干部", "干部31", "干部32"])
        #expect(try load { $0.division = "431003001" }.entries.map(\.householdCount) == [1, 1, 1, 1, 1])
        #expect(try load { $0.least = 2 }.total == 5)
        #expect(try load { $0.limit = 1 }.entries.count == 1)
        #expect(try load([]).entries.isEmpty)
        // The volunteer's last day was 2015-06-30.
        let later = try load { $0.asOf = CivilDay.invented("2015-07-01").dayNumber }
        #expect(later.total == 5)
        #expect(throws: QueryRefusal.field("kind")) { try load { $0.kind = "friend" } }
        #expect(throws: QueryRefusal.limit(most: 1000)) { try load { $0.limit = 1001 } }
    }

    @Test("按编号只问一人")
    func oneHelper() throws {
        let helper = PersonID(Identifier128(high: 9, low: 31))
        let one = try load { $0.helper = helper.wireData }
        #expect(one.total == 1)
        #expect(one.entries.map(\.name) == ["干部31"])
        #expect(one.entries.map(\.unit) == ["单位31"])
        #expect(try load { $0.helper = PersonID(Identifier128(high: 9, low: 99)).wireData }.entries.isEmpty)
        #expect(throws: QueryRefusal.field("helper")) { try load { $0.helper = .init([1, 2]) } }
    }

    @Test("未实名的结对不掩盖姓名")
    func namelessPairing() throws {
        let bench = try Bench()
        let helper = PersonID(Identifier128(high: 9, low: 31))
        var named = InventedStream(5)
        named.add(.registered(HouseholdRegistered(division: DivisionCode("431003001")!)), on: "2014-08-01")
        Self.assign("cadre", 31, &named)
        var nameless = InventedStream(6)
        nameless.add(.registered(HouseholdRegistered(division: DivisionCode("431003001")!)), on: "2014-08-01")
        nameless.add(
            .pairingAssigned(
                PairingAssigned(kind: PairingKind(unchecked: "cadre"), helper: Helper(id: helper, hasRealName: false))),
            on: "2014-10-01")
        let file = try bench.filled([named, nameless])
        let engine = QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: .sample,
            principal: Principal(
                peer: "carectl", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
                department: DepartmentID(unchecked: "dept.fp"), divisions: [DivisionCode("431000")!], rights: [.query]),
            today: .invented("2016-03-01"))
        let reply = try engine.answer(
            .with {
                $0.query = .helperLoad(
                    .with {
                        $0.asOf = CivilDay.invented("2015-01-01").dayNumber
                        $0.helper = helper.wireData
                    })
            }
        ).reply.helperLoad
        #expect(reply.entries.map(\.householdCount) == [2])
        #expect(reply.entries.map(\.name) == ["干部31"])
        #expect(reply.entries.map(\.unit) == ["单位31"])
    }

    private func suggest(_ kind: String, for household: HouseholdID? = nil) throws -> Care_V1_HelperSuggestionList {
        try answer(
            .helperSuggestions(
                .with {
                    $0.household = (household ?? alone).description
                    $0.kind = kind
                    $0.asOf = CivilDay.invented("2015-01-01").dayNumber
                })
        ).helperSuggestions
    }

    @Test("同乡镇在前，其次同县；同样近的，户数少的在前")
    func nearAndFew() throws {
        let found = try suggest("cadre")
        #expect(found.entries.map(\.name) == ["丁干部", "干部31", "干部32"])
        #expect(found.entries.map(\.nearness) == [.township, .township, .county])
        #expect(found.entries.map(\.householdCount) == [2, 2, 1])
    }

    @Test("已在本户任一结对中的人，换了编号也不再推荐；同名而单位不同的照样推荐")
    func nobodyTwiceUnderAnotherID() throws {
        let bench = try Bench()
        var streams: [InventedStream] = []
        for (number, helper) in [(5, 31), (6, 32)] {
            var stream = InventedStream(UInt64(number))
            stream.add(.registered(HouseholdRegistered(division: DivisionCode("431003001")!)), on: "2014-08-01")
            Self.assign("cadre", UInt64(helper), &stream)
            streams.append(stream)
        }
        var own = InventedStream(4)
        own.add(.registered(HouseholdRegistered(division: DivisionCode("431003001")!)), on: "2014-08-01")
        // The cadre 31 of the other family, typed anew as this one's volunteer; and somebody of the name of cadre 32.
        Self.assign("volunteer", 31, &own, id: 77)
        let other = PersonID(Identifier128(high: 9, low: 78))
        own.add(
            .pairingAssigned(
                PairingAssigned(
                    kind: PairingKind(unchecked: "department"),
                    helper: Helper(id: other, unit: "另一单位", hasRealName: true),
                    sealed: [SealedPart(subject: other, details: PersonalDetails(name: "干部32"))])),
            on: "2014-09-01")
        let file = try bench.filled(streams + [own])
        let engine = QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: .sample,
            principal: Principal(
                peer: "carectl", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
                department: DepartmentID(unchecked: "dept.fp"), divisions: [DivisionCode("431000")!], rights: [.query]),
            today: .invented("2016-03-01"))
        let found = try engine.answer(
            .with {
                $0.query = .helperSuggestions(
                    .with {
                        $0.household = own.id.description
                        $0.kind = "cadre"
                        $0.asOf = CivilDay.invented("2015-01-01").dayNumber
                    })
            }
        ).reply.helperSuggestions
        #expect(found.entries.map(\.name) == ["干部32"])
    }

    @Test("已在本户任一结对中的人不再推荐")
    func nobodyTwice() throws {
        let family = InventedFamily(number: 1).stream.id
        let found = try suggest("cadre", for: family)
        #expect(found.entries.map(\.name) == ["干部32", "干部31"])
        #expect(throws: QueryRefusal.field("kind")) { try suggest("") }
    }
}
