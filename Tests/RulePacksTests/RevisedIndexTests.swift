import CareDomain
import RuleEngine
import RulePacks
import Testing

/// An index figure that is revised after its proposal was adopted.
@Suite("指数采用后又修订")
struct RevisedIndexTests {
    private static let file = """
        pack: guiyang-2013
        subjects: {city: {city: {}}}
        parameters:
          - {id: gy.index_series, keys: [all], value: "10000", from: 2011-01-01, until: 2012-01-01}
          - {id: gy.index_series, keys: [all], value: "13100", from: 2015-01-01, until: 2016-01-01, recorded: 2016-01-10}
          - {id: gy.index_series, keys: [all], value: "12900", from: 2015-01-01, until: 2016-01-01, recorded: 2016-06-01}
        """

    private func sheet(_ known: KnownAt) throws -> Trial.Adjustment {
        let versions = try PackLibrary.bundled.packs(of: "guiyang-2013")
        let pack = try #require(versions.last)
        let file = try FactsFile.load(bytes: Array(Self.file.utf8), name: "index.yaml", pack: pack)
        let trial = Trial(versions: versions, file: file, knownAt: known)
        let found = trial.adjustments(on: CivilDay(year: 2016, month: 7, day: 1)!)
        return try #require(found.first { $0.indexation.clause.rawValue == "GY-3.0" && $0.series == "all" })
    }

    private func moment(_ day: CivilDay) -> Moment {
        Moment(microseconds: Int64(day.dayNumber) * 86_400_000_000)
    }

    @Test("修订前按当时的数触发并提出建议，当时的表仍查得到；修订后不再触发，只是不再提出，已采用的不会自己改回")
    func revised() throws {
        let before = try sheet(.recorded(moment(CivilDay(year: 2016, month: 3, day: 1)!)))
        #expect(before.lines.map(\.isTrigger) == [true] && before.proposals.count == 1)
        let after = try sheet(.latest)
        #expect(after.lines.map(\.isTrigger) == [false] && after.proposals.isEmpty)
        #expect(after.lines.map(\.growthTenThousandths) == [290_000])
        // A proposal is a sheet of paper: the standards are those of the published version, before and after.
        let standards = before.proposals.flatMap(\.changes).map(\.before)
        #expect(standards == before.indexation.standards.filter { $0.series == "all" }.map(\.figure))
    }
}
