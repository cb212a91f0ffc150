import CareDomain
import CareProjections
import CareTestKit
import Testing

/// What a family's page and the quarter's list tell of goods that were handed out.
@Suite("档案页与名单上的实物发放")
struct HandOutPageTests {
    private static let clause = ClauseID("BS-3.2")!
    private static let wife = PersonID(Identifier128(high: 7, low: 1))
    private static let neighbour = PersonID(Identifier128(high: 7, low: 9))
    private static let slip = FileDigest(bytes: Array(repeating: 5, count: 32))!

    /// The wife took the goods of 2021 on 12 November, with a slip; a neighbour those of 2022, without one.
    private static let stream: InventedStream = {
        var stream = InventedStream(1)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode("370304001001")!)), on: "2021-05-06")
        stream.add(.personJoined(PersonJoined(person: wife, role: .wife)), on: "2021-05-06")
        stream.add(
            .determinationMade(
                DeterminationMade(
                    clause: clause, subject: .household, pack: PackID(unchecked: "boshan-2021"),
                    packVersion: .invented("2021-04-01"), packHash: Array(repeating: 7, count: 32),
                    cadence: Code(unchecked: "year"),
                    intervals: [.init(period: DayPeriod(start: .invented("2021-06-26")), status: .entitled)],
                    facts: [EventReference(sequence: 1)], readThrough: EventReference(sequence: 1))),
            on: "2021-06-26")
        stream.add(.goodsHandedOut(handed("2021", wife, .slip(slip))), on: "2021-11-12")
        var second = handed("2022", neighbour, GoodsHandedOut.Receipt.none(Code(unchecked: "nobody_home")))
        second.relation = Code(unchecked: "neighbour")
        second.sealed = [SealedPart(subject: neighbour, details: PersonalDetails(name: "赵邻居"))]
        stream.add(.goodsHandedOut(second), on: "2022-11-01")
        return stream
    }()

    private static func handed(
        _ period: String, _ receiver: PersonID, _ receipt: GoodsHandedOut.Receipt
    ) -> GoodsHandedOut {
        GoodsHandedOut(
            clause: clause, period: Code(unchecked: period),
            items: [HandedGoods(goods: Code(unchecked: "detergent"), count: 2)], receiver: receiver, receipt: receipt)
    }

    private func page(_ day: String, isRevealed: Bool = false) -> CareArchive {
        CareArchive(
            Self.stream.history, ArchiveQuestion(asOf: .invented(day), isRevealed: isRevealed), words: .sample)
    }

    @Test("物品、领取人、签收单或理由；他人的姓名遮蔽；经总线不变")
    func shown() throws {
        let page = page("2022-12-31")
        #expect(page.handOuts.map(\.period) == ["2021", "2022"])
        #expect(page.handOuts[0].receipt == .slip(Self.slip) && page.handOuts[0].relation == nil)
        #expect(page.handOuts[1].receiverText == "赵**" && page.handOuts[1].relation?.chinese == "邻居")
        let text = page.text()
        #expect(text.contains("【实物发放】共 2 条") && text.contains("洗衣液×2") && text.contains("无：家中无人"))
        #expect(text.contains(Self.slip.reference) && !text.contains("赵邻居"))
        #expect(try CareArchive(page.wire) == page)
        #expect(self.page("2022-12-31", isRevealed: true).handOuts[1].receiverText == "赵邻居")
        #expect(self.page("2022-10-31").handOuts.count == 1)
    }

    @Test("名单写明本期发放日：名单日之后发的、上一期的都不算")
    func roll() {
        func day(_ day: String) -> CivilDay? {
            let cut = RightsRoll.Cut(day: .invented(day), knownAt: Moment(parsing: "2030-01-01")!)
            let roll = RightsRoll(Self.stream.history, clause: Self.clause, present: cut, goods: .year) { _ in true }
            return roll.lines.first?.handOut?.day
        }
        #expect(day("2021-09-30") == nil && day("2021-12-31") == .invented("2021-11-12"))
        #expect(day("2022-09-30") == nil && day("2022-12-31") == .invented("2022-11-01"))
    }

    /// A family to which the goods are due, without any yet.
    private static func entitled(_ number: UInt64) -> InventedStream {
        var family = InventedStream(number)
        for event in stream.events.prefix(3) { family.add(event.event, on: event.occurredOn) }
        return family
    }

    @Test("并来的一户这一期领过的，并户以后算并入的那一户，只算一次；名单当时还不知道并户的、并户以前就过去的一期不算")
    func rollOfMergedFamilies() throws {
        var taken = Self.entitled(1)
        var going = Self.entitled(2)
        let got = taken.add(.goodsHandedOut(Self.handed("2021", Self.wife, .slip(Self.slip))), on: "2021-11-12")
        taken.add(.merged(HouseholdMerged(other: going.id, side: .absorbed)), on: "2021-12-01")
        going.add(.merged(HouseholdMerged(other: taken.id, side: .absorbing)), on: "2021-12-01")
        func line(_ family: InventedStream, _ other: InventedStream, _ day: String, known: String = "2030-01-01") throws
            -> RightsRoll.Line?
        {
            let cut = RightsRoll.Cut(day: .invented(day), knownAt: try #require(Moment(parsing: known)))
            return RightsRoll(
                family.history, clause: Self.clause, present: cut, goods: .year, others: [other.history]
            ) { _ in true }.lines.first
        }
        let before = try #require(try line(taken, going, "2021-11-30"))
        #expect(before.handOut?.day == .invented("2021-11-12") && before.handOutFile == taken.id)
        #expect(try line(going, taken, "2021-11-30")?.handOut == nil)
        #expect(try line(taken, going, "2021-12-31") == nil)
        let after = try #require(try line(going, taken, "2021-12-31"))
        #expect(after.handOut?.day == .invented("2021-11-12") && after.handOut?.reference == got)
        #expect(after.handOutFile == taken.id)
        #expect(try line(going, taken, "2021-12-31", known: "2021-11-20")?.handOut == nil)
        #expect(try line(going, taken, "2022-12-31")?.handOut == nil)
        // Its own counts first: nothing is counted twice.
        going.add(.goodsHandedOut(Self.handed("2021", Self.wife, .slip(Self.slip))), on: "2021-12-20")
        let own = try #require(try line(going, taken, "2021-12-31"))
        #expect(own.handOut?.day == .invented("2021-12-20") && own.handOutFile == going.id)
        // A year that was over before the merge was each family's own.
        var late = Self.entitled(3)
        late.add(.merged(HouseholdMerged(other: taken.id, side: .absorbing)), on: "2022-02-01")
        #expect(try line(late, taken, "2021-12-31")?.handOut == nil)
    }
}
