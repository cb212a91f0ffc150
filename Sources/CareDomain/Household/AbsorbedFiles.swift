/// A file that went on as part of another by a merge (并户).
package struct Merger: Hashable, Sendable {
    /// The file that was taken in.
    package let file: HouseholdID
    /// The day of the merge.
    package let on: CivilDay
}

/// The file out of which another came by a split (分户).
package struct Origin: Hashable, Sendable {
    package let file: HouseholdID
    /// The day of the split.
    package let on: CivilDay
}

/// A file that is of one family with this one by a merge, as it stands.
struct AbsorbedFile {
    let file: Household
    /// The day from which its people and those of this one are of one household.
    let on: CivilDay
    /// The last event of its stream that is known.
    let lastSequence: UInt64
}

extension HouseholdCommand {
    /// Whether other files of the same people say what may be recorded: what is given once in a time, and what of a sum
    /// stands, hold for the people, in whichever file they were.
    /// - Source: BS-3.2 (once a quarter), WZ-3.8 (one project per household and year), CZ-2.2 (once per incident)
    package var looksAcrossFiles: Bool {
        switch action {
        case .handOutGoods, .decideAward, .decideDue, .reportIncident: true
        default: false
        }
    }

    /// About whose money it decides: files that had that person besides have a say, although no move leads to them.
    package var personOfMoney: PersonID? {
        guard case .decideDue(let decided) = action, case .person(let person) = decided.subject else { return nil }
        return person
    }
}

extension Household {
    /// The files that this one took in, those that went into them before included.
    /// - Parameter others: The files that are at hand.
    func absorbed(among others: [HouseholdHistory]) -> [AbsorbedFile] {
        mergers.flatMap { merger -> [AbsorbedFile] in
            guard let found = others.first(where: { $0.id == merger.file }) else { return [] }
            let file = found.household
            let rest = others.filter { $0.id != id && $0.id != file.id }
            let earlier = file.absorbed(among: rest).map {
                AbsorbedFile(file: $0.file, on: max(merger.on, $0.on), lastSequence: $0.lastSequence)
            }
            return [AbsorbedFile(file: file, on: merger.on, lastSequence: found.lastSequence)] + earlier
        }
    }

    /// The files of the family as part of which this one goes on: the one that took it in, what that one took in besides, and
    /// those in which it went on itself.
    /// - Parameter others: The files that are at hand.
    func receiving(among others: [HouseholdHistory]) -> [AbsorbedFile] {
        guard case .absorbed(let into, let day) = status, let found = others.first(where: { $0.id == into }) else {
            return []
        }
        let file = found.household
        let rest = others.filter { $0.id != id && $0.id != into }
        let further = (file.absorbed(among: rest) + file.receiving(among: rest)).map {
            AbsorbedFile(file: $0.file, on: max(day, $0.on), lastSequence: $0.lastSequence)
        }
        return [AbsorbedFile(file: file, on: day, lastSequence: found.lastSequence)] + further
    }
}

extension Household {
    /// 分户以前的档案: the files out of which this one came by splits, the nearest first, each with the day until which its people were of
    /// one household with those of this one.
    /// - Parameter others: The files that are at hand.
    func earlierFiles(among others: [HouseholdHistory]) -> [(file: Household, until: CivilDay)] {
        guard let origin, let found = others.first(where: { $0.id == origin.file }) else { return [] }
        let rest = others.filter { $0.id != id && $0.id != origin.file }
        return [(found.household, origin.on)] + found.household.earlierFiles(among: rest)
    }

    /// What the family was granted in the files out of which this one came, before it did.
    func earlierAwards(among others: [HouseholdHistory]) -> [(file: Household, award: DecidedAward)] {
        earlierFiles(among: others).flatMap { earlier in
            earlier.file.awards.filter { $0.stands && $0.decided.period.start < earlier.until }
                .map { (earlier.file, $0) }
        }
    }
}

