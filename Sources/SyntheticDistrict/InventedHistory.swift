import CareDomain
import CaseImport

/// Writes down the history of one invented family, topic by topic, then puts it in the order in which it was reported.
struct InventedHistory {
    /// One command with the day on which the office heard of it.
    struct Entry {
        let reportedOn: CivilDay
        /// Order of writing, which decides among entries of one day.
        let order: Int
        let draft: CommandDraft
    }

    let family: InventedFamily
    let days: InventedFamily.Days
    let posts: HelperPosts
    let declaresLearnedOn: Bool
    /// Tells the files of one invented district from those of another in the same county.
    let series: UInt64
    var random: SeededGenerator
    private(set) var entries: [Entry] = []
    private var idRandom: SeededGenerator

    init(
        family: InventedFamily, seed: UInt64, days: InventedFamily.Days, posts: HelperPosts, declaresLearnedOn: Bool
    ) {
        self.family = family
        self.days = days
        self.posts = posts
        self.declaresLearnedOn = declaresLearnedOn
        series = seed
        random = SeededGenerator(seed: seed, 0x415, UInt64(family.number))
        idRandom = SeededGenerator(seed: seed, 0x416, UInt64(family.number))
    }

    /// The whole history in the order of reporting, up to the last day and to the closing of the file.
    mutating func write() -> [CommandDraft] {
        register()
        followPairings()
        visit()
        followChild()
        followParents()
        followHardship()
        lookAfterParents()
        plan()
        adoptOrBear()
        close()
        entries.sort { ($0.reportedOn, $0.order) < ($1.reportedOn, $1.order) }
        let closed = entries.firstIndex {
            if case .closeHousehold = $0.draft.command.action { true } else { false }
        }
        return entries[...(closed ?? entries.endIndex - 1)].map(\.draft)
    }

    /// Days since registration until the last day, in years from 0.
    var years: ClosedRange<Int> { 0...max(0, Int(days.last - family.registeredOn) / 365) }

    /// A day within a year of the file; may lie after the last day, then nothing comes of it.
    mutating func someDay(year: Int) -> CivilDay {
        family.registeredOn + Int32(year * 365 + random.number(1...364))
    }

    /// How many days the office hears later: mostly within two weeks, sometimes months.
    mutating func lag() -> Int32 {
        Int32(random.chance(86) ? random.number(0...12) : random.number(25...150))
    }

    /// Notes a command; nothing happens when it was reported after the last day.
    /// - Returns: The day it was reported and its id, for what follows from it; nil when it is left out.
    @discardableResult
    mutating func note(
        _ action: HouseholdAction, on day: CivilDay, reportedOn: CivilDay? = nil, id: CommandID? = nil,
        correction: Correction? = nil, sources: [EventSlot: EventSource] = [:]
    ) -> (reportedOn: CivilDay, command: CommandID)? {
        let reported = max(reportedOn ?? day, day, family.registeredOn)
        guard reported <= days.last else { return nil }
        let id = id ?? CommandID(Identifier128(high: idRandom.next(), low: idRandom.next()))
        let command = HouseholdCommand(
            id: id, household: family.household, occurredOn: day, learnedOn: declaresLearnedOn ? reported : nil,
            correction: correction, action: action)
        entries.append(
            Entry(
                reportedOn: reported, order: entries.count, draft: CommandDraft(command: command, sources: sources)))
        return (reported, id)
    }

    /// Notes that an earlier command was mistyped and what is right.
    mutating func correct(
        _ command: CommandID, reportedOn: CivilDay, to action: HouseholdAction, on day: CivilDay
    ) {
        let correction = Correction(corrects: EventReference(sequence: 0), reason: Code(unchecked: "typing_error"))
        note(
            action, on: day, reportedOn: reportedOn, correction: correction,
            sources: [.corrects: EventSource(command: command)])
    }

    /// A fact about a person or the household.
    static func fact(
        _ id: String, _ value: FactValue?, person: PersonID? = nil, until: CivilDay? = nil,
        source: String = "certificate"
    ) -> FactStated {
        FactStated(
            fact: FactID(unchecked: id), subject: person.map { .person($0) } ?? .household, value: value, until: until,
            source: Code(unchecked: source))
    }

    static func code(_ text: String) -> FactValue { .code(Code(unchecked: text)) }

    /// The person who speaks for the family on a day: the first parent alive, else the child.
    func speaker(on day: CivilDay) -> PersonID { (family.parents(on: day).first ?? family.child).id }
}
