import CareDomain
import CareWire
import OfficeFiles
import RuleEngine
import ServiceKit

/// What an audit could not look at: kinds of cases that are kept from this key (遮), and families whose record is damaged. Whatever
/// it says of the rest, it is no proof of these.
struct CasesNotSeen: Hashable {
    /// Cases of one kind in one place.
    struct Kind: Hashable {
        let record: OwnRecord
        /// Where they are kept from this key; nil = anywhere.
        let place: DivisionCode?
        /// Departments whose keys see them.
        let departments: [DepartmentID]
    }

    private(set) var kinds: [Kind] = []
    /// Families of which events are damaged, in order.
    var damaged: [HouseholdID] = []
    /// Damaged events of which nobody can tell the family.
    var unplaced = 0

    /// - Parameters:
    ///   - withheld: What is kept from this key.
    ///   - restrictions: Who sees what.
    ///   - own: Where the key acts.
    ///   - funds: Where the funds are of which this key knows: without one nobody has a loan.
    ///   - day: The day on which it is asked.
    init(
        _ withheld: WithheldHere, _ restrictions: FactRestrictions, of own: [DivisionCode], funds: [DivisionCode],
        on day: CivilDay
    ) {
        for pack in withheld.packs where pack.facts.keys.contains(where: { OwnRecord($0) == .loan }) {
            let place = pack.place ?? .everywhere
            guard own.contains(where: { $0.isWithin(place) || place.isWithin($0) }) else { continue }
            // A key of the whole place knows of all its funds, of one below it not of those above.
            let knowsFunds = own.contains { place.isWithin($0) }
            if knowsFunds, !funds.contains(where: { $0.isWithin(place) }) { continue }
            let places: Set<DivisionCode> = pack.place.map { [$0] } ?? []
            let departments = KnownOffices.departments.map(\.id).filter { department in
                !restrictions.hidden(from: department, in: places, on: day).contains { OwnRecord($0) == .loan }
            }
            kinds.append(Kind(record: .loan, place: pack.place, departments: departments))
        }
    }

    /// Whether everything was looked at.
    var isNothing: Bool { kinds.isEmpty && damaged.isEmpty && unplaced == 0 }

    var json: [(String, JSON)] {
        [
            (
                "not_seen",
                .array(
                    kinds.map { kind in
                        .object([
                            ("kind", .string("\(kind.record)")), ("kind_zh", .string(kind.record.chinese)),
                            ("division", kind.place.map { .string($0.rawValue) } ?? .null),
                            ("shown_to", .array(kind.departments.map { .string($0.rawValue) })),
                        ])
                    })
            ),
            ("damaged_households", .array(damaged.map { .string($0.description) })),
            ("unplaced_damage", .count(UInt64(unplaced))),
        ]
    }

    /// Says what was not looked at, and how it can be.
    func tell(_ desk: Desk) {
        for kind in kinds { desk.say(Self.text(kind, in: kind.place.map { desk.place($0.rawValue) } ?? "")) }
        guard !damaged.isEmpty || unplaced > 0 else { return }
        let named = damaged.prefix(10).map(\.description).joined(separator: " ") + (damaged.count > 10 ? " …" : "")
        desk.say(
            UserText(
                zh: "CARE-6218 \(damaged.count) 户的记录有损坏\(unplaced > 0 ? "，另有 \(unplaced) 条损坏的事件不知属哪一户" : "")，"
                    + "案件没有看全：\(named)；用 carectl log verify 查明，从备份恢复后再查",
                en: "CARE-6218 the records of \(damaged.count) families are damaged"
                    + (unplaced > 0 ? ", and \(unplaced) events of nobody knows which" : "")
                    + ", their cases were not seen whole: \(named); see carectl log verify, restore a backup and repeat"
            ))
    }

    static func text(_ kind: Kind, in place: String) -> UserText {
        let chinese = kind.departments.map(KnownOffices.name(of:)).joined(separator: "、")
        let english = kind.departments.map(KnownOffices.englishName(of:)).joined(separator: ", ")
        return UserText(
            zh: "CARE-6217 \(kind.record.chinese)\(place.isEmpty ? "" : "（\(place)）")的个案不给本部门看（遮），一件也没有查；"
                + "请用其中一家的密钥（--key）再查：\(chinese)",
            en:
                "CARE-6217 \(kind.record.english)\(place.isEmpty ? "" : " (\(place))") are kept from this department: none of these "
                + "cases was looked at; ask again with a key (--key) of one of: \(english)")
    }
}

extension Line {
    /// What an audit with this key leaves out.
    /// - Parameter batch: Only the rights that a batch pays were asked about, and no other cases; nil = all.
    func casesNotSeen(on day: CivilDay, besides batch: String?) async throws -> CasesNotSeen {
        let withheld = batch == nil ? try await withheld() : WithheldHere(packs: [])
        let divisions = try await divisions()
        guard case .funds(let list) = try await ask(.listFunds(.init())),
            case .fencedHouseholds(let fenced) = try await ask(.fencedHouseholds(.init()))
        else { throw Failure.badAnswer }
        // The packs are read only where they are needed.
        let restrictions =
            withheld.packs.isEmpty ? FactRestrictions() : FactRestrictions(try await publishedRules().registry)
        var found = CasesNotSeen(
            withheld, restrictions, of: divisions.own, funds: list.funds.compactMap { DivisionCode($0.division) },
            on: day)
        found.damaged = fenced.entries.compactMap { HouseholdID(bytes: $0.household) }.sorted()
        found.unplaced = fenced.unplacedPositions.count
        return found
    }
}
