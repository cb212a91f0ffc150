/// 应补与多发: what revised determinations of one right left to be paid or taken back, month by month, for a person to
/// decide. Nothing is paid or taken back by it.
///
/// A later determination that goes the other way cancels the earlier difference, as far as it goes, instead of standing
/// beside it.
package struct DueStanding: Hashable, Sendable {
    /// Which way it goes.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// 应补: more is due than was.
        case arrears
        /// 多发: less is due than was.
        case recovery
    }

    /// A determination that changed a month, and what brought it about.
    package struct Cause: Hashable, Sendable {
        package let determination: EventReference
        /// Day of the determination.
        package let on: CivilDay
        /// nil = a fact did, the one read through.
        package let rulesChange: RulesChange?
        package let readThrough: EventReference
    }

    /// Months in a row that stand alike.
    struct Run: Hashable, Sendable {
        var first: CivilMonth
        var last: CivilMonth
        /// What each determination left in each of these months, the latest last; all of one sign, never empty.
        var layers: [Layer]

        var months: Int64 { Int64(last - first) + 1 }

        /// Its parts, each within one of some spans of months in order or outside of all.
        func cut(by spans: [ClosedRange<CivilMonth>]) -> [(run: Run, isInside: Bool)] {
            func part(_ from: CivilMonth, _ to: CivilMonth) -> Run { Run(first: from, last: to, layers: layers) }
            var parts: [(run: Run, isInside: Bool)] = []
            var next = first
            for span in spans where span.lowerBound <= last && span.upperBound >= next {
                let (from, to) = (Swift.max(span.lowerBound, next), Swift.min(span.upperBound, last))
                if next < from { parts.append((part(next, from + -1), false)) }
                parts.append((part(from, to), true))
                next = to + 1
            }
            if next <= last { parts.append((part(next, last), false)) }
            return parts
        }
    }

    /// What one determination left in a month.
    struct Layer: Hashable, Sendable {
        /// Positive = 应补, negative = 多发.
        var difference: Fen
        let cause: Cause
        /// 应还: taken back beyond what was paid; no regular batch pays it.
        var isOwedBack = false

        func leaves(_ kind: Kind, _ determination: EventReference) -> Bool {
            cause.determination == determination && (difference > .zero) == (kind == .arrears)
        }
    }

    /// The months of one right that one determination made more, or less.
    package struct Entry: Hashable, Sendable {
        package let clause: ClauseID
        package let subject: FactSubject
        package let kind: Kind
        package let first: CivilMonth
        package let last: CivilMonth
        /// How many of the months from the first to the last.
        package let months: Int64
        /// Of all of them, never negative.
        package let sum: Fen
        package let cause: Cause
        package let department: DepartmentID?
        package let pack: PackID
    }

    package let clause: ClauseID
    package let subject: FactSubject
    /// As the latest determination has them.
    private(set) var department: DepartmentID?
    package private(set) var pack: PackID
    /// In order of months, without overlap; months that stand as at first are left out.
    private var runs: [Run] = []
    /// Arrears by month that a determination cancelled because it cannot say what is due.
    private var open: [CivilMonth: [Layer]] = [:]
    /// What is due in a month and no longer ordered, because a regular batch's line was reversed: a further regular batch pays it,
    /// and nobody decides about it. A later determination that makes less due takes from it first.
    private var unordered: [CivilMonth: Fen] = [:]

    init(_ made: DeterminationMade) {
        clause = made.clause
        subject = made.subject
        department = made.department
        pack = made.pack
    }

    /// Takes a later determination in.
    /// - Parameters:
    ///   - earlier: The one before it; nil = it is the first.
    ///   - together: The months of the right that are counted together.
    mutating func take(
        _ made: DeterminationMade, after earlier: DeterminationMade?, _ cause: Cause, _ together: MonthsTogether
    ) {
        department = made.department
        pack = made.pack
        let before = runs
        for change in made.changesOfOurs(since: earlier) {
            runs = runs.revised(by: change, cause)
            keepUnordered(change, cause)
        }
        guard made.isOpenSomewhere else {
            open = [:]
            return
        }
        let (were, are) = (before.arrears, runs.arrears)
        for month in Set(were.keys).union(open.keys) {
            let wasGranted = earlier?.isGranted(in: month) ?? false
            guard made.mayBeOpen(in: month, together, wasGranted: wasGranted) else {
                open[month] = nil
                continue
            }
            let layers = (open[month] ?? []).moved(from: were[month] ?? [], to: are[month] ?? [])
            open[month] = layers.isEmpty ? nil : layers
        }
    }

    /// 曾应补: arrears that are listed no more because the latest determination cannot say, on some day, what is due. Whether it can
    /// for a month, `OpenDues` tells.
    package var cancelledWhileOpen: DueStanding {
        var other = self
        other.open = [:]
        other.runs = open.sorted { $0.key < $1.key }.map { Run(first: $0.key, last: $0.key, layers: $0.value) }
        return other
    }

    /// Every month in which something stands, or stood until it became unknown.
    package var monthsTold: Set<CivilMonth> {
        Set(runs.flatMap { run in (0..<Int32(run.months)).map { run.first + $0 } }).union(open.keys)
    }

    /// What stands in each month: positive = 应补, negative = 多发.
    var sums: [CivilMonth: Fen] {
        var sums: [CivilMonth: Fen] = [:]
        for run in runs {
            let sum = run.layers.reduce(Fen.zero) { $0 + $1.difference }
            for offset in 0..<Int32(run.months) { sums[run.first + offset] = sum }
        }
        return sums
    }

    /// Takes out what a determination left one way, because a person decided about it.
    /// - Parameter spans: The months decided about, in order, without overlap; empty = all.
    /// - Returns: Month by month what it left: positive for arrears, negative for recoveries.
    mutating func settle(
        _ kind: Kind, of determination: EventReference, in spans: [ClosedRange<CivilMonth>] = []
    ) -> [CivilMonth: Fen] {
        var months: [CivilMonth: Fen] = [:]
        runs = runs.flatMap { run -> [Run] in
            guard run.layers.contains(where: { $0.leaves(kind, determination) }) else { return [run] }
            return (spans.isEmpty ? [(run, true)] : run.cut(by: spans)).map { part, isDecided in
                guard isDecided else { return part }
                var part = part
                for layer in part.layers where layer.leaves(kind, determination) {
                    for offset in 0..<Int32(part.months) {
                        months[part.first + offset, default: .zero] += layer.difference
                    }
                }
                part.layers.removeAll { $0.leaves(kind, determination) }
                return part
            }
        }
        runs.removeAll { $0.layers.isEmpty }
        return months
    }

    /// Takes out what determinations up to one left in some months, because those months were paid as they stood then.
    mutating func settle(_ first: CivilMonth, _ last: CivilMonth, through: EventReference) {
        runs = runs.flatMap { run -> [Run] in
            let shared = (Swift.max(run.first, first), Swift.min(run.last, last))
            guard shared.0 <= shared.1 else { return [run] }
            let later = run.layers.filter { $0.cause.determination > through || $0.isOwedBack }
            let parts = [
                Run(first: run.first, last: shared.0 + -1, layers: run.layers),
                Run(first: shared.0, last: shared.1, layers: later),
                Run(first: shared.1 + 1, last: run.last, layers: run.layers),
            ]
            return parts.filter { $0.first <= $0.last && !$0.layers.isEmpty }
        }
        for month in open.keys where first <= month && month <= last {
            let later = open[month]?.filter { $0.cause.determination > through } ?? []
            open[month] = later.isEmpty ? nil : later
        }
    }

    /// Takes from what stands one way in some months, because lines of their payment were reversed.
    /// - Parameters:
    ///   - most: At most so much, positive.
    ///   - determination: Only what this one left; nil = the latest first.
    /// - Returns: How much was taken.
    mutating func cancel(
        _ kind: Kind, in span: ClosedRange<CivilMonth>, upTo most: Fen, of determination: EventReference? = nil
    ) -> Fen {
        var rest = most
        func isMeant(_ layer: Layer) -> Bool {
            (layer.difference > .zero) == (kind == .arrears)
                && determination.map { $0 == layer.cause.determination } ?? true
        }
        runs = runs.flatMap { run -> [Run] in
            guard rest > .zero, run.layers.contains(where: isMeant), run.last >= span.lowerBound,
                run.first <= span.upperBound
            else { return [run] }
            return run.cut(by: span.months.map { $0...$0 }).map { part, isInside in
                guard isInside else { return part }
                var part = part
                for place in part.layers.indices.reversed() where isMeant(part.layers[place]) {
                    let difference = part.layers[place].difference
                    let taken = Swift.min(rest, Fen(Int64(difference.amount.magnitude)))
                    part.layers[place].difference = difference > .zero ? difference - taken : difference + taken
                    rest = rest - taken
                }
                part.layers.removeAll { $0.difference == .zero }
                return part
            }
        }
        runs.removeAll { $0.layers.isEmpty }
        return most - rest
    }

    /// 应还: what was taken back of a month beyond what was paid of it is owed.
    mutating func owe(_ amount: Fen, in month: CivilMonth, _ cause: Cause) {
        runs = runs.revised(
            by: DueChange(first: month, last: month, before: .zero, after: amount), cause, isOwedBack: true)
    }

    /// What of a month is owed because it was taken back beyond what was paid.
    package func owedBack(in month: CivilMonth) -> Fen {
        runs.filter { $0.first <= month && month <= $0.last }.flatMap(\.layers).filter(\.isOwedBack)
            .reduce(.zero) { $0 + $1.difference }
    }

    /// What is left of a month that a regular batch ordered and whose line was reversed.
    mutating func leaveUnordered(_ amount: Fen, in month: CivilMonth) {
        if amount > .zero { unordered[month, default: .zero] += amount }
    }

    /// A batch orders so much of a month; nil = all that is due.
    mutating func takeOrdered(_ amount: Fen?, in month: CivilMonth) {
        let left = amount.flatMap { amount in unordered[month].map { $0 - amount } } ?? .zero
        unordered[month] = left > .zero ? left : nil
    }

    /// What a determination takes from months that are not ordered is over-paid by nobody.
    private mutating func keepUnordered(_ change: DueChange, _ cause: Cause) {
        guard change.after < change.before, !unordered.isEmpty else { return }
        for (month, sum) in unordered where change.first <= month && month <= change.last {
            let part = Swift.min(sum, change.before - change.after)
            takeOrdered(part, in: month)
            runs = runs.revised(by: DueChange(first: month, last: month, before: .zero, after: part), cause)
        }
    }

    /// The cause by which a determination stands.
    func cause(of determination: EventReference) -> Cause? {
        runs.lazy.flatMap(\.layers).first { $0.cause.determination == determination }?.cause
    }

    /// What determinations after one left to be paid in a month.
    func arrears(in month: CivilMonth, after determination: EventReference) -> Fen {
        runs.filter { $0.first <= month && month <= $0.last }.flatMap(\.layers)
            .filter { $0.difference > .zero && ($0.cause.determination > determination || $0.isOwedBack) }
            .reduce(.zero) { $0 + $1.difference }
    }

    /// What stands, by determination, arrears before recoveries.
    package var entries: [Entry] {
        let causes = Set(runs.flatMap(\.layers).map(\.cause)).sorted { $0.determination < $1.determination }
        return causes.flatMap { cause in Kind.allCases.compactMap { entry($0, cause) } }
    }

    /// The same by what tells months apart, such as the place to which each belongs, of one determination and kind in the
    /// order of their first months.
    package func entries<Key: Hashable>(by key: (CivilMonth, Kind, Cause) -> Key) -> [(entry: Entry, key: Key)] {
        var whole = self
        let months = Set(runs.flatMap { run in (0..<Int32(run.months)).map { run.first + $0 } }).sorted()
        return entries.flatMap { entry -> [(entry: Entry, key: Key)] in
            var keys: [Key] = []
            func own(_ month: CivilMonth) -> Key { key(month, entry.kind, entry.cause) }
            for month in months where !keys.contains(own(month)) { keys.append(own(month)) }
            guard keys.count > 1 else { return keys.map { (entry, $0) } }
            return keys.flatMap { wanted -> [(entry: Entry, key: Key)] in
                whole.runs = runs.flatMap { run in
                    (0..<Int32(run.months)).map { run.first + $0 }.filter { own($0) == wanted }.map {
                        Run(first: $0, last: $0, layers: run.layers)
                    }
                }
                return whole.entry(entry.kind, entry.cause).map { [($0, wanted)] } ?? []
            }
        }
    }

    /// One month of what stands.
    package struct MonthLeft: Hashable, Sendable {
        package let month: CivilMonth
        package let kind: Kind
        package let cause: Cause
        /// What the determination left, never negative.
        package let amount: Fen
        /// What earlier ones left in the month the same way.
        package let before: Fen
    }

    /// The months in which something stands that a determination left one way, in order.
    package func months(_ kind: Kind, of determination: EventReference) -> [CivilMonth] {
        months.filter { $0.kind == kind && $0.cause.determination == determination }.map(\.month).sorted()
    }

    /// What stands, month by month, the earliest determination first.
    package var months: [MonthLeft] {
        runs.flatMap { run in
            (0..<Int32(run.months)).flatMap { offset in
                var before = Fen.zero
                return run.layers.map { layer in
                    let amount = Fen(Int64(layer.difference.amount.magnitude))
                    defer { before += amount }
                    return MonthLeft(
                        month: run.first + offset, kind: layer.difference > .zero ? .arrears : .recovery,
                        cause: layer.cause, amount: amount, before: before)
                }
            }
        }
    }

    private func entry(_ kind: Kind, _ cause: Cause) -> Entry? {
        var found: (first: CivilMonth, last: CivilMonth, months: Int64, sum: Int64)?
        for run in runs {
            for layer in run.layers where layer.cause == cause && (layer.difference > .zero) == (kind == .arrears) {
                let sum = Int64(layer.difference.amount.magnitude) * run.months
                found = (
                    found?.first ?? run.first, run.last, (found?.months ?? 0) + run.months, (found?.sum ?? 0) + sum
                )
            }
        }
        return found.map {
            Entry(
                clause: clause, subject: subject, kind: kind, first: $0.first, last: $0.last, months: $0.months,
                sum: Fen($0.sum), cause: cause, department: department, pack: pack)
        }
    }
}

