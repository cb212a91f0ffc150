import CareDomain

extension FamilyPlanner {
    /// One cell about a person that differs, and how it goes into the events that carry it.
    private struct Detail {
        let column: RosterColumn
        let old: String?
        let new: String
        let put: (inout PersonDetailsChanged, inout PersonalDetails) -> Void
        /// Whether an event says this of the person.
        let isSaid: (PersonDetailsChanged, PersonalDetails?) -> Bool

        /// Whether it stays the same for life.
        var isInborn: Bool { column == .idNumber || column == .birthDate || column == .sex }
    }

    private func details(_ row: RosterRow, _ member: Member) -> [Detail] {
        var found: [Detail] = []
        func text(_ column: RosterColumn, _ new: String?, _ path: WritableKeyPath<PersonalDetails, String?>) {
            guard let new, new != member.details?[keyPath: path] else { return }
            // A name is the same however it is spread, and whichever dot it has.
            if column == .name, new == member.details?.name.map(PersonName.closed) { return }
            found.append(
                Detail(
                    column: column, old: member.details?[keyPath: path], new: new,
                    put: { $1[keyPath: path] = new }, isSaid: { $1?[keyPath: path] != nil }))
        }
        text(.name, row.text(.name), \.name)
        text(.idNumber, digits(row), \.idNumber)
        text(.phone, row.text(.phone), \.phone)
        text(.address, row.text(.address), \.address)
        if let role = row.role, role != member.role {
            found.append(
                Detail(
                    column: .role, old: member.role.rawValue, new: role.rawValue,
                    put: { change, _ in change.role = role },
                    isSaid: { change, _ in change.role != nil }))
        }
        if let sex = row.sex, sex != member.sex {
            found.append(
                Detail(
                    column: .sex, old: member.sex?.rawValue, new: sex.rawValue, put: { change, _ in change.sex = sex },
                    isSaid: { change, _ in change.sex != nil }))
        }
        if let birth = row.birthDate, birth != member.birthDate {
            found.append(
                Detail(
                    column: .birthDate, old: member.birthDate?.description, new: birth.description,
                    put: { change, _ in change.birthDate = birth }, isSaid: { change, _ in change.birthDate != nil }))
        }
        return found
    }

    mutating func compareDetails(_ row: RosterRow, _ member: Member, _ known: KnownFamily) {
        let found = details(row, member)
        guard !found.isEmpty else { return }
        if member.details == nil, let hidden = found.first(where: \.column.isPersonal) {
            problems.append(row.problem(.notVisible, hidden.column))
            return
        }
        for detail in found { note(row, detail.column, old: detail.old, new: detail.new) }
        switch mode {
        case .report: break
        case .change(let day):
            // Nobody gets another ID number, birth date or sex: what is on record was wrong, or it is somebody else.
            for detail in found where detail.isInborn && detail.old != nil {
                problems.append(row.problem(.onlyCorrection, detail.column))
            }
            changeDetails(found, of: member, row, known, on: day)
        case .correction:
            guard known.isOpened else { return problems.append(row.problem(.notVisible, found[0].column)) }
            correctDetails(found, of: member, row, known)
        }
    }

    private mutating func changeDetails(
        _ found: [Detail], of member: Member, _ row: RosterRow, _ known: KnownFamily, on day: CivilDay
    ) {
        var change = PersonDetailsChanged(person: member.id)
        var personal = PersonalDetails()
        for detail in found { detail.put(&change, &personal) }
        say(row, in: &change, &personal, found)
        if !personal.isEmpty { change.sealed = [SealedPart(subject: member.id, details: personal)] }
        send(.changePersonDetails(change), to: known, on: day, as: "details,\(member.id)")
    }

