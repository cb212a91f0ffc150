import CareDomain
import CareWire
import Testing

@Suite("事件与字节")
struct EventRoundTripTests {
    @Test("带档案号的迁移、不带的，都原样读回")
    func numberOfAMove() throws {
        let division = Sample.division
        for number in ["乌-9", nil] {
            let event = HouseholdEvent.moved(
                HouseholdMoved(kind: .registration, division: division, archiveNumber: number))
            let encoded = try EventCodec.encode(
                .household(event), occurredOn: Sample.day("2016-01-10"), context: Sample.context)
            let decoded = try EventCodec.decodeAny(
                kind: encoded.kind, version: encoded.version, payload: encoded.payload)
            #expect(decoded == .household(event))
        }
    }

    @Test("every event type has a sample of its own kind")
    func everyKindHasSamples() {
        for kind in EventKind.allCases where kind != .unspecified {
            let events = SampleEvents.events(of: kind)
            #expect(!events.isEmpty, "no sample of \(kind)")
            for event in events { #expect(event.kind == kind) }
        }
    }

    @Test("every event comes back equal, with context, days and correction")
    func roundTrip() throws {
        for event in SampleEvents.household {
            for (correction, context) in [(Sample.correction, Sample.context), (nil, Sample.plainContext)] {
                let proposed = ProposedEvent(
                    occurredOn: Sample.day("2014-07-16"),
                    learnedOn: correction.map { _ in Sample.day("2014-07-20") }, correction: correction, event: event)
                let encoded = try EventCodec.encode(proposed, context: context)
                let known = try EventCodec.decode(
                    kind: encoded.kind, version: encoded.version, occurredOn: encoded.occurredOn,
                    learnedOn: encoded.learnedOn, metadata: encoded.metadata, payload: encoded.payload, sequence: 5,
                    recordedAt: 1_400_000_000_000_001, appendID: context.command.value)
                #expect(known.proposed == proposed)
                #expect(known.reference == EventReference(sequence: 5))
                #expect(known.recordedAt == Moment(microseconds: 1_400_000_000_000_001))
                #expect(known.command == context.command)
                #expect(known.actor == context.principal.actor)
                #expect(
                    try EventCodec.context(metadata: encoded.metadata, command: context.command) == context)
            }
        }
    }

    @Test("papers that are attachments come back with their files, and what names no file keeps its bytes")
    func paperFiles() throws {
        let file = PaperFile(paper: Code(unchecked: "form"), file: SampleDuties.digest)
        let papers = [file.paper, Code(unchecked: "identity")]
        let submitted = ApplicationSubmitted(
            clause: ClauseID("CZ-2.1")!, subject: .household, papers: papers, files: [file])
        let forwarded = ApplicationForwarded(
            application: EventReference(sequence: 3), step: Code(unchecked: "village"), papers: papers, files: [file])
        for event in [ApplicationEvent.submitted(submitted), .forwarded(forwarded)] {
            let encoded = try EventCodec.encode(
                CareEvent.household(.application(event)), occurredOn: Sample.day("2014-08-01"), context: Sample.context)
            let decoded = try EventCodec.decodeAny(
                kind: encoded.kind, version: encoded.version, payload: encoded.payload)
            #expect(decoded == .household(.application(event)))
        }
    }

    @Test("events of other streams come back equal")
    func otherStreams() throws {
        for event in SampleEvents.all {
            let encoded = try EventCodec.encode(event, occurredOn: Sample.day("2014-08-01"), context: Sample.context)
            #expect(encoded.version == 1)
            #expect(
                try EventCodec.decodeAny(kind: encoded.kind, version: 1, payload: encoded.payload) == event)
        }
    }

    @Test("the same event gives the same bytes each time")
    func deterministic() throws {
        for event in SampleEvents.all {
            let day = Sample.day("2014-08-01")
            let first = try EventCodec.encode(event, occurredOn: day, context: Sample.context)
            let second = try EventCodec.encode(event, occurredOn: day, context: Sample.context)
            #expect(first == second)
            let again = try EventCodec.decodeAny(kind: first.kind, version: 1, payload: first.payload)
            let third = try EventCodec.encode(again, occurredOn: day, context: Sample.context)
            #expect(third == first)
        }
    }

    @Test("an event of a person's stream is not an event of a household")
    func wrongStream() throws {
        let encoded = try EventCodec.encode(
            .person(.reserved(SampleEvents.claim)), occurredOn: Sample.day("2014-08-01"), context: Sample.context)
        #expect(throws: WireError(.unknownKind, "kind", limit: 200)) {
            try EventCodec.decode(
                kind: encoded.kind, version: 1, occurredOn: 0, learnedOn: nil, metadata: encoded.metadata,
                payload: encoded.payload, sequence: 1, recordedAt: 0, appendID: Sample.command.value)
        }
    }

    @Test("a principal with its rights comes back equal")
    func principal() throws {
        var principal = Sample.principal
        principal.rights = Set(Principal.Right.allCases)
        #expect(try Principal(wire: principal.wire()) == principal)
        #expect(principal.wire().rights.map(\.rawValue) == Array(1...7))
    }
}
