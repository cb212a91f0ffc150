import CareDomain
import CareProjections
import CareTestKit
import ReadModels
import Testing

/// A husband with 300 yuan a month from September 2014, who goes on in a file of his own on 15 October 2014; both files are
/// determined anew in February 2015.
@Suite("应补与多发清单：分户以后", .timeLimit(.minutes(10)))
struct SharedDuesListTests {
    private static let husband = PersonID(Identifier128(high: 5, low: 5))
    private static let clause = ClauseID("CZ-2.1")!
    private static let (september, january) = (CivilMonth(year: 2014, month: 9), CivilMonth(year: 2015, month: 1))

    private static func made(
        _ from: String, _ until: String?, yuan: Int64 = 300, of person: PersonID = husband, _ changes: [DueChange]
    ) -> HouseholdEvent {
        .determinationMade(
            DeterminationMade(
                clause: clause, subject: .person(person), pack: PackID(unchecked: "chenzhou-2014"),
                packVersion: .invented("2014-07-16"), packHash: Array(repeating: 7, count: 32),
                cadence: Code(unchecked: "month"),
                intervals: [
                    .init(
                        period: DayPeriod(start: .invented(from), end: until.map { .invented($0) }), status: .entitled,
                        amount: .yuan(yuan), payers: [PayerShare(payer: Code(unchecked: "finance"), parts: 1)])
                ], facts: [EventReference(sequence: 1)], readThrough: EventReference(sequence: 1), changes: changes))
    }

    private static func change(_ first: CivilMonth, _ last: CivilMonth, _ before: Int64, _ after: Int64) -> DueChange {
        DueChange(first: first, last: last, before: .yuan(before), after: .yuan(after))
    }

    /// The old file and the new one.
    /// - Parameters:
    ///   - paid: The last month from September 2014 on that the old file paid.
    ///   - isReversed: Whether that order was taken back.
    ///   - yuan: What is due in the new file.
    private static func files(paid: CivilMonth, isReversed: Bool = false, yuan: Int64 = 300) -> [InventedStream] {
        var (old, new) = (InventedStream(1), InventedStream(2))
        let home = HouseholdRegistered(division: DivisionCode("431002")!)
        let joined = HouseholdEvent.personJoined(PersonJoined(person: husband, role: .husband))
        old.add(.registered(home), on: .invented("2014-08-01"))
        old.add(joined, on: .invented("2014-08-01"))
        let first = old.add(made("2014-09-10", nil, []), on: .invented("2014-09-10"))
        let batch = BatchID(Identifier128(high: 8, low: 1))
        let line = OrderedLine(
            clause: clause, subject: .person(husband), first: september, last: paid,
            parts: [PayerPart(payer: Code(unchecked: "finance"), amount: .yuan(300))])
        let order = old.add(
            .paymentOrdered(PaymentOrdered(batch: batch, kind: .regular, knownThrough: first, lines: [line])),
            on: .invented("2015-01-20"))
        if isReversed {
            old.add(
                .paymentConcluded(
                    PaymentConcluded(
                        batch: batch, order: order, line: 0, outcome: .reversed, cause: EventReference(sequence: 3),
                        reason: Code(unchecked: "mistake"))), on: .invented("2015-01-25"))
        }
        let (day, told) = (CivilDay.invented("2014-10-15"), CivilDay.invented("2015-02-10"))
        old.add(
            .split(HouseholdSplit(other: new.id, side: .remaining, persons: [husband])), on: day, recorded: told)
        old.add(
            made("2014-09-10", "2014-10-15", [change(september + 2, january, 300, 0)]), on: told)
        new.add(.registered(home), on: day, recorded: told)
        new.add(
            .split(HouseholdSplit(other: old.id, side: .separated, persons: [husband])), on: day, recorded: told)
        new.add(joined, on: day, recorded: told)
        new.add(made("2014-10-15", nil, yuan: yuan, [change(september + 1, january, 0, yuan)]), on: told)
        return [old, new]
    }

    private func listed(_ streams: [InventedStream]) throws -> [String] {
        let lists = ReadModelLists(try Bench().filled(streams), words: .sample)
        let (part, arrears, recoveries) = try lists.differences(.chenzhou("2015-03-01"))
        let sums = part.entries.map { $0.kind == .arrears ? $0.sum : .zero }
        #expect(part.total == part.entries.count)
        #expect(arrears == sums.reduce(.zero, +))
        #expect(arrears + recoveries == part.entries.map(\.sum).reduce(.zero, +))
        return part.entries.map {
            "\($0.household == streams[0].id ? "old" : "new") \($0.kind.rawValue) "
                + "\($0.first)…\($0.last) \($0.months) \($0.sum)"
        }
    }

