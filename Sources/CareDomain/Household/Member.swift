/// A person as member of one household, as far as the events known so far say.
package struct Member: Hashable, Sendable {
    package let id: PersonID
    /// First event about the person here.
    package let joinedBy: EventReference
    package var joinedOn: CivilDay
    package var leftOn: CivilDay?
    package var leftBy: EventReference?
    package var role: MemberRole
    package var sex: Sex?
    package var birthDate: CivilDay?
    package var token: PersonToken?
    package var diedOn: CivilDay?
    package var diedBy: EventReference?
    /// Latest known details; nil fields are unknown, nil as a whole when this reader cannot open them.
    package var details: PersonalDetails?
    /// Assessments in the order of their days.
    package var disabilities: [DisabilityRecord] = []

    /// Days on which the person is a living member: from joining to leaving or to the day of death (that day no more).
    package var presence: DayPeriod {
        let end = [leftOn, diedOn].compactMap { $0 }.min()
        return DayPeriod(start: joinedOn, end: end)
    }

    /// The assessment in force on `day`; nil when none was made or its certificate has run out.
    package func disability(on day: CivilDay) -> DisabilityRecord? {
        disabilities.last { $0.period.contains(day) }
    }

    /// Spouse, single parent or child, for finding the right person by role.
    package var isParent: Bool { role == .wife || role == .husband || role == .singleParent }
}

/// One assessment with the days it covers.
package struct DisabilityRecord: Hashable, Sendable {
    package let reference: EventReference
    package let kind: Code?
    /// 1 to 4; 0 = assessed, no disability.
    package let grade: Int
    /// Until the next assessment, or the day after the certificate's last valid day.
    package var period: DayPeriod
    package let validThrough: CivilDay?
}
