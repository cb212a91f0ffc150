/// A person as member of one household, as far as the events known so far say.
package struct Member: Hashable, Sendable {
    package let id: PersonID
    /// First event about the person here.
    package let joinedBy: EventReference
    package var joinedOn: CivilDay
    package var leftOn: CivilDay?
    package var leftBy: EventReference?
    /// Why, a code of `RecordWords.leaving`; nil of whoever went on in another file.
    package var leftFor: Code?
    /// Latest known role; `role(on:)` says it for an earlier day.
    package var role: MemberRole
    package var sex: Sex?
    package var birthDate: CivilDay?
    package var token: PersonToken?
    /// Whether somebody said that this is another person than one of the same name and birth date in another household.
    package var isNamesake = false
    package var diedOn: CivilDay?
    package var diedBy: EventReference?
    /// Whether the person was told with the opening of the file, and belonged to the family before that day.
    package var cameWithFile = false
    /// Whether the person came from another household's file (并户, 分户): the days before stand in that file.
    package var cameFromFile = false
    /// Whether the person stands here beside another file that has them: an only child who had died when a split took the other
    /// parent along.
    package var isAlsoElsewhere = false
    /// Whether the person went on in another household's file by a split; a merge takes the whole household along.
    package var wentToFile = false
    /// Latest known details; nil fields are unknown, nil as a whole when this reader cannot open them.
    package private(set) var details: PersonalDetails?
    /// Assessments in the order of their days.
    package var disabilities: [DisabilityRecord] = []
    /// What was said at joining, then each change in the order of the days from which it holds.
    private var said: [Said]

    private struct Said: Hashable, Sendable {
        let from: CivilDay
        let role: MemberRole?
        let details: PersonalDetails?
    }

    init(_ joined: PersonJoined, on day: CivilDay, by reference: EventReference) {
        id = joined.person
        joinedBy = reference
        joinedOn = day
        role = joined.role
        sex = joined.sex
        birthDate = joined.birthDate
        token = joined.token
        isNamesake = joined.namesake ?? false
        details = joined.sealed.details(of: joined.person)
        said = [Said(from: CivilDay(dayNumber: .min), role: joined.role, details: details)]
    }

    /// Who comes back is the person who left: what was known of them goes on, also where the joining does not say it again.
    mutating func goOn(from former: Member) {
        sex = sex ?? former.sex
        birthDate = birthDate ?? former.birthDate
        token = token ?? former.token
        isNamesake = isNamesake || former.isNamesake
        isAlsoElsewhere = isAlsoElsewhere || former.isAlsoElsewhere
        diedOn = former.diedOn
        diedBy = former.diedBy
        disabilities = former.disabilities
        said = former.said + [Said(from: joinedOn, role: role, details: details)]
        details = details(through: said[...])
    }

    /// Takes a change in. What is said of an earlier day than another change does not undo that one.
    mutating func change(_ changed: PersonDetailsChanged, on day: CivilDay) {
        // Another name or birth date is not what somebody else was said to have, too.
        let name = changed.sealed.details(of: changed.person)?.name.map(PersonName.closed)
        let isRenamed = name.map { $0 != details?.name.map(PersonName.closed) } ?? false
        isNamesake = changed.namesake ?? (isNamesake && !isRenamed && changed.birthDate ?? birthDate == birthDate)
        sex = changed.sex ?? sex
        birthDate = changed.birthDate ?? birthDate
        token = changed.token ?? token
        let place = said.dropFirst().firstIndex { $0.from > day } ?? said.endIndex
        said.insert(
            Said(from: day, role: changed.role, details: changed.sealed.details(of: changed.person)), at: place)
        role = said.last { $0.role != nil }?.role ?? role
        details = details(through: said[...])
    }

    /// The role on a day; on days before the person joined the one of joining.
    package func role(on day: CivilDay) -> MemberRole {
        said.last { $0.from <= day && $0.role != nil }?.role ?? role
    }

    /// The days for which the record gives them a role, joining and leaving aside, ascending; from the first word on for the days
    /// before it, too.
    func days(as role: MemberRole) -> [DayPeriod] {
        let roles = said.count == 1 ? said : said.filter { $0.role != nil }
        if roles.count < 2 { return self.role == role ? [DayPeriod(start: .distantPast)] : [] }
        var found: [DayPeriod] = []
        for (index, entry) in roles.enumerated() where entry.role == role {
            let start = index == 0 ? CivilDay.distantPast : entry.from
            let period = DayPeriod(start: start, end: index + 1 < roles.count ? roles[index + 1].from : nil)
            if period.isEmpty { continue }
            if let last = found.last, last.end == start {
                found[found.count - 1] = DayPeriod(start: last.start, end: period.end)
            } else {
                found.append(period)
            }
        }
        return found
    }

    /// The first day on which the record calls them so: of who came with the file and was so from the first that of their birth.
    func firstDay(as role: MemberRole) -> CivilDay {
        guard let first = said.first(where: { $0.role == role }) else { return joinedOn }
        if first.from > joinedOn { return first.from }
        return cameWithFile && said.first?.role == role ? min(birthDate ?? .distantPast, joinedOn) : joinedOn
    }

    /// The details on a day. Who somebody is does not begin on the day it became known, so a name and an ID number
    /// that were given later hold before, unless others stood there.
    package func details(on day: CivilDay) -> PersonalDetails? {
        guard let details else { return nil }
        let later = said.filter { $0.from > day }.compactMap(\.details)
        var found = self.details(through: said.prefix { $0.from <= day }) ?? PersonalDetails()
        found.name = found.name ?? later.lazy.compactMap(\.name).first
        found.idNumber = details.idNumber
        return found.isEmpty ? nil : found
    }

    /// The names under which the person is or was on record here, as put right; none where they are not known or cannot be seen.
    package var names: [String] { said.compactMap { $0.details?.name } }

    private func details(through said: ArraySlice<Said>) -> PersonalDetails? {
        said.lazy.compactMap(\.details).reduce(nil) { ($0 ?? PersonalDetails()).updated(by: $1) }
    }

    /// Days on which the person is a living member: from joining to leaving or to the day of death (that day no more).
    package var presence: DayPeriod {
        let end = [leftOn, diedOn].compactMap { $0 }.min()
        return DayPeriod(start: joinedOn, end: end)
    }

    /// The assessment in force on `day`; nil when none was made or its certificate has run out.
    package func disability(on day: CivilDay) -> DisabilityRecord? {
        disabilities.last { $0.period.contains(day) }
    }

    /// Whether two records of one name and birth date, in two households, are of an only child who died and whom each parent's file
    /// holds: no parent of the one lives in the other by name, so neither file is the other told again.
    /// - Parameters:
    ///   - other: The record in the other household.
    ///   - household: This one's.
    ///   - there: The other one's.
    package func isMournedApart(from other: Member, in household: Household, and there: Household) -> Bool {
        guard role == .onlyChild, other.role == .onlyChild, diedOn != nil || other.diedOn != nil else { return false }
        func parents(_ household: Household) -> Set<String> {
            Set(
                household.members.lazy.filter { $0.leftOn == nil && $0.isParent }
                    .compactMap { $0.details?.name.map(PersonName.closed) })
        }
        let own = parents(household)
        return !own.isEmpty && own.isDisjoint(with: parents(there))
    }

    /// Spouse, single parent or child, for finding the right person by role.
    package var isParent: Bool { role.isParent }
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