    /// Each cell is put right in the event that said it; what nobody said yet is stated from the day of joining.
    private mutating func correctDetails(
        _ found: [Detail], of member: Member, _ row: RosterRow, _ known: KnownFamily
    ) {
        var bySource: [EventReference: [Detail]] = [:]
        var unsaid: [Detail] = []
        for detail in found {
            let source = known.lastEvent { event in
                guard let change = Self.asChange(event, of: member.id) else { return false }
                return detail.isSaid(change, change.sealed.details(of: member.id))
            }
            if let source { bySource[source.reference, default: []].append(detail) } else { unsaid.append(detail) }
        }
        // Birth date and sex must agree with the number at every step, so they are put right together with it.
        if let number = bySource.first(where: { $0.value.contains { $0.column == .idNumber } })?.key {
            for reference in bySource.keys.sorted() where reference != number {
                let bound = bySource[reference]?.filter { $0.column == .birthDate || $0.column == .sex } ?? []
                bySource[reference]?.removeAll { $0.column == .birthDate || $0.column == .sex }
                bySource[number]?.append(contentsOf: bound)
            }
        }
        for reference in bySource.keys.sorted() where bySource[reference]?.isEmpty == false {
            guard let event = known.effective(reference), var change = Self.asChange(event.event, of: member.id),
                let details = bySource[reference]
            else { continue }
            var personal = change.sealed.details(of: member.id) ?? PersonalDetails()
            for detail in details { detail.put(&change, &personal) }
            say(row, in: &change, &personal, details)
            // The token follows from the number; intake makes it anew when the number is another.
            if details.contains(where: { $0.column == .idNumber }) { change.token = nil }
            change.sealed = change.sealed.filter { $0.subject != member.id }
            if !personal.isEmpty { change.sealed.insert(SealedPart(subject: member.id, details: personal), at: 0) }
            let action: HouseholdAction
            if case .personJoined(let joined) = event.event {
                action = .addPerson(
                    PersonJoined(
                        person: member.id, role: change.role ?? joined.role, sex: change.sex,
                        birthDate: change.birthDate, token: change.token, namesake: change.namesake,
                        sealed: change.sealed))
            } else {
                action = .changePersonDetails(change)
            }
            send(action, to: known, on: event.occurredOn, correcting: reference, as: "details,\(member.id)")
        }
        if !unsaid.isEmpty { changeDetails(unsaid, of: member, row, known, on: member.joinedOn) }
    }

    /// With a new name or birth date what the table says of a namesake in another household. By itself it is nothing to record.
    private func say(
        _ row: RosterRow, in change: inout PersonDetailsChanged, _ personal: inout PersonalDetails, _ details: [Detail]
    ) {
        guard let reason = row.text(.namesake),
            details.contains(where: { [.name, .birthDate, .idNumber].contains($0.column) })
        else { return }
        change.namesake = true
        personal.text = reason
    }

    /// What an event says of a person, joined or changed alike.
    private static func asChange(_ event: HouseholdEvent, of person: PersonID) -> PersonDetailsChanged? {
        switch event {
        case .personJoined(let joined) where joined.person == person:
            PersonDetailsChanged(
                person: person, role: joined.role, sex: joined.sex, birthDate: joined.birthDate, token: joined.token,
                namesake: joined.namesake, sealed: joined.sealed)
        case .personDetailsChanged(let changed) where changed.person == person: changed
        default: nil
        }
    }

    mutating func compareDeath(_ row: RosterRow, _ member: Member, _ known: KnownFamily) {
        // A cell that says 健在 or 伤残 of somebody whose death is on record is no blank: it must not go by unseen.
        if member.diedOn != nil, let status = row.code(.childStatus), status != "dead" {
            problems.append(row.problem(.recordedDead, .childStatus))
        }
        guard let day = row.day(.diedOn), day != member.diedOn else { return }
        note(row, .diedOn, old: member.diedOn?.description, new: day.description)
        let death = HouseholdAction.recordDeath(PersonDied(person: member.id))
        guard let reference = member.diedBy else {
            return send(death, to: known, on: day, as: "death,\(member.id)")
        }
        // Nobody dies twice: another day can only mean that the first was wrong.
        if isChange { problems.append(row.problem(.onlyCorrection, .diedOn)) }
        send(death, to: known, on: day, correcting: reference, as: "death,\(member.id)")
    }

    /// The birth of a child beside the only child, which ends the family's status. One that the family was told without a child is
    /// this one's where the days agree.
    mutating func compareBirth(_ row: RosterRow, _ member: Member, _ known: KnownFamily) {
        guard row.isLaterChild, let birth = row.birthDate else { return }
        guard !known.keepsBirths else { return skip([.role], in: row) }
        let isRecorded = known.household.births.contains { recorded in
            recorded.payload.child.map { $0 == member.id } ?? (recorded.day == birth)
        }
        guard !isRecorded else { return }
        if member.role == .other {
            note(row, .role, old: member.role.rawValue, new: row.code(.role) ?? RosterColumn.laterChild)
        }
        noteTwin(row)
        send(
            .recordBirth(ChildBorn(child: member.id)), to: known, on: birth, as: "birth,\(member.id)",
            dated: row.place(.birthDate))
    }

