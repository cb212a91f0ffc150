import CareDomain

extension PackRegistry {
    /// The version published before that would lose days to a publication which does not say that it means to: one with
    /// other bytes that begins on the same day, or that covers the day while a later version is known.
    ///
    /// The first version of a pack, a version that goes on where the last one stood, one for days without any, and the same
    /// bytes once more take nothing.
    /// - Parameter first: Day from which the publication would be in force.
    package func replaced(by hash: [UInt8], of id: PackID, from first: CivilDay) -> PublishedPack? {
        let periods = periods(of: id)
        guard let index = periods.firstIndex(where: { $0.period.contains(first) }) else { return nil }
        let standing = periods[index].version
        guard standing.pack.hash != hash else { return nil }
        return standing.effectiveFrom == first || index + 1 < periods.count ? standing : nil
    }

    /// The publication of a pack's bytes that counts, otherwise the last one; nil = never published.
    package func publication(of pack: RulePack) -> PublishedPack? {
        let all = versions.filter { $0.pack.id == pack.id && $0.pack.hash == pack.hash }
        return all.last { if case .counts = standing(of: $0) { true } else { false } } ?? all.last
    }

    /// Whether the pack's bytes are published and not replaced.
    package func counts(_ pack: RulePack) -> Bool {
        guard let publication = publication(of: pack) else { return false }
        if case .counts = standing(of: publication) { return true }
        return false
    }

    /// The version that a question about a day misses because it was not known by then: the one in force on the day as we
    /// know today, otherwise the one that was published first; nil where all that have it were known.
    /// - Parameter has: Whether a version is what is asked for.
    package func unknown(
        at knownAt: KnownAt, on day: CivilDay, _ has: (PublishedPack) -> Bool
    ) -> PublishedPack? {
        let later = versions.filter { has($0) && !$0.isKnown(at: knownAt) }
        let inForce = self.inForce(on: day)
        return later.first { version in inForce.contains { $0.isSamePublication(as: version) } }
            ?? later.min { ($0.publishedAt?.microseconds ?? .min) < ($1.publishedAt?.microseconds ?? .min) }
    }

    /// The publication that took a version's first day after it, and counts in its place; nil while the version itself counts.
    package func successor(of version: PublishedPack) -> PublishedPack? {
        guard let last = sameDay(as: version).last, !last.isSamePublication(as: version) else { return nil }
        return last
    }

    /// The publication whose first day a version took: the last one before it; nil where none began on that day.
    package func predecessor(of version: PublishedPack) -> PublishedPack? {
        sameDay(as: version).prefix { !$0.isSamePublication(as: version) }.last
    }

    /// The publications of the pack that begin on the version's day, in their order.
    private func sameDay(as version: PublishedPack) -> [PublishedPack] {
        versions.filter { $0.pack.id == version.pack.id && $0.effectiveFrom == version.effectiveFrom }
    }

    /// The version that a publication in the log made; nil when it made none.
    package func version(_ hash: [UInt8], of id: PackID, publishedAt: Moment) -> PublishedPack? {
        versions.first { $0.pack.id == id && $0.pack.hash == hash && $0.publishedAt == publishedAt }
    }

    /// What a publication is worth today, seen beside those that followed it.
    package enum Standing: Hashable, Sendable {
        /// It counts, until the day before `end`; nil = until it is replaced.
        case counts(until: CivilDay?)
        /// A version published later has taken its first day, and with it all its days.
        case replaced(by: [UInt8], at: Moment?)
    }

    /// The standing of a version of this registry.
    package func standing(of version: PublishedPack) -> Standing {
        let sameDay = versions.last { other in
            other.pack.id == version.pack.id && other.effectiveFrom == version.effectiveFrom
        }
        if let sameDay, sameDay.publishedAt != version.publishedAt || sameDay.pack.hash != version.pack.hash {
            // The one that took its place first, of several.
            let next = versions.first { other in
                other.pack.id == version.pack.id && other.effectiveFrom == version.effectiveFrom
                    && (other.publishedAt?.microseconds ?? .min) > (version.publishedAt?.microseconds ?? .min)
            }
            return .replaced(by: (next ?? sameDay).pack.hash, at: (next ?? sameDay).publishedAt)
        }
        let period = periods(of: version.pack.id).first { $0.version.effectiveFrom == version.effectiveFrom }
        return .counts(until: period?.period.end)
    }
}

extension PublishedPack {
    /// Whether both are one publication: of the same bytes at the same moment.
    package func isSamePublication(as other: PublishedPack) -> Bool {
        pack.id == other.pack.id && pack.hash == other.pack.hash && publishedAt == other.publishedAt
    }
}
