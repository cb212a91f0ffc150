import CareDomain

/// Families whose file was closed: it holds nobody any more, neither its people nor its archive number.
extension FamilyPlanner {
    /// Whether the rows are a new file of a family whose earlier one is over: they give a number of their own, or another county,
    /// or nobody of that file. The same number in the same county means the closed file, which an old table may still list.
    func isNewFile(besides known: KnownFamily) -> Bool {
        switch known.household.status {
        case .closed, .registeredInError: break
        case .active, .absent, .absorbed: return false
        }
        // The file from which that one came, once more.
        guard familyRow(.householdID) == nil, lookup.family(DerivedIDs.household(of: registerID)) == nil else {
            return false
        }
        let number = familyRow(.archiveNumber)?.text(.archiveNumber)
        let isOwn = number.map { $0 != known.household.archiveNumber } ?? false
        return isOwn || !isOfCounty(known) || isNobody(of: known)
    }

    /// One person is in one living household at a time: the new file is opened when the earlier one was closed, or later.
    mutating func checkOpened(after known: KnownFamily) {
        guard case .closed(let closedOn, _) = known.household.status, !isNobody(of: known),
            let row = familyRow(.registeredOn), let day = row.day(.registeredOn), day < closedOn
        else { return }
        problems.append(
            row.problem(
                .dayOrder, .registeredOn,
                hint: CellHint(
                    "\(day)，早于这一户前一份档案（\(known.id)）停用之日 \(closedOn)；新档从那天或以后建",
                    "\(day), before the family's earlier file (\(known.id)) was closed on \(closedOn); open the new one then or later"
                )))
    }

    /// Why nothing goes into a file that is not kept any more, and what to do.
    static func closedHint(_ known: KnownFamily) -> CellHint {
        switch known.household.status {
        case .absorbed(let other, _):
            CellHint(
                "\(known.id)，已并入 \(other)；户编号请填那一户", "\(known.id), merged into \(other): fill in the id of that one")
        default:
            CellHint(
                "\(known.id)。迁走后又回来的、由另一地接收的，登记为新户：户编号留空，填新的档案号，或另一县（市、区）的区划代码；"
                    + "停用本身登记错了的，用 carectl case withdraw 撤回",
                "\(known.id). A family that came back, or that another county takes in, gets a new file: leave the household id blank "
                    + "and fill in a new archive number, or the other county's division code; if the closing itself was wrong, "
                    + "take it back with carectl case withdraw")
        }
    }
}
