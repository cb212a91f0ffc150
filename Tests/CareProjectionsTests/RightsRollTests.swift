import CareDomain
import CareProjections
import CareTestKit
import Testing

/// One family's right over three quarters, by what was known at the end of each.
@Suite("季度名单：按季末所知，差异写在下一季", .timeLimit(.minutes(5)))
struct RightsRollTests {
    private static let clause = ClauseID("BS-3.4")!
    private static let wife = PersonID(Identifier128(high: 7, low: 1))
    private static let husband = PersonID(Identifier128(high: 7, low: 2))

    /// Registered in May 2021; both parents hold the right from the document's day, 26 June.
    private func family(_ body: (inout InventedStream) -> Void = { _ in }) -> HouseholdHistory {
        var stream = InventedStream(1)
        stream.add(.registered(HouseholdRegistered(division: DivisionCode("370304001001")!)), on: "2021-05-06")
        for (person, role, name) in [(Self.wife, MemberRole.wife, "欧阳某"), (Self.husband, .husband, "陈某")] {
            let sealed = SealedPart(subject: person, details: PersonalDetails(name: name))
            stream.add(
                .personJoined(PersonJoined(person: person, role: role, sealed: [sealed])), on: "1990-01-01",
                recorded: "2021-05-06")
            determine(&stream, person, until: nil, recorded: "2021-06-26")
        }
        body(&stream)
        return stream.history
    }

    private func determine(_ stream: inout InventedStream, _ person: PersonID, until: String?, recorded: String) {
        // Two intervals side by side, as a change of the standard makes them: the right runs without a break.
        let middle = CivilDay.invented("2021-07-15")
        let end = until.map { CivilDay.invented($0) }
        stream.add(
            .determinationMade(
                DeterminationMade(
                    clause: Self.clause, subject: .person(person), pack: PackID(unchecked: "boshan-2021"),
                    packVersion: .invented("2021-04-01"), packHash: Array(repeating: 7, count: 32),
                    cadence: Code(unchecked: "visit"),
                    intervals: [
                        .init(period: DayPeriod(start: .invented("2021-06-26"), end: middle), status: .entitled),
                        .init(period: DayPeriod(start: middle, end: end), status: .needsParameter, rightHolds: true),
                    ], facts: [EventReference(sequence: 1)], readThrough: EventReference(sequence: 1))),
            on: recorded)
    }

    private func cut(_ day: String) -> RightsRoll.Cut {
        RightsRoll.Cut(day: .invented(day), knownAt: Moment(parsing: day)!)
    }

    private func changes(
        _ history: HouseholdHistory, _ day: String, before: String? = nil, within: String = "370304"
    ) -> [String] {
        let wanted = DivisionCode(within)!
        let roll = RightsRoll(history, clause: Self.clause, present: cut(day), before: before.map(cut)) {
            $0.isWithin(wanted)
        }
        return roll.lines.map { "\($0.role) \($0.change.rawValue)" }
    }

    @Test("文件施行后第一季新增，下一季照旧；自何日起、姓名、依据都在")
    func addedThenKept() throws {
        let history = family()
        #expect(changes(history, "2021-03-31") == [])
        #expect(changes(history, "2021-06-30", before: "2021-03-31") == ["妻子 added", "丈夫 added"])
        #expect(changes(history, "2021-09-30", before: "2021-06-30") == ["妻子 kept", "丈夫 kept"])
        let roll = RightsRoll(history, clause: Self.clause, present: cut("2021-09-30")) { _ in true }
        let wife = try #require(roll.lines.first)
        #expect(wife.since == .invented("2021-06-26") && wife.determination.sequence == 3)
        #expect(wife.details?.name == "欧阳某" && wife.division.rawValue == "370304001001")
    }

    @Test("九月二日去世、当月得知：三季度写明退出，四季度不再出现")
    func diedAndKnown() {
        let history = family {
            $0.add(.personDied(PersonDied(person: Self.husband)), on: "2021-09-02", recorded: "2021-09-05")
            determine(&$0, Self.husband, until: "2021-09-02", recorded: "2021-09-05")
        }
        #expect(changes(history, "2021-09-30", before: "2021-06-30") == ["妻子 kept", "丈夫 died"])
        #expect(changes(history, "2021-12-31", before: "2021-09-30") == ["妻子 kept"])
    }

    @Test("九月二日去世、十月才得知：三季度名单不变，四季度写明退出")
    func diedAndLearnedLate() {
        let history = family {
            $0.add(.personDied(PersonDied(person: Self.husband)), on: "2021-09-02", recorded: "2021-10-08")
            determine(&$0, Self.husband, until: "2021-09-02", recorded: "2021-10-08")
        }
        #expect(changes(history, "2021-09-30", before: "2021-06-30") == ["妻子 kept", "丈夫 kept"])
        #expect(changes(history, "2021-12-31", before: "2021-09-30") == ["妻子 kept", "丈夫 died"])
    }

    @Test("后来的更正不改已报的名单")
    func laterCorrectionsChangeNothing() {
        let before = changes(family(), "2021-09-30", before: "2021-06-30")
        let history = family {
            $0.add(
                .registered(HouseholdRegistered(division: DivisionCode("370303001001")!)), on: "2021-05-06",
                recorded: "2021-11-01", corrects: EventReference(sequence: 1))
        }
        #expect(changes(history, "2021-09-30", before: "2021-06-30") == before)
        #expect(changes(history, "2021-12-31", before: "2021-09-30") == ["妻子 moved", "丈夫 moved"])
    }

    @Test("迁出、离开、销档、不再符合：各有缘由")
    func reasons() {
        func third(_ body: (inout InventedStream) -> Void) -> [String] {
            changes(family(body), "2021-09-30", before: "2021-06-30")
        }
        let moved = third {
            $0.add(
                .moved(HouseholdMoved(kind: .registration, division: DivisionCode("370303001001")!)), on: "2021-08-01")
        }
        #expect(moved == ["妻子 moved", "丈夫 moved"])
        let within = third {
            $0.add(
                .moved(HouseholdMoved(kind: .registration, division: DivisionCode("370304002001")!)), on: "2021-08-01")
        }
        #expect(within == ["妻子 kept", "丈夫 kept"])
        let left = third {
            $0.add(
                .personLeft(PersonLeft(person: Self.husband, reason: Code(unchecked: "divorce"))), on: "2021-08-01")
            determine(&$0, Self.husband, until: "2021-08-01", recorded: "2021-08-01")
        }
        #expect(left == ["妻子 kept", "丈夫 left"])
        let closed = third { $0.add(.closed(HouseholdClosed(reason: Code(unchecked: "other"))), on: "2021-09-30") }
        #expect(closed == ["妻子 closed", "丈夫 closed"])
        let closedLater = third {
            $0.add(
                .closed(HouseholdClosed(reason: Code(unchecked: "other"))), on: "2021-10-01", recorded: "2021-09-20")
        }
        #expect(closedLater == ["妻子 kept", "丈夫 kept"])
        let ended = third { determine(&$0, Self.wife, until: "2021-09-01", recorded: "2021-09-03") }
        #expect(ended == ["丈夫 kept", "妻子 ended"])
    }
}
