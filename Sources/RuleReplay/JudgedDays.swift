import CareDomain
import RuleEngine

/// Which version judged the days of a right on one side, where a version for new cases only leaves some rights with the one
/// before it.
struct JudgedDays {
    /// Days judged by one version, with what it says.
    private struct Stretch {
        let days: DayPeriod
        let version: PackReference
        let piece: OutcomePiece?
    }

    /// In order, without overlap.
    private var stretches: [Stretch] = []

    /// - Parameters:
    ///   - pieces: the answers in order of days; days on which nothing is given, proposed or asked for may be left out.
    ///   - inForce: the versions of the pack with their days: who would have judged what no version was asked about.
    init(_ pieces: [OutcomePiece], _ inForce: [(version: PublishedPack, period: DayPeriod)]) {
        var free: CivilDay? = inForce.first?.period.start
        func fill(until end: CivilDay?) {
            guard let start = free else { return }
            let open = DayPeriod(start: start, end: end)
            for (version, period) in inForce {
                guard let days = period.intersection(open) else { continue }
                stretches.append(Stretch(days: days, version: version.pack.reference, piece: nil))
            }
        }
        for piece in pieces {
            if let start = free, start < piece.period.start { fill(until: piece.period.start) }
            stretches.append(Stretch(days: piece.period, version: piece.pack, piece: piece))
            free = piece.period.end
        }
        fill(until: nil)
    }

    /// The versions that judged some days on this side and on the other: those of days on which the two say something else;
    /// where they do so on none, as when only the months of payment differ, all of these days.
    /// - Returns: each pair once, in order of days; pairs of one version with itself are left out.
    func pairs(with other: JudgedDays, on days: [DayPeriod]) -> [VersionPair] {
        var differing: [VersionPair] = []
        var all: [VersionPair] = []
        for one in stretches {
            for two in other.stretches {
                guard one.version != two.version, let shared = one.days.intersection(two.days),
                    days.contains(where: { $0.intersection(shared) != nil })
                else { continue }
                let pair = VersionPair(before: one.version, after: two.version)
                if !all.contains(pair) { all.append(pair) }
                if !Self.saysTheSame(one.piece, two.piece), !differing.contains(pair) { differing.append(pair) }
            }
        }
        return differing.isEmpty ? all : differing
    }

    private static func saysTheSame(_ one: OutcomePiece?, _ two: OutcomePiece?) -> Bool {
        guard let one, let two else {
            return (one ?? two).map { $0.status == .notEntitled && !$0.rightHolds } ?? true
        }
        return one.status == two.status && one.rightHolds == two.rightHolds && one.amount == two.amount
            && one.hours == two.hours && one.hourlyRate == two.hourlyRate && one.payers == two.payers
    }
}

/// The versions that judge some days under the rules in force, and with the candidate among them.
struct VersionPair: Hashable {
    let before: PackReference
    let after: PackReference
}
