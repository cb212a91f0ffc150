import CareDomain
import CareProjections
import CareTestKit
import CareWire
import Testing

/// 缺、资料不全、齐: what fills a slot by the reading of real names.
/// - Source: CZ-2.14a, reading CZ-Q27
@Suite("结对岗位：齐、资料不全、缺")
struct SlotCoverageTests {
    private static let cadre = PairingKind(unchecked: "cadre")
    private static let department = PairingKind(unchecked: "department")

    private static func person(_ number: UInt64) -> PersonID { PersonID(Identifier128(high: 0, low: number)) }

    private static func assigned(
        _ number: UInt64, _ kind: PairingKind = cadre, name: String? = "某", unit: String? = "镇政府", phone: String? = "1"
    ) -> HouseholdEvent {
        let details = PersonalDetails(name: name, phone: phone)
        return .pairingAssigned(
            PairingAssigned(
                kind: kind, helper: Helper(id: person(number), unit: unit, hasRealName: name != nil),
                sealed: details.isEmpty ? [] : [SealedPart(subject: person(number), details: details)]))
    }

    private static func ended(_ number: UInt64) -> HouseholdEvent {
        .pairingEnded(PairingEnded(kind: cadre, helper: person(number), reason: Code(unchecked: "left")))
    }

    private static func coverage(_ events: [(HouseholdEvent, String)]) -> SlotCoverage {
        var stream = InventedStream(8)
        for (event, day) in events { stream.add(event, on: day) }
        return SlotCoverage(stream.history.household.pairings, slots: CarePolicyWords.sample.slots)
    }

    private static func state(_ coverage: SlotCoverage, _ day: String) -> SlotState {
        coverage.state(cadre, on: .invented(day))
    }

