import CareDomain

/// A derived fact: a named expression over facts, readable like a fact.
package struct Definition: Sendable {
    package let id: FactID
    package let title: Wording
    package let expression: CheckedExpression
    /// Place in `RulePack.rules` of the rule that defines it, with its conditions.
    package let rule: Int?
}

/// One version of a policy as data, read and checked whole.
package struct RulePack: Sendable {
    package let id: PackID
    /// First day in force; also names the file.
    package let validFrom: CivilDay
    /// Last day in force, where the version bounds itself (an activity year); nil = until replaced.
    package let validTo: CivilDay?
    package let title: Wording
    /// Number of the document, 郴政办发〔2014〕25号.
    package let documentNumber: String
    package let issuer: String
    package let dated: CivilDay
    /// SHA-256 of the file's bytes.
    package let hash: [UInt8]
    /// The file.
    package let bytes: [UInt8]
    /// Where the pack applies; nil = anywhere.
    package let territory: DivisionCode?
    package let vocabulary: FactVocabulary
    package let parameters: [ParameterDefinition]
    package let readings: [Reading]
    /// Each only uses those before it.
    package let definitions: [Definition]
    /// In the order of the file.
    package let rules: [Rule]
    /// Which grants bar which rights, in the order of the file.
    package let interactions: [Interaction]
    package let indexations: [Indexation]
    /// Clauses that ask something of an office.
    package let declarations: [Declaration]
    /// Clauses that the system itself carries out, and those left out with the reason.
    package let capabilities: [Capability]
    package let familyTypes: [FamilyType]
    package let duties: DutyCatalog
    /// How applications for its clauses go, in the order of the file.
    package let workflows: [PackWorkflow]
    /// Guidance numbers and settlement; nil where the document has none.
    package let guidance: PackGuidance?
    /// 四项职能: the departments that hold each; of one that is not named, any department may do it.
    package let functions: [CaseFunction: [DepartmentID]]
    /// The departments that may state something of a family; of what is not named, see `OwnedAct.standing`.
    package let owners: [OwnedAct: [DepartmentID]]
    /// The same of single facts; of one that is not named, `OwnedAct.facts` counts.
    package let factOwners: [FactID: [DepartmentID]]
    /// 来源先后: whose word counts where statements contradict one another; a fact of the vocabulary may have its own.
    package let precedence: FactPrecedence
    /// Who states the figures of cities and villages, and of which other figure one is a part; empty in packs that say nothing of it.
    package let figures: [FigureDefinition]
    /// Funds and loans; nil where the document has none.
    package let lending: PackLending?

    /// Where it applies, and what offices there do.
    var place: PolicyPlace {
        PolicyPlace(
            pack: id, title: title.chinese, territory: territory, functions: functions, owners: owners,
            factOwners: factOwners,
            payers: lending?.payers ?? [], guardians: duties.guardian?.catalogEntry,
            allowsHelperOverlap: !duties.pairingKinds.isEmpty && !duties.pairingNeedsDistinctPersons)
    }

    /// Reads and checks a pack file.
    /// - Parameters:
    ///   - bytes: the file as published; the hash is taken over exactly these.
    ///   - name: file name for messages.
    /// - Throws: `PackRefused` with every issue found; retrying does not help.
    package static func load(bytes: [UInt8], name: String) throws(PackRefused) -> RulePack {
        let (root, source) = try YAMLValue.read(bytes, file: name)
        let reader = PackReader(DocumentReader(file: name, source: source))
        let pack = reader.pack(root, bytes: bytes)
        guard let pack, reader.document.issues.isEmpty else {
            throw PackRefused(issues: reader.document.sortedIssues)
        }
        return pack
    }

    /// The rule of a clause.
    package func rule(_ clause: ClauseID) -> Rule? { rules.first { $0.clause == clause } }

    /// When a duty of the pack is due under the readings chosen.
    package func due(_ duty: Duty, _ choices: ReadingChoices) -> DueRule {
        due(duty.dueByReading, choices) ?? duty.due
    }

    /// When a declared clause of the pack is due under the readings chosen; nil = no date is given.
    package func due(_ declaration: Declaration, _ choices: ReadingChoices) -> DueRule? {
        due(declaration.dueByReading, choices) ?? declaration.due
    }

    private func due(_ byReading: DueRule.ByReading?, _ choices: ReadingChoices) -> DueRule? {
        guard let byReading, case .code(let code) = positions(choices)[byReading.reading] else { return nil }
        return byReading.rules[code]
    }

    /// What a fact may be stated by: the sources that the pack ranks, the first before the next, and the family's own word.
    /// Empty where it ranks none; any code is taken then.
    package var sources: [LabelledCode] {
        let ranked = ([precedence] + vocabulary.facts.map(\.precedence)).flatMap(\.levels).joined()
        guard !ranked.isEmpty else { return [] }
        var codes: [Code] = []
        for code in Array(ranked) + [FactSources.statement] where !codes.contains(code) { codes.append(code) }
        return codes.map { LabelledCode(code: $0, title: FactSources.wording($0)) }
    }

    /// The derived fact, as place in `definitions`.
    package func definition(_ id: FactID) -> Int? { definitions.firstIndex { $0.id == id } }

    /// The reading, as place in `readings`.
    package func reading(_ id: String) -> Int? { readings.firstIndex { $0.id.rawValue == id } }

    /// The label of a code of a fact's enumeration.
    package func label(_ code: Code, of fact: FactID) -> Wording? { vocabulary[fact]?.labels[code] }

    /// Names the version for people and events.
    package var reference: PackReference { PackReference(id: id, version: validFrom, hash: hash) }
}

/// A pack version as stored with an answer: which, from when, and the bytes' hash.
package struct PackReference: Hashable, Sendable {
    package let id: PackID
    /// First day in force.
    package let version: CivilDay
    /// SHA-256 of the published bytes.
    package let hash: [UInt8]

    package init(id: PackID, version: CivilDay, hash: [UInt8]) {
        self.id = id
        self.version = version
        self.hash = hash
    }

    /// The first twelve hexadecimal digits of the hash, for people.
    package var shortHash: String {
        hash.prefix(6).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}
