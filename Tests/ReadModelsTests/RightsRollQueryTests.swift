import CareDomain
import CareProjections
import CareTestKit
import CareWire
import EventLog
import ReadModels
import Testing

@Suite("季度名单的查询：辖区、姓名、写错的条件", .timeLimit(.minutes(10)))
struct RightsRollQueryTests {
    private let bench: Bench
    private let file: ReadModelFile
    private let families = [
        InventedFamily(number: 1), InventedFamily(number: 2, division: "431003001"),
        InventedFamily(number: 3, division: "430102"),
    ]

    init() throws {
        bench = try Bench()
        var streams = families.map(\.stream)
        streams[1].add(
            .moved(HouseholdMoved(kind: .registration, division: DivisionCode("430102")!)), on: "2016-02-28")
        file = try bench.filled(streams)
    }

    private func roll(
        _ divisions: [String] = ["431000"], _ change: (inout Care_V1_RightsRollQuery) -> Void = { _ in }
    ) throws -> Care_V1_RightsRoll {
        let engine = QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: .sample,
            principal: Principal(
                peer: "carectl", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
                department: DepartmentID(unchecked: "dept.fp"), divisions: divisions.compactMap { DivisionCode($0) },
                rights: [.query]), today: .invented("2016-03-01"))
        var query = Care_V1_Query()
        query.rightsRoll = .with {
            $0.clause = "CZ-2.1"
            $0.day = CivilDay.invented("2014-12-31").dayNumber
            // The bench records everything in 2023.
            $0.knownAt = Moment(parsing: "2030-01-01")!.microseconds
        }
        change(&query.rightsRoll)
        return try engine.answer(query).reply.rightsRoll
    }

    @Test("只列辖区内的户；已迁出的户仍在当时的名单上，姓名不再给看")
    func onlyTheCallersHouseholds() throws {
        let found = try roll()
        #expect(found.lines.map(\.division) == ["431002", "431003001"])
        #expect(found.lines.map(\.maskedName) == ["甲**", ""])
        #expect(found.lines.map(\.maskedIDNumber) == ["4310**********0024", ""])
        #expect(found.lines.allSatisfy { $0.hasAmountFen && $0.amountFen > 0 && $0.cadenceZh == "每月" })
        #expect(found.lines.allSatisfy { $0.since == CivilDay.invented("2014-09-10").dayNumber && $0.change == "kept" })
        #expect(try roll(["431003"]).lines.count == 1)
        #expect(try roll { $0.division = "431002" }.lines.count == 1)
        #expect(try roll { $0.division = "430102" }.lines.isEmpty)
        #expect(try roll([]).lines.isEmpty)
    }

    @Test("与前一名单的差异；那时还不知道的，名单上没有")
    func differences() throws {
        let earlier = try roll {
            $0.beforeDay = CivilDay.invented("2014-09-09").dayNumber
        }
        #expect(earlier.lines.map(\.change) == ["added", "added"])
        let later = try roll {
            $0.beforeDay = $0.day
            $0.day = CivilDay.invented("2015-03-31").dayNumber
        }
        #expect(later.lines.map(\.change) == ["ended", "ended"])
        #expect(try roll { $0.knownAt = Moment(parsing: "2020-01-01")!.microseconds }.lines.isEmpty)
    }

    @Test("条件写错：说明是哪一项")
    func badQueries() throws {
        #expect(throws: QueryRefusal.field("clause")) { try roll { $0.clause = "" } }
        #expect(throws: QueryRefusal.field("before_day")) { try roll { $0.beforeDay = $0.day } }
        #expect(throws: QueryRefusal.field("before_known_at")) {
            try roll {
                $0.beforeDay = $0.day - 1
                $0.beforeKnownAt = $0.knownAt + 1
            }
        }
        #expect(throws: QueryRefusal.field("division")) { try roll { $0.division = "43" } }
    }
}
