/// One unit: the fold of its `unit-<division>` stream.
package struct UnitStanding: Hashable, Sendable {
    /// A place taken by a grant.
    package struct Place: Hashable, Sendable {
        /// How far it is.
        package enum State: Hashable, Sendable {
            /// 占位.
            case reserved
            /// 已资助: the decision in the household's stream.
            case confirmed(EventReference)
            /// 已释放.
            case released(PlaceReleased.Cause, Code)
        }

        package let reserved: PlaceReserved
        package let reservedOn: CivilDay
        package let by: Code?
        package internal(set) var state: State = .reserved
        /// As decided in the household's stream.
        package internal(set) var amount: Fen
        /// The decision in the household's stream; stays when the place is released.
        package internal(set) var award: EventReference?

        /// Whether it counts against the number.
        package var isTaken: Bool {
            switch state {
            case .reserved, .confirmed: true
            case .released: false
            }
        }

        /// Stable code: reserved, confirmed, refused, released, expired.
        package var stateCode: String {
            switch state {
            case .reserved: "reserved"
            case .confirmed: "confirmed"
            case .released(let cause, _): cause.rawValue
            }
        }
    }

    /// Points given to one part.
    package struct Score: Hashable, Sendable {
        package let scored: UnitScored
        package let on: CivilDay
        package let by: Code?
    }

    /// A settlement with who had it made.
    package struct MadeSettlement: Hashable, Sendable {
        package let settlement: Settlement
        package let reference: EventReference
        package let on: CivilDay
        package let by: Code?
    }

    /// What is set for one year.
    package struct Year: Hashable, Sendable {
        package internal(set) var numbers: [ClauseID: Int] = [:]
        package internal(set) var budget: Fen?
        package internal(set) var advance: Fen?
        package internal(set) var scores: [ClauseID: Score] = [:]
        /// The newest last.
        package internal(set) var settlements: [MadeSettlement] = []
        /// Accounts of those who gave grants and took them back, managed the money, and gave points.
        package internal(set) var holders: [CaseFunction: Set<Code>] = [:]
    }

    package let division: DivisionCode
    package private(set) var years: [Int: Year] = [:]
    package private(set) var places: [GrantID: Place] = [:]
    /// Grants in the order in which they were first given.
    package private(set) var order: [GrantID] = []
    package private(set) var lastSequence: UInt64 = 0

    /// Nothing known yet.
    package init(division: DivisionCode) { self.division = division }

    package func year(_ year: Int) -> Year { years[year] ?? Year() }

    /// The places of a year for one project that are held or hold a grant.
    package func taken(_ clause: ClauseID, in year: Int) -> [Place] {
        order.compactMap { places[$0] }.filter {
            $0.isTaken && $0.reserved.clause == clause && $0.reserved.year == year
        }
    }

    /// Takes the next event in; one already held is ignored. Total: an event that does not fit changes nothing.
    package mutating func evolve(_ known: KnownUnitEvent) {
        guard known.reference.sequence > lastSequence else { return }
        lastSequence = known.reference.sequence
        note(known)
        switch known.event {
        case .guidanceSet(let set):
            for number in set.numbers { years[set.year, default: Year()].numbers[number.clause] = number.places }
        case .budgetSet(let sum): years[sum.year, default: Year()].budget = sum.amount
        case .advanceSet(let sum): years[sum.year, default: Year()].advance = sum.amount
        case .scored(let scored):
            years[scored.year, default: Year()].scores[scored.clause] = Score(
                scored: scored, on: known.occurredOn, by: known.actor)
        case .settled(let settlement):
            years[settlement.year, default: Year()].settlements.append(
                MadeSettlement(
                    settlement: settlement, reference: known.reference, on: known.occurredOn, by: known.actor))
        case .placeReserved(let reserved):
            if places[reserved.grant] == nil { order.append(reserved.grant) }
            places[reserved.grant] = Place(
                reserved: reserved, reservedOn: known.occurredOn, by: known.actor, amount: reserved.amount)
        case .placeConfirmed(let confirmed):
            places[confirmed.grant]?.state = .confirmed(confirmed.award)
            places[confirmed.grant]?.award = confirmed.award
            places[confirmed.grant]?.amount = confirmed.amount
        case .placeReleased(let released):
            places[released.grant]?.state = .released(released.cause, released.reason)
        }
    }

    /// Notes who holds which function on the year. A place that was held for a grant and let go again is nothing held.
    private mutating func note(_ known: KnownUnitEvent) {
        func hold(_ function: CaseFunction, _ year: Int?, _ actor: Code?) {
            guard let year, let actor else { return }
            years[year, default: Year()].holders[function, default: []].insert(actor)
        }
        switch known.event {
        case .budgetSet(let sum), .advanceSet(let sum): hold(.fund, sum.year, known.actor)
        case .settled(let settlement): hold(.fund, settlement.year, known.actor)
        case .scored(let scored): hold(.supervision, scored.year, known.actor)
        case .placeConfirmed(let confirmed):
            let place = places[confirmed.grant]
            hold(.review, place?.reserved.year, place?.by)
        case .placeReleased(let released) where released.cause == .released:
            hold(.review, places[released.grant]?.reserved.year, known.actor)
        case .guidanceSet, .placeReserved, .placeReleased: break
        }
    }
}
