import CareDomain

/// Keeps count of what is compared, so that comparing does not become a way of guessing.
///
/// A run answers no more than it said at its beginning, which is what is recorded. And of one field of one person only so
/// many different wrong values are answered to one actor on one day: a file holds one or two, whoever tries out ID numbers
/// holds hundreds. What was wrong once may be asked again, so that the same file may come again.
///
/// In memory only: a restart begins anew, and the record of every run stays. Used by one thread.
package struct ComparisonLedger {
    /// Different wrong values of one field of one person that one actor may try on one day.
    package static let wrongValuesADay = 24
    /// Runs and people kept at a time; when there are more, the oldest go.
    private let capacity: Int

    private struct Run: Hashable {
        let actor: Code
        let id: RunID
    }

    private struct Progress {
        let record: DetailsCompared
        var households: UInt64 = 0
        var values: UInt64 = 0
    }

    private struct Target: Hashable {
        let actor: Code
        let person: PersonID
        let field: PersonalField
    }

    private var day: CivilDay?
    private var runs: [Run: Progress] = [:]
    private var order: [Run] = []
    /// Hashes of the values, which this process alone can make.
    private var wrong: [Target: Set<Int>] = [:]

    package init(capacity: Int = 1 << 16) { self.capacity = capacity }

    /// Notes a comparison.
    /// - Throws: `QueryRefusal` when it goes beyond what the run said or beyond what may be tried: answer with it, and with
    ///   nothing of what was compared.
    package mutating func take(_ comparison: Comparison, by actor: Code, on today: CivilDay) throws(QueryRefusal) {
        if day != today {
            day = today
            wrong.removeAll()
        }
        let run = Run(actor: actor, id: comparison.record.run)
        var progress = runs[run] ?? Progress(record: comparison.record)
        progress.households += comparison.households
        progress.values += comparison.values
        guard progress.record == comparison.record, progress.households <= comparison.record.households,
            progress.values <= comparison.record.values
        else { throw .comparisonBeyondRun }
        if runs.updateValue(progress, forKey: run) == nil { remember(run) }
        // All of it counts, also when it is refused: asking is what is to be slowed down.
        var isTooMuch = false
        for value in comparison.wrong {
            let target = Target(actor: actor, person: value.person, field: value.field)
            if wrong.count >= capacity, wrong[target] == nil { wrong.removeAll() }
            wrong[target, default: []].insert(value.value.hashValue)
            isTooMuch = isTooMuch || wrong[target, default: []].count > Self.wrongValuesADay
        }
        if isTooMuch { throw .tooManyWrongValues }
    }

    private mutating func remember(_ run: Run) {
        order.append(run)
        guard order.count > capacity / 64 else { return }
        runs[order.removeFirst()] = nil
    }
}
