import CareDomain
import CareProjections
import CareTestKit
import CareWire
import EventLog
import Foundation
import ReadModels
import Testing

@Suite("比对：不出示档案内容", .timeLimit(.minutes(10)))
struct ComparisonTests {
    private let bench: Bench
    private let file: ReadModelFile
    private let family = InventedFamily(number: 1)
    private let foreign = InventedFamily(number: 2, division: "430102")
    private let helper = PersonID(Identifier128(high: 9, low: 22))

    init() throws {
        bench = try Bench()
        file = try bench.filled([family.stream, foreign.stream])
    }

    private func engine(rights: Set<Principal.Right> = [.query, .command]) throws -> QueryEngine {
        QueryEngine(
            file: file, reader: try bench.log.makeReader(), words: .sample,
            principal: Principal(
                peer: "clerk", actor: Code(unchecked: "clerk"), role: Code(unchecked: "clerk"),
                department: DepartmentID(unchecked: "org.township"), divisions: [DivisionCode("431002")!],
                rights: rights), today: .invented("2016-03-01"))
    }

    private func query(
        _ values: [(PersonID, Care_V1_PersonalField, String)], of household: HouseholdID? = nil, times: Int = 1
    ) -> Care_V1_Query {
        var query = Care_V1_Query()
        query.compareDetails.run = Data(repeating: 9, count: 16)
        query.compareDetails.runHouseholdCount = 1
        query.compareDetails.runValueCount = 100
        query.compareDetails.households = Array(
            repeating: .with {
                $0.household = (household ?? family.stream.id).wireData
                $0.values = values.map { person, field, value in
                    .with {
                        $0.person = person.wireData
                        $0.field = field
                        $0.value = value
                    }
                }
            }, count: times)
        return query
    }

    private func refusal(_ query: Care_V1_Query, _ engine: QueryEngine) -> QueryRefusal? {
        do {
            _ = try engine.answer(query)
            return nil
        } catch { return error as? QueryRefusal }
    }

    @Test("逐项答复一致、不同、没有记录；答复里没有任何内容")
    func agreements() throws {
        let values: [(PersonID, Care_V1_PersonalField, String, Care_V1_Agreement)] = [
            (family.wife, .name, "甲妻", .same), (family.wife, .name, "甲", .differs),
            (family.wife, .idNumber, "431002196509100024", .same), (family.wife, .phone, "13800000002", .differs),
            (family.wife, .address, "某街道某路1号", .same), (family.wife, .certificateNumber, "1", .notOnRecord),
            (family.child, .phone, "13800000001", .notOnRecord), (helper, .name, "丁干部", .same),
            (helper, .phone, "1", .differs), (PersonID(Identifier128(high: 0, low: 1)), .name, "甲妻", .notOnRecord),
        ]
        let answer = try engine().answer(query(values.map { ($0.0, $0.1, $0.2) }))
        #expect(answer.reply.comparedDetails.households.map(\.agreements) == [values.map(\.3)])
        let run = try #require(RunID(bytes: Data(repeating: 9, count: 16)))
        #expect(answer.access == .compared(DetailsCompared(run: run, households: 1, values: 100)))
        let comparison = try #require(answer.comparison)
        #expect((comparison.households, comparison.values, comparison.wrong.count) == (1, 10, 3))
        let bytes: [UInt8] = try answer.reply.serializedBytes()
        for secret in ["甲妻", "431002196509100024", "某街道", "丁干部"] {
            #expect(Data(bytes).range(of: Data(secret.utf8)) == nil)
        }
    }

    @Test("辖区外的户与不存在的户：答复相同，一项也不答")
    func onlyOwnHouseholds() throws {
        for id in [foreign.stream.id, InventedStream(99).id] {
            let answer = try engine().answer(query([(foreign.wife, .name, "甲妻")], of: id))
            #expect(answer.reply.comparedDetails.households.map(\.agreements) == [[]])
            #expect(answer.comparison?.wrong == [])
        }
    }