extension HouseholdHistory {
    /// What a family got of a clause for a period, as known at a moment: its own hand-out, else the first of a file that went on
    /// as part of it, unless the period was over before the merge: then they were two.
    /// - Parameters:
    ///   - day: Hand-outs up to this day count, and merges.
    ///   - others: The files that this one took in, and those that they took in.
    /// - Returns: The hand-out and the file in which it stands; nil when there was none.
    package func handOut(
        _ clause: ClauseID, for period: HandOutPeriod, through day: CivilDay, knownAt moment: Moment,
        others: [HouseholdHistory]
    ) -> (file: HouseholdID, handOut: HandOut)? {
        func found(_ file: Household) -> HandOut? {
            file.handOuts.first { $0.handed.clause == clause && $0.handed.period == period.code && $0.day <= day }
        }
        let own = household(knownAt: moment)
        if let handOut = found(own) { return (id, handOut) }
        let known = others.map { HouseholdHistory(id: $0.id, events: $0.events.prefix { $0.recordedAt <= moment }) }
        let files = own.absorbed(among: known).filter { file in
            file.on <= day && (period.last.map { $0 >= file.on } ?? true)
        }
        let got = files.compactMap { absorbed in found(absorbed.file).map { (file: absorbed.file.id, handOut: $0) } }
        return got.min { ($0.handOut.day, $0.file) < ($1.handOut.day, $1.file) }
    }
}

extension Proposal {
    /// The files that went on as part of this one.
    /// - Throws: `mergeUnfinished` while one of them does not know of the merge: it could still be written to. A retry helps.
    func absorbedFiles(_ clause: ClauseID?) throws(Refusal) -> [AbsorbedFile] {
        let files = household.absorbed(among: context.others)
        let present = Set(household.members.filter { $0.leftOn == nil && $0.diedOn == nil }.map(\.id))
        let untold = files.first { absorbed in
            absorbed.file.status == .active
                && absorbed.file.members.contains {
                    $0.leftOn == nil && $0.diedOn == nil && present.contains($0.id)
                }
        }
        if let untold { throw Refusal(.mergeUnfinished, detail: untold.file.id.description, clause: clause) }
        return files
    }

    /// Goods that a file which went on as part of this one got for the same period are this household's, unless the period
    /// was over before the merge: then they were two.
    func checkAbsorbed(_ handed: GoodsHandedOut, _ period: HandOutPeriod, field: String?) throws(Refusal) {
        try check(handed, period, against: try absorbedFiles(handed.clause), field: field)
    }

    /// - Throws: `handOutInMerged` with the file and the entry; no retry helps.
    func check(
        _ handed: GoodsHandedOut, _ period: HandOutPeriod, against files: [AbsorbedFile], field: String?
    ) throws(Refusal) {
        for absorbed in files where period.last.map({ $0 >= absorbed.on }) ?? true {
            let earlier = absorbed.file.handOuts.first {
                $0.handed.clause == handed.clause && $0.handed.period == handed.period
            }
            guard let earlier else { continue }
            let place = "\(absorbed.file.id) #\(earlier.reference.sequence)"
            throw Refusal(
                .handOutInMerged, field: join(field, "period"), detail: "\(handed.period)：\(earlier.day) \(place)",
                english: "\(handed.period): \(earlier.day) \(place)", clause: handed.clause)
        }
    }

    /// What is given once in all was not granted to the same beneficiary in another file. An exception says that it is meant.
    func checkOnceElsewhere(_ decided: AwardDecided, field: String?) throws(Refusal) {
        let made = household.determinations.first {
            $0.made.clause == decided.clause && $0.made.subject == decided.subject
        }
        guard made?.made.rhythm == .once, case .granted = decided.outcome else { return }
        func standing(_ files: [Household]) -> [(file: Household, award: DecidedAward)] {
            files.flatMap { file in file.awards.filter(\.stands).map { (file, $0) } }
        }
        let awards: [(file: Household, award: DecidedAward)]
        switch decided.subject {
        case .person: awards = standing(context.others.map(\.household))
        case .household:
            awards =
                standing(try absorbedFiles(decided.clause).map(\.file)) + household.earlierAwards(among: context.others)
        case .incident: awards = []
        }
        let earlier = awards.first {
            $0.award.decided.clause == decided.clause && $0.award.decided.subject == decided.subject
        }
        guard let earlier else { return }
        throw Refusal(
            .grantedInOtherFile, field: join(field, "clause"),
            detail: "\(earlier.file.id) #\(earlier.award.reference.sequence) \(earlier.award.decidedOn)",
            clause: decided.clause)
    }
}
