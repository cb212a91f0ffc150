import CareDomain
import ServiceKit

/// What became of an import so far.
struct ImportTally: Equatable {
    /// Households registered.
    var new = 0
    /// Other commands recorded.
    var changed = 0
    /// Families or rows that say what the archive says already; nothing was sent.
    var unchanged = 0
    /// Commands that had been recorded before.
    var repeated = 0
    /// Lines, rows or families that were not accepted.
    var refused = 0

    /// Commands answered.
    var answered: Int { new + changed + repeated }

    /// Counts an accepted command.
    mutating func count(_ action: HouseholdAction, isRepeated: Bool) {
        if isRepeated {
            repeated += 1
        } else if case .registerHousehold = action {
            new += 1
        } else {
            changed += 1
        }
    }

    /// One line for the person.
    var text: UserText {
        UserText(
            zh: "新建档 \(new)，变更 \(changed)，未变 \(unchanged)，此前已登记 \(repeated)，退回 \(refused)",
            en:
                "new \(new), changed \(changed), unchanged \(unchanged), recorded before \(repeated), refused \(refused)"
        )
    }

    /// One JSON object.
    var json: JSON {
        .object([
            ("new", .int(Int64(new))), ("changed", .int(Int64(changed))), ("unchanged", .int(Int64(unchanged))),
            ("repeated", .int(Int64(repeated))), ("refused", .int(Int64(refused))),
        ])
    }
}
