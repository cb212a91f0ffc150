import CareDomain
import CaseImport

/// In which order commands may go out when many are under way: those of one household one after the other, those of
/// different households at the same time. A merge or a split touches two households and goes alone.
struct CommandQueue {
    private var waiting: [HouseholdID: [CommandDraft]] = [:]
    private var ready: [HouseholdID] = []
    private var firstReady = 0
    /// Commands that came after a merge or split that has not gone out yet, it included.
    private var held: [CommandDraft] = []
    private var running: Set<HouseholdID> = []
    private var runsAlone = false
    /// Commands that wait; those under way do not count.
    private(set) var count = 0

    /// Whether nothing waits and nothing is under way.
    var isEmpty: Bool { count == 0 && running.isEmpty }
    /// Commands under way.
    var underWay: Int { running.count }

    /// Takes the next command of the file.
    mutating func add(_ draft: CommandDraft) {
        count += 1
        if !held.isEmpty || draft.goesAlone { held.append(draft) } else { enqueue(draft) }
    }

    /// The next command that may go out now; nil when all that wait must wait on.
    mutating func next() -> CommandDraft? {
        if runsAlone { return nil }
        if firstReady == ready.count { release() }
        guard firstReady < ready.count else { return startAlone() }
        let household = ready[firstReady]
        firstReady += 1
        if firstReady > 1024 {
            ready.removeFirst(firstReady)
            firstReady = 0
        }
        guard var drafts = waiting[household], !drafts.isEmpty else { return nil }
        let draft = drafts.removeFirst()
        waiting[household] = drafts
        running.insert(household)
        count -= 1
        return draft
    }

    /// The household's command is answered for good; its next one may go.
    mutating func finished(_ household: HouseholdID) {
        running.remove(household)
        runsAlone = false
        if waiting[household]?.isEmpty == false {
            ready.append(household)
        } else {
            waiting[household] = nil
        }
    }

    private mutating func enqueue(_ draft: CommandDraft) {
        let household = draft.command.household
        let isFirst = waiting[household] == nil && !running.contains(household)
        waiting[household, default: []].append(draft)
        if isFirst { ready.append(household) }
    }

    /// Everything before the held ones is done: let go what stands before the next merge or split.
    private mutating func release() {
        guard running.isEmpty, waiting.isEmpty, let first = held.first, !first.goesAlone else { return }
        let end = held.firstIndex { $0.goesAlone } ?? held.count
        for draft in held[..<end] { enqueue(draft) }
        held.removeFirst(end)
    }

    private mutating func startAlone() -> CommandDraft? {
        guard running.isEmpty, waiting.isEmpty, let first = held.first, first.goesAlone else { return nil }
        held.removeFirst()
        running.insert(first.command.household)
        runsAlone = true
        count -= 1
        return first
    }
}

extension CommandDraft {
    fileprivate var goesAlone: Bool {
        switch command.action {
        case .mergeHousehold, .splitHousehold: true
        default: false
        }
    }
}
