import CareDomain

extension Refusal {
    /// The message for the client, with its sentences.
    ///
    /// - Parameter showsCandidate: whether the caller may see the household that already holds the person.
    package func wire(showsCandidate: Bool) -> Care_V1_Refusal {
        var wire = Care_V1_Refusal()
        wire.code = code
        wire.field = field ?? ""
        wire.textZh = chinese
        wire.textEn = english
        wire.clause = clause?.rawValue ?? ""
        wire.detail = detail ?? ""
        if showsCandidate, let candidate { wire.candidateHousehold = candidate.data }
        return wire
    }

    /// Reads a refusal; nil when its code is not one this program knows: its sentences can still be shown.
    package init?(wire: Care_V1_Refusal) {
        guard wire.code.hasPrefix("CARE-"), let number = Int(wire.code.dropFirst(5)),
            let reason = Reason(rawValue: number)
        else { return nil }
        self.init(
            reason, field: wire.field.isEmpty ? nil : wire.field, detail: wire.detail.isEmpty ? nil : wire.detail,
            clause: ClauseID(wire.clause),
            candidate: wire.hasCandidateHousehold
                ? Identifier128(data: wire.candidateHousehold).map { HouseholdID($0) } : nil)
    }
}

extension WireError {
    /// The message for the client.
    package var refusal: Care_V1_Refusal {
        var wire = Care_V1_Refusal()
        wire.code = stableCode
        wire.field = field
        wire.textZh = chineseText
        wire.textEn = englishText
        return wire
    }
}
