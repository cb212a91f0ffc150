import CareDomain

/// Other batches that paid rights which a command is about: who held a function on one of them holds it on the case.
struct RelatedBatches {
    private struct Concern {
        var families: Set<HouseholdID> = []
        /// Numbers of the command's own lines that pay the same right.
        var lines: Set<Int> = []
    }

    private var concerns: [BatchID: Concern] = [:]
    /// Those that are read for what they sent.
    private var further: Set<BatchID> = []
    /// Those that are still to be read.
    private var waiting: Set<BatchID> = []
    /// Those that are damaged.
    var unread: Set<BatchID> = []
    /// Accounts of those who hold a function by another batch, as the families' files say; such a batch need not be read.
    private(set) var holders: [CaseFunction: Set<Code>] = [:]

    /// Notes who paid rights of a family which the command is about: persons that its file names, and batches that only they
    /// themselves tell of.
    /// - Parameters:
    ///   - lines: What pays the rights.
    ///   - own: The batch that the command is about.
    ///   - line: Number of the command's own line, when it is about lines.
    mutating func add(_ lines: [OrderedLine], of household: Household, besides own: BatchID, line: Int? = nil) {
        holders.merge(household.holders(besides: own, paying: lines)) { $0.union($1) }
        for batch in household.batches(besides: own, paying: lines) {
            if concerns[batch] == nil { waiting.insert(batch) }
            concerns[batch, default: Concern()].families.insert(household.id)
            if let line { concerns[batch]?.lines.insert(line) }
        }
    }

    /// Notes batches that are read for what they sent alone: nobody holds a function because of them.
    mutating func readFurther(_ batches: Set<BatchID>, besides own: BatchID) {
        for batch in batches where batch != own && further.insert(batch).inserted && concerns[batch] == nil {
            waiting.insert(batch)
        }
    }

    /// Whether it paid a right that the command is about, and its functions count.
    func concernsFunctions(_ batch: BatchID) -> Bool { concerns[batch] != nil }

    /// The next one to be read; each is read once.
    mutating func next() -> BatchID? {
        guard let next = waiting.min() else { return nil }
        waiting.remove(next)
        return next
    }

    /// Families of which it paid a right that the command is about, in order.
    func families(of batch: BatchID) -> [HouseholdID] { (concerns[batch]?.families ?? []).sorted() }

    /// The command's own lines that pay a right which a damaged batch paid.
    var linesUnread: Set<Int> { unread.reduce(into: []) { $0.formUnion(concerns[$1]?.lines ?? []) } }

    /// Whether damaged batches paid a right of each of these families.
    func leavesNothing(of households: [HouseholdID]) -> Bool {
        let families = unread.reduce(into: Set<HouseholdID>()) { $0.formUnion(concerns[$1]?.families ?? []) }
        return families.isSuperset(of: households)
    }
}

extension PaymentBatch {
    /// The first batch of the months of a further one.
    var firstBatch: BatchID? {
        guard var scope, scope.kind == .regular, scope.number > 1 else { return nil }
        scope.number = 1
        return .derived(from: scope)
    }
}
