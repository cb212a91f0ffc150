import CareDomain
import CareTestKit
import CareWire
import CaseImport
import OfficeFiles
import Testing

/// Rosters written by hand and the archive they meet.
struct RosterBench {
    static let today = CivilDay(year: 2015, month: 6, day: 30)!
    var known = KnownFamilies()
    private var benches: [HouseholdID: HouseholdWorkbench] = [:]

    /// A roster with the columns that the rows use, each row as heading → cell.
    static func bytes(_ rows: [[String: String]]) -> [UInt8] {
        let used = OfficeTemplate.roster.headings.filter { heading in rows.contains { $0[heading] != nil } }
        var writer = CSVWriter()
        writer.append(used)
        for row in rows { writer.append(used.map { row[$0] ?? "" }) }
        return writer.bytes
    }

    /// The digits with their check digit.
    static func number(_ digits: String) -> String {
        digits + String(UnicodeScalar(ResidentIDNumber.checkCharacter(digits.utf8.map { Int($0) - 48 })))
    }

    static let wife: [String: String] = [
        "户标识": "1", "建档日期": "2014-08-01", "区划代码": "431002001", "城乡": "城镇", "姓名": "李某", "身份": "妻子",
        "联系电话": "14000000001",
        "身份证号": number("43100219650910002"), "低保起": "2015-01-01", "低保止": "2015-12-31", "结对干部姓名": "王某",
        "结对干部单位": "镇政府", "结对干部起": "2014-09-01",
    ]
    static let child: [String: String] = [
        "户标识": "1", "姓名": "陈某", "身份": "独生子女", "出生日期": "1990-05-06", "子女状况": "死亡", "死亡日期": "2014年3月2日",
        "残疾等级": "三级", "残疾评定日期": "2012-01-01",
    ]

    func plan(_ rows: [[String: String]], _ mode: RosterMode = .report) throws -> RosterPlan {
        let bytes = Self.bytes(rows)
        let roster = try Roster(CSVTable(bytes))
        return RosterPlan(
            roster, file: DerivedIDs.digest(of: bytes), lookup: known, mode: mode, today: Self.today)
    }

    /// The same against an archive that shows nothing and only compares. `opened` are the values that a page then shows.
    func comparedPlan(_ rows: [[String: String]], _ mode: RosterMode = .report, opened: Bool = false) throws
        -> RosterPlan
    {
        let bytes = Self.bytes(rows)
        let roster = try Roster(CSVTable(bytes))
        var known = KnownFamilies()
        for bench in benches.values {
            let history = bench.history
            let record = history.recordedDetails
            var held: [HeldValue] = []
            for family in roster.families { held += HeldValue.values(of: family.rows, about: history.household) }
            let people = ComparedPeople(
                held, held.map { $0.agreement(with: record) })
            let closed = try Self.withheld(history)
            var pages: [CivilDay: [PersonID: PersonalDetails]] = [:]
            for day in RecordPages.days(of: closed) {
                pages[day] = history.household.members.reduce(into: [:]) { $0[$1.id] = $1.details(on: day) }
            }
            var family = (opened ? people.opened(by: record, pages: RecordPages(pages)) : people).family(closed)
            family.isOpened = opened
            known.add(family)
        }
        return RosterPlan(
            roster, file: DerivedIDs.digest(of: bytes), lookup: known, mode: mode, today: Self.today)
    }

    /// The families against an archive that shows nothing and only compares what forms say.
    func compared(_ table: CSVTable) throws -> KnownFamilies {
        var known = KnownFamilies()
        for bench in benches.values {
            let record = bench.history.recordedDetails
            let held = table.rows.flatMap { HeldValue.values(ofForm: $0, in: table, about: bench.household) }
            let people = ComparedPeople(
                held, held.map { $0.agreement(with: record) })
            known.add(people.family(try Self.withheld(bench.history)))
        }
        return known
    }

    /// The history as a subscriber gets it: the sealed parts are empty.
    private static func withheld(_ history: HouseholdHistory) throws -> HouseholdHistory {
        let events = try history.events.map { known in
            let context = EventContext(
                principal: Principal(
                    peer: "p", actor: Code(unchecked: "a"), role: Code(unchecked: "r"),
                    department: DepartmentID(unchecked: "d"), divisions: [], rights: []), command: known.command)
            let encoded = try EventCodec.encode(known.proposed, context: context)
            let payload = try SealedFields.withheld(payload: encoded.payload)
            let decoded = try EventCodec.decodeAny(kind: encoded.kind, version: encoded.version, payload: payload)
            guard case .household(let event) = decoded else { return known }
            var known = known
            known.proposed.event = event
            return known
        }
        return HouseholdHistory(id: history.id, events: events)
    }

    /// Carries the commands out and shows the archive their outcome.
    mutating func carryOut(_ commands: [HouseholdCommand], sourceLocation: SourceLocation = #_sourceLocation) {
        for command in commands {
            var bench = benches[command.household] ?? HouseholdWorkbench(command.household, today: Self.today)
            if case .refused(let refusal) = bench.carryOut(command) {
                Issue.record(
                    "\(command.action.name): \(refusal.code) \(refusal.english)", sourceLocation: sourceLocation)
            }
            benches[command.household] = bench
            known.add(KnownFamily(history: bench.history))
        }
    }

    var household: Household? { benches.values.first?.household }
    var history: HouseholdHistory? { benches.values.first?.history }

    /// The archive after wife and child were imported.
    static func imported() throws -> RosterBench {
        var bench = RosterBench()
        bench.carryOut(try bench.plan([wife, child]).commands)
        return bench
    }

    static func wife(_ changes: [String: String]) -> [String: String] { wife.merging(changes) { $1 } }
    static func child(_ changes: [String: String]) -> [String: String] { child.merging(changes) { $1 } }
}

extension HeldValue {
    /// What care-archive answers.
    fileprivate func agreement(with record: [PersonID: PersonalDetails]) -> ValueAgreement {
        ValueAgreement(value, onRecord: record[person]?[keyPath: field.path], in: field)
    }
}
