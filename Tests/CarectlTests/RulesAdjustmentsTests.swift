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
    /// - Parameter apart: time between two of them; nil = at the same moment, in this order.
    private static func rules(
        _ set: [(name: String, key: String, value: FactValue, from: String)], apart: Int64? = 86_400_000_000
    ) throws -> PublishedRules {
        var rules = PublishedRules()
        let file = try #require(try PackLibrary.bundled.packFiles(of: pack.rawValue).first)
        let read = try RulePack.load(bytes: file.bytes, name: file.name)
        let published = PackPublished(
            pack: pack, effectiveFrom: read.validFrom, enactedOn: read.validFrom, hash: read.hash, bytes: file.bytes)
        _ = rules.take(.published(published), of: pack, occurredOn: read.validFrom, recordedAt: Moment(microseconds: 0))
        for (place, one) in set.enumerated() {
            let first = Int64(try day("2016-02-01").dayNumber) * 86_400_000_000
            let parameter = ParameterSet(
                parameter: ParameterID(unchecked: one.name), keys: [Code(unchecked: one.key)], value: one.value)
            _ = rules.take(
                .parameterSet(parameter), of: pack, occurredOn: try day(one.from),
                recordedAt: Moment(microseconds: first + Int64(place) * (apart ?? 0)))
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

    @Test(
        "批准只答当时的建议：同一天稍后登记的下一年的数和修订，不是它所答的；下一年的建议待批准，有命令",
        arguments: [86_400_000_000, 60_000_000, nil] as [Int64?])
    func answersWhatItWasGivenFor(apart: Int64?) throws {
        func index(_ year: Int, _ level: Int64) -> (name: String, key: String, value: FactValue, from: String) {
            ("gy.index_series", "all", .decimal(thousandths: level * 1000), "\(year)-01-01")
        }
        let rules = try Self.rules(
            [
                index(2011, 10_000), index(2012, 11_000), index(2013, 13_000),
                ("gy.complication_allowance", "grade_2", .money(.yuan(1300)), "2017-01-01"),
                ("gy.study_aid", "primary", .money(.yuan(600)), "2017-01-01"), index(2014, 17_200), index(2013, 12_500),
            ], apart: apart)
        let found = try Self.sheet(rules)
        let told = found.proposals.flatMap { proposal in
            proposal.changes.map { change in
                "\(change.standard) \(proposal.level.year) \(change.state.rawValue) \(change.before) \(change.after)"
            }
        }
        for line in [
            "gy.complication_allowance.grade_2 2013 approved 1000.00 1300.00",
            "gy.study_aid.primary 2013 approved 500.00 650.00",
            "gy.complication_allowance.grade_2 2014 open 1300.00 1720.00",
            "gy.study_aid.primary 2014 open 600.00 793.85",
            "gy.complication_allowance.grade_3_4 2014 open 500.00 860.00",
        ] { #expect(told.contains(line), "\(line) in \(told)") }
        #expect(told.count == found.indexation.standards.count + 2)
        #expect(found.revisions.map(\.approvedUpon.value) == [13_000_000])
        let pack = try #require(try PackLibrary.bundled.packs(of: Self.pack.rawValue).last)
        let commands = found.proposals.flatMap { proposal in
            proposal.changes.filter { $0.state == .open }
                .compactMap { RulesAdjustments.command($0, from: proposal.validFrom, pack) }
        }
        let set = "carectl rules set-parameter guiyang-2013 "
        #expect(commands.contains(set + "gy.complication_allowance 1720.00 --for grade_2 --from 2017-01-01"))
        #expect(commands.contains(set + "gy.study_aid 793.85 --for primary --from 2017-01-01"))
    }
}