    @Test("老户发过的月份既不追也不补")
    func paidInTheOldFile() throws {
        #expect(try listed(Self.files(paid: Self.january)) == [])
    }

    @Test("只发到十二月：新户只补一月；发过又冲销的照补")
    func partlyPaid() throws {
        #expect(try listed(Self.files(paid: Self.january + -1)) == ["new arrears 2015-01…2015-01 1 300.00"])
        let reversed = Self.files(paid: Self.january, isReversed: true)
        #expect(try listed(reversed) == ["new arrears 2014-11…2015-01 3 900.00"])
    }

    @Test("新户标准低：老户只追差额；新户标准高：新户只补差额")
    func otherRate() throws {
        #expect(
            try listed(Self.files(paid: Self.january, yuan: 200)) == ["old recovery 2014-11…2015-01 3 300.00"])
        #expect(try listed(Self.files(paid: Self.january, yuan: 400)) == ["new arrears 2014-11…2015-01 3 300.00"])
    }

    @Test("逐条跟进与从头重建得到同样的行", arguments: [false, true])
    func rebuilt(isReversed: Bool) throws {
        let bench = try Bench()
        let kept = try bench.filled(Self.files(paid: Self.january, isReversed: isReversed)).canonicalLines()
        let built = try bench.rebuilder().run(path: bench.path("built.sqlite"))
        #expect(try built.file.canonicalLines() == kept)
        #expect(kept.count { $0.hasPrefix("shared_months ") } == 7)
    }

    @Test("档案页的待补待追与清单一致")
    func page() throws {
        let files = Self.files(paid: Self.january, yuan: 400)
        for (own, other) in [(files[0], files[1]), (files[1], files[0])] {
            let page = CareArchive(
                own.history, ArchiveQuestion(asOf: .invented("2015-03-01")), words: .sample, others: [other.history])
            let line = try #require(page.entitlements.first { $0.clause == Self.clause })
            #expect(line.standingRecovery == .zero)
            #expect(line.standingArrears == (own.id == files[1].id ? .yuan(300) : .zero))
        }
    }

    /// He leaves the family with whose file he came, and comes with another file under an id of its own; both owe since September 2014.
    private static func registeredTwice() -> (streams: [InventedStream], people: PeopleElsewhere) {
        var (old, new) = (InventedStream(1), InventedStream(2))
        let home = HouseholdRegistered(division: DivisionCode("431002")!)
        let token = PersonToken(Identifier128(high: 6, low: 6))
        let other = PersonID(Identifier128(high: 5, low: 6))
        let told = CivilDay.invented("2016-01-10")
        old.add(.registered(home), on: .invented("2015-01-01"))
        old.add(
            .personJoined(PersonJoined(person: husband, role: .husband, token: token)), on: .invented("2015-01-01"))
        old.add(
            .personLeft(PersonLeft(person: husband, reason: Code(unchecked: "divorce"))), on: .invented("2015-06-01"))
        old.add(made("2014-09-10", "2015-06-01", [change(september, september + 8, 0, 300)]), on: told)
        new.add(.registered(home), on: .invented("2015-08-01"))
        new.add(.personJoined(PersonJoined(person: other, role: .husband, token: token)), on: .invented("2015-08-01"))
        new.add(made("2014-09-10", nil, of: other, [change(september, september + 15, 0, 300)]), on: told)
        let claim = PersonClaim(household: old.id, person: husband, command: CommandID(Identifier128(high: 3, low: 1)))
        var people = PeopleElsewhere()
        people.add(PersonTrail([.reserved(claim)]), of: other, in: new.id)
        return ([old, new], people)
    }

    @Test("先后随两户建档：清单上后一户的应补标明另一户也应发，先在的一户不标；后一户的页上只有余下的月份待补")
    func dueInOtherFile() throws {
        let (streams, people) = Self.registeredTwice()
        let lists = ReadModelLists(try Bench().filled(streams), words: .sample)
        let entries = try lists.differences(.chenzhou("2016-03-01")).part.entries
        #expect(entries.count == 2)
        #expect(entries.filter(\.isDueInOtherFile).map(\.household) == [streams[1].id])
        let page = CareArchive(
            streams[1].history, ArchiveQuestion(asOf: .invented("2016-03-01")), words: .sample,
            others: [streams[0].history], people: people)
        let line = try #require(page.entitlements.first { $0.clause == Self.clause })
        #expect(line.standingArrears == .yuan(2100))
    }
}
