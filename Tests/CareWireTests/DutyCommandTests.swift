import CareDomain
import CareWire
import Testing

/// Commands about duty books to bytes and back.
@Suite("职责簿的命令")
struct DutyCommandTests {
    private static func command(_ action: DutyEvent) -> DutyCommand {
        DutyCommand(
            id: Sample.command, division: DivisionCode("520100")!, occurredOn: Sample.day("2014-12-31"), action: action)
    }

    /// An event as a command asks for it: without the department, which is that of the key.
    private static func asked(_ event: DutyEvent) -> DutyEvent {
        switch event {
        case .reported(var event):
            event.department = nil
            return .reported(event)
        case .listSent(var event):
            event.from = nil
            return .listSent(event)
        case .asked(var event):
            event.from = nil
            return .asked(event)
        default: return event
        }
    }

    /// What only the notifier says.
    private static let notices: Set<EventKind> = [.dutyNoticeRaised, .dutyNoticeDelivered]
    private static let events = EventKind.allCases.filter { !notices.contains($0) }.flatMap(SampleDuties.events)

    @Test("every command comes back equal, and its digest tells it from the others")
    func roundTrips() throws {
        var digests: Set<Identifier128> = []
        for event in Self.events {
            let command = Self.command(Self.asked(event))
            let received = try DutyCodec.decode(try DutyCodec.encode(command))
            #expect(received.command == command)
            #expect(digests.insert(received.digest).inserted)
        }
        #expect(digests.count == Self.events.count)
    }

    @Test("nobody may ask for a notice to be recorded")
    func noNotices() {
        for event in Self.notices.flatMap(SampleDuties.events) { #expect(Self.code(event) == .missing) }
    }

    private static func code(_ action: DutyEvent) -> WireError.Code? {
        do throws(WireError) {
            _ = try DutyCodec.encode(Self.command(action))
            return nil
        } catch { return error.code }
    }

    @Test("a department in a command, a period without a year, a file twice and counts without end are refused")
    func limits() {
        for event in Self.events where event != Self.asked(event) { #expect(Self.code(event) == .outOfRange) }
        var key = SampleDuties.key
        key.period = Code(unchecked: "q3")
        #expect(Self.code(.reported(DutyReported(key: key, evidence: SampleDuties.bare))) == .outOfRange)
        let bare = DutyEvidence(
            attachments: [SampleDuties.digest], types: [Code(unchecked: "a"), Code(unchecked: "b")])
        #expect(Self.code(.reported(DutyReported(key: SampleDuties.key, evidence: bare))) == .missing)
        let twice = DutyEvidence(attachments: [SampleDuties.digest, SampleDuties.digest])
        #expect(Self.code(.reported(DutyReported(key: SampleDuties.key, evidence: twice))) == .repeated)
        var sample = SampleDuties.sample(nil)
        sample.size = 0
        #expect(Self.code(.sampleDrawn(sample)) == .outOfRange)
        var survey = SampleDuties.survey(nil)
        survey.asked = 100_000_001
        #expect(Self.code(.surveyStated(survey)) == .outOfRange)
    }

    @Test("an event of the log says whose department it is")
    func departments() {
        for event in Self.events where event != Self.asked(event) {
            let kind = UInt32(event.kind.rawValue)
            let encoded = try? EventCodec.encode(
                .duty(Self.asked(event)), occurredOn: Sample.day("2014-12-31"), context: Sample.context)
            guard let encoded else { continue }
            #expect(throws: WireError.self, "\(kind)") {
                try EventCodec.decodeAny(kind: kind, version: 1, payload: encoded.payload)
            }
        }
    }
}