extension [DueStanding.Run] {
    /// The runs with what a later determination changes in some months: it first cancels what others left the other way,
    /// the latest of them first, and only the rest of it stands.
    fileprivate func revised(
        by change: DueChange, _ cause: DueStanding.Cause, isOwedBack: Bool = false
    ) -> [DueStanding.Run] {
        let layer = DueStanding.Layer(
            difference: change.after - change.before, cause: cause, isOwedBack: isOwedBack)
        var result: [DueStanding.Run] = []
        var next = change.first
        func add(_ first: CivilMonth, _ last: CivilMonth, _ layers: [DueStanding.Layer]) {
            if first <= last, !layers.isEmpty {
                result.append(DueStanding.Run(first: first, last: last, layers: layers))
            }
        }
        let fresh = [DueStanding.Layer]().revised(by: layer)
        for run in self {
            let shared = (Swift.max(run.first, change.first), Swift.min(run.last, change.last))
            if run.first > change.last {
                add(next, change.last, fresh)
                next = change.last + 1
            }
            guard shared.0 <= shared.1 else {
                result.append(run)
                continue
            }
            add(run.first, shared.0 + -1, run.layers)
            add(next, shared.0 + -1, fresh)
            add(shared.0, shared.1, run.layers.revised(by: layer))
            next = shared.1 + 1
            add(next, run.last, run.layers)
        }
        add(next, change.last, fresh)
        return result
    }
}