    @Test("只有姓名：有人而资料不全，不算齐，也不算缺；补上之日起算齐")
    func nameAlone() {
        let coverage = Self.coverage([
            (Self.assigned(1, unit: nil, phone: nil), "2014-08-10"),
            (Self.assigned(1, name: nil, phone: nil), "2014-09-01"),
            (Self.assigned(1, name: nil, unit: nil), "2014-10-01"),
        ])
        #expect(Self.state(coverage, "2014-08-09") == .missing([]))
        #expect(Self.state(coverage, "2014-08-10") == .incomplete([.unit, .contact]))
        #expect(Self.state(coverage, "2014-09-01") == .incomplete(.contact))
        #expect(Self.state(coverage, "2014-10-01") == .filled)
        let line = coverage.lines[1]
        #expect(line.filled == [DayPeriod(start: .invented("2014-10-01"))])
        #expect(line.held == [DayPeriod(start: .invented("2014-08-10"))])
        #expect(line.parts.map(\.period.start) == [.invented("2014-08-10"), .invented("2014-09-01")])
        #expect(coverage.gapStart(Self.cadre, on: .invented("2014-08-20"), dutyFrom: .invented("2014-07-16")) == nil)
        #expect(
            coverage.gapStart(Self.cadre, on: .invented("2014-08-01"), dutyFrom: .invented("2014-07-16"))
                == .invented("2014-07-16"))
    }

    @Test("没有姓名的有人也是缺，说明缺姓名")
    func nameless() {
        let coverage = Self.coverage([(Self.assigned(1, name: nil), "2014-08-10")])
        #expect(Self.state(coverage, "2014-08-10") == .missing(.name))
        #expect(coverage.lines[1].held == [])
        #expect(
            coverage.gapStart(Self.cadre, on: .invented("2014-08-20"), dutyFrom: .invented("2014-07-16"))
                == .invented("2014-07-16"))
    }

    @Test("两人同岗，有一人资料齐全就算齐；都不全的，说缺得少的那一个；有名的先于无名的")
    func twoInOneSlot() {
        let coverage = Self.coverage([
            (Self.assigned(1, unit: nil, phone: nil), "2014-08-10"),
            (Self.assigned(2, phone: nil), "2014-08-20"),
            (Self.assigned(3), "2014-09-01"), (Self.ended(3), "2014-10-01"), (Self.ended(2), "2014-10-10"),
            (Self.assigned(4, name: nil), "2014-10-15"),
        ])
        #expect(Self.state(coverage, "2014-08-15") == .incomplete([.unit, .contact]))
        #expect(Self.state(coverage, "2014-08-20") == .incomplete(.contact))
        #expect(Self.state(coverage, "2014-09-15") == .filled)
        #expect(Self.state(coverage, "2014-10-05") == .incomplete(.contact))
        #expect(Self.state(coverage, "2014-10-20") == .incomplete([.unit, .contact]))
        #expect(coverage.lines[1].held == [DayPeriod(start: .invented("2014-08-10"))])
        #expect(coverage.lines[1].filled.map(\.end) == [.invented("2014-10-01")])
    }

    @Test("资料不全的人也占了本人的岗位，不能再算另一个")
    func incompleteHoldsTheirSlot() {
        let coverage = Self.coverage([
            (Self.assigned(1, phone: nil), "2014-08-10"),
            (Self.assigned(1, PairingKind(unchecked: "volunteer")), "2014-08-20"),
        ])
        #expect(Self.state(coverage, "2014-09-01") == .incomplete(.contact))
        #expect(coverage.state(PairingKind(unchecked: "volunteer"), on: .invented("2014-09-01")) == .missing([]))
    }

    @Test("只要姓名的口径：有姓名就算齐")
    func nameIsEnough() {
        var slots = CarePolicyWords.sample.slots
        for index in slots.indices { slots[index].asks = .name }
        var stream = InventedStream(8)
        stream.add(Self.assigned(1, unit: nil, phone: nil), on: "2014-08-10")
        stream.add(Self.assigned(2, Self.department, name: nil), on: "2014-08-10")
        let coverage = SlotCoverage(stream.history.household.pairings, slots: slots)
        #expect(Self.state(coverage, "2014-08-10") == .filled)
        #expect(coverage.state(Self.department, on: .invented("2014-08-10")) == .missing(.name))
        for index in slots.indices { slots[index].asks = [] }
        let any = SlotCoverage(stream.history.household.pairings, slots: slots)
        #expect(any.isFilled(Self.department, on: .invented("2014-08-10")))
    }

    @Test("档案页：资料不全的写明缺什么，不写缺人；往返不变")
    func page() throws {
        var family = InventedFamily()
        family.stream.add(
            Self.assigned(1, PairingKind(unchecked: "volunteer"), name: "壬志愿", phone: nil), on: "2015-12-01")
        let page = CareArchive(family.history, ArchiveQuestion(asOf: .invented("2015-12-05")), words: .sample)
        let slot = try #require(page.slots.last)
        #expect(!slot.isFilled && slot.isIncomplete && slot.missingSince == nil && slot.lastHelper == nil)
        #expect(slot.helpers.map(\.lacking) == [.contact])
        #expect(page.text().contains("壬志愿（资料不全：缺联系方式）"))
        #expect(page.json.text().contains(#""lacking":["contact"]"#))
        #expect(try CareArchive(page.wire) == page)
    }

    @Test("不写有没有电话的早先记录：不解开姓名也看得出，两种读法与打开来读的一样；看不到的不算缺")
    func earlierEvents() throws {
        let cases: [(HouseholdEvent, HelperDetails)] = [
            (Self.assigned(1), []), (Self.assigned(1, phone: nil), .contact),
            (Self.assigned(1, name: nil, phone: nil), [.name, .contact]),
        ]
        for (event, expected) in cases {
            let encoded = try EventCodec.encode(
                .household(event), occurredOn: .invented("2014-08-10"), context: .plain)
            #expect(try Self.readings(encoded.payload) == [expected, expected, expected])
            let withheld = try SealedFields.withheld(payload: encoded.payload)
            let known = withheld == encoded.payload ? expected : expected.subtracting(.contact)
            #expect(try Self.readings(withheld) == [known, known, known])
        }
    }

    /// What is lacking by the reading with the sealed parts, by the one without them, and by the hand-made one.
    private static func readings(_ payload: [UInt8]) throws -> [HelperDetails?] {
        let kind = UInt32(EventKind.pairingAssigned.rawValue)
        var found: [HelperDetails?] = []
        for reading in [SealedReading.open, .skip] {
            let read = try EventCodec.decodeAny(kind: kind, version: 1, payload: payload, sealed: reading)
            guard case .household(let event) = read else { continue }
            found.append(lacking(event))
        }
        let byHand = payload.withUnsafeBytes { bytes in
            RowEventDecoder.event(kind: kind, version: 1, payload: RowEventDecoder.open(kind, bytes))
        }
        found.append(byHand.flatMap(lacking))
        return found
    }

    private static func lacking(_ event: HouseholdEvent) -> HelperDetails? {
        var stream = InventedStream(8)
        stream.add(event, on: "2014-08-10")
        return stream.history.household.pairings.first?.lacking([.name, .unit, .contact], on: .invented("2014-08-10"))
    }
}

extension EventContext {
    fileprivate static let plain = EventContext(
        principal: Principal(
            peer: "intake", actor: Code(unchecked: "clerk-7"), role: Code(unchecked: "cadre"),
            department: DepartmentID(unchecked: "dept.fp"), divisions: [], rights: []),
        command: CommandID(Identifier128(high: 1, low: 1)))
}
