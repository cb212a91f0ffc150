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

    private func sheet(_ known: KnownAt, besides more: String = "") throws -> Trial.Adjustment {
        let versions = try PackLibrary.bundled.packs(of: "guiyang-2013")
        let pack = try #require(versions.last)
        let file = try FactsFile.load(bytes: Array((Self.file + more).utf8), name: "index.yaml", pack: pack)
        let trial = Trial(versions: versions, file: file, knownAt: known)
        let found = trial.adjustments(on: CivilDay(year: 2016, month: 7, day: 1)!)
        return try #require(found.first { $0.indexation.clause.rawValue == "GY-3.0" && $0.series == "all" })
    }

    private func moment(_ day: CivilDay) -> Moment {
        Moment(microseconds: Int64(day.dayNumber) * 86_400_000_000)
    }

    @Test("批准之后修订：说明批准时的数和现在的数，要另行批准；没有批准的、没有修订的不提")
    func revisedAfterApproval() throws {
        let approval =
            "\n  - {id: gy.complication_allowance, keys: [grade_2], value: 1310, from: 2016-03-01, recorded: 2016-02-01}"
        let revised = try sheet(.latest, besides: approval)
        #expect(revised.proposals.map(\.state) == [.approved])
        #expect(revised.revisions.map(\.approvedUpon.year) == [2015])
        #expect(revised.revisions.map(\.approvedUpon.value) == [13_100_000])
        #expect(revised.revisions.map(\.now.value) == [12_900_000])
        let earlier = try sheet(
            .recorded(moment(CivilDay(year: 2016, month: 4, day: 1)!)), besides: approval)
        // The other standards of the proposal wait.
        #expect(earlier.proposals.map(\.state) == [.open] && earlier.revisions.isEmpty)
        let changes = earlier.proposals.flatMap(\.changes)
        #expect(
            changes.filter { $0.state == .approved }.map(\.standard.rawValue) == ["gy.complication_allowance.grade_2"])
        #expect(changes.filter { $0.state == .open }.count == changes.count - 1)
        #expect(try sheet(.latest).revisions.isEmpty)
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

    @Test("批准的标准次年一月一日才施行：批准之后当年就看得到已批准，其间修订也不撤销")
    func approvedBeforeItHolds() throws {
        let approval =
            "\n  - {id: gy.complication_allowance, keys: [grade_2], value: 1310, from: 2017-01-01, recorded: 2016-02-01}"
        let known = try sheet(.recorded(moment(CivilDay(year: 2016, month: 4, day: 1)!)), besides: approval)
        #expect(known.proposals.flatMap(\.changes).filter { $0.state == .approved }.map(\.approved) == [.yuan(1310)])
        let revised = try sheet(.latest, besides: approval)
        #expect(revised.proposals.map(\.state) == [.approved])
        #expect(revised.revisions.map(\.now.value) == [12_900_000])
    }
}