extension [DueStanding.Run] {
    /// The arrears of each month, the latest last.
    fileprivate var arrears: [CivilMonth: [DueStanding.Layer]] {
        var result: [CivilMonth: [DueStanding.Layer]] = [:]
        for run in self {
            let layers = run.layers.filter { $0.difference > .zero }
            guard !layers.isEmpty else { continue }
            for offset in 0..<Int32(run.months) { result[run.first + offset] = layers }
        }
        return result
    }
}

extension [DueStanding.Layer] {
    /// These arrears of a month, which are not known any longer, with what a determination cancels of those that stood, or less what
    /// it leaves to stand again.
    fileprivate func moved(from were: [DueStanding.Layer], to are: [DueStanding.Layer]) -> [DueStanding.Layer] {
        var result = self
        var more = (are.reduce(Fen.zero) { $0 + $1.difference }) - (were.reduce(Fen.zero) { $0 + $1.difference })
        guard more < .zero else {
            while let last = result.last, more > .zero {
                let part = Swift.min(last.difference, more)
                result[result.count - 1].difference = last.difference - part
                if part == last.difference { result.removeLast() }
                more = more - part
            }
            return result
        }
        // The latest is cancelled first.
        for (place, layer) in were.enumerated() {
            let left = place < are.count && are[place].cause == layer.cause ? are[place].difference : .zero
            guard left < layer.difference else { continue }
            result.append(DueStanding.Layer(difference: layer.difference - left, cause: layer.cause))
        }
        return result
    }

