extension Proposal {
    /// Under the id of a member who left only that very person comes back, and not before the day of leaving.
    ///
    /// Who they are is on record: what the joining says of it again must be the same, and where that cannot be seen here
    /// (names are sealed) nothing of it is said. Otherwise somebody else would take the place of the one who left, with the
    /// months that are due to them.
    /// - Throws: `dayOrder`, `afterDeath`, `backAsKnown`; a retry helps with the id and the role alone, or without the id for somebody else.
    func checkBackAsKnown(_ joined: PersonJoined, on day: CivilDay, field: String?) throws(Refusal) {
        guard let former = household.member(joined.person), let leftOn = former.leftOn, !former.wentToFile else {
            return
        }
        guard day >= leftOn else {
            throw Refusal(
                .dayOrder, field: join(field, "occurred_on"), detail: day.description,
                words: "\(day)，早于此人离开本户之日 \(leftOn)", english: "\(day), before this person left the family on \(leftOn)"
            )
        }
        try requireLife(of: former, on: day, field: field)
        if let token = joined.token, token != former.token { throw backAsKnown("id_number", field) }
        if let birth = joined.birthDate, birth != former.birthDate { throw backAsKnown("birth_date", field) }
        if let sex = joined.sex, let known = former.sex ?? former.role.sex, sex != known {
            throw backAsKnown("sex", field)
        }
        guard let said = joined.sealed.details(of: joined.person) else { return }
        let known = former.details
        if let number = said.idNumber, joined.token == nil, number != known?.idNumber {
            throw backAsKnown("id_number", field)
        }
        guard let name = said.name, joined.token == nil else { return }
        guard PersonName.closed(name) == known?.name.map(PersonName.closed) else { throw backAsKnown("name", field) }
    }

    private func backAsKnown(_ name: String, _ field: String?) -> Refusal {
        Refusal(.backAsKnown, field: join(field, name))
    }

    /// Nothing happens to the dead: who they were in the family stays what it was. Only of whom it was not said it can be learned.
    /// - Throws: `afterDeath`; a retry helps as a correction.
    func checkRoleOfTheDead(_ changed: PersonDetailsChanged) throws(Refusal) {
        guard let member = household.member(changed.person), let role = changed.role, role != member.role,
            member.role != .other
        else { return }
        try requireLife(of: member, on: command.occurredOn, field: nil)
    }
}
