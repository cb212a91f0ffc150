import CareDomain

extension InventedStream {
    /// Answers of a needs form in one word: special assistance, insurance, check-up, 低保, 五保; `y`, `n` or `-` each.
    package static func answers(_ word: String) -> [FormAnswer] {
        let fields = [
            "has_special_assistance", "has_comprehensive_policy", "joined_free_checkup", "is_dibao", "is_wubao",
        ]
        precondition(word.count == fields.count, "InventedStream.answers: \(word)")
        return zip(fields, word).compactMap { field, letter in
            letter == "-" ? nil : FormAnswer(field: Code(unchecked: field), value: .bool(letter == "y"))
        }
    }

    /// The visit with a needs form.
    /// - Parameter signed: Whether the visitor signed.
    package static func form(_ answers: String, signed: Bool = true, head: String = "欧阳某某") -> HouseholdEvent {
        let person = PersonID(Identifier128(high: 7, low: 1))
        let visitor = PersonID(Identifier128(high: 9, low: 90))
        var sealed = [SealedPart(subject: person, details: PersonalDetails(name: head))]
        if signed { sealed.insert(SealedPart(subject: visitor, details: PersonalDetails(name: "丁走访")), at: 0) }
        return .visitRecorded(
            VisitRecorded(
                form: Code(unchecked: "needs-2021"), kind: Code(unchecked: "needs"), visitor: signed ? visitor : nil,
                answers: Self.answers(answers), sealed: sealed))
    }

    /// Adds a filled-in needs form, with its needs by kind without `need_`.
    /// - Returns: Where the form stands; its needs follow.
    @discardableResult
    package mutating func addForm(
        _ answers: String, _ needs: KeyValuePairs<String, Int> = [:], signed: Bool = true, on day: String
    ) -> EventReference {
        let reference = add(Self.form(answers, signed: signed), on: day)
        for (kind, items) in needs {
            add(
                .needRaised(NeedRaised(kind: Code(unchecked: "need_" + kind), items: items)), on: day, together: true)
        }
        return reference
    }
}
