import CareDomain
import RuleEngine
import RulePacks
import Testing

@testable import carectl

/// What an index proposes from the figures in the log, and how a person approves it.
@Suite("动态调整：由登记的指数提出，由人批准")
struct RulesAdjustmentsTests {
    private static let pack = PackID(unchecked: "guiyang-2013")

    private static func day(_ text: String) throws -> CivilDay { try #require(CivilDay(parsing: text)) }

    /// The published pack and what was set, each on a day of 2016.
    private static func rules(_ set: [(name: String, key: String, value: FactValue, from: String)]) throws
        -> PublishedRules
    {
        var rules = PublishedRules()
        let file = try #require(try PackLibrary.bundled.packFiles(of: pack.rawValue).first)
        let read = try RulePack.load(bytes: file.bytes, name: file.name)
        let published = PackPublished(
            pack: pack, effectiveFrom: read.validFrom, enactedOn: read.validFrom, hash: read.hash, bytes: file.bytes)
        _ = rules.take(.published(published), of: pack, occurredOn: read.validFrom, recordedAt: Moment(microseconds: 0))
        for (place, one) in set.enumerated() {
            let recordedOn = try day("2016-02-01").dayNumber + Int32(place)
            let parameter = ParameterSet(
                parameter: ParameterID(unchecked: one.name), keys: [Code(unchecked: one.key)], value: one.value)
            _ = rules.take(
                .parameterSet(parameter), of: pack, occurredOn: try day(one.from),
                recordedAt: Moment(microseconds: Int64(recordedOn) * 86_400_000_000))
        }
        return rules
    }

    private static func sheet(_ rules: PublishedRules) throws -> Trial.Adjustment {
        try #require(Trial(published: rules).adjustments(on: try day("2016-07-01")).first { $0.series == "all" })
    }

    @Test("达到 30% 就提出，每个标准都有一条批准用的命令；没有指数就没有计算单")
    func proposed() throws {
        let index: [(name: String, key: String, value: FactValue, from: String)] = [
            ("gy.index_series", "all", .decimal(thousandths: 10_000_000), "2011-01-01"),
            ("gy.index_series", "all", .decimal(thousandths: 13_000_000), "2015-01-01"),
        ]
        let found = try Self.sheet(try Self.rules(index))
        #expect(found.lines.map(\.isTrigger) == [true] && found.proposals.map(\.state) == [.open])
        let pack = try #require(try PackLibrary.bundled.packs(of: Self.pack.rawValue).last)
        let changes = found.proposals.flatMap(\.changes)
        let commands = changes.compactMap { RulesAdjustments.command($0, from: found.proposals[0].validFrom, pack) }
        #expect(commands.count == changes.count && changes.count == found.indexation.standards.count)
        let set = "carectl rules set-parameter guiyang-2013 "
        #expect(commands.contains(set + "gy.bereavement_grant 26000.00 --from 2017-01-01"))
        #expect(commands.contains(set + "gy.complication_allowance 1300.00 --for grade_2 --from 2017-01-01"))
        #expect(Trial(published: try Self.rules([])).adjustments(on: try Self.day("2016-07-01")).isEmpty)

        // Once a person has set a standard it does not wait any more, although it holds from the next year on; the others do.
        let approval: (name: String, key: String, value: FactValue, from: String) =
            ("gy.complication_allowance", "grade_2", .money(.yuan(1300)), "2017-01-01")
        let partly = try Self.sheet(try Self.rules(index + [approval]))
        #expect(partly.proposals.map(\.state) == [.open])
        let waiting = partly.proposals.flatMap(\.changes).filter { $0.state == .open }
        #expect(waiting.count == changes.count - 1)
        #expect(!waiting.contains { $0.standard.rawValue == "gy.complication_allowance.grade_2" })
        let lines = AdjustmentText.lines(partly, isChinese: true)
        #expect(lines.contains { $0.contains("（已批准）") && $0.contains("1000.00 → 1300.00") })
        #expect(lines.contains("2015 年的调整：已批准 1 项，尚待批准 \(waiting.count) 项"))
    }
}
