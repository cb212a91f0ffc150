import CareDomain
import CareProjections
import CareTestKit
import CareWire
import Testing

@Suite("规范导出与读模型解码")
struct CanonicalExportTests {
    @Test("派生事件晚到、时间不同，导出仍一字不差")
    func orderOfDerivedEventsDoesNotCount() {
        let family = InventedFamily()
        var late = InventedStream(id: family.stream.id)
        var places: [EventReference: EventReference] = [:]
        let isDerived: (KnownEvent) -> Bool = { !$0.event.isFactOrDecision }
        // All facts first, a year later everything that services derive; interim determinations never came about.
        let events = family.stream.events
        for event in events.filter({ !isDerived($0) }) {
            places[event.reference] = late.add(
                event.event.moved(places), on: event.occurredOn, recorded: .invented("2017-01-01"))
        }
        let last = events.last { if case .determinationMade = $0.event { true } else { false } }
        for event in events.filter(isDerived) {
            if case .determinationMade = event.event, event.reference != last?.reference { continue }
            places[event.reference] = late.add(event.event.moved(places), on: "2017-02-01")
        }
        let lines = CanonicalExport.lines(of: family.history)
        #expect(lines == CanonicalExport.lines(of: late.history))
        #expect(lines == lines.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
        #expect(!lines.joined().contains("甲妻"))
        #expect(CanonicalExport.lines(of: family.history, isRevealed: true).joined().contains("甲妻"))
    }

    @Test("另一个事实就是另一份导出")
    func differenceShows() {
        let family = InventedFamily()
        var other = family
        other.stream.add(.personDied(PersonDied(person: family.husband)), on: "2016-03-01")
        #expect(CanonicalExport.lines(of: family.history) != CanonicalExport.lines(of: other.history))
    }

    @Test("手工解码与通用解码得到同样的行")
    func rowDecoderAgreesWithTheCodec() throws {
        var family = InventedFamily()
        let tenure = try #require(family.history.household.pairings.last { $0.period.end == nil })
        let next = Helper(
            id: PersonID(Identifier128(high: 8, low: 99)), unit: "unit.next", hasRealName: !tenure.helper.hasRealName)
        family.stream.add(
            .pairingHandedOver(
                PairingHandedOver(
                    kind: tenure.kind, from: tenure.helper.id, to: next, reason: Code(unchecked: "transfer"))),
            on: "2016-03-01")
        for event in family.stream.events {
            let payload = try EventCodec.encode(event.proposed, context: .sample).payload
            let kind = UInt32(event.event.kind.rawValue)
            let byHand = try payload.withUnsafeBytes { bytes in
                let open = RowEventDecoder.open(kind, bytes)
                return try #require(RowEventDecoder.event(kind: kind, version: 1, payload: open))
            }
            let decoded = try EventCodec.decodeAny(kind: kind, version: 1, payload: payload, sealed: .skip)
            guard case .household(let general) = decoded else { continue }
            #expect(rows(byHand) == rows(general))
        }
    }

    @Test("半截的字节读不出而不崩溃")
    func cutPayloads() throws {
        for event in InventedFamily().stream.events {
            let payload = try EventCodec.encode(event.proposed, context: .sample).payload
            for length in 0..<payload.count {
                payload[..<length].withUnsafeBytes { bytes in
                    let kind = UInt32(event.event.kind.rawValue)
                    _ = RowEventDecoder.event(kind: kind, version: 1, payload: RowEventDecoder.open(kind, bytes))
                }
            }
        }
    }

    /// Rows of a household in which only this event happened, after what it needs.
    private func rows(_ event: HouseholdEvent) -> HouseholdRows {
        let family = InventedFamily()
        var household = family.history.household
        household.evolve(
            KnownEvent(
                reference: EventReference(sequence: 99), recordedAt: Moment(microseconds: 0),
                command: CommandID(Identifier128(high: 0, low: 0)),
                proposed: ProposedEvent(occurredOn: .invented("2016-05-01"), event: event)))
        return HouseholdRows(household, lastSequence: 99, words: .sample)
    }
}

extension EventContext {
    fileprivate static let sample = EventContext(
        principal: Principal(
            peer: "intake", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
            department: DepartmentID(unchecked: "dept.fp"), divisions: [], rights: []),
        command: CommandID(Identifier128(high: 1, low: 1)))
}

extension HouseholdEvent {
    /// The event with its references moved to where they stand in another stream.
    fileprivate func moved(_ places: [EventReference: EventReference]) -> HouseholdEvent {
        switch self {
        case .needAnswered(var event):
            event.need = places[event.need] ?? event.need
            return .needAnswered(event)
        case .needClosed(var event):
            event.need = places[event.need] ?? event.need
            return .needClosed(event)
        case .determinationMade(var event):
            event.facts = event.facts.map { places[$0] ?? $0 }
            event.changes = []
            return .determinationMade(event)
        case .noticeDelivered(var event):
            event.notice = places[event.notice] ?? event.notice
            event.attempts = 3
            return .noticeDelivered(event)
        default:
            return self
        }
    }
}
