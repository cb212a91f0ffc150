import CareDomain
import CareWire
import CaseImport
import OfficeFiles
import ServiceKit

/// Helpers whom a roster brings under new ids, although somebody like them helps other families already.
///
/// An import guesses nobody: the telephones that would tell are not shown to it. So it says beforehand who may be one person
/// by name, unit and township, under which ids, and what makes them one.
struct HelpersOnRecord {
    typealias Entry = Care_V1_HelperLoadList.Entry

    /// A helper of the file, as a line of the list of helpers.
    struct New {
        /// Row of the table.
        let row: Int
        var entry: Entry
    }

    /// Those of the file with those on record who are like them.
    let found: [(new: New, known: [Entry])]

    /// That many are told in words.
    private static let mostTold = 10
    /// The most that the list of helpers gives at once.
    private static let mostKnown: UInt32 = 1000

    /// - Parameter known: Helpers on record, those with most families first.
    init(_ new: [New], known: [Entry]) {
        let onRecord = Set(known.map(\.helper))
        let own = new.filter { !onRecord.contains($0.entry.helper) }
        let rows = Dictionary(own.map { ($0.entry.helper, $0) }, uniquingKeysWith: { first, _ in first })
        found = LikelySameHelpers(known + own.map(\.entry)).groups.flatMap { group in
            let there = group.filter { onRecord.contains($0.helper) }
            return there.isEmpty ? [] : group.compactMap { rows[$0.helper] }.map { (new: $0, known: there) }
        }
    }

    /// Asks for the helpers of the counties of the file's families; nobody is asked for where the file brings no new one.
    /// - Returns: nil also where this key may not ask.
    /// - Throws: `Failure` when care-archive does not answer.
    static func asked(of plan: RosterPlan, in archive: Line, today: CivilDay, homes: [HouseholdID: DivisionCode])
        async throws -> HelpersOnRecord?
    {
        let new = plan.families.flatMap { family in
            family.commands.flatMap { helpers(of: $0, row: family.rows.first ?? 0, homes: homes) }
        }
        var known: [Entry] = []
        for county in Set(new.flatMap(\.entry.divisions).map { String($0.prefix(6)) }).sorted() {
            let query = Care_V1_HelperLoadQuery.with {
                $0.asOf = today.dayNumber
                $0.division = county
                $0.limit = mostKnown
            }
            do {
                guard case .helperLoad(let list) = try await archive.ask(.helperLoad(query)) else { continue }
                let listed = Set(known.map(\.helper))
                known += list.entries.filter { !listed.contains($0.helper) }
            } catch let failure as Failure {
                guard failure.exit == .notPermitted else { throw failure }
            }
        }
        return HelpersOnRecord(merged(new), known: known)
    }

    /// Those whom a command puts into a slot, by name.
    private static func helpers(
        of command: HouseholdCommand, row: Int, homes: [HouseholdID: DivisionCode]
    ) -> [New] {
        func new(_ helper: Helper, _ sealed: [SealedPart], _ division: DivisionCode?) -> [New] {
            guard let division, let name = sealed.details(of: helper.id)?.name else { return [] }
            let entry = Entry.with {
                $0.helper = helper.id.wireData
                $0.name = name
                $0.unit = helper.unit ?? ""
                $0.divisions = [division.rawValue]
            }
            return [New(row: row, entry: entry)]
        }
        switch command.action {
        case .registerHousehold(let register):
            return register.facts.flatMap { fact in
                guard case .pairingAssigned(let assigned) = fact.event else { return [New]() }
                return new(assigned.helper, assigned.sealed, register.household.division)
            }
        case .assignHelper(let assigned):
            return new(assigned.helper, assigned.sealed, homes[command.household])
        case .handOverPairing(let handover):
            return new(handover.to, handover.sealed, homes[command.household])
        default: return []
        }
    }

    /// One entry for each helper of the file, with all places of the families.
    private static func merged(_ new: [New]) -> [New] {
        var found: [New] = []
        for one in new {
            if let place = found.firstIndex(where: { $0.entry.helper == one.entry.helper }) {
                let more = one.entry.divisions.filter { !found[place].entry.divisions.contains($0) }
                found[place].entry.divisions += more
            } else {
                found.append(one)
            }
        }
        return found
    }

    /// Who they are, names masked, and what makes them one; nil when there is nobody.
    var note: UserText? {
        guard !found.isEmpty else { return nil }
        var text = UserText(
            zh: "表中这些结对人档案里可能已有（姓名、单位、乡镇都相同）；按本表登记会另有一个编号，在 pairing load 中各算一人：\n",
            en:
                "these helpers of the table may be on record (the same name, unit and township); registered from it they get "
                + "another id, and pairing load counts each:\n")
        for (new, known) in found.prefix(Self.mostTold) {
            let who = Masking.name(new.entry.name)
            let ids = known.map(\.helper.idText)
            let (other, unit) = (new.entry.helper.idText, new.entry.unit)
            text =
                text
                + UserText(
                    zh: "  第 \(new.row) 行 \(who)（\(unit.isEmpty ? "单位未填" : unit)）：档案里是 "
                        + "\(ids.joined(separator: "、"))，本表带来 \(other)\n",
                    en: "  row \(new.row) \(who) (\(unit.isEmpty ? "no unit" : unit)): on record "
                        + "\(ids.joined(separator: ", ")), from this table \(other)\n")
        }
        if found.count > Self.mostTold {
            let rest = found.count - Self.mostTold
            text = text + UserText(zh: "  另有 \(rest) 人\n", en: "  \(rest) more\n")
        }
        return text
            + UserText(
                zh: "请核对电话。确是同一人的，导入后从结对起始日交接给档案里的编号：carectl pairing handover 户 类别 --from 本表带来的编号 "
                    + "--helper 档案里的编号 --on 起始日 --reason other --name 姓名 --unit 单位 --phone 电话",
                en:
                    "Compare the telephones. Where they are one, hand over to the id on record after the import, from the day on "
                    + "which the pairing began: carectl pairing handover HOUSEHOLD KIND --from NEW --helper ON-RECORD --on BEGAN "
                    + "--reason other --name NAME --unit UNIT --phone PHONE")
    }
}