    @Test("须有查询与登记两项权限；太多、读不懂的各有说法")
    func refusals() throws {
        let one = query([(family.wife, .name, "甲妻")])
        #expect(try refusal(one, engine(rights: [.query])) == .missingRight(.command))
        #expect(try refusal(one, engine(rights: [.command])) == .missingRight(.query))
        let engine = try engine()
        #expect(refusal(query([(family.wife, .name, "")]), engine) == .field("value"))
        #expect(refusal(query([(family.wife, .unspecified, "甲")]), engine) == .field("field"))
        #expect(refusal(query([(family.wife, .name, String(repeating: "长", count: 200))]), engine) == .field("value"))
        #expect(refusal(query([(family.wife, .name, "甲妻")], times: 65), engine) == .comparisonTooLarge)
        let many = Array(repeating: (family.wife, Care_V1_PersonalField.name, "甲妻"), count: 513)
        #expect(refusal(query(many), engine) == .comparisonTooLarge)
        #expect(refusal(query([]), engine) == nil)
        var nobody = one
        nobody.compareDetails.run = Data()
        #expect(refusal(nobody, engine) == .field("run"))
    }
}

@Suite("比对：不能用来猜")
struct ComparisonLedgerTests {
    private let clerk = Code(unchecked: "clerk")
    private let day = CivilDay.invented("2016-03-01")
    private let wife = PersonID(Identifier128(high: 7, low: 1))

    private func comparison(
        run: UInt64 = 1, declared: (UInt64, UInt64) = (1000, 1_000_000), households: UInt64 = 1, wrong: [String] = []
    ) -> Comparison {
        Comparison(
            record: DetailsCompared(
                run: RunID(Identifier128(high: 0, low: run)), households: declared.0, values: declared.1),
            households: households, values: UInt64(max(1, wrong.count)),
            wrong: wrong.map { .init(person: wife, field: .idNumber, value: $0) })
    }

    @Test("同一项的不同错值一天只答若干个，换一次导入、分批都一样；次日重新计数")
    func wrongValues() throws {
        var ledger = ComparisonLedger()
        let limit = ComparisonLedger.wrongValuesADay
        for number in 0..<limit {
            try ledger.take(comparison(run: UInt64(number), wrong: ["\(number)"]), by: clerk, on: day)
        }
        #expect(throws: QueryRefusal.tooManyWrongValues) {
            try ledger.take(comparison(run: 99, wrong: ["x"]), by: clerk, on: day)
        }
        // Others, and the same actor about others, are not kept from their work.
        try ledger.take(comparison(wrong: ["x"]), by: Code(unchecked: "other"), on: day)
        try ledger.take(comparison(run: 100), by: clerk, on: day)
        try ledger.take(comparison(run: 101, wrong: ["x"]), by: clerk, on: day + 1)
    }

    @Test("同一份文件反复导入不算试")
    func theSameWrongValueAgain() throws {
        var ledger = ComparisonLedger()
        for run in 0..<200 as Range<UInt64> {
            try ledger.take(comparison(run: run, wrong: ["a", "b"]), by: clerk, on: day)
        }
    }

    @Test("一次导入不能比它申报的多，也不能中途改口")
    func runs() throws {
        var ledger = ComparisonLedger()
        try ledger.take(comparison(declared: (2, 10)), by: clerk, on: day)
        try ledger.take(comparison(declared: (2, 10)), by: clerk, on: day)
        #expect(throws: QueryRefusal.comparisonBeyondRun) {
            try ledger.take(comparison(declared: (2, 10)), by: clerk, on: day)
        }
        #expect(throws: QueryRefusal.comparisonBeyondRun) {
            try ledger.take(comparison(declared: (3, 10)), by: clerk, on: day)
        }
        try ledger.take(comparison(declared: (3, 10)), by: Code(unchecked: "other"), on: day)
    }

    @Test("记得的次数有上限，内存不会无限增长")
    func bounded() throws {
        var ledger = ComparisonLedger(capacity: 640)
        for run in 0..<5_000 as Range<UInt64> {
            try ledger.take(comparison(run: run, declared: (1, 1)), by: clerk, on: day)
        }
        #expect(throws: QueryRefusal.comparisonBeyondRun) {
            try ledger.take(comparison(run: 4_999, declared: (1, 1)), by: clerk, on: day)
        }
        try ledger.take(comparison(run: 1, declared: (1, 1)), by: clerk, on: day)
    }
}
