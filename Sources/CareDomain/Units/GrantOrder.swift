/// 资助编号: one grant, named by the command that gives it.
package struct GrantID: TypedIdentifier {
    package let value: Identifier128
    package init(_ value: Identifier128) { self.value = value }

    /// The grant that a command gives.
    package init(_ command: CommandID) { value = command.value }

    /// The command that gives it.
    package var command: CommandID { CommandID(value) }
}

/// Where a grant stands among the guidance numbers; part of the decision in the household's stream.
package struct GrantPlace: Hashable, Sendable {
    package var unit: DivisionCode
    package var year: Int
    package var grant: GrantID
    /// The application on which it rests; nil where the pack asks for none.
    package var application: EventReference?

    package init(unit: DivisionCode, year: Int, grant: GrantID, application: EventReference? = nil) {
        self.unit = unit
        self.year = year
        self.grant = grant
        self.application = application
    }
}

/// 资助: what a unit wants to grant to a household.
package struct GrantOrder: Hashable, Sendable {
    package var household: HouseholdID
    package var clause: ClauseID
    package var subject: FactSubject
    package var year: Int
    /// nil = the clause's own sum.
    package var amount: Fen?
    /// Why the sum departs from it, the place lies beyond the number, or an exception is made.
    package var reason: Code?
    /// Whether it is given although the family was helped the year before.
    package var isException: Bool
    package var secondApprover: Code?

    package init(
        household: HouseholdID, clause: ClauseID, subject: FactSubject, year: Int, amount: Fen? = nil,
        reason: Code? = nil, isException: Bool = false, secondApprover: Code? = nil
    ) {
        self.household = household
        self.clause = clause
        self.subject = subject
        self.year = year
        self.amount = amount
        self.reason = reason
        self.isException = isException
        self.secondApprover = secondApprover
    }
}

/// The end of a grant or of its place.
package struct GrantEnd: Hashable, Sendable {
    package var grant: GrantID
    package var reason: Code

    package init(grant: GrantID, reason: Code) {
        self.grant = grant
        self.reason = reason
    }
}

extension Code {
    /// 标准: why a grant of the clause's own sum is given.
    static let standardGrant = Code(unchecked: "standard")
}

extension HouseholdHistory {
    /// Decides a grant in the household's own stream: the right is there, nothing bars it, an application was confirmed, and
    /// the unit is one of the places where the household is registered or lives.
    ///
    /// - Parameters:
    ///   - order: What is wanted.
    ///   - unit: Who wants it.
    ///   - grant: What it is called.
    ///   - id: The command of the household's append.
    ///   - day: The day it is decided.
    package func decide(
        _ order: GrantOrder, of unit: DivisionCode, grant: GrantID, id: CommandID, on day: CivilDay,
        in context: DecisionContext
    ) -> Decision {
        do throws(Refusal) {
            let decided = try award(order, of: unit, grant: grant, on: day, in: context)
            return decide(.decideAward(decided), of: grant, id: id, on: day, in: context)
        } catch {
            return .refused(error)
        }
    }

    private func award(
        _ order: GrantOrder, of unit: DivisionCode, grant: GrantID, on day: CivilDay, in context: DecisionContext
    ) throws(Refusal) -> AwardDecided {
        guard let project = context.policy.guidance(in: order.year)?.project(order.clause) else {
            throw Refusal(.noGuidance, field: "clause", detail: "\(order.year) \(order.clause)", clause: order.clause)
        }
        guard household.isIn(unit, on: day) else {
            throw Refusal(.grantElsewhere, field: "household", detail: unit.rawValue, clause: order.clause)
        }
        try checkAlive(order)
        let amount = order.amount ?? project.standard
        if order.reason == nil, amount != project.standard || order.isException {
            throw Refusal(.grantReasonMissing, field: "reason", detail: "\(project.standard)", clause: order.clause)
        }
        guard let start = CivilDay(year: order.year, month: 1, day: 1),
            let end = CivilDay(year: order.year + 1, month: 1, day: 1)
        else { throw Refusal(.dayOrder, field: "year", detail: "\(order.year)") }
        let applications = household.applications.filter {
            $0.clause == order.clause && $0.subject == order.subject && $0.state == .confirmed
                && ($0.submittedOn.year == order.year || $0.confirmedOn?.year == order.year)
        }
        let application = applications.last { $0.confirmedOn.map { $0 <= day } ?? true } ?? applications.last
        return AwardDecided(
            clause: order.clause, subject: order.subject,
            outcome: order.isException ? .excepted(amount) : .granted(amount),
            period: DayPeriod(start: start, end: end), reason: order.reason ?? .standardGrant,
            secondApprover: order.secondApprover,
            place: GrantPlace(unit: unit, year: order.year, grant: grant, application: application?.reference))
    }

    /// Nothing is granted where nobody is left to be helped, however the grant is dated: a death that is known counts, as it does when
    /// an application is confirmed.
    /// - Source: 温卫发〔2021〕42号 四（一）: 确认发放
    private func checkAlive(_ order: GrantOrder) throws(Refusal) {
        var isAnybodyLeft = household.members.contains { $0.diedOn == nil && $0.leftOn == nil }
        var died = household.members.compactMap(\.diedOn).max()
        if case .person(let person) = order.subject {
            died = household.member(person)?.diedOn
            isAnybodyLeft = died == nil
        }
        // Of a file without members nothing is known.
        guard !isAnybodyLeft, let died else { return }
        throw Refusal(.granteeDead, field: "household", detail: died.description, clause: order.clause)
    }

    /// The decision that gave a grant; nil when this stream does not hold it.
    package func award(of grant: GrantID) -> DecidedAward? {
        household.awards.first { $0.decided.place?.grant == grant }
    }

    /// Decides in the household's own stream that a grant is taken back, from its first day on: nothing of it was ordered.
    package func decideRelease(
        of award: DecidedAward, reason: Code, id: CommandID, on day: CivilDay, in context: DecisionContext
    ) -> Decision {
        let decided = award.decided
        let isOrdered = household.payments.orders.flatMap(\.standing).contains {
            $0.clause == decided.clause && $0.subject == decided.subject && $0.first.year <= decided.year
                && $0.last.year >= decided.year
        }
        if isOrdered {
            return .refused(
                Refusal(.grantPaid, field: "grant", detail: "\(decided.year) \(decided.clause)", clause: decided.clause)
            )
        }
        let revoked = AwardDecided(
            clause: decided.clause, subject: decided.subject, outcome: .revoked(award.reference),
            period: DayPeriod(start: decided.period.start), reason: reason, place: decided.place)
        return decide(.decideAward(revoked), of: decided.place?.grant, id: id, on: day, in: context)
    }

    private func decide(
        _ action: HouseholdAction, of grant: GrantID?, id: CommandID, on day: CivilDay, in context: DecisionContext
    ) -> Decision {
        var context = context
        context.grant = grant
        return decide(HouseholdCommand(id: id, household: self.id, occurredOn: day, action: action), in: context)
    }
}

extension Household {
    /// Whether the household is registered or lives in the division on the day.
    package func isIn(_ division: DivisionCode, on day: CivilDay) -> Bool {
        places(on: day).contains { $0.isWithin(division) }
    }

    /// Where it is registered and where it lives, as far as known.
    package func places(on day: CivilDay) -> [DivisionCode] {
        let registration = residences.last { $0.kind == .registration && $0.from <= day }
        let residence = residences.last { $0.kind == .residence && $0.from <= day }
        let found = [registration, residence].compactMap { $0?.division }
        return found.isEmpty ? [division(on: day)].compactMap { $0 } : found
    }
}
