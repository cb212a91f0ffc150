import CareDomain

/// What belongs to a version as a whole, or to its duties, as texts by field.
extension RulePack {
    var differenceFields: [String: String] {
        var fields = ["title": title.chinese, "document": documentNumber, "issuer": issuer, "dated": "\(dated)"]
        fields["valid_to"] = validTo?.description
        fields["territory"] = territory?.rawValue
        fields["precedence"] = precedence == .none ? nil : precedence.text
        fields["family_types"] = familyTypes.map { "\($0.code)=\($0.fact)" }.joined(separator: " ")
        fields["duties"] = duties.duties.map { "\($0.clause) \($0.owner) \($0.due)" }.joined(separator: "; ")
        fields["pairing.clause"] = duties.pairingClause?.rawValue
        fields["pairing.kinds"] = duties.pairingKinds.map { "\($0.kind)\($0.isPersonal ? "*" : "")" }
            .joined(separator: " ")
        fields["pairing.distinct_persons"] = "\(duties.pairingNeedsDistinctPersons)"
        fields["pairing.real_name"] = "\(duties.pairingNeedsRealName)"
        fields["pairing.real_name_details"] =
            duties.pairingAsks.count < 2 ? nil : duties.pairingAsks.codes.joined(separator: " ")
        fields["guardian"] = duties.guardian.map { guardian in
            [
                guardian.namedBy.map(\.rawValue), guardian.relations.map(\.code.rawValue),
                guardian.states.map(\.code.rawValue), guardian.scopes.map(\.code.rawValue),
            ].map { $0.joined(separator: ",") }.joined(separator: " | ")
        }
        fields["visits.clause"] = duties.visitingClause?.rawValue
        fields["visits.kinds"] = duties.visitKinds.map(\.code.rawValue).joined(separator: " ")
        for form in duties.visitForms {
            fields["visits.forms.\(form.code)"] = form.fields.map(\.code.rawValue).joined(separator: " ")
        }
        fields["needs"] = duties.needKinds.map(\.code.rawValue).joined(separator: " ")
        fields["holidays"] = duties.holidays.map(\.code.rawValue).joined(separator: " ")
        fields["notices.right_begins_days"] = "\(duties.notices.rightBeginsDays)"
        fields["notices.certificate_review"] = duties.notices.certificateReview.map {
            "\($0.clause) \($0.owner) \($0.days)"
        }
        return fields
    }
}

extension Indexation {
    var differenceFields: [String: String] {
        [
            "title": title.chinese, "index": index.rawValue, "growth": growth?.rawValue ?? "",
            "threshold_percent": "\(thresholdPercent)", "department": department.rawValue,
            "standards": standards.map { "\($0.id)=\($0.figure) \($0.series)" }.joined(separator: " "),
        ]
    }
}

extension Interaction {
    /// - Parameter readings: those of the pack, for the positions that switch parts of it.
    func differenceFields(_ readings: [Reading]) -> [String: String] {
        func text(_ when: Case) -> String {
            "readings.\(readings[when.reading].id) == \(FactValueText.text(when.choice))"
        }
        var fields = [
            "title": title.chinese, "kind": kind.rawValue, "among": among.map(\.rawValue).joined(separator: " "),
            "strength": isSoft ? "soft" : "hard",
        ]
        fields["only_same_clause"] = onlySameClause.map(text)
        fields["one_item"] =
            oneItem.isEmpty
            ? nil : oneItem.map { $0.map(\.rawValue).joined(separator: " ") }.joined(separator: " | ")
        fields["let_pass"] = letsPass.map { "\(text($0.when)): \($0.clauses.map(\.rawValue).joined(separator: " "))" }
        return fields
    }
}
