import CareDomain

/// In which order the lines of a file may go out when many are under way: those that share a household or a person one
/// after the other as they stand in the file, each when the one before it is answered; all others at the same time.
///
/// What a line shares with others is told from the lines alone (`LineSubjects`): the household, both of a merge or split,
/// the ID numbers and the archive number that it brings in, and those that earlier lines brought into the household when it
/// lets people go. A line that lets somebody go who is on record already, whose ID number the file does not say, waits for
/// every earlier line that takes somebody in, and later ones of these wait for it. So the same file gives the same records,
/// however many commands are under way.
package struct CommandQueue {
    /// A command has some hundred parts, which are not copied with every step of the entry.
    private final class Line: Sendable {
        let draft: CommandDraft

        init(_ draft: CommandDraft) { self.draft = draft }
    }

    /// A line, or a gate between lines that let people go and lines that take people in.
    private struct Entry {
        /// nil for a gate, which is passed as soon as it waits for nothing.
        var line: Line?
        var subjects: [LineSubject] = []
        /// How many entries it still waits for.
        var waitsFor = 0
        /// Entries that wait for it.
        var followers: [Int] = []
    }

    /// What waits and what is under way, by number in the order of the file.
    private var entries: [Int: Entry] = [:]
    private var lastNumber = 0
    /// The last entry about each subject.
    private var last: [LineSubject: Int] = [:]
    private var lines = LineSubjects()
    /// The lines of the present group that are not answered: lines of one reach do not wait for one another.
    private var group: Set<Int> = []
    private var groupReach = LineReach.own
    /// What lines of the present group wait for: the end of the group before.
    private var gate: Int?
    private var ready: [Int] = []
    private var firstReady = 0
    private var running: [HouseholdID: Int] = [:]
    /// Commands that wait; those under way do not count.
    package private(set) var count = 0

    package init() {}

    /// Whether nothing waits and nothing is under way.
    package var isEmpty: Bool { count == 0 && running.isEmpty }
    /// Commands under way.
    package var underWay: Int { running.count }

    /// Takes the next command of the file.
    package mutating func add(_ draft: CommandDraft) {
        count += 1
        let number = nextNumber()
        let (subjects, reach) = lines.next(draft)
        var entry = Entry(line: Line(draft), subjects: subjects)
        for subject in subjects {
            guard let earlier = last.updateValue(number, forKey: subject), earlier != number else { continue }
            entries[earlier]?.followers.append(number)
            entry.waitsFor += 1
        }
        if reach != .own {
            join(number, reach)
            if let gate {
                entries[gate]?.followers.append(number)
                entry.waitsFor += 1
            }
        }
        if entry.waitsFor == 0 { ready.append(number) }
        entries[number] = entry
    }

    /// The next command that may go out now; nil when all that wait must wait on.
    package mutating func next() -> CommandDraft? {
        guard firstReady < ready.count else { return nil }
        let number = ready[firstReady]
        firstReady += 1
        if firstReady > 1024 {
            ready.removeFirst(firstReady)
            firstReady = 0
        }
        guard let draft = entries[number]?.line?.draft else { return nil }
        running[draft.command.household] = number
        count -= 1
        return draft
    }

    /// The household's command under way is answered for good; what waits for it may go.
    package mutating func finished(_ household: HouseholdID) {
        guard let number = running.removeValue(forKey: household), let entry = entries.removeValue(forKey: number)
        else {
            return
        }
        for subject in entry.subjects where last[subject] == number { last[subject] = nil }
        group.remove(number)
        pass(entry.followers)
    }

    private mutating func nextNumber() -> Int {
        lastNumber += 1
        return lastNumber
    }

    /// Puts a line into the present group, or opens the next one behind a gate.
    private mutating func join(_ number: Int, _ reach: LineReach) {
        if reach != groupReach || reach == .both {
            // A group that is answered has passed its own gate, too.
            gate = nil
            if !group.isEmpty {
                let next = nextNumber()
                entries[next] = Entry(line: nil, waitsFor: group.count)
                for member in group { entries[member]?.followers.append(next) }
                gate = next
            }
            group = []
            groupReach = reach
        }
        group.insert(number)
    }

    private mutating func pass(_ followers: [Int]) {
        for follower in followers {
            entries[follower]?.waitsFor -= 1
            guard entries[follower]?.waitsFor == 0 else { continue }
            if entries[follower]?.line != nil {
                ready.append(follower)
            } else if let passed = entries.removeValue(forKey: follower) {
                if gate == follower { gate = nil }
                pass(passed.followers)
            }
        }
    }
}
