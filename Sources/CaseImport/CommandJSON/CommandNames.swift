import CareDomain

extension HouseholdAction {
    /// Every word that may stand at the key `command`.
    package static let names = [
        "register_household", "move_household", "close_household", "mark_registered_in_error", "merge_household",
        "split_household", "add_person", "remove_person", "change_person_details", "record_death", "record_birth",
        "record_adoption", "assess_disability", "state_fact", "report_incident", "name_guardian",
        "record_guardian_consent", "record_notarisation", "end_guardianship", "assign_helper", "hand_over_pairing",
        "end_pairing", "record_visit", "raise_need", "answer_need", "close_need", "open_plan_item",
        "complete_plan_item", "hand_out_goods", "decide_award", "decide_due", "withdraw", "submit_application",
        "forward_application", "return_application", "reject_application", "withdraw_application",
        "open_public_notice", "raise_objection", "decide_objection", "confirm_application", "reverify_application",
    ]

    /// What is wrong with a word that is none of them, with the one that was most likely meant. The word itself is not
    /// repeated: anything may have been typed there.
    static func unknown(_ name: String) -> CommandProblem {
        let near = names.map { (name: $0, distance: $0.edits(to: name)) }.min { $0.distance < $1.distance }
        // Where a third is another word, nothing was meant that could be told.
        let meant = near.flatMap { $0.distance * 3 <= $0.name.count ? $0.name : nil }
        return CommandProblem(.unknownCommand, expected: meant.map { ExpectedForm(" \($0)", $0) }).within("command")
    }
}

extension String {
    /// How many letters to put in, leave out or replace until it is the other one.
    fileprivate func edits(to other: String) -> Int {
        let other = Array(other.unicodeScalars.prefix(64))
        var row = Array(0...other.count)
        for (index, letter) in unicodeScalars.enumerated() {
            var corner = row[0]
            row[0] = index + 1
            for place in other.indices {
                let replaced = corner + (letter == other[place] ? 0 : 1)
                corner = row[place + 1]
                row[place + 1] = Swift.min(replaced, corner + 1, row[place] + 1)
            }
        }
        return row[other.count]
    }
}