    /// The day on which the child was adopted. One that the family was told without a child is that of its one adopted child.
    mutating func compareAdoption(_ row: RosterRow, _ member: Member, _ known: KnownFamily) {
        guard let day = row.day(.adoptedOn) else { return }
        guard !known.keepsAdoptions else { return skip([.adoptedOn], in: row) }
        let household = known.household
        let children = Set(household.members.lazy.filter { $0.role == .adoptedChild }.map(\.id))
        let ofFamily = children == [member.id] ? household.adoptions.last { $0.payload.child == nil } : nil
        let recorded = household.adoptions.last { $0.payload.child == member.id } ?? ofFamily
        guard day != recorded?.day else { return }
        note(row, .adoptedOn, old: recorded?.day.description, new: day.description)
        guard let recorded else {
            let adopted = HouseholdAction.recordAdoption(ChildAdopted(child: member.id))
            return send(
                adopted, to: known, on: day, as: "adoption,\(member.id)", dated: row.place(.adoptedOn))
        }
        // Nobody is adopted twice by one family: another day can only mean that the first was wrong.
        if isChange { problems.append(row.problem(.onlyCorrection, .adoptedOn)) }
        send(
            .recordAdoption(recorded.payload), to: known, on: day, correcting: recorded.reference,
            as: "adoption,\(member.id)")
    }

    mutating func compareDisability(_ row: RosterRow, _ member: Member, _ known: KnownFamily) {
        guard let grade = row.grade else { return }
        guard !known.keepsDisabilities else {
            skip([.disabilityGrade, .disabilityKind, .disabilityNumber, .assessedOn, .validThrough], in: row)
            return
        }
        let record = member.disabilities.last
        let event = record.flatMap { known.effective($0.reference) }
        var old: DisabilityAssessed?
        if case .disabilityAssessed(let assessed)? = event?.event { old = assessed }
        let before = changes.count
        func compare<V: Equatable>(_ column: RosterColumn, _ new: V?, _ known: V?, _ text: (V) -> String) {
            guard let new, new != known else { return }
            note(row, column, old: known.map(text), new: text(new))
        }
        compare(.disabilityGrade, grade, old?.grade, String.init)
        compare(.disabilityKind, row.code(.disabilityKind), old?.kind?.rawValue) { $0 }
        compare(
            .disabilityNumber, row.text(.disabilityNumber), old?.sealed.details(of: member.id)?.certificateNumber
        ) { $0 }
        compare(.assessedOn, row.day(.assessedOn), event?.occurredOn, \.description)
        compare(.validThrough, row.day(.validThrough), old?.validThrough, \.description)
        guard changes.count > before else { return }
        var assessed = assessment(row, member.id)
        if isCorrection, let event, let record {
            let isHidden = old?.sealed.contains { $0.details == nil } ?? false
            if assessed.sealed.isEmpty, isHidden { problems.append(row.problem(.notVisible, .disabilityNumber)) }
            assessed.kind = assessed.kind ?? old?.kind
            assessed.validThrough = assessed.validThrough ?? old?.validThrough
            if assessed.sealed.isEmpty { assessed.sealed = old?.sealed ?? [] }
            send(
                .assessDisability(assessed), to: known, on: row.day(.assessedOn) ?? event.occurredOn,
                correcting: record.reference, as: "disability,\(member.id)")
            return
        }
        let given = row.day(.assessedOn)
        if isChange, let given, given == event?.occurredOn {
            problems.append(row.problem(.staleDay, .assessedOn))
            return
        }
        if let given, let last = event?.occurredOn, given < last, isChange {
            problems.append(row.problem(.onlyCorrection, .assessedOn))
        }
        let isNewer = given.map { day in event.map { day > $0.occurredOn } ?? true } ?? false
        let day = isNewer ? given : dayOfChange(row, .disabilityGrade, hint: .assessedOn)
        guard let day else { return }
        checkLife(row, isNewer ? .assessedOn : changes[before].column, of: .person(member.id), on: day, known)
        send(
            .assessDisability(assessed), to: known, on: day, as: "disability,\(member.id)",
            dated: isNewer ? row.place(.assessedOn) : nil)
    }
}
