/// A stretch of days on which one version says one thing of a right.
package protocol JudgedStretch {
    associatedtype Judge: Equatable

    /// The version that says so.
    var judge: Judge { get }
    /// Whether there is something to hold on to.
    var isHeld: Bool { get }
    var firstDay: Int32 { get }
    /// The first day after it; `Int32.max` = without end.
    var endDay: Int32 { get }

    /// The part from one day to before another, both within it.
    func part(from first: Int32, to end: Int32) -> Self
}

/// 过渡: which version judges which days of one right, where versions of a pack may apply to new cases only.
///
/// Versions are taken in in order, each with all days on which it may answer. A right that held on the day before a version for
/// new cases stays with the version that judged it until that version says no, or until something else ends it; from then on the
/// version in force answers, also when the earlier one would say yes again. This is the only place that says so: evaluation
/// household by household and replays over columns both ask it.
package struct CaseSuccession<Stretch: JudgedStretch> {
    /// In order of days, without overlap.
    package private(set) var stretches: [Stretch] = []
    /// The first day on which the version taken in last judges; nil = it judges none.
    package private(set) var free: Int32?

    /// - Parameter first: the first day of the first version that is taken in.
    package init(from first: Int32 = .min) { free = first }

    /// A version comes into force; `add` then takes what it says.
    /// - Parameters:
    ///   - first: its first day.
    ///   - leavesRunning: whether who held the right on the day before stays with the version that judged it.
    ///   - settled: what stands of the stretches when people's decisions and what was given before are looked at.
    package mutating func begin(
        on first: Int32, leavesRunning: Bool, settled: ([Stretch]) -> [Stretch] = { $0 }
    ) {
        var end: Int32?
        if leavesRunning, let judged = stretches.heldUntil(from: first, sameJudge: true),
            let standing = settled(stretches).heldUntil(from: first, sameJudge: false)
        {
            end = min(judged, standing)
        }
        let free = end ?? first
        self.free = free == .max ? nil : free
        if stretches.last.map({ $0.endDay > free }) ?? false {
            stretches = stretches.compactMap { $0.within(.min, free) }
        }
    }

    /// Takes in what the version says, on the days that are its own.
    package mutating func add(_ says: [Stretch]) {
        guard let free else { return }
        for stretch in says {
            if let own = stretch.within(free, .max) { stretches.append(own) }
        }
    }
}

extension JudgedStretch {
    /// The part within some days; nil = none.
    fileprivate func within(_ first: Int32, _ end: Int32) -> Self? {
        let (start, stop) = (max(firstDay, first), min(endDay, end))
        guard start < stop else { return nil }
        return start == firstDay && stop == endDay ? self : part(from: start, to: stop)
    }
}

extension Array where Element: JudgedStretch {
    /// The first day from the given one on that no longer follows without a break from what held on the day before; nil = nothing
    /// held.
    fileprivate func heldUntil(from day: Int32, sameJudge: Bool) -> Int32? {
        guard let index = firstIndex(where: { $0.firstDay < day && day <= $0.endDay }), self[index].isHeld else {
            return nil
        }
        var last = self[index]
        for stretch in self[(index + 1)...] {
            guard stretch.isHeld, last.endDay == stretch.firstDay, !sameJudge || stretch.judge == last.judge else {
                break
            }
            last = stretch
        }
        return last.endDay
    }
}
