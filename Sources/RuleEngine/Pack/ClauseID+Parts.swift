import CareDomain

/// A clause that gives different things to different beneficiaries (a household and its village) is written as several
/// rules or declarations: the clause itself, and parts that add a word to its number, `GY-3.10.village`.
extension ClauseID {
    /// The clause of the document that this is a part of; nil for the clause itself.
    package var partOf: ClauseID? {
        guard let dot = rawValue.lastIndex(of: ".") else { return nil }
        let word = rawValue[rawValue.index(after: dot)...].utf8
        guard word.count >= 2, word.allSatisfy({ (97...122).contains($0) }) else { return nil }
        return ClauseID(rawValue[..<dot])
    }

    /// The clause of the document: itself, or what it is a part of.
    package var whole: ClauseID { partOf ?? self }
}
