import CareDomain
import CareWire
import ServiceKit

/// Helpers of a list who may be one person under several ids.
///
/// An import guesses nobody: whom two files bring has one id from each, and two lines in the list. Name, unit and township
/// are all that a list has of a helper, so this only asks to look; the telephone on the families' pages decides.
struct LikelySameHelpers {
    typealias Entry = Care_V1_HelperLoadList.Entry

    /// Two or more each, in the order of the list: those with most families first.
    let groups: [[Entry]]

    /// Groups that are told in words; `--json` has all of them.
    static let mostTold = 20

    /// - Parameter entries: As listed. Those without a name are like nobody; a unit that is not known is like another one
    ///   that is not. A family of which only the county is known stands for the county.
    init(_ entries: [Entry]) {
        struct Who: Hashable {
            let name: String
            let unit: String
        }
        var groups: [(who: Who, places: Set<Substring>, entries: [Entry])] = []
        for entry in entries {
            let who = Who(name: PersonName.closed(entry.name), unit: entry.unit.filter { !$0.isWhitespace })
            var new = (who: who, places: Set(entry.divisions.map { $0.prefix(9) }), entries: [entry])
            guard !who.name.isEmpty else { continue }
            // Somebody who helps in two townships brings together who was found in each of them.
            let isSame = groups.map { $0.who == who && !$0.places.isDisjoint(with: new.places) }
            guard let first = isSame.firstIndex(of: true) else {
                groups.append(new)
                continue
            }
            let found = zip(groups, isSame).filter(\.1).map(\.0)
            new.places = found.reduce(into: new.places) { $0.formUnion($1.places) }
            new.entries = found.flatMap(\.entries) + new.entries
            groups[first] = new
            for index in isSame.indices.reversed() where isSame[index] && index != first { groups.remove(at: index) }
        }
        let rank = Dictionary(entries.enumerated().map { ($1.helper, $0) }, uniquingKeysWith: min)
        self.groups = groups.map(\.entries).filter { $0.count > 1 }
            .map { $0.sorted { rank[$0.helper, default: 0] < rank[$1.helper, default: 0] } }
    }

    /// Who they are and what makes them one; nil when there is nobody.
    ///
    /// Only a handover does that: an assignment under the other id is refused, or completes the first under the id that it
    /// has. From the day on which the pairing began the slot has no gap and the record no second
    /// helper; of days that lie not far back the notifier tells it as any handover.
    /// - Parameter total: Helpers in all, of whom `listed` were compared.
    func text(listed: Int, of total: UInt64) -> UserText? {
        guard !groups.isEmpty else { return nil }
        var text = UserText(
            zh: "可能是同一人（姓名、单位、乡镇都相同，编号不同，在表中各算一人）：\n",
            en: "may be one person (the same name, unit and township under several ids, counted once for each):\n")
        for group in groups.prefix(Self.mostTold) { text = text + Self.line(group) }
        if groups.count > Self.mostTold {
            let rest = groups.count - Self.mostTold
            text = text + UserText(zh: "  另有 \(rest) 组，见 --json\n", en: "  \(rest) more: --json\n")
        }
        if UInt64(listed) < total {
            text =
                text
                + UserText(
                    zh: "只比对了列出的 \(listed) 名，要多比对请加大 --limit\n",
                    en: "only the \(listed) listed were compared; more with --limit\n")
        }
        return text + Self.advice
    }

    private static func line(_ group: [Entry]) -> UserText {
        let name = group[0].name
        let unit = group[0].unit
        let zh = group.map { "\($0.helper.idText)（\($0.householdCount) 户）" }.joined(separator: "、")
        let en = group.map { "\($0.helper.idText) (families: \($0.householdCount))" }.joined(separator: ", ")
        return UserText(
            zh: "  \(name)（\(unit.isEmpty ? "单位未登记" : unit)）：\(zh)\n",
            en: "  \(name) (\(unit.isEmpty ? "unit not known" : unit)): \(en)\n")
    }

    private static let advice = UserText(
        zh: """
            请先核对电话。确是同一人的，留用户数多的编号（列在前），把另一编号的每个岗位从结对起始日交接给它：
              carectl pairing handover 户 类别 --from 另一编号 --helper 留用的编号 --on 起始日 --reason other \
            --name 姓名 --unit 单位 --phone 电话
            这样不出空缺，只算一人；起始日在近两个月之内的，会有一条“结对交接”提醒。pairing assign --helper 不能合并：\
            它不收，或只补资料、编号不变；两个编号已同在一个岗位的，用 pairing end 户 类别 --from 另一编号。
            另一编号在哪些户：carectl log view --type PairingAssigned --where "data.helper.person == '另一编号'"
            """,
        en: """
            Compare the telephones first. If they are one, keep the id with most families (the first) and hand each slot of \
            the other id over to it from the day on which the pairing began:
              carectl pairing handover HOUSEHOLD KIND --from OTHER --helper KEPT --on BEGAN --reason other \
            --name NAME --unit UNIT --phone PHONE
            That leaves no gap and one person; of a day within the last two months a notice of a handover is raised. \
            pairing assign --helper does not make them one: it is refused, or completes details under the id there is. Where \
            both ids are in one slot by now: pairing end HOUSEHOLD KIND --from OTHER.
            Families of the other id: carectl log view --type PairingAssigned --where "data.helper.person == 'OTHER'"
            """)
}
