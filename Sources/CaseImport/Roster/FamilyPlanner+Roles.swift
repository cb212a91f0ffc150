import CareDomain

/// One living wife, husband and single parent at a time, and one only child. A remarried widower's roster lists both wives.
extension FamilyPlanner {
    /// Two rows in a role that one person at a time can have are refused, unless all but one of them died.
    mutating func checkRoles() {
        let single = rows.filter { row in row.role.map { $0 != .other && $0 != .adoptedChild } ?? false }
        let isRepeated = Set(single.map(\.role)).count < single.count
        // Whose death is on record may be listed without it.
        let known: KnownFamily? = isRepeated ? (try? find()) ?? nil : nil
        var first: [MemberRole: Int] = [:]
        for row in single {
            guard let role = row.role, !(role.isParent && isDead(row, in: known)) else { continue }
            if let other = first[role] {
                problems.append(row.problem(.repeatedRole, .role, hint: Self.wayOut(of: role, besides: other)))
            } else {
                first[role] = row.row
            }
        }
    }

    private func isDead(_ row: RosterRow, in known: KnownFamily?) -> Bool {
        if row.day(.diedOn) != nil { return true }
        return known?.household.members.contains { member in
            guard member.diedOn != nil, member.role == row.role else { return false }
            let comparison = compared(row, member)
            return comparison.name == .same && !comparison.isDifferent || comparison.idNumber == .same
        } ?? false
    }

    private static func wayOut(of role: MemberRole, besides row: Int) -> CellHint {
        switch role {
        case .onlyChild:
            CellHint(
                "第 \(row) 行；独生子女只有一名，一人只能有一行：双胞胎（多胞胎）的另一名，身份填双胞胎子女，后来生的填再生育子女，收养的填收养子女",
                "row \(row); there is one only child, and a person has one row: a twin's role is 双胞胎子女, that of a child born later "
                    + "再生育子女, of an adopted one 收养子女")
        case .singleParent:
            CellHint(
                "第 \(row) 行；一人只能有一行，请核对身份：父母都在的，身份填妻子、丈夫；已故的填上死亡日期；已离开的去掉这一行",
                "row \(row); a person has one row, check the roles: where both parents are there they are 妻子 and 丈夫; who died has a "
                    + "死亡日期; take the row of somebody who left out")
        case .wife, .husband, .adoptedChild, .other:
            CellHint(
                "第 \(row) 行；在世的只能有一名，一人只能有一行，请核对身份：已故的填上死亡日期，再婚的另一行照填；离婚离开的去掉那一行"
                    + "（已建档的用 carectl case leave 登记离开）",
                "row \(row); there is one living at a time, and a person has one row: check the roles. Who died has a 死亡日期, and whom "
                    + "a widowed parent married has the other row; take the row of somebody who left out (carectl case leave, where "
                    + "the family is on file)")
        }
    }

    /// Whoever is registered with the file in the place of somebody who died stands there from the day of the file.
    mutating func checkFormers(onDayOfFile day: CivilDay) {
        for row in rows where row.day(.diedOn) == nil {
            guard let death = lastDeath(before: row, onRecord: []), death > day else { continue }
            problems.append(
                row.problem(
                    .dayOrder, .role,
                    hint: CellHint(
                        "前一位\(row.role?.chinese ?? "") \(death) 才去世，建档那天（\(day)）还在世。先去掉这一行导入，建档以后再连同这一行用“变更”"
                            + "导入（--as change --on 加入之日，不早于去世之日）",
                        "the former one died on \(death) and lived on the day of the file (\(day)): import without this row first, and "
                            + "once the family is registered again with it as a change (--as change --on the day of joining, not "
                            + "before that death)")))
        }
    }

    /// The same of somebody who joins a family on file.
    mutating func checkFormer(of row: RosterRow, in known: KnownFamily, joining day: CivilDay) {
        guard row.role?.isParent == true else { return }
        if let own = row.day(.diedOn) {
            guard isFormer(row, of: known),
                let other = living(in: row.role, of: known).first(where: { $0.joinedOn < own })
            else { return }
            problems.append(
                row.problem(
                    .dayOrder, .diedOn,
                    hint: CellHint(
                        "\(own)，而档案里在世的\(other.role.chinese) \(other.joinedOn) 已在本户；请核对死亡日期和身份",
                        "\(own), and the living \(other.role.rawValue) on record has been in the family since \(other.joinedOn); check "
                            + "the day of death and the role")))
            return
        }
        guard let death = lastDeath(before: row, onRecord: known.household.members), death > day else { return }
        problems.append(
            row.problem(
                .dayOrder, .role,
                hint: CellHint(
                    "前一位\(row.role?.chinese ?? "") \(death) 才去世，此人不会在 \(day) 就在这一身份；请用“变更”导入"
                        + "（--as change --on 加入之日，不早于去世之日）",
                    "the former one died on \(death), so this person was not in that role on \(day): import as a change (--as change "
                        + "--on the day of joining, not before that death)")))
    }

    /// Whether somebody who died joins a family in which another one lives in the role.
    func isFormer(_ row: RosterRow, of known: KnownFamily) -> Bool {
        row.role?.isParent == true && row.day(.diedOn) != nil && !living(in: row.role, of: known).isEmpty
    }

    /// Who is on record as living in a role, and not told to have died by the table.
    private func living(in role: MemberRole?, of known: KnownFamily) -> [Member] {
        known.household.members.filter { member in
            member.role == role && member.leftOn == nil && member.diedOn == nil
                && !rows.contains { $0.day(.diedOn) != nil && compared($0, member).name == .same }
        }
    }

    /// The last day on which somebody else in the role of a row died, by the table or the record.
    private func lastDeath(before row: RosterRow, onRecord members: [Member]) -> CivilDay? {
        guard let role = row.role, role.isParent else { return nil }
        let told = rows.filter { $0.row != row.row && $0.role == role }.compactMap { $0.day(.diedOn) }
        let recorded = members.filter { $0.role == role && $0.leftOn == nil }.compactMap(\.diedOn)
        return (told + recorded).max()
    }
}
