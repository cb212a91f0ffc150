import CareDomain

/// The words and readings that projections need from the published packs.
///
/// Pairing kinds, clauses, needs, visits and notices are codes in the log; what they are called, and which slots a
/// family must have, is data of the pack. The caller fills this value from the published versions; nothing here has
/// Chenzhou built in.
package struct CarePolicyWords: Hashable, Sendable {
    /// One slot that every family which is owed helpers must have filled.
    package struct Slot: Hashable, Sendable {
        /// Code of the slot, `party_member`.
        package var kind: PairingKind
        /// 党员
        package var chinese: String
        /// party member
        package var english: String
        /// Whether the helper is a person who may fill only one such slot of a household (CZ-Q26); false for a
        /// department, and for every slot where the deployment allows overlap.
        package var takesOwnPerson: Bool
        /// What is to be on record of the helper for the slot to count as filled (CZ-Q27).
        package var asks: HelperDetails

        package init(
            kind: PairingKind, chinese: String, english: String, takesOwnPerson: Bool,
            asks: HelperDetails = [.name]
        ) {
            self.kind = kind
            self.chinese = chinese
            self.english = english
            self.takesOwnPerson = takesOwnPerson
            self.asks = asks
        }
    }

    /// The precedence of sources that one pack version declares.
    package struct PlacedPrecedence: Hashable, Sendable {
        package var territory: DivisionCode?
        package var inForce: DayPeriod
        /// Of each fact of its vocabulary.
        package var facts: [FactID: FactPrecedence]

        package init(territory: DivisionCode?, inForce: DayPeriod, facts: [FactID: FactPrecedence]) {
            self.territory = territory
            self.inForce = inForce
            self.facts = facts
        }
    }

    /// A pack version on which answers rest; kept with the read model, which must be rebuilt when it changes.
    package struct PackVersion: Hashable, Sendable, Comparable {
        package var pack: PackID
        /// First day in force.
        package var effectiveFrom: CivilDay
        /// SHA-256 of the published bytes.
        package var hash: [UInt8]

        package init(pack: PackID, effectiveFrom: CivilDay, hash: [UInt8]) {
            self.pack = pack
            self.effectiveFrom = effectiveFrom
            self.hash = hash
        }

        package static func < (left: Self, right: Self) -> Bool {
            (left.pack, left.effectiveFrom) < (right.pack, right.effectiveFrom)
        }
    }

    /// Which helpers each place's document asks for, in the order of the packs.
    package var pairingDuties: [PairingDuty]
    /// Chinese title of each clause.
    package var clauseTitles: [ClauseID: String]
    /// What facts of the vocabulary are called.
    package var factTitles: [FactID: String]
    /// What the codes of each fact are called: one code may mean one thing for one fact and another for the next.
    package var factLabels: [FactID: [Code: String]] = [:]
    /// What parameters are called.
    package var parameterTitles: [String: String] = [:]
    /// What visit forms are called; a form that several packs share goes by the shortest of its titles.
    package var forms: [Code: String] = [:]
    /// What each place's document calls a form; those of later packs after those of earlier ones.
    package var placedForms: [PlacedForm] = []
    /// What needs are called.
    package var needKinds: [Code: String]
    /// What kinds of visit are called.
    package var visitKinds: [Code: String]
    /// What other codes are called: reasons, outcomes, holidays, notices, relations, cadences.
    package var codes: [Code: String]
    /// What departments are called.
    package var departments: [DepartmentID: String]
    /// What divisions are called.
    package var divisions: [DivisionCode: String]
    /// How applications go. Rows do not depend on it.
    package var workflows: [ApplicationWorkflow] = []
    /// Guidance numbers and settlement by activity year; of one year the last counts.
    package var guidance: [GuidanceTerms] = []
    /// When every family is to be visited, by the clauses that say so. Rows do not depend on it.
    package var visitDuties: [VisitDuty] = []
    /// Goods that clauses give, and by when. Rows do not depend on it.
    package var goodsDuties: [GoodsDuty] = []
    /// Who is insured against accidents; nil = no document asks for it. Rows do not depend on it.
    package var accidentInsurance: AccidentInsurance?
    /// 代缴、代办: clauses whose money goes to an institution in place of the person, and to which. Rows do not depend on it.
    package var payees: [ClauseID: InstitutionPayee] = [:]
    /// Where each pack applies; a pack without a place applies anywhere.
    package var territories: [PackID: DivisionCode] = [:]
    /// 受限查看: which departments may see which fact, by place. Rows do not depend on it.
    package var restrictions = FactRestrictions()
    /// 来源先后: which sources count before which, by place and days. Rows do not depend on it.
    package var precedences: [PlacedPrecedence] = []
    /// The published versions these words come from, ascending.
    package var packVersions: [PackVersion]

    package init(
        pairingDuties: [PairingDuty] = [], clauseTitles: [ClauseID: String] = [:], factTitles: [FactID: String] = [:],
        needKinds: [Code: String] = [:], visitKinds: [Code: String] = [:], codes: [Code: String] = [:],
        departments: [DepartmentID: String] = [:], divisions: [DivisionCode: String] = [:],
        packVersions: [PackVersion] = []
    ) {
        self.pairingDuties = pairingDuties
        self.clauseTitles = clauseTitles
        self.factTitles = factTitles
        self.needKinds = needKinds
        self.visitKinds = visitKinds
        self.codes = codes
        self.departments = departments
        self.divisions = divisions
        self.packVersions = packVersions.sorted()
    }

    /// What somebody of the department may see of families' facts when it asks on a day.
    package func sight(of department: DepartmentID, on day: CivilDay) -> FactSight {
        FactSight(restrictions, department: department, today: day)
    }

    /// The precedence of sources that the packs of a place have for a fact on a day: of the version in force that is declared
    /// for it, otherwise of the last one there; none where no pack declares any.
    package func precedence(of fact: FactID, in division: DivisionCode?, on day: CivilDay) -> FactPrecedence {
        let here = precedences.filter { one in one.territory.map { division?.isWithin($0) ?? false } ?? true }
        return (here.last { $0.inForce.contains(day) } ?? here.last)?.facts[fact] ?? .none
    }

    /// Whether some document applies in the place; where none is published at all, nothing is said to be lacking.
    package func reaches(_ division: DivisionCode) -> Bool {
        precedences.isEmpty || precedences.contains { $0.territory.map(division.isWithin) ?? true }
    }

    /// Where a family is registered, for its page: the division with its name and, where no document applies, that none
    /// does, since a digit may have been typed wrong.
    package func registered(in division: DivisionCode) -> String {
        chinese(division) + (reaches(division) ? "" : "（没有规则适用于这里：请核对区划代码）")
    }

    /// The slots of all places, each kind once, in the order of the packs.
    package var slots: [Slot] {
        var seen: Set<PairingKind> = []
        return pairingDuties.flatMap(\.slots).filter { seen.insert($0.kind).inserted }
    }

    /// The slot of a kind; nil when no pack asks for it.
    package func slot(_ kind: PairingKind) -> Slot? { slots.first { $0.kind == kind } }

    /// What a slot is called; the code itself when the pack does not know it.
    package func chinese(_ kind: PairingKind) -> String { slot(kind)?.chinese ?? kind.rawValue }

    /// What a code is called; the code itself when nobody says.
    package func chinese(_ code: Code) -> String {
        codes[code] ?? slots.first { $0.kind.rawValue == code.rawValue }?.chinese
            ?? CommonWords.codes[code.rawValue] ?? code.rawValue
    }

    /// What a need is called.
    package func need(_ kind: Code) -> String { needKinds[kind] ?? chinese(kind) }

    /// What a form is called; its code when no pack names it.
    /// - Parameter division: Where the family belongs: the document of the place says, as far as it has the form.
    package func form(_ code: Code, in division: DivisionCode? = nil) -> String {
        let placed = division.flatMap { division in
            placedForms.last { $0.code == code && division.isWithin($0.territory) }
        }
        return placed?.title ?? forms[code] ?? code.rawValue
    }

    /// A visit form as the document of a place calls it.
    package struct PlacedForm: Hashable, Sendable {
        package let code: Code
        package let territory: DivisionCode
        package let title: String

        package init(code: Code, territory: DivisionCode, title: String) {
            self.code = code
            self.territory = territory
            self.title = title
        }
    }

    /// What a visit is called.
    package func visit(_ kind: Code) -> String { visitKinds[kind] ?? chinese(kind) }

    /// What a department is called.
    package func chinese(_ department: DepartmentID) -> String {
        departments[department] ?? CommonWords.departments[department.rawValue] ?? department.rawValue
    }

    /// What a clause is called; empty when no pack names it.
    package func title(_ clause: ClauseID) -> String { clauseTitles[clause] ?? "" }

    /// What a fact is called; the fact's id when no vocabulary names it.
    package func title(_ fact: FactID) -> String { factTitles[fact] ?? fact.rawValue }

    /// A fact's value in words.
    package func text(_ value: FactValue, of fact: FactID) -> String? {
        guard case .code(let code) = value else { return nil }
        return factLabels[fact]?[code]
    }

    /// The division with its name where that is known, else with the name of what it lies in: `431002 北湖区`,
    /// `431002001 北湖区`.
    package func chinese(_ division: DivisionCode) -> String {
        for known in division.withEnclosing {
            if let name = divisions[known] { return "\(division) \(name)" }
        }
        return division.rawValue
    }
}

extension CarePolicyWords {
    /// Stands for everything here that rows depend on: who is owed which helpers, where and when, and the pack versions.
    /// Names do not count, because rows hold codes.
    package var fingerprint: String {
        let parts =
            pairingDuties.map { duty in
                let (from, end) = (duty.inForce.start, duty.inForce.end?.description ?? "")
                let slots = duty.slots.map { slot in
                    let asks = slot.asks.codes.joined(separator: "+")
                    return "\(slot.kind):\(slot.takesOwnPerson):\(asks)"
                }.joined(separator: ",")
                return "pairing:\(duty.clause):\(from):\(end):\(duty.territory?.description ?? ""):\(slots)"
            }
            + packVersions.map { version in
                let hash = version.hash.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                return "pack:\(version.pack):\(version.effectiveFrom):\(hash)"
            }
        return parts.joined(separator: "|")
    }
}
