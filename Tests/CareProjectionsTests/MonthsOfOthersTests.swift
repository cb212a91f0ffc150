import CareDomain
import CareTestKit
import Testing

@testable import CareProjections

/// Given a man who left one family and joined another in one month, then the later family's page says that the other one pays it.
@Suite("档案页：由另一户发放的月份")
struct MonthsOfOthersTests {
    private static func man(_ file: UInt64) -> PersonID { PersonID(Identifier128(high: 9, low: file)) }

    /// A family in which he is from a day on.
    private static func family(_ number: UInt64, from: String, until: String? = nil) -> InventedStream {
        var stream = InventedStream(number)
        let home = HouseholdRegistered(division: DivisionCode("431002")!, area: .urban)
        stream.add(.registered(home), on: .invented("2014-08-01"))
        stream.add(.personJoined(PersonJoined(person: man(number), role: .husband)), on: .invented(from))
        if let until {
            let left = PersonLeft(person: man(number), reason: Code(unchecked: "left"))
            stream.add(.personLeft(left), on: .invented(until))
        }
        let made = PaymentBench.determination(
            man(number), [(max(from, "2014-09-10"), until, 300)],
            [PayerShare(payer: Code(unchecked: "finance"), parts: 1)], readThrough: UInt64(stream.events.count))
        stream.add(.determinationMade(made), on: .invented("2014-11-05"))
        return stream
    }

    private static func months(
        _ own: InventedStream, _ file: UInt64, _ other: InventedStream, _ there: UInt64, asOf day: String
    ) -> String? {
        line(own, file, other, there, asOf: day)?.monthsPaidThere
    }

    private static func line(
        _ own: InventedStream, _ file: UInt64, _ other: InventedStream, _ there: UInt64, asOf day: String = "2014-12-31"
    ) -> CareArchive.EntitlementLine? {
        var people = PeopleElsewhere()
        let trail = PersonTrail(
            [(own, file), (other, there)].map { stream, number in
                .confirmed(
                    PersonClaim(
                        household: stream.id, person: man(number),
                        command: CommandID(Identifier128(high: 3, low: number))))
            })
        people.add(trail, of: man(file), in: own.id)
        let page = CareArchive(
            own.history, ArchiveQuestion(asOf: .invented(day)), words: .sample, others: [other.history], people: people)
        return page.entitlements.first
    }

    @Test("后一户写明当月由先在的一户发放；先在的一户不写，以后的月份不写")
    func told() {
        let left = Self.family(1, from: "2014-08-01", until: "2014-10-30")
        let joined = Self.family(2, from: "2014-10-30")
        #expect(Self.months(joined, 2, left, 1, asOf: "2014-12-31") == "2014-10")
        #expect(Self.months(joined, 2, left, 1, asOf: "2014-09-30") == nil)
        #expect(Self.months(left, 1, joined, 2, asOf: "2014-12-31") == nil)
    }

    @Test("两户都列了的月份，两户的页面都写明")
    func orderedTwice() throws {
        var (left, joined) = (
            Self.family(1, from: "2014-08-01", until: "2014-10-30"), Self.family(2, from: "2014-10-30")
        )
        let month = CivilMonth(year: 2014, month: 10)
        func order(_ stream: inout InventedStream, _ file: UInt64) {
            let line = OrderedLine(
                clause: ClauseID("CZ-2.1")!, subject: .person(Self.man(file)), first: month, last: month,
                parts: [PayerPart(payer: Code(unchecked: "finance"), amount: .yuan(300))])
            let through = EventReference(sequence: UInt64(stream.events.count))
            stream.add(
                .paymentOrdered(
                    PaymentOrdered(
                        batch: BatchID(Identifier128(high: 6, low: file)), kind: .regular, knownThrough: through,
                        lines: [line])), on: .invented("2014-11-06"))
        }
        order(&left, 1)
        #expect(Self.line(joined, 2, left, 1)?.monthsOrderedTwice == nil)
        order(&joined, 2)
        #expect(Self.line(joined, 2, left, 1)?.monthsOrderedTwice == "2014-10")
        #expect(Self.line(left, 1, joined, 2)?.monthsOrderedTwice == "2014-10")
        #expect(Self.line(joined, 2, left, 1)?.monthsPaidThere == nil)
    }

    @Test("没有别的档案的人，页面不写")
    func nobodyElsewhere() {
        let joined = Self.family(2, from: "2014-10-30")
        let page = CareArchive(
            joined.history, ArchiveQuestion(asOf: .invented("2014-12-31")), words: .sample)
        #expect(page.entitlements.first?.reasons == [] && page.entitlements.first?.monthsPaidThere == nil)
    }
}