    fileprivate func revised(by layer: DueStanding.Layer) -> [DueStanding.Layer] {
        var layers = self
        var rest = layer.difference
        while let last = layers.last, rest != .zero, (last.difference > .zero) != (rest > .zero) {
            // What is owed back stays so as long as anything else can go.
            let place = layers.lastIndex { !$0.isOwedBack } ?? layers.count - 1
            let left = layers[place].difference + rest
            if left == .zero || (left > .zero) == (last.difference > .zero) {
                layers[place].difference = left
                if left == .zero { layers.remove(at: place) }
                return layers
            }
            layers.remove(at: place)
            rest = left
        }
        if rest != .zero {
            layers.append(DueStanding.Layer(difference: rest, cause: layer.cause, isOwedBack: layer.isOwedBack))
        }
        return layers
    }
}

extension [DueStanding] {
    /// Takes what a determination changes in.
    /// - Parameter earlier: The determination of the right before it; nil = it is the first.
    mutating func take(
        _ made: DeterminationMade, after earlier: DeterminationMade?, _ known: KnownEvent, _ together: MonthsTogether
    ) {
        let index = firstIndex { $0.clause == made.clause && $0.subject == made.subject }
        guard index != nil || !made.changes.isEmpty else { return }
        let cause = DueStanding.Cause(
            determination: known.reference, on: known.occurredOn, rulesChange: made.rulesChange,
            readThrough: made.readThrough)
        var standing = index.map { self[$0] } ?? DueStanding(made)
        standing.take(made, after: earlier, cause, together)
        if let index { self[index] = standing } else { append(standing) }
    }
}

