import CareDomain

extension SurveyStated: WireMapped {
    package init(wire: Care_V1_SurveyStated) throws(WireError) {
        let people = 0...WireLimits.people
        self.init(
            key: DutyKey(
                pack: try Field.code(wire.pack, "pack"), clause: try Field.clause(wire.clause, "clause"),
                period: try Field.period(wire.period, "period")),
            measure: try Field.code(wire.measure, "measure"),
            asked: try Field.count(wire.asked, "asked", in: people),
            answered: try Field.count(wire.answered, "answered", in: people),
            positive: try Field.count(wire.positive, "positive", in: people),
            replacement: try Field.replacement(
                wire.hasReplaces ? wire.replaces : nil, wire.hasReason ? wire.reason : nil))
    }

    package func wire() throws(WireError) -> Care_V1_SurveyStated {
        var wire = Care_V1_SurveyStated()
        wire.pack = key.pack.rawValue
        wire.clause = key.clause.rawValue
        wire.measure = measure.rawValue
        wire.period = key.period.rawValue
        wire.asked = try Field.number(asked, "asked")
        wire.answered = try Field.number(answered, "answered")
        wire.positive = try Field.number(positive, "positive")
        if let replacement {
            wire.replaces = replacement.replaced.sequence
            wire.reason = replacement.reason.rawValue
        }
        return wire
    }
}

extension SampleDrawn: WireMapped {
    package init(wire: Care_V1_SampleDrawn) throws(WireError) {
        self.init(
            purpose: try Field.code(wire.purpose, "purpose"), period: try Field.period(wire.period, "period"),
            size: try Field.count(wire.size, "size", in: 1...WireLimits.sampled), seed: wire.seed,
            replacement: try Field.replacement(
                wire.hasReplaces ? wire.replaces : nil, wire.hasReason ? wire.reason : nil))
    }

    package func wire() throws(WireError) -> Care_V1_SampleDrawn {
        var wire = Care_V1_SampleDrawn()
        wire.purpose = purpose.rawValue
        wire.period = period.rawValue
        wire.size = try Field.number(size, "size")
        wire.seed = seed
        if let replacement {
            wire.replaces = replacement.replaced.sequence
            wire.reason = replacement.reason.rawValue
        }
        return wire
    }
}
