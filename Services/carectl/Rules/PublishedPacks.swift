import CareDomain
import CareWire
import MessageBus
import RuleEngine

/// A pack version in the log.
struct PublishedPack {
    let pack: PackPublished
    let recordedAt: Moment
}

/// A parameter's value in the log.
struct PublishedParameter {
    let pack: String
    let parameter: ParameterSet
    /// First day on which it holds.
    let from: CivilDay
    let recordedAt: Moment

    /// As rules look it up.
    var value: ParameterValue {
        ParameterValue(
            parameter: parameter.parameter, keys: parameter.keys.map(\.rawValue), value: parameter.value,
            period: DayPeriod(start: from, end: parameter.until), recordedAt: recordedAt)
    }
}

extension Line {
    /// Every pack version in the log, in the order of publication.
    func publishedPacks() async throws -> [PublishedPack] {
        var found: [PublishedPack] = []
        try await scan(Self.packs(.packPublished)) { event in
            if case .pack(.published(let pack)) = try Self.said(event) {
                found.append(PublishedPack(pack: pack, recordedAt: event.recordedAt))
            }
            return true
        }
        return found
    }

    /// Every parameter value in the log that was set after publication, in order.
    func setParameters() async throws -> [PublishedParameter] {
        var found: [PublishedParameter] = []
        try await scan(Self.packs(.parameterSet)) { event in
            if case .pack(.parameterSet(let set)) = try Self.said(event) {
                let pack = String(event.stream.dropFirst("pack-".count))
                found.append(
                    PublishedParameter(
                        pack: pack, parameter: set, from: event.occurredOn, recordedAt: event.recordedAt))
            }
            return true
        }
        return found
    }

    private static func packs(_ kind: EventKind) -> EventFilter {
        EventFilter(categories: ["pack"], kinds: [UInt32(kind.rawValue)])
    }

    private static func said(_ event: ShownEvent) throws -> CareEvent {
        try EventCodec.decodeAny(kind: event.kind, version: event.version, payload: event.payload)
    }
}