extension DeterminationMade {
    /// The changes as far as they are ours to pay or take back: what an employer or insurer bears goes through no batch and waits for
    /// nobody's decision, an item of the family's plan follows it up. Of a sum that they share with us it is our part.
    /// - Source: CZ-2.2 救助资金由所在单位承担; policies, payer notice and follow-up instead of payment
    fileprivate func changesOfOurs(since earlier: DeterminationMade?) -> [DueChange] {
        guard isBorneByOthers || earlier?.isBorneByOthers ?? false else { return changes }
        var result: [DueChange] = []
        for change in changes {
            for month in (0...(change.last - change.first)).map({ change.first + $0 }) {
                let before = earlier?.ours(of: change.before, in: month) ?? change.before
                let after = ours(of: change.after, in: month)
                if before != after { result.append(DueChange(first: month, last: month, before: before, after: after)) }
            }
        }
        return result
    }

    /// What of a month's sum our payers bear.
    private func ours(of sum: Fen, in month: CivilMonth) -> Fen {
        let days = DayPeriod(start: month.firstDay, end: month.lastDay + 1)
        let there = intervals.last { $0.rightHolds && $0.period.intersection(days) != nil }
        guard let there, !there.payers.isEmpty else { return sum }
        return PayerSplit.split(sum, there.payers).filter { PayerPart.isPaidByUs($0.payer) }
            .reduce(.zero) { $0 + $1.amount }
    }
}
