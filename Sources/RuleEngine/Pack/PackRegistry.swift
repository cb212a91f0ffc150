import CareDomain

/// A pack version as the log published it.
package struct PublishedPack: Sendable {
    package let pack: RulePack
    /// When it was published; nil = before everything (a trial run without a log).
    package let publishedAt: Moment?
    /// First day in force.
    package let effectiveFrom: CivilDay
    /// First day no longer in force, when it was ended without a successor.
    package let effectiveTo: CivilDay?
    /// To whom it applies.
    package let transition: TransitionClause
    /// Day on which it was enacted.
    package let enactedOn: CivilDay
    /// Not published: only proposed, and taken for what would be published last.
    fileprivate var isCandidate = false

    package init(
        pack: RulePack, publishedAt: Moment? = nil, effectiveFrom: CivilDay? = nil, effectiveTo: CivilDay? = nil,
        transition: TransitionClause = .all, enactedOn: CivilDay? = nil
    ) {
        self.pack = pack
        self.publishedAt = publishedAt
        self.transition = transition
        self.enactedOn = enactedOn ?? pack.dated
        self.effectiveFrom = effectiveFrom ?? pack.validFrom
        self.effectiveTo = effectiveTo ?? pack.validTo.map { $0 + 1 }
    }
}

/// All published pack versions, and which is in force on a day.
///
/// Of one pack, the version with the latest first day not after the day is in force; of two with the same first day, the
/// one published later. So every day has at most one version, and a new version ends the one before it.
package struct PackRegistry: Sendable {
    /// By pack id, first day, publication.
    package private(set) var versions: [PublishedPack]

    package init(versions: [PublishedPack] = []) {
        self.versions = versions.sorted(by: Self.isBefore)
    }

    /// Takes a version in; one that counts already, with the same bytes from the same day for the same families, stays as
    /// it is. Bytes that were replaced count again when they are published again.
    package mutating func add(_ version: PublishedPack) {
        let standing = versions.last { $0.pack.id == version.pack.id && $0.effectiveFrom == version.effectiveFrom }
        if let standing, standing.pack.hash == version.pack.hash, standing.transition == version.transition { return }
        guard
            !versions.contains(where: {
                $0.pack.id == version.pack.id && $0.pack.hash == version.pack.hash
                    && $0.publishedAt == version.publishedAt
            })
        else { return }
        versions.append(version)
        versions.sort(by: Self.isBefore)
    }

    /// Takes a pack in that is in force from its own first day.
    package mutating func add(_ pack: RulePack, publishedAt: Moment? = nil) {
        add(PublishedPack(pack: pack, publishedAt: publishedAt))
    }

    /// Takes in what is only proposed, as if it were published now: of two versions with the same first day it is the one in
    /// force. Bytes that were published before are taken in once more, because a version can be put in force again.
    package mutating func propose(_ candidate: PublishedPack) {
        var candidate = candidate
        candidate.isCandidate = true
        versions.append(candidate)
        versions.sort(by: Self.isBefore)
    }

    /// Whether some version applies to new cases only: then a day may be answered by a version that is no longer in force.
    package var hasTransitions: Bool { versions.contains { $0.transition == .newCases } }

    private static func isBefore(_ left: PublishedPack, _ right: PublishedPack) -> Bool {
        (left.pack.id, left.effectiveFrom, left.order) < (right.pack.id, right.effectiveFrom, right.order)
    }

    /// The versions in force on the day, one per pack, by pack id.
    package func inForce(on day: CivilDay, knownAt: KnownAt = .latest) -> [PublishedPack] {
        packs.compactMap { id in
            periods(of: id, knownAt: knownAt).first { $0.period.contains(day) }?.version
        }
    }

    /// The packs, by id.
    package var packs: [PackID] { Array(Set(versions.map(\.pack.id))).sorted() }

    /// The periods in which each version of a pack is in force, in order, without overlap.
    /// - Parameter knownAt: by recording, versions published until then; by learning, those whose document was out,
    ///   because an office knew its rules before somebody typed them in.
    package func periods(
        of id: PackID, knownAt: KnownAt = .latest
    ) -> [(version: PublishedPack, period: DayPeriod)] {
        let known = versions.filter { $0.pack.id == id && $0.isKnown(at: knownAt) }
        return known.enumerated().compactMap { index, version in
            let next = index + 1 < known.count ? known[index + 1].effectiveFrom : nil
            let end = [next, version.effectiveTo].compactMap { $0 }.min()
            let period = DayPeriod(start: version.effectiveFrom, end: end)
            return period.isEmpty ? nil : (version, period)
        }
    }
}

extension PublishedPack {
    /// Which of two with the same first day came later.
    fileprivate var order: Int64 { isCandidate ? .max : publishedAt?.microseconds ?? .min }

    /// Whether it counts among what was known: by recording, what was published until then; by learning, what was out.
    package func isKnown(at knownAt: KnownAt) -> Bool {
        publishedAt.map { knownAt.knows(recordedAt: $0, learnedOn: pack.dated) } ?? true
    }
}
