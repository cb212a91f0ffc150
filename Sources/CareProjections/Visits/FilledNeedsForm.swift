import CareDomain

/// One filled-in needs form (附件3 需求信息登记表) as the record has it: what the head of the family answered, and the
/// needs that were written down with it.
/// - Source: BS-A3
package struct FilledNeedsForm: Hashable, Sendable {
    /// Code of the form in `VisitRecorded`.
    package static let code = Code(unchecked: "needs-2021")

    /// The file in which it stands.
    package let household: HouseholdID
    /// The visit's event in that file, which stands for the form.
    package let reference: EventReference
    /// Day of the form.
    package let day: CivilDay
    /// Whether the visitor signed (走访人签字).
    package let isSigned: Bool
    /// Answers that are yes or no, by field; a field left blank is absent.
    package let answers: [Code: Bool]
    /// Whether 失独 and 残疾 are both ticked (BS-Q6), which somebody has to look at.
    package let ticksBothTypes: Bool
    /// Needs of the form, with how many items each; by sequence.
    package let needs: [Item]
    /// Name of the head of the family as the form says it; nil when it is not there or cannot be opened.
    package let headName: String?

    /// One need of a form.
    package struct Item: Hashable, Sendable {
        package let reference: EventReference
        package let kind: Code
        /// Items (条), at least 1.
        package let items: Int
    }

    /// How many items of a kind it asks for.
    package func items(of kind: Code) -> Int {
        needs.reduce(0) { $1.kind == kind ? $0 + $1.items : $0 }
    }
}

/// The needs forms of one household in a time: which of them counts, and which do not.
///
/// The latest signed form counts, of two of one day the one recorded later. Corrections are followed: a form that was put
/// right counts as it is now, a withdrawn one is gone. Needs belong to the form with which they were recorded, or with
/// whose correction; those that were raised by themselves belong to none. The forms of a file that went on as part of this one are the
/// family's, too; of two of one day the one in its own file counts.
/// - Source: BS-A4 以截止日各户最近一次登记表为准
package struct FamilyForms: Hashable, Sendable {
    /// The form that counts; nil when there is none that is signed.
    package let latest: FilledNeedsForm?
    /// Forms that nobody signed.
    package let unsigned: [FilledNeedsForm]
    /// Signed forms that a later one took the place of.
    package let superseded: [FilledNeedsForm]

    /// - Parameters:
    ///   - history: All events of the household.
    ///   - absorbed: Those of the files that went on as part of it.
    ///   - days: Forms of these days are looked at.
    package init(_ history: HouseholdHistory, with absorbed: [HouseholdHistory] = [], days: ClosedRange<CivilDay>) {
        let files = absorbed.sorted { $0.id < $1.id } + [history]
        let forms = files.enumerated().flatMap { place, file in
            Self.forms(of: file, days).map { (place: place, form: $0) }
        }.sorted { ($0.form.day, $0.place, $0.form.reference) < ($1.form.day, $1.place, $1.form.reference) }.map(\.form)
        unsigned = forms.filter { !$0.isSigned }
        let signed = forms.filter(\.isSigned)
        latest = signed.last
        superseded = signed.dropLast()
    }

    private static func forms(of history: HouseholdHistory, _ days: ClosedRange<CivilDay>) -> [FilledNeedsForm] {
        let commands = history.formCommands
        let household = history.household
        return household.visits.filter { $0.visit.form == FilledNeedsForm.code && days.contains($0.day) }.map { visit in
            // A correction stands in the place of the event it corrects, so this is the command of the form itself.
            let form = commands[visit.reference]
            let needs = household.needs.filter { form != nil && commands[$0.reference] == form }
            return FilledNeedsForm(visit, needs: needs, in: history.id)
        }
    }
}

extension FilledNeedsForm {
    fileprivate init(_ visit: Visit, needs: [Need], in file: HouseholdID) {
        household = file
        reference = visit.reference
        day = visit.day
        isSigned = visit.visit.visitor != nil
        var answers: [Code: Bool] = [:]
        for answer in visit.visit.answers {
            if case .bool(let value) = answer.value { answers[answer.field] = value }
        }
        self.answers = answers
        ticksBothTypes = visit.visit.answers.count { $0.field.rawValue == "family_type" } > 1
        self.needs = needs.map { Item(reference: $0.reference, kind: $0.raised.kind, items: $0.raised.items) }
        headName = visit.visit.sealed.first { $0.subject != visit.visit.visitor }?.details?.name
    }
}
