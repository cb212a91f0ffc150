import CareDomain

/// What the pack streams have published so far: versions and parameter values. Only this counts; a directory of packs is
/// merely what `rules publish` reads.
package struct PublishedRules: Sendable {
    package private(set) var registry = PackRegistry()
    package private(set) var parameters: [ParameterValue] = []
    /// When the latest news was recorded; facts known earlier are judged by it as a whole.
    package private(set) var changedAt: Moment?
    /// What the latest news was.
    package private(set) var lastChange: RulesChange?
    /// Versions that this program cannot read: they were checked when published, so a newer program published them.
    package private(set) var unreadable: [PackID] = []

    /// Nothing published.
    package init() {}

    /// Takes an event of a pack's stream in.
    /// - Parameter by: account of the person who published or set it, where it is of concern.
    /// - Returns: Whether what is in force may have changed.
    package mutating func take(
        _ event: PackEvent, of pack: PackID, occurredOn: CivilDay, recordedAt: Moment, by: Code? = nil
    ) -> Bool {
        if recordedAt >= changedAt ?? recordedAt { lastChange = RulesChange(event, of: pack) }
        changedAt = max(changedAt ?? recordedAt, recordedAt)
        switch event {
        case .published(let published):
            guard let read = try? RulePack.load(bytes: published.bytes, name: published.pack.rawValue) else {
                unreadable.append(pack)
                return false
            }
            registry.add(
                PublishedPack(
                    pack: read, publishedAt: recordedAt, effectiveFrom: published.effectiveFrom,
                    transition: published.transition, enactedOn: published.enactedOn))
        case .parameterSet(let set):
            parameters.append(
                ParameterValue(
                    parameter: set.parameter, keys: set.keys.map(\.rawValue), value: set.value,
                    period: DayPeriod(start: occurredOn, end: set.until), recordedAt: recordedAt,
                    by: by))
        }
        return true
    }
}

extension RulesChange {
    /// What an event of a pack's stream changes.
    fileprivate init(_ event: PackEvent, of pack: PackID) {
        switch event {
        case .published(let published): self.init(pack: pack, what: .version(from: published.effectiveFrom))
        case .parameterSet(let set): self.init(pack: pack, what: .parameter(set.parameter))
        }
    }
}
