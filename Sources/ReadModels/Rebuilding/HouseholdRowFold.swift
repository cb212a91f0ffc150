import CareDomain
import CareProjections

/// Folds the gathered events of one household after the other into rows.
struct HouseholdRowFold {
    let words: CarePolicyWords
    /// Events that could not be read.
    private(set) var unreadable = 0
    private var events: [KnownEvent] = []

    init(words: CarePolicyWords) { self.words = words }

    /// The rows of a household whose events stand in the arenas, the older part of the log first.
    mutating func rows(of household: HouseholdID, in arenas: [EventArena]) -> HouseholdRows {
        let (state, lastSequence, unread) = folded(household, in: arenas, isWhole: false)
        unreadable += unread.count
        // What is due month by month to somebody who is in other files, too, takes all that a determination says.
        let isShared = state.members.contains { state.isShared($0.id) }
        let whole = isShared ? folded(household, in: arenas, isWhole: true).state : state
        var rows = HouseholdRows(whole, lastSequence: lastSequence, words: words)
        rows.unread = unread
        return rows
    }

    private mutating func folded(
        _ household: HouseholdID, in arenas: [EventArena], isWhole: Bool
    ) -> (state: Household, lastSequence: UInt64, unread: [HouseholdRows.UnreadEvent]) {
        var state = Household(id: household)
        var lastSequence: UInt64 = 0
        let chains = arenas.map { $0.chain(of: household) }
        var unread: [HouseholdRows.UnreadEvent] = []
        let hasCorrections = chains.contains { $0?.hasCorrections ?? false }
        events.removeAll(keepingCapacity: true)
        for (arena, chain) in zip(arenas, chains) {
            guard let chain else { continue }
            lastSequence = max(lastSequence, chain.lastSequence)
            var following = chain.first == EventArena.end ? nil : arena.event(at: chain.first)
            while let gathered = following {
                // Asked for before this one is folded: it stands somewhere else and takes a while to arrive.
                following = gathered.next == EventArena.end ? nil : arena.event(at: gathered.next)
                guard let event = known(gathered, isWhole) else {
                    unread.append(
                        HouseholdRows.UnreadEvent(
                            sequence: gathered.sequence, kind: gathered.kind, isDamaged: false))
                    continue
                }
                // Without a correction nothing has to be held back: an event counts as soon as it is read.
                if hasCorrections { events.append(event) } else { state.evolve(event) }
            }
        }
        if !events.isEmpty { for event in HouseholdHistory.effective(events) { state.evolve(event) } }
        return (state, lastSequence, unread)
    }

    private func known(_ gathered: EventArena.Gathered, _ isWhole: Bool) -> KnownEvent? {
        let event = RowEventDecoder.event(
            kind: gathered.kind, version: gathered.version, payload: gathered.payload, isWhole: isWhole)
        guard let event else { return nil }
        let correction =
            gathered.corrects == 0
            ? nil : Correction(corrects: EventReference(sequence: gathered.corrects), reason: Code(unchecked: ""))
        return KnownEvent(
            reference: EventReference(sequence: gathered.sequence), recordedAt: Moment(microseconds: 0),
            command: gathered.command,
            proposed: ProposedEvent(
                occurredOn: CivilDay(dayNumber: gathered.occurredOn), correction: correction, event: event))
    }
}
