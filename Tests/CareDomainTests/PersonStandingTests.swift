import CareDomain
import Testing

/// Given what a person's stream says, whose household are they in?
@Suite("人员归属")
struct PersonStandingTests {
    private static func claim(_ household: UInt64, _ command: UInt64) -> PersonClaim {
        PersonClaim(
            household: HouseholdID(Identifier128(high: 1, low: household)),
            person: PersonID(Identifier128(high: 2, low: 1)), command: CommandID(Identifier128(high: 3, low: command)))
    }

    private static func standing(_ events: [PersonEvent]) -> PersonStanding {
        var standing = PersonStanding()
        for (index, event) in events.enumerated() {
            standing.evolve(event, sequence: UInt64(index + 1), recordedAt: Moment(microseconds: Int64(index)))
        }
        return standing
    }

    @Test("迁移中的占位给回去：人回到原来那一户，占了几次都一样", arguments: 1...3)
    func reservationIsGivenBack(times: Int) {
        let (home, move) = (Self.claim(1, 1), Self.claim(2, 2))
        let reservations = Array(repeating: PersonEvent.reserved(move), count: times)
        let standing = Self.standing(
            [.reserved(home), .confirmed(home)] + reservations + [.released(move, reason: Code(unchecked: "abandoned"))]
        )
        #expect(standing.state == .held(home))
    }

    @Test("新建档的占位给回去：人是自由的")
    func firstReservationIsGivenBack() {
        let claim = Self.claim(1, 1)
        let released = PersonEvent.released(claim, reason: Code(unchecked: "abandoned"))
        #expect(Self.standing([.reserved(claim), .reserved(claim), released]).state == .free)
    }
}
